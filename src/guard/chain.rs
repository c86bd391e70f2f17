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
    Reason, Refusal, Ruling, ServerNews, Stage, Verdict,
};
use crate::message::{Envelope, Payload};

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

    /// Clears one request for the server that it is meant for. What was masked and may be put back there is put back last
    /// of all: no judge decides by it and no observer is told of it, but for the guardrails of [`Guardrail::judges_restored`].
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
        let outcome = match self.judge(envelope, payload, &mut inspections).await {
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
        let mut redactions = Vec::new();
        for guardrail in asked() {
            let since = self.is_followed().then(Instant::now);
            let verdict = guardrail.inspect(envelope, &payload).await;
            if let Some(since) = since {
                inspections.push(Inspection::of(guardrail.name(), &verdict, since.elapsed()));
            }
            match verdict {
                Ok(Verdict::Allow) => {}
                Ok(Verdict::Modified(changed, masked)) => {
                    payload = changed;
                    redactions.extend(masked);
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
        Ok(Cleared::passed(payload, redactions))
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
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::{
        guard::GuardError,
        message::{Direction, Hints, Kind},
    };

    struct Says(&'static str, Stage, fn(&str) -> Result<Verdict, GuardError>);

    #[async_trait]
    impl Guardrail for Says {
        fn name(&self) -> &'static str {
            self.0
        }
        fn stage(&self) -> Stage {
            self.1
        }
        fn judges(&self, kind: Kind) -> bool {
            kind != Kind::Notification
        }
        async fn inspect(&self, _: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
            (self.2)(payload.text())
        }
    }

    fn envelope(kind: Kind) -> Envelope {
        Envelope {
            server: "s".into(),
            method: "tools/call".into(),
            name: "t".into(),
            kind,
            direction: Direction::ToClient,
            hints: Hints::default(),
        }
    }

    async fn clear(guardrails: Vec<Arc<dyn Guardrail>>, kind: Kind, text: &str) -> Result<String, String> {
        let cleared = Chain::new(guardrails, Vec::new())
            .clear(&envelope(kind), Payload::from(text.to_owned()))
            .await;
        cleared
            .map(|cleared| cleared.text().to_owned())
            .map_err(|refusal| refusal.to_string())
    }

    #[tokio::test]
    async fn masks_come_before_judges() {
        let judge = Says("judge", Stage::Judge, |text| {
            if text.contains("secret") {
                Ok(Verdict::Block(Reason("saw it".into())))
            } else {
                Ok(Verdict::Allow)
            }
        });
        let mask = Says("mask", Stage::Mask, |text| {
            Ok(Verdict::Modified(
                Payload::from(text.replace("secret", "<X>")),
                Vec::new(),
            ))
        });
        let passed = clear(vec![Arc::new(judge), Arc::new(mask)], Kind::Result, r#""secret""#).await;
        assert_eq!(passed.unwrap(), r#""<X>""#);
    }

    #[tokio::test]
    async fn a_guardrail_that_fails_stops_the_message() {
        let broken = || Arc::new(Says("broken", Stage::Judge, |_| Err(GuardError("no answer".into()))));
        let refused = clear(vec![broken()], Kind::Result, "1").await.unwrap_err();
        assert!(
            refused.contains("`broken`") && refused.contains("no answer"),
            "{refused}"
        );
        assert_eq!(
            clear(vec![broken()], Kind::Notification, "1").await.unwrap(),
            "1",
            "it does not judge these"
        );
    }

    struct Answers(Result<(), &'static str>);

    #[async_trait]
    impl Person for Answers {
        async fn permits(&self, _: &Chain, _: &Envelope, payload: &Payload, why: &Reason) -> Result<(), Reason> {
            assert_eq!((payload.text(), why.0.as_str()), ("1", "it writes"));
            self.0.map_err(|reason| Reason(reason.to_owned()))
        }
    }

    #[tokio::test]
    async fn what_needs_a_person_passes_with_their_yes_alone() {
        let asking = || {
            Arc::new(Says("asks", Stage::Judge, |_| {
                Ok(Verdict::Ask(Reason("it writes".into())))
            }))
        };
        let alone = clear(vec![asking()], Kind::Arguments, "1").await.unwrap_err();
        assert!(alone.contains("nobody to ask"), "{alone}");
        for answer in [Ok(()), Err("they said no")] {
            let chain = Chain::new(vec![asking()], Vec::new()).asking(Arc::new(Answers(answer)));
            let cleared = chain
                .clear(&envelope(Kind::Arguments), Payload::from("1".to_owned()))
                .await;
            assert_eq!(
                cleared.map(drop).map_err(|refusal| refusal.reason),
                answer.map_err(str::to_owned)
            );
        }
    }

    #[tokio::test]
    async fn what_is_not_json_is_never_cleared() {
        assert!(clear(Vec::new(), Kind::Result, r#"{"a":}"#).await.is_err());
    }
}
