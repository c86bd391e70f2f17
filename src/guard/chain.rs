//! The chain that every message passes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::join_all;

use super::{
    Addressed, Begun, CallId, Cleared, Followed, GuardError, Guardrail, Inspection, Observer, Outcome, Passage, Person,
    Reason, Redaction, Refusal, Ruling, ServerNews, Stage, Verdict,
};
use crate::{
    json,
    message::{Envelope, Payload},
};

/// The guardrails in their order, and those who are told.
#[derive(Clone, Default)]
pub struct Chain {
    guardrails: Vec<Arc<dyn Guardrail>>,
    observers: Vec<Arc<dyn Observer>>,
    /// Those of the observers that want to be told everything.
    followers: Arc<[Arc<dyn Observer>]>,
    person: Option<Arc<dyn Person>>,
}

impl Chain {
    /// A chain of these guardrails, ordered by their stages and within a stage as given.
    pub fn new(mut guardrails: Vec<Arc<dyn Guardrail>>, observers: Vec<Arc<dyn Observer>>) -> Self {
        guardrails.sort_by_key(|guardrail| guardrail.stage());
        let followers = observers
            .iter()
            .filter(|observer| observer.follows())
            .cloned()
            .collect();
        Self {
            guardrails,
            observers,
            followers,
            person: None,
        }
    }

    /// The same chain, with somebody to ask.
    #[must_use]
    pub fn asking(mut self, person: Arc<dyn Person>) -> Self {
        self.person = Some(person);
        self
    }

    /// The call that a request begins, for those who follow calls.
    pub fn follow(&self, envelope: &Envelope) -> Followed {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        Followed::new(&self.followers, || Begun {
            id: CallId(CALLS.fetch_add(1, Ordering::Relaxed)),
            envelope: envelope.clone(),
            at: SystemTime::now(),
        })
    }

    /// Tells those who follow what became of a server.
    pub fn tell_of_server(&self, news: &ServerNews<'_>) {
        self.followers.iter().for_each(|observer| observer.server(news));
    }

    /// Whether anybody follows calls and servers.
    pub fn is_followed(&self) -> bool {
        !self.followers.is_empty()
    }

    /// Clears one message for sending.
    ///
    /// # Errors
    /// A [`Refusal`] where a guardrail stops it or fails, or where it is not JSON.
    pub async fn clear(&self, envelope: &Envelope, payload: Payload) -> Result<Cleared, Refusal> {
        self.clear_of(None, envelope, payload).await
    }

    /// The same, for a message of the call of this number.
    ///
    /// # Errors
    /// As [`Chain::clear`].
    pub async fn clear_of(
        &self,
        call: Option<CallId>,
        envelope: &Envelope,
        payload: Payload,
    ) -> Result<Cleared, Refusal> {
        let mut inspections = Vec::new();
        let outcome = self.judge(envelope, payload, &mut inspections).await;
        self.tell(call, envelope, &inspections, outcome.as_ref());
        outcome
    }

    /// Clears one request for the server that it is meant for; one that reads in two ways is refused. What was masked
    /// and may be put back there is put back last of all: no judge decides by it and no observer is told of it, but
    /// for the guardrails of [`Guardrail::judges_restored`].
    ///
    /// # Errors
    /// As [`Chain::clear`].
    pub async fn clear_for_server(
        &self,
        call: Option<CallId>,
        envelope: &Envelope,
        payload: Payload,
    ) -> Result<Addressed, Refusal> {
        let mut inspections = Vec::new();
        let judged = match json::repeated_name(payload.text()) {
            Some(name) => Err(ambiguous(envelope, &name)),
            None => self.judge(envelope, payload, &mut inspections).await,
        };
        let outcome = match judged {
            Ok(cleared) => self.restore(envelope, cleared).await,
            Err(refusal) => Err(refusal),
        };
        let told = outcome.as_ref().map(|addressed| &addressed.cleared);
        self.tell(call, envelope, &inspections, told);
        outcome
    }

