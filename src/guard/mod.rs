//! The one door: what may leave for the client or for a server has passed the [`Chain`], and only the chain makes a
//! [`Cleared`] payload.

mod chain;
mod cleared;
mod observer;
mod restore;

use std::fmt;

use async_trait::async_trait;

pub use chain::Chain;
pub use cleared::{Cleared, Returned};
pub use observer::{
    Begun, CallId, End, Fate, Followed, Inspection, Observer, Outcome, Passage, Ruling, Scanned, ServerNews,
    ServerState,
};
pub use restore::{Addressed, Restoration, Restorer, ReturnedPlaceholder};

use crate::{
    detect::Name,
    message::{Envelope, Kind, Payload},
};

/// When in the chain a guardrail is asked. Masks come first, so that no judge outside is shown a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Replaces what must not be seen.
    Mask,
    /// Decides whether a message may pass.
    Judge,
}

/// Looks at messages, changes them or stops them.
#[async_trait]
pub trait Guardrail: Send + Sync {
    /// Its name in the plugin table.
    fn name(&self) -> &'static str;

    /// When it is asked.
    fn stage(&self) -> Stage;

    /// Whether it is shown messages of this kind.
    fn judges(&self, kind: Kind) -> bool;

    /// Whether its inspection fails for a payload that is not JSON. Where none does, the chain reads the payload itself.
    fn reads_strictly(&self, _envelope: &Envelope) -> bool {
        false
    }

    /// What puts back what it masked, if it keeps that.
    fn restorer(&self) -> Option<&dyn Restorer> {
        None
    }

    /// Whether it is shown a message once more as the server will get it: as another judge changed it, and with what was put
    /// back. For those that tell nobody.
    fn judges_restored(&self) -> bool {
        false
    }

    /// Its verdict on one message.
    ///
    /// # Errors
    /// A [`GuardError`] where it could not tell; the chain then stops the message.
    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError>;

    /// Its verdict on a message that it was shown before, and that a judge changed since from what it was `before`.
    /// What it put in the place of something there is its own.
    ///
    /// # Errors
    /// As [`Guardrail::inspect`].
    async fn inspect_again(
        &self,
        envelope: &Envelope,
        _before: &Payload,
        payload: &Payload,
    ) -> Result<Verdict, GuardError> {
        self.inspect(envelope, payload).await
    }

    /// Ends what it started. Nothing is inspected any more.
    async fn end(&self) {}
}

/// What a guardrail says of a message.
#[derive(Debug)]
pub enum Verdict {
    /// It may pass as it is.
    Allow,
    /// It may pass as this payload.
    Modified(Payload, Vec<Redaction>),
    /// It must not pass.
    Block(Reason),
    /// It may pass if the person allows it.
    Ask(Reason),
}

/// The person behind the client, as the chain reaches them.
#[async_trait]
pub trait Person: Send + Sync {
    /// Whether they let a message pass, which is as it would be sent. Silence is no.
    ///
    /// # Errors
    /// Why it must not pass, for the model.
    async fn permits(&self, chain: &Chain, envelope: &Envelope, payload: &Payload, why: &Reason) -> Result<(), Reason>;
}

/// Why a message must not pass, in words for the model and the person behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(pub String);

/// One thing that was masked: never its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Redaction {
    /// The plugin that masked it.
    pub plugin: &'static str,
    /// The rule that found it.
    pub rule: Name,
    /// What stands in its place, without the angle brackets.
    pub label: Name,
    /// Where it stood, such as `content[0].text`.
    pub place: String,
}

/// A guardrail could not tell.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct GuardError(pub String);

/// A message that was stopped, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The plugin that stopped it; `None` where the message itself was amiss.
    pub plugin: Option<&'static str>,
    /// What kind of message it was.
    pub kind: Kind,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.plugin {
            Some(plugin) => write!(
                f,
                "the gateway's `{plugin}` guardrail stopped the {}: {}",
                self.kind.word(),
                self.reason
            ),
            None => write!(f, "the gateway stopped the {}: {}", self.kind.word(), self.reason),
        }
    }
}

impl std::error::Error for Refusal {}
