//! What a configuration says, as one number to recognise it by.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digest::{Parts, hex, sha256_of_parts};

/// SHA-256 over a configuration file and the files of its project that it draws in (`envFile`, `${file:…}`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(String);

impl Digest {
    /// That of one file with this content.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&sha256_of_parts([bytes])))
    }
}

impl From<&Parts> for Digest {
    fn from(files: &Parts) -> Self {
        Self(hex(&files.digest()))
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
