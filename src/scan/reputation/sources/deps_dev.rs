//! deps.dev: versions, licences, attestations and advisories of packages, and the projects they come from.

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::{
    package::{Ecosystem, Package, Repository, Subject, Version},
    reputation::{
        evidence::{Evidence, seconds},
        fetch::{Question, Trouble},
    },
};

pub(super) struct DepsDev;

#[async_trait]
impl Source for DepsDev {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        match asked.subject {
            Subject::Package(package) => system(package).is_some(),
            Subject::Repository { .. } => true,
            _ => false,
        }
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let ask = async |path: &[&str]| {
            let whole: Vec<&str> = ["v3"].into_iter().chain(path.iter().copied()).collect();
            asked.fetcher.ask(Question::get(asked.base()?, &whole)?).await
        };
        let mut evidence = Evidence::default();
        if let Subject::Package(package) = asked.subject
            && let Some(system) = system(package)
        {
            let Some(of_package) = ask(&["systems", system, "packages", &package.name]).await? else {
                return Ok(evidence);
            };
            evidence = read_package(&of_package, &package.version);
            if let Some(version) = evidence.version.clone()
                && let Some(of_version) =
                    ask(&["systems", system, "packages", &package.name, "versions", &version]).await?
            {
                evidence.add(read_version(&of_version));
            }
        }
        let repository = asked.repository().or(evidence.repository());
        if let Some(Repository { owner, name }) = repository {
            let project = ask(&["projects", &format!("github.com/{owner}/{name}")]).await?;
            evidence.add(project.as_ref().map(read_project).unwrap_or_default());
        }
        Ok(evidence)
    }
}

fn system(package: &Package) -> Option<&'static str> {
    match package.ecosystem {
        Ecosystem::Npm => Some("npm"),
        Ecosystem::PyPI => Some("pypi"),
        Ecosystem::Jsr => None,
    }
}

fn read_package(package: &Value, wanted: &Version) -> Evidence {
    let versions = package["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |version: &Value| version["versionKey"]["version"].as_str().map(str::to_owned);
    let published = |version: &Value| version["publishedAt"].as_str().and_then(seconds);
    let meant = match wanted {
        Version::Exact(exact) => versions.iter().find(|version| name(version).as_ref() == Some(exact)),
        _ => versions.iter().find(|version| version["isDefault"] == true),
    };
    Evidence {
        version: meant.and_then(name),
        versions: Some(versions.iter().filter_map(name).count() as u64).filter(|count| *count > 0),
        created: versions.iter().filter_map(published).min(),
        published: meant.and_then(published),
        ..Evidence::default()
    }
}

fn read_version(version: &Value) -> Evidence {
    let list = |key: &str| version[key].as_array();
    let repository_of = |value: &Value| value.as_str().and_then(Repository::of_url);
    let attestations = list("attestations");
    let attested = attestations.and_then(|all| {
        let verified = all.iter().find(|attestation| attestation["verified"] == true);
        verified.and_then(|attestation| repository_of(&attestation["sourceRepository"]))
    });
    let related = list("relatedProjects").and_then(|all| {
        let source = all.iter().find(|project| {
            project["relationType"] == "SOURCE_REPO" && project["relationProvenance"] != "UNVERIFIED_METADATA"
        });
        source.and_then(|project| repository_of(&project["projectKey"]["id"]))
    });
    let link = list("links").and_then(|all| {
        let source = all.iter().find(|link| link["label"] == "SOURCE_REPO");
        source.and_then(|link| repository_of(&link["url"]))
    });
    let ids = list("advisoryKeys")
        .into_iter()
        .flatten()
        .filter_map(|key| key["id"].as_str().map(str::to_owned));
    let (malicious, vulnerabilities) = ids.partition(|id| id.starts_with("MAL-"));
    Evidence {
        licence: list("licenses").and_then(|all| all.first()?.as_str().map(str::to_owned)),
        attested: attestations.map(|_| attested.is_some()),
        verified: attested.or(related),
        claimed: link,
        malicious,
        vulnerabilities,
        ..Evidence::default()
    }
}

fn read_project(project: &Value) -> Evidence {
    Evidence {
        stars: project["starsCount"].as_u64(),
        forks: project["forksCount"].as_u64(),
        licence: project["license"].as_str().map(str::to_owned),
        scorecard: project["scorecard"]["overallScore"].as_f64(),
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_package_and_its_version_say_all_this() {
        let package = json!({"versions": [
            {"versionKey": {"version": "1.0"}, "publishedAt": "1970-01-01T00:00:01Z"},
            {"versionKey": {"version": "2.0"}, "publishedAt": "1970-01-01T00:00:02Z", "isDefault": true},
        ]});
        let default = read_package(&package, &Version::Any);
        assert_eq!((default.version.as_deref(), default.versions), (Some("2.0"), Some(2)));
        assert_eq!((default.created, default.published), (Some(1), Some(2)));
        let version = read_version(&json!({
            "licenses": ["MIT"], "advisoryKeys": [{"id": "GHSA-1"}],
            "links": [{"label": "SOURCE_REPO", "url": "https://github.com/o/claimed"}],
            "attestations": [{"verified": true, "sourceRepository": "https://github.com/o/real"}],
        }));
        assert_eq!(version.repository().map(ToString::to_string).as_deref(), Some("o/real"));
        assert_eq!(
            (version.attested, version.vulnerabilities),
            (Some(true), vec!["GHSA-1".to_owned()])
        );
    }

    #[test]
    fn a_link_alone_vouches_for_nothing() {
        let version = read_version(&json!({
            "links": [{"label": "SOURCE_REPO", "url": "https://github.com/o/r"}],
            "relatedProjects": [{"projectKey": {"id": "github.com/o/r"}, "relationType": "SOURCE_REPO", "relationProvenance": "UNVERIFIED_METADATA"}],
            "attestations": [],
        }));
        assert!(!version.is_bound() && version.claimed.is_some());
        assert_eq!(version.attested, Some(false));
    }
}
