//! Which files of a working directory a person has trusted.
//!
//! A cloned repository must not run commands. What is trusted is a file at its place with its content: a change of it
//! has to be trusted anew. Each one has a file of its own in the state directory, so that two gateways that write at
//! once lose nothing.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::discover::Found;
use super::{Dirs, private, write};

/// What is kept of a trusted file.
#[derive(Serialize, Deserialize)]
struct Entry {
    /// Where it stands, for the people who read the state directory.
    path: PathBuf,
    sha256: Digest,
}

/// Whether a configuration may start servers: it was named by a person, it is the user's own, or a person trusted it
/// with this digest (that of [`Config`](super::Config), so that what was judged is what was read).
pub fn is_trusted(found: &Found, digest: &Digest, dirs: &Dirs) -> bool {
    !found.from_working_directory || is_accepted(&found.path, digest, dirs)
}

/// Whether a person accepted the file at `path` as it is with this digest, wherever it lies.
pub fn is_accepted(path: &Path, digest: &Digest, dirs: &Dirs) -> bool {
    trusted_digest(path, dirs).as_ref() == Some(digest)
}

/// Remembers that a person trusts the configuration file at `path` with this digest.
///
/// # Errors
/// The file is gone, or the state directory can't be written to.
pub fn trust(path: &Path, digest: &Digest, dirs: &Dirs) -> io::Result<()> {
    let path = path.canonicalize()?;
    let entry = Entry {
        path,
        sha256: digest.clone(),
    };
    let text = serde_json::to_string_pretty(&entry)?;
    private::write(&place(&entry.path, dirs), text.as_bytes())
}

pub(super) fn trusted_digest(path: &Path, dirs: &Dirs) -> Option<Digest> {
    let path = path.canonicalize().ok()?;
    let entry: Entry = serde_json::from_slice(&std::fs::read(place(&path, dirs)).ok()?).ok()?;
    (entry.path == path).then_some(entry.sha256)
}

/// Where the entry of a file is kept.
fn place(path: &Path, dirs: &Dirs) -> PathBuf {
    write::place("trust", path, "json", dirs)
}

#[cfg(test)]
mod tests {
    use super::super::testing::in_project;
    use super::*;
    use std::fs;

    fn digest(text: &str) -> Digest {
        Digest::of(text.as_bytes())
    }

    fn with_a_found_file(test: impl FnOnce(&Dirs, &Found)) {
        in_project(|dirs| {
            let path = dirs.cwd.join("mcp.json");
            fs::write(&path, "{}").expect("writable");
            let found = Found {
                path,
                from_working_directory: true,
                tried: Vec::new(),
            };
            test(dirs, &found);
        });
    }

    #[test]
    fn a_found_file_is_trusted_once_a_person_says_so_until_it_changes() {
        with_a_found_file(|dirs, found| {
            assert!(!is_trusted(found, &digest("{}"), dirs));
            trust(&found.path, &digest("{}"), dirs).expect("writable");
            assert!(is_trusted(found, &digest("{}"), dirs));
            assert!(!is_trusted(found, &digest("{\"changed\": 1}"), dirs));
            trust(&found.path, &digest("{\"changed\": 1}"), dirs).expect("writable");
            assert!(is_trusted(found, &digest("{\"changed\": 1}"), dirs));
        });
    }

    #[test]
    fn the_same_content_elsewhere_is_another_file() {
        with_a_found_file(|dirs, found| {
            trust(&found.path, &digest("{}"), dirs).expect("writable");
            let copy = dirs.cwd.join(".mcp.json");
            fs::write(&copy, "{}").expect("writable");
            let copy = Found {
                path: copy,
                ..found.clone()
            };
            assert!(!is_trusted(&copy, &digest("{}"), dirs));
        });
    }

    #[test]
    fn another_way_to_write_the_path_is_the_same_file() {
        with_a_found_file(|dirs, found| {
            trust(&dirs.cwd.join("../project/./mcp.json"), &digest("{}"), dirs).expect("writable");
            assert!(is_trusted(found, &digest("{}"), dirs));
        });
    }

    #[test]
    fn a_file_that_was_named_needs_no_trust() {
        with_a_found_file(|dirs, found| {
            let named = Found {
                from_working_directory: false,
                ..found.clone()
            };
            assert!(is_trusted(&named, &digest("anything"), dirs));
        });
    }

    #[test]
    fn a_broken_memory_trusts_nothing() {
        with_a_found_file(|dirs, found| {
            trust(&found.path, &digest("{}"), dirs).expect("writable");
            let kept = place(&found.path.canonicalize().expect("there"), dirs);
            fs::write(kept, "{").expect("writable");
            assert!(!is_trusted(found, &digest("{}"), dirs));
        });
    }
}
