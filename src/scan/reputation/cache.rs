//! Answers of the sources, kept in the user's state directory.

use std::{fs, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    config::private,
    digest::{hex, sha256},
};

/// How long an answer is used without asking again.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// The same for an answer that says that there is nothing.
const FRESH_NEGATIVE: Duration = Duration::from_secs(3600);

/// An answer that was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What was asked, for the people who read the directory.
    pub(super) asked: String,
    /// When it was answered, in seconds since 1970.
    pub(super) at: u64,
    /// By what the source recognises that it has not changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    /// The answer; `None` where there is nothing.
    pub(super) body: Option<String>,
}

impl Kept {
    pub(super) fn is_fresh(&self, now: u64) -> bool {
        let limit = if self.body.is_some() { FRESH } else { FRESH_NEGATIVE };
        // What was written in the future was written by a clock that was wrong.
        now.checked_sub(self.at).is_some_and(|age| age < limit.as_secs())
    }
}

/// The directory of kept answers.
#[derive(Clone, Debug)]
pub(super) struct Cache(pub(super) PathBuf);

impl Cache {
    pub(super) fn get(&self, asked: &str) -> Option<Kept> {
        let kept: Kept = serde_json::from_slice(&fs::read(self.place(asked)).ok()?).ok()?;
        (kept.asked == asked).then_some(kept)
    }

    pub(super) fn put(&self, kept: &Kept) {
        let written = serde_json::to_vec(kept).map_err(std::io::Error::from);
        // Without it the source is asked again, and nothing else.
        if let Err(error) = written.and_then(|text| private::write(&self.place(&kept.asked), &text)) {
            tracing::debug!("an answer could not be kept: {error}");
        }
    }

    fn place(&self, asked: &str) -> PathBuf {
        let name = hex(&sha256(asked)[..16]);
        self.0.join(format!("{name}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(body: Option<&str>, at: u64) -> Kept {
        Kept {
            asked: "GET x".into(),
            at,
            etag: None,
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn an_answer_is_fresh_for_a_day_and_nothing_for_an_hour() {
        let hour = 3600;
        assert!(kept(Some("{}"), 0).is_fresh(24 * hour - 1) && !kept(Some("{}"), 0).is_fresh(24 * hour));
        assert!(kept(None, 0).is_fresh(hour - 1) && !kept(None, 0).is_fresh(hour));
        assert!(!kept(Some("{}"), 10).is_fresh(9));
    }

    #[test]
    fn an_answer_is_kept_for_what_was_asked_alone() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let cache = Cache(root.path().join("reputation"));
        assert_eq!(cache.get("GET x"), None);
        cache.put(&kept(Some("{}"), 7));
        assert_eq!(cache.get("GET x"), Some(kept(Some("{}"), 7)));
        assert_eq!(cache.get("GET y"), None);
    }
}
