//! The bytes of one JSON value, as they arrived.

use bytes::Bytes;

use crate::json::{self, Fault};

/// One JSON value as text. Cheap to clone; never parsed to a tree, so that what nobody changes leaves as it came.
#[derive(Clone, Debug)]
pub struct Payload {
    bytes: Bytes,
}

impl Payload {
    /// A payload of bytes that should hold one JSON value. Only UTF-8 is checked here: the grammar is read by the pass
    /// that clears it.
    ///
    /// # Errors
    /// A [`Fault`] at the first byte that is not UTF-8.
    pub fn new(bytes: Bytes) -> Result<Self, Fault> {
        match std::str::from_utf8(&bytes) {
            Ok(_) => Ok(Self { bytes }),
            Err(error) => Err(Fault {
                at: error.valid_up_to(),
                what: "bytes that are not UTF-8",
            }),
        }
    }

    /// The text of the value.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("checked when it was made")
    }

    /// Its bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// A part of it that was found in its text, sharing its bytes.
    pub fn part(&self, raw: &str) -> Self {
        Self {
            bytes: self.bytes.slice_ref(raw.as_bytes()),
        }
    }

    /// Whether it is one JSON value.
    ///
    /// # Errors
    /// A [`Fault`] where it is not.
    pub fn validate(&self) -> Result<(), Fault> {
        json::validate(self.text())
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self {
            bytes: Bytes::from(text),
        }
    }
}

impl From<serde_json::Value> for Payload {
    fn from(value: serde_json::Value) -> Self {
        Self::from(value.to_string())
    }
}
