//! GitHub: the repository, and its owner. `GITHUB_TOKEN` raises the sixty questions an hour that anybody may ask.

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::reputation::{
    evidence::{Evidence, Owner, seconds},
    fetch::{Question, Trouble},
};

pub(super) struct GitHub;

#[async_trait]
impl Source for GitHub {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        asked.repository().is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Some(repository) = asked.repository() else {
            return Ok(Evidence::default());
        };
        let ask = async |path: &[&str]| {
            let question = Question::get(asked.base()?, path)?.bearer(asked.token("GITHUB_TOKEN"));
            asked.fetcher.ask(question).await
        };
        let Some(of_repository) = ask(&["repos", &repository.owner, &repository.name]).await? else {
            return Ok(Evidence {
                repository_exists: Some(false),
                ..Evidence::default()
            });
        };
        // Without its owner a repository is known all the same.
        let owner = ask(&["users", &repository.owner]).await.ok().flatten();
        let owner = owner.as_ref().map(read_owner);
        Ok(Evidence {
            owner,
            ..read_repository(&of_repository)
        })
    }
}

fn read_repository(repository: &Value) -> Evidence {
    Evidence {
        repository_exists: Some(true),
        stars: repository["stargazers_count"].as_u64(),
        forks: repository["forks_count"].as_u64(),
        licence: repository["license"]["spdx_id"].as_str().map(str::to_owned),
        archived: repository["archived"].as_bool(),
        repository_created: repository["created_at"].as_str().and_then(seconds),
        pushed: repository["pushed_at"].as_str().and_then(seconds),
        ..Evidence::default()
    }
}

fn read_owner(owner: &Value) -> Owner {
    let says = |key: &str| owner[key].as_str().is_some_and(|text| !text.is_empty());
    Owner {
        organization: owner["type"] == "Organization",
        verified: owner["is_verified"] == true,
        followers: owner["followers"].as_u64().unwrap_or_default(),
        repositories: owner["public_repos"].as_u64().unwrap_or_default(),
        created: owner["created_at"].as_str().and_then(seconds),
        blog: says("blog"),
        twitter: says("twitter_username"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_repository_and_its_owner_say_all_this() {
        let repository = json!({
            "stargazers_count": 5, "forks_count": 2, "license": {"spdx_id": "MIT"}, "archived": true,
            "created_at": "1970-01-01T00:00:01Z", "pushed_at": "1970-01-01T00:00:02Z",
        });
        let evidence = read_repository(&repository);
        assert_eq!(
            (evidence.stars, evidence.forks, evidence.archived),
            (Some(5), Some(2), Some(true))
        );
        assert_eq!((evidence.repository_created, evidence.pushed), (Some(1), Some(2)));
        let owner = read_owner(&json!({"type": "Organization", "followers": 3, "blog": "", "twitter_username": null}));
        assert_eq!(
            (owner.organization, owner.followers, owner.blog, owner.twitter),
            (true, 3, false, false)
        );
    }
}
