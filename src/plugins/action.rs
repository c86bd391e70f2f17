//! What a masker does with messages that go one way.

use serde::Deserialize;

/// What is done where something is found.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is replaced, and the message passes.
    #[default]
    Mask,
    /// The message does not pass.
    Block,
    /// Nothing is looked for.
    Off,
}
