//! Putting back what was masked, for the server that it came from.

use std::sync::Arc;

use super::Cleared;
use crate::message::{Envelope, Payload};

/// Keeps what it masked, and puts it back in what goes to a server.
pub trait Restorer: Send + Sync {
    /// What becomes of the placeholders in a message that has been cleared.
    fn restore(&self, envelope: &Envelope, payload: &Payload) -> Restoration;
}

/// What became of the placeholders in a message.
#[derive(Debug, Default)]
pub struct Restoration {
    /// The payload with what was put back, if anything was.
    pub payload: Option<Payload>,
    /// Each of the placeholders that stand for something.
    pub returned: Vec<Returned>,
}

/// One placeholder that came back: never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The plugin whose placeholder it is.
    pub plugin: &'static str,
    /// The placeholder, with its angle brackets.
    pub placeholder: String,
    /// The server that its value came from.
    pub from: Arc<str>,
    /// Where it stood, such as `arguments.headers.Authorization`.
    pub place: String,
    /// Whether the server gets the value; if not, it gets the placeholder.
    pub restored: bool,
}

/// A request that passed the chain, for the server that it is meant for.
#[derive(Debug)]
pub struct Addressed {
    /// The request as everybody may see it.
    pub cleared: Cleared,
    /// The request with what was put back, if anything was: for the server alone.
    pub restored: Option<Cleared>,
}

impl Addressed {
    /// What the server is sent.
    pub fn for_server(&self) -> &Cleared {
        self.restored.as_ref().unwrap_or(&self.cleared)
    }
}
