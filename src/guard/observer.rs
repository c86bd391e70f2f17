//! What observers are told: messages that were cleared or stopped, calls, and what became of servers.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use super::{Cleared, Redaction, Refusal};
use crate::message::Envelope;

/// Is told what happens. It sees cleared payloads only, and is called on the path of a call, so it must not wait.
pub trait Observer: Send + Sync {
    /// Takes note of one message that was cleared or stopped.
    fn record(&self, envelope: &Envelope, outcome: &Outcome<'_>);

    /// Whether it wants to be told the rest as well. While nobody does, nothing is timed and nothing is kept.
    fn follows(&self) -> bool {
        false
    }

    /// Takes note of what the guardrails did with one message.
    fn passage(&self, _passage: &Passage<'_>) {}

    /// Takes note of a call that begins.
    fn call_started(&self, _call: &Begun) {}

    /// Takes note of a call that has ended.
    fn call_ended(&self, _call: &Begun, _end: &End<'_>) {}

    /// Takes note of a server that came into another state.
    fn server(&self, _news: &ServerNews<'_>) {}

    /// Takes note of what a scan said of a server.
    fn scanned(&self, _scan: &Scanned<'_>) {}

    /// Keeps what it has not kept yet: the gateway ends. May wait, for a second or two at most.
    fn finish(&self) {}
}

/// What became of a message.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// It passed, perhaps changed.
    Passed(&'a Cleared),
    /// It was stopped.
    Stopped(&'a Refusal),
}

/// One message's way through the chain.
#[derive(Debug)]
pub struct Passage<'a> {
    /// Whose it is.
    pub envelope: &'a Envelope,
    /// The call that it belongs to; `None` for a notification, a definition and whatever else is no call's.
    pub call: Option<CallId>,
    /// Each guardrail that was asked, in order.
    pub inspections: &'a [Inspection],
    /// What became of it.
    pub outcome: &'a Outcome<'a>,
}

/// What one guardrail did with one message.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The guardrail's name.
    pub plugin: &'static str,
    /// What it said.
    pub ruling: Ruling,
    /// How long it took.
    pub took: Duration,
    /// What it masked.
    pub redactions: Vec<Redaction>,
}

/// A verdict without what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The message passed as it was.
    Allowed,
    /// The message passed, changed.
    Changed,
    /// The message was stopped.
    Blocked,
    /// The person was asked; where they said no, the message was stopped.
    Asked,
    /// The guardrail could not tell, which stopped the message.
    Failed,
}

/// The number of a call, unique in its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// A call that began: a request of the client's that is meant for one server.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its number.
    pub id: CallId,
    /// Whose it is; the name is the tool, the prompt or the URI.
    pub envelope: Envelope,
    /// When the gateway took it up.
    pub at: SystemTime,
}

/// How a call ended.
#[derive(Debug)]
pub struct End<'a> {
    /// What became of it.
    pub fate: Fate,
    /// From when it was taken up to now.
    pub took: Duration,
    /// How much of that went into waiting for the server.
    pub waited: Duration,
    /// Its parameters as they were sent; `None` where they were not.
    pub sent: Option<&'a Cleared>,
    /// What the client was answered: a result, or else an error object. `None` where the client withdrew the call.
    pub answer: Option<Result<&'a Cleared, &'a Cleared>>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// The server gave no answer, or was not asked.
    #[default]
    Failed,
    /// The server answered, be it with an error.
    Answered,
    /// The chain stopped it or its answer.
    Refused,
    /// The client withdrew it.
    Cancelled,
}

/// What a scan said of a server.
#[derive(Debug)]
pub struct Scanned<'a> {
    /// Its name in the configuration.
    pub server: &'a str,
    /// What was scanned: a package, an address or a command.
    pub subject: &'a str,
    /// Its version, if it has one.
    pub version: Option<&'a str>,
    /// `pass`, `review` or `block`.
    pub verdict: &'a str,
    /// The risk from 0 to 100, if it could be told.
    pub risk: Option<f64>,
    /// The whole report as JSON.
    pub report: &'a str,
}

/// What became of a server.
#[derive(Debug)]
pub struct ServerNews<'a> {
    /// Its name in the configuration.
    pub name: &'a Arc<str>,
    /// What it is doing now.
    pub state: ServerState<'a>,
}

/// What a server is doing, for observers.
#[derive(Debug)]
pub enum ServerState<'a> {
    /// The configuration keeps it from being started, and why.
    Off(&'a str),
    /// It was started.
    Starting,
    /// It can be called.
    Ready {
        /// The protocol version agreed on.
        protocol: &'a str,
        /// What it says that it is, its `serverInfo`, if it does.
        about: Option<&'a Cleared>,
        /// The name and the definition of each of its tools.
        tools: &'a [(&'a str, &'a Cleared)],
    },
    /// It ended or did not start, and why.
    Down(&'a str),
}

/// A call while it is under way, for whoever follows it. One that is dropped before its end was withdrawn.
pub struct Followed(Option<Followee>);

struct Followee {
    observers: Arc<[Arc<dyn Observer>]>,
    begun: Begun,
    since: Instant,
    waited: Duration,
    fate: Fate,
    sent: Option<Cleared>,
}

impl Followed {
    /// A call that these observers are told of, if there are any.
    pub(super) fn new(observers: &Arc<[Arc<dyn Observer>]>, begun: impl FnOnce() -> Begun) -> Self {
        if observers.is_empty() {
            return Self(None);
        }
        let begun = begun();
        observers.iter().for_each(|observer| observer.call_started(&begun));
        Self(Some(Followee {
            observers: observers.clone(),
            begun,
            since: Instant::now(),
            waited: Duration::ZERO,
            fate: Fate::default(),
            sent: None,
        }))
    }

    /// A call that nobody is told of.
    pub fn unseen() -> Self {
        Self(None)
    }

    /// Its number, if anybody follows it.
    pub fn id(&self) -> Option<CallId> {
        self.0.as_ref().map(|it| it.begun.id)
    }

    /// Waits for the server; the time counts as the server's.
    pub async fn waiting<T>(&mut self, server: impl Future<Output = T>) -> T {
        let Some(it) = &mut self.0 else {
            return server.await;
        };
        let since = Instant::now();
        let answer = server.await;
        it.waited += since.elapsed();
        answer
    }

    /// Takes note of the parameters that were sent.
    pub fn sent(&mut self, params: &Cleared) {
        if let Some(it) = &mut self.0 {
            it.sent = Some(params.clone());
        }
    }

    /// Takes note of what has become of it.
    pub fn fate(&mut self, fate: Fate) {
        if let Some(it) = &mut self.0 {
            it.fate = fate;
        }
    }

    /// Tells what the client was answered.
    pub fn end(mut self, answer: Result<&Cleared, &Cleared>) {
        if let Some(it) = self.0.take() {
            it.tell(it.fate, Some(answer));
        }
    }
}

impl Followee {
    fn tell(&self, fate: Fate, answer: Option<Result<&Cleared, &Cleared>>) {
        let end = End {
            fate,
            took: self.since.elapsed(),
            waited: self.waited,
            sent: self.sent.as_ref(),
            answer,
        };
        self.observers
            .iter()
            .for_each(|observer| observer.call_ended(&self.begun, &end));
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        if let Some(it) = self.0.take() {
            it.tell(Fate::Cancelled, None);
        }
    }
}