    fn tell(
        &self,
        call: Option<CallId>,
        envelope: &Envelope,
        inspections: &[Inspection],
        outcome: Result<&Cleared, &Refusal>,
    ) {
        let outcome = match outcome {
            Ok(cleared) => Outcome::Passed(cleared),
            Err(refusal) => Outcome::Stopped(refusal),
        };
        for observer in &self.observers {
            observer.record(envelope, &outcome);
        }
        for observer in self.followers.iter() {
            observer.passage(&Passage {
                envelope,
                call,
                inspections,
                outcome: &outcome,
            });
        }
    }

    /// Puts back what was masked: what was masked last comes first.
    async fn restore(&self, envelope: &Envelope, cleared: Cleared) -> Result<Addressed, Refusal> {
        let (mut restored, mut returned) = (None, Vec::new());
        for restorer in self
            .guardrails
            .iter()
            .rev()
            .filter_map(|guardrail| guardrail.restorer())
        {
            let restoration = restorer.restore(envelope, restored.as_ref().unwrap_or(cleared.payload()));
            restored = restoration.payload.or(restored);
            returned.extend(restoration.returned);
        }
        let restored = match restored {
            Some(payload) => Some(
                self.only(|guardrail| guardrail.judges_restored())
                    .judge(envelope, payload, &mut Vec::new())
                    .await?,
            ),
            None => None,
        };
        Ok(Addressed {
            cleared: cleared.with_placeholders(returned),
            restored,
        })
    }

