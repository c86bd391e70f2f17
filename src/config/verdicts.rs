//! The scanner's verdicts, kept where people look for them: as `blocked` in the user's own file, or in the state directory
//! where that file must not be written.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::blocked::{EditError, with_blocked};
use super::load::parse;
use super::trust::{trust, trusted_digest};
use super::write::{self, Outcome};
use super::{Blocked, Dirs, Server, private};
use crate::platform::variables::variable;

/// The verdict on one server, to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The server's name.
    pub server: String,
    /// Its entry, as a JSON pointer into the file.
    pub pointer: String,
    /// What `blocked` is to say.
    pub blocked: Blocked,
    /// What it may say now: a value that a person wrote meanwhile stays.
    pub over: &'static [Blocked],
}

/// Where verdicts were kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the file.
    File,
    /// In the state directory: the file is read-only.
    State,
    /// They stood there already.
    Before,
}

/// Why verdicts could not be kept.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NotKept(#[from] Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// What is kept in the state directory for one file.
#[derive(Default, Serialize, Deserialize)]
struct Ledger {
    /// Where the file stands, for the people who read the state directory.
    path: PathBuf,
    /// Names of servers that are blocked.
    blocked: BTreeSet<String>,
}

/// Keeps these verdicts. Nothing but the values of `blocked` changes; a file that a person trusts stays trusted.
///
/// # Errors
/// Says why nothing could be kept.
pub fn keep(path: &Path, changes: &[Change], dirs: &Dirs) -> Result<Kept, NotKept> {
    if changes.is_empty() {
        return Ok(Kept::Before);
    }
    let edit = |bytes: &[u8]| {
        let mut edited = bytes.to_vec();
        for change in changes {
            match with_blocked(path, &edited, &change.pointer, change.blocked, change.over) {
                Ok(with) => edited = with,
                // A person took the entry away meanwhile; the others are still there.
                Err(gone @ EditError::Gone(_)) => tracing::debug!(server = change.server, "{gone}"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok::<_, Cause>(edited)
    };
    match write::change(path, dirs, edit)? {
        Outcome::Unchanged => Ok(Kept::Before),
        Outcome::Written(before, after) => {
            still_trusted(path, &before, &after, dirs).map_err(Cause::from)?;
            record(path, changes, dirs, false).map_err(Cause::from)?;
            Ok(Kept::File)
        }
        Outcome::ReadOnly => {
            record(path, changes, dirs, true).map_err(Cause::from)?;
            Ok(Kept::State)
        }
    }
}

/// Blocks those servers that are blocked in the state directory. A person's `"skipped"` stands above it.
pub fn apply(path: &Path, servers: &mut [Server], dirs: &Dirs) {
    let Ok(path) = path.canonicalize() else { return };
    let ledger = read(&path, dirs);
    for server in servers.iter_mut().filter(|server| server.blocked != Blocked::Skipped) {
        if ledger.blocked.contains(&server.name) {
            server.blocked = Blocked::Blocked;
        }
    }
}

/// Writes down what is blocked, if `in_state`, and forgets the rest.
fn record(path: &Path, changes: &[Change], dirs: &Dirs, in_state: bool) -> io::Result<()> {
    let path = path.canonicalize()?;
    let mut ledger = read(&path, dirs);
    let before = ledger.blocked.clone();
    for change in changes {
        if in_state && change.blocked == Blocked::Blocked {
            ledger.blocked.insert(change.server.clone());
        } else {
            ledger.blocked.remove(&change.server);
        }
    }
    if ledger.blocked == before {
        return Ok(());
    }
    ledger.path.clone_from(&path);
    let text = serde_json::to_string_pretty(&ledger)?;
    private::write(&write::place("verdicts", &path, "json", dirs), text.as_bytes())
}

fn read(path: &Path, dirs: &Dirs) -> Ledger {
    let kept = fs::read(write::place("verdicts", path, "json", dirs)).ok();
    let ledger: Option<Ledger> = kept.and_then(|text| serde_json::from_slice(&text).ok());
    ledger.filter(|ledger| ledger.path == path).unwrap_or_default()
}

/// A person trusted what the file said before; the gateway's own change of it takes that trust along.
fn still_trusted(path: &Path, before: &[u8], after: &[u8], dirs: &Dirs) -> io::Result<()> {
    let digest = |bytes: &[u8]| {
        parse(path, bytes, None, dirs, &variable)
            .ok()
            .map(|config| config.digest)
    };
    match (digest(before), digest(after)) {
        (Some(before), Some(after)) if trusted_digest(path, dirs).as_ref() == Some(&before) => {
            trust(path, &after, dirs)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, in_project};
    use super::super::{Found, is_trusted, load};
    use super::*;

    const TEXT: &str = "{\"mcpServers\": {\n  // é\n  \"a\": {\"command\": \"x\"}, \"b\": {\"command\": \"y\"}}}";

    fn change(server: &str, blocked: Blocked) -> Change {
        Change {
            server: server.into(),
            pointer: format!("/mcpServers/{server}"),
            blocked,
            over: &[Blocked::No, Blocked::Passed, Blocked::Blocked],
        }
    }

    fn with_file(test: impl FnOnce(&Path, &Dirs)) {
        in_project(|dirs| {
            let path = dirs.cwd.join("mcp.json");
            fs::write(&path, TEXT).expect("writable");
            test(&path, dirs);
        });
    }

    #[test]
    fn verdicts_stand_in_the_file() {
        with_file(|path, dirs| {
            let changes = [change("a", Blocked::Blocked), change("b", Blocked::Passed)];
            assert_eq!(keep(path, &changes, dirs).expect("writable"), Kept::File);
            assert_eq!(keep(path, &changes, dirs).expect("writable"), Kept::Before);
            let text = fs::read_to_string(path).expect("there");
            let expected = TEXT
                .replace(r#""x"}"#, r#""x", "blocked": "blocked"}"#)
                .replace(r#""y"}"#, r#""y", "blocked": "passed"}"#);
            assert_eq!(text, expected);
            assert_eq!(config(&text).servers[0].blocked, Blocked::Blocked);
        });
    }

    #[test]
    fn a_trusted_file_stays_trusted_and_another_does_not_become_so() {
        with_file(|path, dirs| {
            let digest = || load(path, None, dirs, &variable).expect("valid").digest;
            let found = Found {
                path: path.into(),
                from_working_directory: true,
                tried: Vec::new(),
            };
            keep(path, &[change("a", Blocked::Passed)], dirs).expect("writable");
            assert!(!is_trusted(&found, &digest(), dirs));
            trust(path, &digest(), dirs).expect("writable");
            keep(path, &[change("a", Blocked::Blocked)], dirs).expect("writable");
            assert!(is_trusted(&found, &digest(), dirs));
        });
    }

    #[test]
    fn verdicts_on_a_read_only_file_stand_in_the_state_directory() {
        with_file(|path, dirs| {
            let set = |readonly| {
                let mut permissions = fs::metadata(path).expect("there").permissions();
                permissions.set_readonly(readonly);
                fs::set_permissions(path, permissions).expect("ours");
            };
            let blocked = || {
                let mut servers = config(TEXT).servers;
                apply(path, &mut servers, dirs);
                servers.iter().map(|server| server.blocked).collect::<Vec<_>>()
            };
            set(true);
            assert_eq!(
                keep(path, &[change("a", Blocked::Blocked)], dirs).expect("writable"),
                Kept::State
            );
            assert_eq!(blocked(), [Blocked::Blocked, Blocked::No]);
            assert_eq!(fs::read_to_string(path).expect("there"), TEXT);
            assert_eq!(
                keep(path, &[change("a", Blocked::Passed)], dirs).expect("writable"),
                Kept::State
            );
            assert_eq!(blocked(), [Blocked::No, Blocked::No]);
        });
    }
}
