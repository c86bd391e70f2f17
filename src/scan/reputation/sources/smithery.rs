//! The Smithery marketplace, for those who have a key of it (`SMITHERY_API_KEY`).

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::{
    package::Subject,
    reputation::{
        evidence::{Evidence, Marketplace, seconds},
        fetch::{Question, Trouble},
    },
};

pub(super) struct Smithery;

const KEY: &str = "SMITHERY_API_KEY";

#[async_trait]
impl Source for Smithery {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        matches!(asked.subject, Subject::Smithery { .. })
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Subject::Smithery { name } = asked.subject else {
            return Ok(Evidence::default());
        };
        let key = asked.token(KEY);
        if key.is_none() && asked.is_own_address {
            return Err(Trouble::NotAsked("it wants a key: set SMITHERY_API_KEY"));
        }
        let question = Question::get(asked.base()?, &["servers", name])?.bearer(key);
        Ok(asked.fetcher.ask(question).await?.as_ref().map_or_else(
            || Evidence {
                exists: Some(false),
                ..Evidence::default()
            },
            read,
        ))
    }
}

fn read(server: &Value) -> Evidence {
    Evidence {
        exists: Some(true),
        created: server["createdAt"].as_str().and_then(seconds),
        marketplace: Some(Marketplace {
            verified: server["verified"].as_bool().unwrap_or(false),
            uses: server["useCount"].as_u64(),
            licensed: server["license"].is_string(),
            scan_passed: server["security"]["scanPassed"].as_bool(),
        }),
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_marketplace_says_all_this() {
        let server = json!({"verified": true, "useCount": 7, "createdAt": "1970-01-01T00:00:09Z", "security": {"scanPassed": false}});
        let evidence = read(&server);
        let marketplace = evidence.marketplace.expect("it says something");
        assert_eq!(
            (marketplace.verified, marketplace.uses, marketplace.scan_passed),
            (true, Some(7), Some(false))
        );
        assert_eq!(evidence.created, Some(9));
    }
}
