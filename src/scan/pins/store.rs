//! Where pins lie: the lock beside the configuration, or in the state directory; there also the texts that were pinned, and
//! what waits for a person.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    PinError, Pins,
    canonical::canonical,
    lock::{Key, Lock},
};
use crate::{
    config::{private, read_regular_text, write},
    platform::files::document_in,
};

/// The largest lock that is read, in bytes; it may have come with a repository.
const LARGEST: u64 = 64 << 20;

/// A change that waits for a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waiting {
    #[serde(flatten)]
    key: Key,
    is: String,
}

impl Pins {
    /// The lock: beside the configuration, or in the state directory where nothing can be written there.
    pub fn path(&self) -> PathBuf {
        let in_state = write::place("pins", &self.beside, "lock", &self.dirs);
        if !self.beside.exists() && in_state.exists() {
            in_state
        } else {
            self.beside.clone()
        }
    }

    /// The lock; an empty one where there is no file.
    pub(super) fn read(&self) -> Result<Lock, PinError> {
        let path = self.path();
        match read_regular_text(&path, LARGEST) {
            Ok(text) => Lock::parse(&text).map_err(|what| PinError::Unreadable { path, what }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the lock: beside the configuration if that can be done.
    pub(super) fn save(&self, lock: &Lock) -> io::Result<()> {
        let path = self.path();
        let text = lock.text();
        let Some(folder) = path.parent().filter(|_| path == self.beside) else {
            return private::write(&path, text.as_bytes());
        };
        match document_in(folder) {
            Ok(mut file) => {
                io::Write::write_all(&mut file, text.as_bytes())?;
                file.persist(&path).map(drop).map_err(|error| error.error)
            }
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                private::write(&write::place("pins", &self.beside, "lock", &self.dirs), text.as_bytes())
            }
            Err(error) => Err(error),
        }
    }

    fn waiting_place(&self) -> PathBuf {
        write::place("pins", &self.beside, "waiting.json", &self.dirs)
    }

    /// What waits for a person, and what it is now.
    pub(super) fn waiting(&self) -> BTreeMap<Key, String> {
        let kept = fs::read(self.waiting_place()).ok();
        let kept: Option<Vec<Waiting>> = kept.and_then(|text| serde_json::from_slice(&text).ok());
        kept.unwrap_or_default()
            .into_iter()
            .map(|Waiting { key, is }| (key, is))
            .collect()
    }

    /// Writes down what waits, if that is something else.
    pub(super) fn keep_waiting(&self, waiting: &BTreeMap<Key, String>) -> io::Result<()> {
        if *waiting == self.waiting() {
            return Ok(());
        }
        let all: Vec<Waiting> = waiting
            .iter()
            .map(|(key, is)| Waiting {
                key: key.clone(),
                is: is.clone(),
            })
            .collect();
        private::write(&self.waiting_place(), &serde_json::to_vec_pretty(&all)?)
    }

    fn text_place(&self, is: &str) -> Option<PathBuf> {
        let is_digest = is.len() == 64 && is.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_digest.then(|| self.dirs.state.join("pins/texts").join(format!("{is}.json")))
    }

    /// Keeps a text under its digest, for later diffs.
    pub(super) fn remember(&self, is: &str, text: &Value) -> io::Result<()> {
        match self.text_place(is) {
            Some(place) if !place.exists() => private::write(&place, canonical(text).as_bytes()),
            _ => Ok(()),
        }
    }

    /// The text of a digest; a version is its own text.
    pub(super) fn recall(&self, is: &str) -> Option<Value> {
        match self.text_place(is) {
            Some(place) => serde_json::from_slice(&fs::read(place).ok()?).ok(),
            None => Some(Value::from(is)),
        }
    }
}
