//! A policy on trial: what it would say of calls that were made.

use serde_json::{Map, Value};

use super::{Policy, rule::is_governed};
use crate::{
    guard::GuardError,
    message::{Envelope, Payload},
    plugins::BuildError,
};

/// A policy that decides nothing.
pub struct Trial(Policy);

/// What a policy says of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `allow`, `deny`, `ask` or `mask`.
    pub verdict: &'static str,
    /// The rule; none where no rule counts.
    pub rule: Option<String>,
}

impl Trial {
    /// A policy of these settings.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(settings: Map<String, Value>) -> Result<Self, BuildError> {
        Policy::new(settings).map(Self)
    }

    /// What it says of a request.
    ///
    /// # Errors
    /// Where a rule can't read it, so that it would be stopped.
    pub fn say(&self, envelope: &Envelope, payload: &Payload) -> Result<Said, GuardError> {
        if !is_governed(&envelope.method) {
            return Ok(Said {
                verdict: "allow",
                rule: None,
            });
        }
        let (then, rule) = self.0.decide(envelope, payload)?;
        Ok(Said {
            verdict: then.word(),
            rule: rule.map(|rule| rule.name.clone()),
        })
    }
}
