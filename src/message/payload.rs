//! The bytes of one JSON value, as they arrived.

use bytes::Bytes;
use bytestring::ByteString;

use crate::json::{self, Fault};

/// One JSON value as text. Cheap to clone; never parsed to a tree, so that what nobody changes leaves as it came.
///
/// Only UTF-8 is sure: the grammar is read by the pass that clears it.
#[derive(Clone, Debug)]
pub struct Payload(ByteString);

impl Payload {
    /// The text of the value.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Its bytes.
    pub fn bytes(&self) -> &Bytes {
        self.0.as_bytes()
    }

    /// A part of it that was found in its text, sharing its bytes.
    pub fn part(&self, raw: &str) -> Self {
        Self(self.0.slice_ref(raw))
    }

    /// Whether it is one JSON value.
    ///
    /// # Errors
    /// A [`Fault`] where it is not.
    pub fn validate(&self) -> Result<(), Fault> {
        json::validate(self.text())
    }
}

/// A payload of bytes that should hold one JSON value.
impl TryFrom<Bytes> for Payload {
    type Error = Fault;

    fn try_from(bytes: Bytes) -> Result<Self, Fault> {
        let not_text = |error: std::str::Utf8Error| Fault {
            at: error.valid_up_to(),
            what: "bytes that are not UTF-8",
        };
        ByteString::try_from(bytes).map(Self).map_err(not_text)
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<serde_json::Value> for Payload {
    fn from(value: serde_json::Value) -> Self {
        Self::from(value.to_string())
    }
}
