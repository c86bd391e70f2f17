//! The official MCP registry. It checks who owns a package, so what it lists binds a package to its repository.

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::{
    package::{Ecosystem, Repository, Subject},
    reputation::{
        evidence::{Evidence, Marketplace},
        fetch::{Question, Trouble},
    },
};

pub(super) struct McpRegistry;

#[async_trait]
impl Source for McpRegistry {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        wanted(asked.subject).is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Some(wanted) = wanted(asked.subject) else {
            return Ok(Evidence::default());
        };
        let question = Question::get(asked.base()?, &["v0.1", "servers"])?
            .query(&[("search", wanted.search.as_str()), ("version", "latest")]);
        let answer = asked.fetcher.ask(question).await?.unwrap_or_default();
        let entries = answer["servers"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(entries
            .iter()
            .find_map(|entry| read(entry, &wanted))
            .unwrap_or_default())
    }
}

/// What an entry must name.
struct Wanted<'a> {
    search: String,
    /// The type of its registry; `None` for a remote server.
    kind: Option<&'static str>,
    identifier: &'a str,
}

fn wanted(subject: &Subject) -> Option<Wanted<'_>> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    Some(match subject {
        Subject::Package(package) => Wanted {
            search: last(&package.name),
            kind: Some(match package.ecosystem {
                Ecosystem::Npm => "npm",
                Ecosystem::PyPI => "pypi",
                Ecosystem::Jsr => return None,
            }),
            identifier: &package.name,
        },
        Subject::Image(image) => Wanted {
            search: last(&image.name),
            kind: Some("oci"),
            identifier: &image.name,
        },
        Subject::Remote { url } => Wanted {
            search: url::Url::parse(url).ok()?.host_str()?.to_owned(),
            kind: None,
            identifier: url,
        },
        _ => return None,
    })
}

fn read(entry: &Value, wanted: &Wanted<'_>) -> Option<Evidence> {
    let server = &entry["server"];
    let list = |key: &str| server[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_it = match wanted.kind {
        Some(kind) => list("packages")
            .iter()
            .any(|package| package["registryType"] == kind && names(&package["identifier"], wanted.identifier)),
        None => list("remotes").iter().any(|remote| remote["url"] == wanted.identifier),
    };
    let is_active = entry["_meta"]
        .as_object()
        .is_none_or(|meta| meta.values().all(|meta| meta["status"] != "deleted"));
    (is_it && is_active).then(|| Evidence {
        verified: server["repository"]["url"].as_str().and_then(Repository::of_url),
        marketplace: Some(Marketplace {
            verified: true,
            ..Marketplace::default()
        }),
        ..Evidence::default()
    })
}

/// Images are listed with a tag.
fn names(identifier: &Value, wanted: &str) -> bool {
    let Some(identifier) = identifier.as_str() else {
        return false;
    };
    identifier == wanted
        || identifier
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with([':', '@']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_counts_for_the_package_that_it_names() {
        let entry = json!({
            "server": {
                "repository": {"url": "https://github.com/o/r"},
                "packages": [{"registryType": "npm", "identifier": "@o/r"}, {"registryType": "oci", "identifier": "docker.io/o/r:1"}],
            },
            "_meta": {"x/official": {"status": "active"}},
        });
        let of = |kind, identifier| {
            let wanted = Wanted {
                search: String::new(),
                kind: Some(kind),
                identifier,
            };
            read(&entry, &wanted)
                .and_then(|evidence| evidence.verified)
                .map(|it| it.to_string())
        };
        assert_eq!(of("npm", "@o/r").as_deref(), Some("o/r"));
        assert_eq!(of("oci", "docker.io/o/r").as_deref(), Some("o/r"));
        assert_eq!(
            (of("pypi", "@o/r"), of("npm", "@o/r2"), of("npm", "r")),
            (None, None, None)
        );
    }
}
