//! Putting back what was masked, for the server that it came from.

use std::sync::Arc;

use super::Cleared;
use crate::message::{Envelope, Payload};

/// Keeps what it masked, and puts it back in what goes to a server.
pub trait Restorer: Send + Sync {
    /// What becomes of the placeholders in a message that has been cleared.
    fn restore(&self, envelope: &Envelope, payload: &Payload) -> Restoration;
}

/// What became of the placeholders in a message. It holds values, so there is no way to print it.
#[derive(Default)]
pub struct Restoration {
    /// The payload with what was put back, if anything was.
    pub payload: Option<Payload>,
    /// Each of the placeholders that stand for something.
    pub returned: Vec<ReturnedPlaceholder>,
}

/// One placeholder that came back: never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedPlaceholder {
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

/// A request that passed the chain, for the server that it is meant for. It may hold values, so there is no way to print it.
pub struct Addressed {
    /// The request as everybody may see it.
    pub cleared: Cleared,
    /// The request with what was put back, if anything was: for the server alone.
    pub restored: Option<Cleared>,
}

impl Addressed {
    /// The same with both forms changed alike.
    #[must_use]
    pub fn map(self, change: impl Fn(Cleared) -> Cleared) -> Self {
        Self {
            cleared: change(self.cleared),
            restored: self.restored.map(change),
        }
    }

    /// What the server is sent.
    pub fn for_server(&self) -> &Cleared {
        self.restored.as_ref().unwrap_or(&self.cleared)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;
    use crate::{
        guard::{Chain, GuardError, Guardrail, Observer, Outcome, Reason, Stage, Verdict},
        message::Kind,
    };

    /// Puts back `value` for `<X>`.
    struct Keeps;

    impl Restorer for Keeps {
        fn restore(&self, envelope: &Envelope, payload: &Payload) -> Restoration {
            let returned = ReturnedPlaceholder {
                plugin: "keeps",
                placeholder: "<X>".to_owned(),
                from: envelope.server.clone(),
                place: String::new(),
                restored: true,
            };
            Restoration {
                payload: Some(Payload::from(payload.text().replace("<X>", "value"))),
                returned: vec![returned],
            }
        }
    }

    #[async_trait]
    impl Guardrail for Keeps {
        fn name(&self) -> &'static str {
            "keeps"
        }
        fn stage(&self) -> Stage {
            Stage::Mask
        }
        fn judges(&self, _: Kind) -> bool {
            true
        }
        fn restorer(&self) -> Option<&dyn Restorer> {
            Some(self)
        }
        async fn inspect(&self, _: &Envelope, _: &Payload) -> Result<Verdict, GuardError> {
            Ok(Verdict::Allow)
        }
    }

    /// Writes down what it is shown, and stops `value` if it is shown what was put back.
    #[derive(Default)]
    struct Sees {
        seen: Mutex<Vec<String>>,
        restored: bool,
    }

    #[async_trait]
    impl Guardrail for Sees {
        fn name(&self) -> &'static str {
            "sees"
        }
        fn stage(&self) -> Stage {
            Stage::Judge
        }
        fn judges(&self, _: Kind) -> bool {
            true
        }
        fn judges_restored(&self) -> bool {
            self.restored
        }
        async fn inspect(&self, _: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
            self.seen.lock().unwrap().push(payload.text().to_owned());
            match payload.text().contains("value") {
                true => Ok(Verdict::Block(Reason("no".to_owned()))),
                false => Ok(Verdict::Allow),
            }
        }
    }

    impl Observer for Sees {
        fn record(&self, _: &Envelope, outcome: &Outcome<'_>) {
            self.seen.lock().unwrap().push(format!("{outcome:?}"));
        }
    }

    async fn cleared(judge: &Arc<Sees>, observer: &Arc<Sees>) -> Option<Addressed> {
        let chain = Chain::new(vec![Arc::new(Keeps), judge.clone()], vec![observer.clone()]);
        let envelope = Envelope::request(&"s".into(), "tools/call", "t");
        let payload = Payload::from(r#"["<X>"]"#.to_owned());
        chain.clear_for_server(None, &envelope, payload).await.ok()
    }

    #[tokio::test]
    async fn what_is_put_back_is_shown_to_the_server_alone() {
        let (judge, observer) = (Arc::new(Sees::default()), Arc::new(Sees::default()));
        let addressed = cleared(&judge, &observer).await.expect("nothing is against it");
        assert_eq!(addressed.for_server().text(), r#"["value"]"#);
        assert_eq!(addressed.cleared.text(), r#"["<X>"]"#);
        assert_eq!(*judge.seen.lock().unwrap(), [r#"["<X>"]"#]);
        let seen = observer.seen.lock().unwrap().concat();
        assert!(seen.contains("restored: true") && !seen.contains("value"), "{seen}");
    }

    #[tokio::test]
    async fn who_judges_what_is_put_back_may_stop_it() {
        let judge = Arc::new(Sees {
            restored: true,
            ..Sees::default()
        });
        let observer = Arc::new(Sees::default());
        assert!(cleared(&judge, &observer).await.is_none());
        let seen = observer.seen.lock().unwrap().concat();
        assert!(seen.contains("Stopped") && !seen.contains("value"), "{seen}");
    }
}
