//! What a masker does with what it sees, and with what it masked.

use serde::Deserialize;

/// What is done where something is found.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    /// It is replaced, and the message passes.
    #[default]
    Mask,
    /// The message does not pass.
    Block,
    /// Nothing is looked for.
    Off,
}

/// What is done with a placeholder that comes back in the arguments of a tool that does not only read.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Returning {
    /// The call is refused: the placeholder would be written in the place of the real value.
    #[default]
    Refuse,
    /// It passes as it is.
    Pass,
}

/// What becomes of what was masked.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Lasting {
    /// Nobody knows it any more.
    #[default]
    Forget,
    /// It is kept for the session, and put back where it may go.
    Vault,
}
