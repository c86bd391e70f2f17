//! What would be changed, shown and done.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use super::{Refusal, record::Record, shown::without_secrets};
use crate::config::{Dirs, private, write};

/// Files that are to be changed, and what is worth saying.
#[derive(Debug)]
pub struct Plan {
    /// The files; none where there is nothing to do.
    pub changes: Vec<Change>,
    /// What a person should know: what stays as it is and why, what was carried over.
    pub notes: Vec<String>,
    pub(super) dirs: Dirs,
    pub(super) record: PathBuf,
    /// What is remembered once it is done; `None`: nothing any more.
    pub(super) remembered: Option<Record>,
}

/// A file before and after; `None` where it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// Whether it is the gateway's own, so that only the user may read it.
    pub(super) is_own: bool,
}

impl Plan {
    /// The changes as a unified diff, in which what a server is given to sign in with is hidden.
    pub fn diff(&self) -> String {
        self.changes.iter().map(Change::diff).collect()
    }

    /// Keeps a copy of each file, changes it, and remembers how to undo that. Gives the copies.
    ///
    /// # Errors
    /// If a file was changed by somebody else since it was read, or can't be written.
    pub fn apply(&self) -> Result<Vec<PathBuf>, Refusal> {
        // One installation at a time: two would undo each other's record.
        let _lock = write::lock(&self.dirs.state.join("install"), &self.dirs)
            .map_err(|source| Refusal::unwritable(&self.record, source))?;
        for change in &self.changes {
            change.is_still_possible()?;
        }
        let folder = self.record.with_extension("");
        let mut copies = Vec::new();
        for change in &self.changes {
            let Some(before) = &change.before else { continue };
            let copy = copy_of(&folder, &change.path, before);
            private::write(&copy, before.as_bytes()).map_err(|source| Refusal::unwritable(&copy, source))?;
            copies.push(copy);
        }
        // Remembered first: a crash in between leaves files that are still as they were, or are moved back entry by entry.
        if let Some(remembered) = &self.remembered {
            remembered.write(&self.record)?;
        }
        for change in &self.changes {
            change.apply(&self.dirs)?;
        }
        if self.remembered.is_none() {
            Record::forget(&self.record)?;
        }
        Ok(copies)
    }
}

impl Change {
    /// The change of a file; `None` if there is none.
    pub(super) fn of(path: &Path, before: Option<String>, after: Option<String>, is_own: bool) -> Option<Self> {
        (before != after).then(|| Self {
            path: path.to_owned(),
            before,
            after,
            is_own,
        })
    }

    fn diff(&self) -> String {
        let name = |side: &Option<String>| match side {
            Some(_) => self.path.display().to_string(),
            None => "/dev/null".to_owned(),
        };
        let text = |side: &Option<String>| side.as_deref().map(without_secrets).unwrap_or_default();
        TextDiff::from_lines(text(&self.before), text(&self.after))
            .unified_diff()
            .header(&name(&self.before), &name(&self.after))
            .to_string()
    }

    /// Fails if the file is not what it was when it was read, or must not be written.
    fn is_still_possible(&self) -> Result<(), Refusal> {
        if super::read(&self.path)? != self.before {
            return Err(Refusal::Changed(self.path.clone()));
        }
        let is_kept = self.before.is_some() && self.after.is_some();
        if is_kept && write::is_read_only(&self.path).map_err(|source| Refusal::unwritable(&self.path, source))? {
            return Err(Refusal::ReadOnly(self.path.clone()));
        }
        Ok(())
    }

    fn apply(&self, dirs: &Dirs) -> Result<(), Refusal> {
        let written = match (&self.before, &self.after) {
            (_, None) => fs::remove_file(&self.path),
            (_, Some(text)) if self.is_own => private::write(&self.path, text.as_bytes()),
            (None, Some(text)) => create(&self.path, text),
            (Some(before), Some(text)) => match write::replace(&self.path, before.as_bytes(), text.as_bytes(), dirs) {
                Ok(false) => return Err(Refusal::Changed(self.path.clone())),
                written => written.map(drop),
            },
        };
        written.map_err(|source| Refusal::unwritable(&self.path, source))
    }
}

/// Where the copy of a file with this content is kept.
pub(super) fn copy_of(folder: &Path, path: &Path, content: &str) -> PathBuf {
    let digest = crate::config::Digest::of(content.as_bytes()).to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!("{name}.{}", &digest[..12]))
}

/// Makes a file that is not there yet, for its user alone.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join("a.json");
        fs::write(&path, "new").expect("writable");
        let change = Change {
            path: path.clone(),
            before: Some("{\"a\": \"old\"}".into()),
            after: Some("{\"a\": \"ours\"}".into()),
            is_own: false,
        };
        assert!(change.diff().contains("-{\"a\": \"old\"}") && change.diff().contains("+{\"a\": \"ours\"}"));
        let plan = Plan {
            changes: vec![change],
            notes: Vec::new(),
            dirs: Dirs {
                home: root.path().into(),
                cwd: root.path().into(),
                state: root.path().join("state"),
                config: root.path().into(),
            },
            record: root.path().join("record.json"),
            remembered: None,
        };
        assert!(matches!(plan.apply(), Err(Refusal::Changed(_))));
        assert_eq!(fs::read_to_string(&path).expect("there"), "new");
    }
}
