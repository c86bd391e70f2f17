//! What a server was when it was first seen: how it is started, the versions of its packages, its instructions, its tools
//! and its prompts. What was seen first is trusted; what differs from it later is a change, until a person accepts it.

mod canonical;
mod diff;
mod lock;
mod sight;
mod store;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::config::{Dirs, write};
use lock::Key;
pub use lock::{Kind, Lock};
pub use sight::{Change, Difference, Sight};

/// The name of the file beside the configuration.
pub const FILE: &str = "mcp.lock";

/// The pins of one configuration.
#[derive(Clone, Debug)]
pub struct Pins {
    /// The lock beside the configuration.
    beside: PathBuf,
    dirs: Dirs,
}

/// What came of a comparison.
#[derive(Debug)]
pub struct Compared {
    /// What differs from the pins.
    pub changes: Vec<Change>,
    /// Why not all of it could be written down.
    pub unkept: Option<String>,
}

/// Why pins could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// The file is no lock.
    #[error("{} can't be used: {what}; mend the line, or take the file away and every server is trusted anew", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file could not be read or written.
    #[error("pins can't be kept: {0}")]
    Io(#[from] io::Error),
}

impl Pins {
    /// The pins of the configuration at `path`.
    pub fn of(path: &Path, dirs: &Dirs) -> Self {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Self {
            beside: real.with_file_name(FILE),
            dirs: dirs.clone(),
        }
    }

    /// Whether there is a lock.
    pub fn exist(&self) -> bool {
        self.path().exists()
    }

    /// Whether anything can be compared with them.
    ///
    /// # Errors
    /// Where the lock can't be read.
    pub fn check(&self) -> Result<(), PinError> {
        self.read().map(drop)
    }

    /// What of a server differs from its pins. A server without any is trusted as it is, and so is what is new of one that
    /// has some, if `trusts`.
    ///
    /// # Errors
    /// Where the lock can't be read: then nothing is known of any change.
    pub fn compare(&self, server: &str, sight: &Sight, kinds: &[Kind], trusts: bool) -> Result<Compared, PinError> {
        let held = write::lock(&self.beside, &self.dirs);
        let mut lock = self.read()?;
        let mut kept = held.as_ref().map(drop).map_err(ToString::to_string);
        // What can't be written down has changed all the same.
        let mut keep = |write: &dyn Fn() -> io::Result<()>| {
            if kept.is_ok() {
                kept = write().map_err(|error| error.to_string());
            }
        };
        // Launch and definitions are seen one after the other.
        let is_known = lock.of(server).any(|(key, _)| kinds.contains(&key.pin));
        let mut changes = Vec::new();
        let mut waiting = self.waiting();
        waiting.retain(|key, _| key.server != server || !kinds.contains(&key.pin));
        let before = lock.clone();
        for seen in &sight.0 {
            keep(&|| self.remember(&seen.is, &seen.text));
            let key = Key {
                server: server.to_owned(),
                pin: seen.pin,
                name: seen.name.clone(),
            };
            let difference = match lock.0.get(&key) {
                Some(pinned) if *pinned == seen.is => continue,
                Some(pinned) => Difference::Changed(self.recall(pinned)),
                None => Difference::New,
            };
            if difference == Difference::New && trusts {
                lock.0.insert(key, seen.is.clone());
            } else {
                waiting.insert(key, seen.is.clone());
            }
            if is_known {
                changes.push(Change {
                    pin: seen.pin,
                    name: seen.name.clone(),
                    difference,
                    now: seen.text.clone(),
                });
            }
        }
        let is_seen = |key: &Key| {
            sight
                .0
                .iter()
                .any(|seen| (seen.pin, &seen.name) == (key.pin, &key.name))
        };
        let gone = before
            .of(server)
            .filter(|(key, _)| kinds.contains(&key.pin) && !is_seen(key));
        changes.extend(gone.map(|(key, _)| Change {
            pin: key.pin,
            name: key.name.clone(),
            difference: Difference::Gone,
            now: Value::Null,
        }));
        if lock != before {
            keep(&|| self.save(&lock));
        }
        keep(&|| self.keep_waiting(&waiting));
        Ok(Compared {
            changes,
            unkept: kept.err(),
        })
    }

