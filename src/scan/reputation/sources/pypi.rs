//! The index of Python packages that pip or uv is set up with: its simple API as JSON (PEP 691, 700, 740, 592).

use async_trait::async_trait;
use serde_json::Value;

use super::{Asked, Source};
use crate::scan::{
    package::{Ecosystem, Version},
    reputation::{
        evidence::{Evidence, seconds},
        fetch::{Question, Trouble},
    },
};

pub(super) struct PyPi;

const SIMPLE: &str = "application/vnd.pypi.simple.v1+json";

#[async_trait]
impl Source for PyPi {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        asked.package(Ecosystem::PyPI).is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Some(package) = asked.package(Ecosystem::PyPI) else {
            return Ok(Evidence::default());
        };
        let base = match asked.base {
            Some(base) => base.to_owned(),
            None => asked
                .child
                .python_index()
                .ok_or(Trouble::NotAsked("no index is set for pip or uv"))?,
        };
        // An index asks for the slash at the end.
        let question = Question::get(&base, &[&package.name, ""])?.accept(SIMPLE);
        Ok(match asked.fetcher.ask(question).await? {
            Some(project) => read(&project, &package.version),
            None => Evidence {
                exists: Some(false),
                ..Evidence::default()
            },
        })
    }
}

fn read(project: &Value, wanted: &Version) -> Evidence {
    let files = project["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let uploaded = |file: &Value| file["upload-time"].as_str().and_then(seconds);
    let is_yanked = |file: &Value| file["yanked"].as_bool().unwrap_or_else(|| file["yanked"].is_string());
    let version_of = |file: &Value| file["filename"].as_str().and_then(version_of).map(str::to_owned);
    let newest = files
        .iter()
        .filter(|file| !is_yanked(file))
        .max_by_key(|file| uploaded(file));
    let version = match wanted {
        Version::Exact(version) => Some(version.clone()),
        _ => newest.and_then(version_of),
    };
    let of_version: Vec<&Value> = files
        .iter()
        .filter(|file| version.is_some() && version_of(file) == version)
        .collect();
    let provenances: Vec<&Value> = of_version.iter().filter_map(|file| file.get("provenance")).collect();
    Evidence {
        exists: Some(!files.is_empty()),
        versions: project["versions"].as_array().map(|all| all.len() as u64),
        created: files.iter().filter_map(uploaded).min(),
        published: of_version.iter().filter_map(|file| uploaded(file)).min(),
        yanked: (!of_version.is_empty()).then(|| of_version.iter().all(|file| is_yanked(file))),
        attested: (!provenances.is_empty()).then(|| provenances.iter().all(|provenance| provenance.is_string())),
        version,
        ..Evidence::default()
    }
}

/// The version in the name of a wheel or a source archive.
fn version_of(filename: &str) -> Option<&str> {
    if let Some(wheel) = filename.strip_suffix(".whl") {
        return wheel.split('-').nth(1);
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2"]
        .iter()
        .find_map(|ending| filename.strip_suffix(ending))?;
    stem.rsplit_once('-').map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_index_says_all_this() {
        let project = json!({
            "versions": ["1.0", "1.1", "2.0"],
            "files": [
                {"filename": "p-1.0.tar.gz", "upload-time": "2020-01-01T00:00:00Z", "yanked": false},
                {"filename": "p-1.1-py3-none-any.whl", "upload-time": "2024-01-01T00:00:00Z", "provenance": "https://x"},
                {"filename": "p-2.0-py3-none-any.whl", "upload-time": "2025-01-01T00:00:00Z", "yanked": "broken", "provenance": null},
            ],
        });
        let newest = read(&project, &Version::Any);
        assert_eq!((newest.version.as_deref(), newest.versions), (Some("1.1"), Some(3)));
        assert_eq!(
            (newest.created, newest.published),
            (Some(1_577_836_800), Some(1_704_067_200))
        );
        assert_eq!((newest.yanked, newest.attested), (Some(false), Some(true)));
        let yanked = read(&project, &Version::Exact("2.0".into()));
        assert_eq!((yanked.yanked, yanked.attested), (Some(true), Some(false)));
    }

    #[test]
    fn an_old_index_says_less() {
        let least = read(&json!({"files": [{"filename": "p-1.0.tar.gz"}]}), &Version::Any);
        assert_eq!((least.exists, least.created, least.attested), (Some(true), None, None));
        assert_eq!(least.version.as_deref(), Some("1.0"));
    }
}
