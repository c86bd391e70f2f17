//! What an installation changed, so that it can be undone exactly.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    Refusal,
    plan::{Change, copy_of},
};
use crate::config::{Digest, private};

/// The files of an installation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    files: Vec<Kept>,
}

/// A file of the gateway's that an interrupted run left: everything in it stands in the client's file too, so before the
/// installation it was not there.
pub(super) struct Remains(Kept);

impl Remains {
    /// The file, which this run leaves with the text.
    pub(super) fn of(path: &Path, after: &str) -> Self {
        Self(Kept {
            path: path.to_owned(),
            before: None,
            after: Digest::of(after.as_bytes()),
            is_own: true,
        })
    }
}

/// One file of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    path: PathBuf,
    /// The copy of what it was; `None` where it was not there.
    before: Option<PathBuf>,
    /// What it was made.
    after: Digest,
    is_own: bool,
}

impl Record {
    /// What is to be remembered of changes to files that were as they should be.
    pub(super) fn of(changes: &[Change], record: &Path) -> Self {
        let folder = record.with_extension("");
        let kept = |change: &Change| Kept {
            path: change.path.clone(),
            before: change
                .before
                .as_deref()
                .map(|text| copy_of(&folder, &change.path, text)),
            after: Digest::of(change.after.as_deref().unwrap_or_default().as_bytes()),
            is_own: change.is_own,
        };
        Self {
            files: changes.iter().map(kept).collect(),
        }
    }

    /// The same where a file was there only because a run was interrupted.
    pub(super) fn over(mut self, remains: Option<Remains>) -> Self {
        if let Some(Remains(kept)) = remains {
            self.files.retain(|file| file.path != kept.path);
            self.files.push(kept);
        }
        self
    }

    /// The same after further changes to what it left.
    pub(super) fn then(mut self, changes: &[Change], record: &Path) -> Self {
        for kept in Self::of(changes, record).files {
            match self.files.iter_mut().find(|file| file.path == kept.path) {
                Some(file) => file.after = kept.after,
                None => self.files.push(kept),
            }
        }
        self
    }

    /// The record in this file; `None` if there is none that can be read: then entries are moved back one by one.
    pub(super) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), Refusal> {
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::other);
        let written = text.and_then(|text| private::write(path, &text));
        written.map_err(|source| Refusal::unwritable(path, source))
    }

    pub(super) fn forget(path: &Path) -> Result<(), Refusal> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Refusal::unwritable(path, error)),
            _ => Ok(()),
        }
    }

    /// What brings every file back to what it was; `None` if one is no longer what it was made, or a copy is gone.
    pub(super) fn undo(&self) -> Result<Option<Vec<Change>>, Refusal> {
        let mut changes = Vec::new();
        for kept in &self.files {
            let now = super::read(&kept.path)?;
            if now
                .as_ref()
                .is_none_or(|text| Digest::of(text.as_bytes()) != kept.after)
            {
                return Ok(None);
            }
            let before = match &kept.before {
                None => None,
                Some(copy) => match super::read(copy)? {
                    None => return Ok(None),
                    text => text,
                },
            };
            changes.push(Change {
                path: kept.path.clone(),
                before: now,
                after: before,
                is_own: kept.is_own,
            });
        }
        // The client's file first: no entry may name a file that is gone.
        changes.sort_by_key(|change| change.is_own);
        Ok(Some(changes))
    }
}