    /// The changes of a server that wait for a person, of one tool or of everything.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn pending(&self, server: &str, tool: Option<&str>) -> Result<Vec<Change>, PinError> {
        let lock = self.read()?;
        let of_it = self
            .waiting()
            .into_iter()
            .filter(|(key, _)| is_meant(key, server, tool));
        let changes = of_it.map(|(key, is)| Change {
            difference: match lock.0.get(&key) {
                Some(pinned) => Difference::Changed(self.recall(pinned)),
                None => Difference::New,
            },
            now: self.recall(&is).unwrap_or_default(),
            pin: key.pin,
            name: key.name,
        });
        Ok(changes.collect())
    }

    /// Pins what waits of a server: a person saw it.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn accept(&self, server: &str, tool: Option<&str>) -> Result<(), PinError> {
        let _lock = write::lock(&self.beside, &self.dirs)?;
        let mut lock = self.read()?;
        let (accepted, rest): (BTreeMap<Key, String>, _) = self
            .waiting()
            .into_iter()
            .partition(|(key, _)| is_meant(key, server, tool));
        lock.0.extend(accepted);
        self.save(&lock)?;
        self.keep_waiting(&rest)?;
        Ok(())
    }
}

fn is_meant(key: &Key, server: &str, tool: Option<&str>) -> bool {
    key.server == server && tool.is_none_or(|tool| key.pin == Kind::Tool && key.name == tool)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::scan::definitions::Definitions;
    use serde_json::json;

    const DECLARED: &[Kind] = &[Kind::Instructions, Kind::Tool, Kind::Prompt];

    struct Case {
        _root: tempfile::TempDir,
        pins: Pins,
    }

    impl Case {
        fn new() -> Self {
            let root = tempfile::tempdir().expect("a temporary directory");
            let at = |name: &str| root.path().join(name);
            let dirs = Dirs {
                home: at("home"),
                cwd: at("w"),
                state: at("state"),
                config: at("config"),
            };
            fs::create_dir(&dirs.cwd).expect("writable");
            let pins = Pins::of(&dirs.cwd.join("mcp.json"), &dirs);
            Self { _root: root, pins }
        }

        fn see(&self, tools: &[(&str, &str)]) -> Vec<(String, String)> {
            let tools = tools
                .iter()
                .map(|(name, text)| json!({"name": name, "description": text}))
                .collect();
            let sight = Sight::of_definitions(&Definitions {
                tools,
                ..Definitions::default()
            });
            let compared = self.pins.compare("s", &sight, DECLARED, true).expect("readable");
            assert_eq!(compared.unkept, None);
            compared
                .changes
                .iter()
                .map(|change| (change.subject(), change.headline()))
                .collect()
        }
    }

    #[test]
    fn the_first_sight_is_trusted_and_a_change_is_told_until_it_is_accepted() {
        let case = Case::new();
        assert_eq!(case.see(&[("a", "reads"), ("b", "writes")]), []);
        assert_eq!(case.see(&[("b", "writes"), ("a", "reads")]), []);
        let changed = [(
            "tool a".to_owned(),
            "description changed (5 to 15 characters)".to_owned(),
        )];
        assert_eq!(case.see(&[("a", "reads and sends"), ("b", "writes")]), changed);
        assert_eq!(
            case.see(&[("a", "reads and sends"), ("b", "writes")]),
            changed,
            "it is told again"
        );
        let pending = case.pins.pending("s", None).expect("readable");
        assert!(pending[0].diff().contains("+ reads and sends"), "{}", pending[0].diff());
        case.pins.accept("s", Some("other")).expect("writable");
        assert_eq!(case.pins.pending("s", None).expect("readable").len(), 1);
        case.pins.accept("s", Some("a")).expect("writable");
        assert_eq!(case.see(&[("a", "reads and sends"), ("b", "writes")]), []);
        assert_eq!(case.pins.pending("s", None).expect("readable"), []);
    }

    #[test]
    fn what_was_removed_is_remembered() {
        let case = Case::new();
        case.see(&[("a", "reads"), ("b", "writes")]);
        assert_eq!(case.see(&[("b", "writes")])[0].1, "it is gone; its pin stays");
        let back = case.see(&[("a", "sends"), ("b", "writes")]);
        assert_eq!(
            back,
            [(
                "tool a".to_owned(),
                "description changed (5 to 5 characters)".to_owned()
            )]
        );
    }

    #[test]
    fn what_is_new_is_told_once_and_pinned() {
        let case = Case::new();
        case.see(&[("a", "reads")]);
        assert_eq!(
            case.see(&[("a", "reads"), ("b", "x")])[0].1,
            "it is new since its server was pinned"
        );
        assert_eq!(case.see(&[("a", "reads"), ("b", "x")]), []);
    }

    #[test]
    fn without_trust_nothing_is_written() {
        let case = Case::new();
        let sight = Sight::of_launch("npx x", &[("npm package x".into(), "1.0.0".into())]);
        let compare = |sight, trusts| {
            case.pins
                .compare("s", sight, &[Kind::Launch, Kind::Package], trusts)
                .expect("readable")
                .changes
        };
        assert_eq!(compare(&sight, false), []);
        assert!(!case.pins.exist());
        assert_eq!(compare(&sight, true), []);
        let later = Sight::of_launch("npx x", &[("npm package x".into(), "1.1.0".into())]);
        let changes = compare(&later, false);
        assert_eq!(changes[0].diff(), "\n  - 1.0.0\n  + 1.1.0\n");
    }

    #[test]
    fn a_lock_with_a_conflict_is_not_written_over() {
        let case = Case::new();
        fs::write(&case.pins.beside, "<<<<<<<\n").expect("writable");
        let error = case
            .pins
            .compare("s", &Sight::default(), DECLARED, true)
            .expect_err("no lock");
        assert!(error.to_string().contains("line 1"), "{error}");
        assert_eq!(fs::read_to_string(&case.pins.beside).expect("there"), "<<<<<<<\n");
    }

    #[test]
    fn a_change_is_told_where_nothing_can_be_written() {
        let case = Case::new();
        case.see(&[("a", "reads")]);
        for part in ["state/pins", "state/locks"] {
            let place = case.pins.dirs.state.with_file_name(part);
            let _ = fs::remove_dir_all(&place);
            fs::write(&place, "in the way").expect("writable");
        }
        let tools = [("a", "reads and sends"), ("b", "new")].map(|(name, text)| json!({"name": name, "x": text}));
        let sight = Sight::of_definitions(&Definitions {
            tools: tools.into(),
            ..Definitions::default()
        });
        let compared = case.pins.compare("s", &sight, DECLARED, true).expect("readable");
        let subjects: Vec<_> = compared.changes.iter().map(Change::subject).collect();
        assert_eq!(subjects, ["tool a", "tool b"]);
        assert!(compared.unkept.is_some());
    }

    #[test]
    fn no_secret_is_kept() {
        let case = Case::new();
        let token = "ghp_EXAMPLEexampleEXAMPLEexampleEXAMPLE1";
        case.see(&[("a", token)]);
        let texts = fs::read_dir(case.pins.dirs.state.join("pins/texts")).expect("there");
        for text in texts {
            let text = fs::read_to_string(text.expect("readable").path()).expect("text");
            assert!(!text.contains(token), "{text}");
        }
    }
}
