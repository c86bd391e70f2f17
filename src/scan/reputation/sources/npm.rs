//! npm's registry, as npm itself is set up where the server will be started.

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::{
    package::{Ecosystem, Repository, Version},
    reputation::{
        evidence::{Evidence, seconds},
        fetch::{Question, Trouble},
    },
};

pub(super) struct Npm;

/// Scripts that npm runs when a package is installed.
const INSTALL_SCRIPTS: [&str; 3] = ["preinstall", "install", "postinstall"];

#[async_trait]
impl Source for Npm {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        asked.package(Ecosystem::Npm).is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Some(package) = asked.package(Ecosystem::Npm) else {
            return Ok(Evidence::default());
        };
        let (base, token) = match asked.base {
            Some(base) => (base.to_owned(), None),
            None => asked.child.npm_registry(&package.name).await?,
        };
        let question = Question::get(&base, &[&package.name])?.bearer(token);
        Ok(match asked.fetcher.ask(question).await? {
            Some(packument) => read(&packument, &package.version),
            None => Evidence {
                exists: Some(false),
                ..Evidence::default()
            },
        })
    }
}

/// What a packument says of the version that is asked for. A mirror may leave out any part.
fn read(packument: &Value, wanted: &Version) -> Evidence {
    let tags = &packument["dist-tags"];
    let version = match wanted {
        Version::Exact(version) => Some(version.as_str()),
        Version::Tag(tag) => tags[tag].as_str(),
        // The newest is what most ranges come to.
        Version::Any | Version::Range(_) => tags["latest"].as_str(),
    };
    let of_version = version.map_or(&Value::Null, |version| &packument["versions"][version]);
    let either = |key: &str| {
        Some(&of_version[key])
            .filter(|value| !value.is_null())
            .unwrap_or(&packument[key])
    };
    let time = |key: &str| packument["time"][key].as_str().and_then(seconds);
    let repository = either("repository");
    let claimed = repository
        .as_str()
        .or(repository["url"].as_str())
        .and_then(Repository::of_url);
    let is_attested = of_version["dist"]["attestations"].is_object();
    let scripts = of_version["scripts"].as_object();
    let runs_script = scripts.map(|scripts| INSTALL_SCRIPTS.iter().any(|name| scripts.contains_key(*name)));
    let licence = either("license");
    let versions = packument["versions"].as_object();
    let is_missing = versions.is_some_and(|versions| version.is_some_and(|version| !versions.contains_key(version)));
    Evidence {
        exists: Some(!is_missing),
        version: version.map(str::to_owned),
        versions: versions.map(|versions| versions.len() as u64),
        created: time("created"),
        published: version.and_then(time),
        maintainers: packument["maintainers"].as_array().map(|all| all.len() as u64),
        licence: licence.as_str().or(licence["type"].as_str()).map(str::to_owned),
        deprecated: of_version["deprecated"]
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        install_script: of_version["hasInstallScript"].as_bool().or(runs_script),
        new_publisher: version.and_then(|version| new_publisher(packument, version)),
        attested: is_attested.then_some(true),
        // npm takes an attestation only where it names the repository of the package.
        verified: claimed.clone().filter(|_| is_attested),
        claimed,
        ..Evidence::default()
    }
}

/// Who published this version, if somebody else published all that came before it.
fn new_publisher(packument: &Value, version: &str) -> Option<String> {
    let publisher = |version: &Value| version["_npmUser"]["name"].as_str().map(str::to_owned);
    let at = |version: &str| packument["time"][version].as_str().and_then(seconds);
    let (this, published) = (publisher(&packument["versions"][version])?, at(version)?);
    let mut before = packument["versions"]
        .as_object()?
        .iter()
        .filter(|(other, _)| at(other).is_some_and(|at| at < published));
    let mut earlier = before.by_ref().filter_map(|(_, version)| publisher(version)).peekable();
    earlier.peek()?;
    // Releases by an automation of the registry are told by their attestation.
    (!earlier.any(|other| other == this) && this != "GitHub Actions").then_some(this)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn packument() -> Value {
        json!({
            "dist-tags": {"latest": "1.1.0"},
            "time": {"created": "2020-01-01T00:00:00Z", "1.0.0": "2020-01-01T00:00:00Z", "1.1.0": "2024-01-01T00:00:00Z"},
            "license": "MIT",
            "maintainers": [{"name": "ada"}, {"name": "bob"}],
            "repository": {"type": "git", "url": "git+https://github.com/o/r.git"},
            "versions": {
                "1.0.0": {"_npmUser": {"name": "ada"}},
                "1.1.0": {
                    "scripts": {"postinstall": "node x", "test": "x"}, "_npmUser": {"name": "eve"},
                    "deprecated": "use another", "dist": {"attestations": {"url": "u"}},
                },
            },
        })
    }

    #[test]
    fn a_packument_says_all_this() {
        let evidence = read(&packument(), &Version::Any);
        assert_eq!(evidence.version.as_deref(), Some("1.1.0"));
        assert_eq!((evidence.versions, evidence.maintainers), (Some(2), Some(2)));
        assert_eq!(
            (evidence.created, evidence.published),
            (Some(1_577_836_800), Some(1_704_067_200))
        );
        assert_eq!((evidence.install_script, evidence.attested), (Some(true), Some(true)));
        assert_eq!(evidence.verified.map(|it| it.to_string()).as_deref(), Some("o/r"));
        assert_eq!(evidence.new_publisher.as_deref(), Some("eve"));
        assert_eq!(evidence.deprecated.as_deref(), Some("use another"));
        let first = read(&packument(), &Version::Exact("1.0.0".into()));
        assert_eq!(
            (first.verified, first.new_publisher, first.deprecated),
            (None, None, None)
        );
        let none = read(&packument(), &Version::Exact("9.0.0".into()));
        assert_eq!(none.exists, Some(false));
    }

    #[test]
    fn what_a_mirror_leaves_out_is_not_known() {
        let least = read(&json!({"dist-tags": {"latest": "1.0.0"}}), &Version::Any);
        let expected = Evidence {
            exists: Some(true),
            version: Some("1.0.0".into()),
            ..Evidence::default()
        };
        assert_eq!(least, expected);
        assert_eq!(
            read(&json!({"time": 3, "versions": [], "maintainers": "x"}), &Version::Any).created,
            None
        );
    }
}
