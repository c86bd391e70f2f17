//! What a configuration says, as one number to recognise it by.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 over a configuration file and the files of its project that it draws in (`envFile`, `${file:…}`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(String);

impl Digest {
    /// That of one file with this content.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digester = Digester::default();
        digester.add(bytes);
        digester.digest()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.0)
    }
}

/// Makes a [`Digest`] out of several files.
#[derive(Clone, Default)]
pub(super) struct Digester(Sha256);

impl Digester {
    /// Adds a file, its length first, so that no two lists of files have the same digest.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn digest(&self) -> Digest {
        Digest(
            self.0
                .clone()
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_do_not_run_into_each_other() {
        let digest = |files: &[&str]| {
            let mut digester = Digester::default();
            files.iter().for_each(|file| digester.add(file.as_bytes()));
            digester.digest()
        };
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
        assert_eq!(digest(&[]).to_string().len(), 64);
    }
}
