//! What would be changed, shown and done.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use super::{Refusal, record::Record};
use crate::config::private;

/// Files that are to be changed, and what is worth saying.
#[derive(Debug)]
pub struct Plan {
    /// The files; none where there is nothing to do.
    pub changes: Vec<Change>,
    /// What a person should know: what stays as it is and why, what was carried over.
    pub notes: Vec<String>,
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
    /// The changes as a unified diff.
    pub fn diff(&self) -> String {
        self.changes.iter().map(Change::diff).collect()
    }

    /// Keeps a copy of each file, changes it, and remembers how to undo that. Gives the copies.
    ///
    /// # Errors
    /// If a file was changed by somebody else since it was read, or can't be written.
    pub fn apply(&self) -> Result<Vec<PathBuf>, Refusal> {
        for change in &self.changes {
            if super::read(&change.path)? != change.before {
                return Err(Refusal::Changed(change.path.clone()));
            }
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
            change
                .apply()
                .map_err(|source| Refusal::unwritable(&change.path, source))?;
        }
        if self.remembered.is_none() {
            Record::forget(&self.record)?;
        }
        Ok(copies)
    }
}

impl Change {
    fn diff(&self) -> String {
        let name = |side: &Option<String>| match side {
            Some(_) => self.path.display().to_string(),
            None => "/dev/null".to_owned(),
        };
        let (before, after) = (
            self.before.as_deref().unwrap_or_default(),
            self.after.as_deref().unwrap_or_default(),
        );
        TextDiff::from_lines(before, after)
            .unified_diff()
            .header(&name(&self.before), &name(&self.after))
            .to_string()
    }

    fn apply(&self) -> io::Result<()> {
        match &self.after {
            None => fs::remove_file(&self.path),
            Some(text) if self.is_own => private::write(&self.path, text.as_bytes()),
            Some(text) => replace(&self.path, text),
        }
    }
}

/// Where the copy of a file with this content is kept.
pub(super) fn copy_of(folder: &Path, path: &Path, content: &str) -> PathBuf {
    let digest = crate::config::Digest::of(content.as_bytes()).to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!("{name}.{}", &digest[..12]))
}

/// Writes a file whole or not at all, through links and with the permissions that it has; a new one is its user's alone.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(&path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_its_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().expect("a directory");
        let (file, link) = (root.path().join("real.json"), root.path().join("link.json"));
        fs::write(&file, "a").expect("writable");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("ours");
        symlink(&file, &link).expect("a link");
        replace(&link, "b").expect("writable");
        assert_eq!(fs::read_to_string(&file).expect("there"), "b");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join("a.json");
        fs::write(&path, "new").expect("writable");
        let change = Change {
            path: path.clone(),
            before: Some("old".into()),
            after: Some("ours".into()),
            is_own: false,
        };
        assert!(change.diff().contains("-old") && change.diff().contains("+ours"));
        let plan = Plan {
            changes: vec![change],
            notes: Vec::new(),
            record: root.path().join("record.json"),
            remembered: None,
        };
        assert!(matches!(plan.apply(), Err(Refusal::Changed(_))));
        assert_eq!(fs::read_to_string(&path).expect("there"), "new");
    }
}
