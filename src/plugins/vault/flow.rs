//! Where a value may go.

use std::sync::Arc;

use serde::Deserialize;

use super::kept::Secret;
use crate::{
    detect::placeholder,
    message::{Direction, Envelope, Hints, Kind},
};

/// A way that a person allows values to go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Flow {
    /// The server that they come from.
    from: String,
    /// The server that they may go to; it may be the same.
    to: String,
    /// What they are, as in their placeholders.
    kinds: Vec<String>,
    /// The tools that may be given them; all of the server's where none is named.
    #[serde(default)]
    tools: Vec<String>,
}

impl Flow {
    /// What is wrong with it.
    pub(in super::super) fn problem(&self) -> Option<String> {
        if self.kinds.is_empty() {
            return Some(format!(
                "`flows`: the one from `{}` to `{}` has no `kinds`; name what may go there, such as `JWT_TOKEN`",
                self.from, self.to
            ));
        }
        let wrong = self.kinds.iter().find(|kind| !placeholder::is(&format!("<{kind}>")))?;
        Some(format!(
            "`flows`: `{wrong}` is no kind; write it as in its placeholder, without brackets and number: `JWT_TOKEN`"
        ))
    }

    fn allows(&self, secret: &Secret, call: &Call) -> bool {
        *self.from == *secret.server
            && *self.to == *call.server
            && self.kinds.iter().any(|kind| *kind == secret.kind)
            && (self.tools.is_empty() || self.tools.iter().any(|tool| **tool == *call.tool))
    }
}

/// What becomes of a placeholder in the arguments of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The server gets the value.
    Restored,
    /// It came from this server, and the tool may give it away or destroy something with it: a person has to allow that.
    NeedsFlow,
    /// It came from another server: this one gets the placeholder.
    Elsewhere,
}

/// A call of a tool on its way to its server.
#[derive(Clone, Debug)]
pub(super) struct Call {
    server: Arc<str>,
    tool: Arc<str>,
    hints: Hints,
}

impl Call {
    /// The call whose arguments a message is. Nothing else ever gets a value: no answer to a server's own question, no
    /// prompt's arguments, no notification.
    pub(super) fn of(envelope: &Envelope) -> Option<Self> {
        let is_call = &*envelope.method == "tools/call"
            && envelope.kind == Kind::Arguments
            && envelope.direction == Direction::ToServer;
        is_call.then(|| Self {
            server: envelope.server.clone(),
            tool: envelope.name.clone(),
            hints: envelope.hints,
        })
    }

    /// What becomes of a secret's placeholder in its arguments.
    pub(super) fn fate(&self, secret: &Secret, flows: &[Flow]) -> Fate {
        if flows.iter().any(|flow| flow.allows(secret, self)) {
            Fate::Restored
        } else if secret.server != self.server {
            Fate::Elsewhere
        } else if self.hints.destructive || self.hints.open_world {
            Fate::NeedsFlow
        } else {
            Fate::Restored
        }
    }
}