    /// Clears what the gateway itself says: it is masked, since it may name what others wrote, and not judged.
    pub async fn own_words(&self, envelope: &Envelope, payload: Payload) -> Cleared {
        let masks = self.only(|guardrail| guardrail.stage() == Stage::Mask);
        masks
            .judge(envelope, payload, &mut Vec::new())
            .await
            .unwrap_or_else(|refusal| {
                tracing::error!("the gateway's own message could not be masked, so it was withheld: {refusal}");
                Cleared::constant(r#"{"code":-32603,"message":"the gateway's message was withheld; its log says why"}"#)
            })
    }

    /// Whether a word that is sent as it stands beside a payload, such as a method of somebody's own, holds nothing
    /// that would be masked.
    pub async fn spares(&self, envelope: &Envelope, word: &str) -> bool {
        let quoted = json::quote(word);
        let masks = self.only(|guardrail| guardrail.stage() == Stage::Mask);
        let cleared = masks
            .judge(envelope, Payload::from(quoted.clone()), &mut Vec::new())
            .await;
        cleared.is_ok_and(|cleared| cleared.text() == quoted)
    }

    /// Ends what the guardrails started.
    pub async fn end(&self) {
        join_all(self.guardrails.iter().map(|guardrail| guardrail.end())).await;
    }

    /// A chain of some of the guardrails, that tells nobody and asks nobody.
    fn only(&self, which: impl Fn(&dyn Guardrail) -> bool) -> Self {
        let guardrails = self.guardrails.iter().filter(|guardrail| which(guardrail.as_ref()));
        Self {
            guardrails: guardrails.cloned().collect(),
            ..Self::default()
        }
    }

    async fn judge(
        &self,
        envelope: &Envelope,
        mut payload: Payload,
        inspections: &mut Vec<Inspection>,
    ) -> Result<Cleared, Refusal> {
        let refuse = |plugin, reason| Refusal {
            plugin,
            kind: envelope.kind,
            reason,
        };
        let asked = || {
            self.guardrails
                .iter()
                .filter(|guardrail| guardrail.judges(envelope.kind))
        };
        if !asked().any(|guardrail| guardrail.reads_strictly(envelope))
            && let Err(fault) = payload.validate()
        {
            return Err(refuse(None, format!("it is not valid JSON ({fault})")));
        }
        let (mut redactions, mut was_changed) = (Vec::new(), false);
        for guardrail in asked() {
            let since = self.is_followed().then(Instant::now);
            let verdict = guardrail.inspect(envelope, &payload).await;
            if let Some(since) = since {
                inspections.push(Inspection::of(guardrail.name(), &verdict, since.elapsed()));
            }
            match verdict {
                Ok(Verdict::Allow) => {}
                Ok(Verdict::Modified(changed, masked)) => {
                    redactions.extend(masked);
                    payload = match guardrail.stage() {
                        Stage::Mask => changed,
                        Stage::Judge => {
                            was_changed = true;
                            self.masked_again(envelope, &payload, changed, &mut redactions).await?
                        }
                    };
                }
                Ok(Verdict::Block(reason)) => return Err(refuse(Some(guardrail.name()), reason.0)),
                Ok(Verdict::Ask(why)) => {
                    let allowed = match &self.person {
                        Some(person) => person.permits(self, envelope, &payload, &why).await,
                        None => Err(Reason(format!("{}, and there is nobody to ask", why.0))),
                    };
                    allowed.map_err(|reason| refuse(Some(guardrail.name()), reason.0))?;
                }
                Err(error) => {
                    let reason = format!("it could not be judged, so it does not pass ({error})");
                    return Err(refuse(Some(guardrail.name()), reason));
                }
            }
        }
        // They may have been asked before it was changed.
        for guardrail in asked().filter(|guardrail| was_changed && guardrail.judges_restored()) {
            let reason = match guardrail.inspect(envelope, &payload).await {
                Ok(Verdict::Allow) => continue,
                Ok(Verdict::Block(reason) | Verdict::Ask(reason)) => reason.0,
                Ok(Verdict::Modified(..)) => "it was changed in a way that it may not pass in".to_owned(),
                Err(error) => format!("it could not be judged, so it does not pass ({error})"),
            };
            return Err(refuse(Some(guardrail.name()), reason));
        }
        Ok(Cleared::passed(payload, redactions))
    }

    /// Masks what a judge changed: it may have written a secret, or put one together that stood in pieces before.
    async fn masked_again(
        &self,
        envelope: &Envelope,
        before: &Payload,
        mut payload: Payload,
        redactions: &mut Vec<Redaction>,
    ) -> Result<Payload, Refusal> {
        let masks = self
            .guardrails
            .iter()
            .filter(|guardrail| guardrail.stage() == Stage::Mask);
        for mask in masks.filter(|mask| mask.judges(envelope.kind)) {
            let reason = match mask.inspect_again(envelope, before, &payload).await {
                Ok(Verdict::Allow) => continue,
                Ok(Verdict::Modified(changed, masked)) => {
                    payload = changed;
                    redactions.extend(masked);
                    continue;
                }
                Ok(Verdict::Block(reason) | Verdict::Ask(reason)) => reason.0,
                Err(error) => {
                    format!("it could not be masked again after it was changed, so it does not pass ({error})")
                }
            };
            return Err(Refusal {
                plugin: Some(mask.name()),
                kind: envelope.kind,
                reason,
            });
        }
        Ok(payload)
    }
}

/// Why a request with an object that has this name twice is not made: a server may read another of the two than
/// whoever judged it.
fn ambiguous(envelope: &Envelope, name: &str) -> Refusal {
    Refusal {
        plugin: None,
        kind: envelope.kind,
        reason: format!(
            "an object in them has the name `{name}` twice, and nobody can tell which of the two is meant. Write it once"
        ),
    }
}

impl Inspection {
    fn of(plugin: &'static str, verdict: &Result<Verdict, GuardError>, took: Duration) -> Self {
        let (ruling, redactions) = match verdict {
            Ok(Verdict::Allow) => (Ruling::Allowed, Vec::new()),
            Ok(Verdict::Modified(_, masked)) => (Ruling::Changed, masked.clone()),
            Ok(Verdict::Block(_)) => (Ruling::Blocked, Vec::new()),
            Ok(Verdict::Ask(_)) => (Ruling::Asked, Vec::new()),
            Err(_) => (Ruling::Failed, Vec::new()),
        };
        Self {
            plugin,
            ruling,
            took,
            redactions,
        }
    }
}

#[cfg(test)]
mod tests;
