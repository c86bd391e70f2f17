//! OSV: known vulnerabilities, and packages that are known to be malware (`MAL-…`).

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Asked, Source};
use crate::scan::{
    package::{Ecosystem, Subject},
    reputation::{
        evidence::Evidence,
        fetch::{Question, Trouble},
    },
};

pub(super) struct Osv;

#[async_trait]
impl Source for Osv {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        asked
            .package(Ecosystem::Npm)
            .or(asked.package(Ecosystem::PyPI))
            .is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Subject::Package(package) = asked.subject else {
            return Ok(Evidence::default());
        };
        let mut body = json!({"package": {"name": package.name, "ecosystem": package.ecosystem}});
        let version = asked.version(package);
        if let Some(version) = version {
            body["version"] = version.into();
        }
        let question = Question::get(asked.base()?, &["v1", "query"])?.post(&body);
        let answer = asked.fetcher.ask(question).await?.unwrap_or_default();
        Ok(read(&answer, version.is_some()))
    }
}

/// Without a version every vulnerability that the package ever had is listed; that says nothing of what will run.
fn read(answer: &Value, of_this_version: bool) -> Evidence {
    let entries = answer["vulns"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids = entries
        .iter()
        .filter_map(|entry| entry["id"].as_str().map(str::to_owned));
    let (malicious, vulnerabilities): (Vec<String>, Vec<String>) = ids.partition(|id| id.starts_with("MAL-"));
    Evidence {
        malicious,
        vulnerabilities: if of_this_version { vulnerabilities } else { Vec::new() },
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malware_is_told_from_vulnerabilities() {
        let answer = json!({"vulns": [{"id": "GHSA-1"}, {"id": "MAL-2024-1"}, {}]});
        assert_eq!(read(&answer, true).malicious, ["MAL-2024-1"]);
        assert_eq!(read(&answer, true).vulnerabilities, ["GHSA-1"]);
        assert_eq!(read(&answer, false).vulnerabilities, [""; 0]);
        assert_eq!(read(&json!({}), true), Evidence::default());
    }
}
