//! What goes through the queue: what observers were told, with its payloads shared.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    guard::{
        Begun, CallId, Cleared, End, Fate, Inspection, Outcome, Passage, ReturnedPlaceholder, ServerNews, ServerState,
    },
    message::Envelope,
};

/// What a record takes beside its payloads, in bytes, about.
const OVERHEAD: usize = 512;

/// One thing to be kept.
pub(super) enum Record {
    Started(Begun),
    Ended(Ended),
    Passed(Passed),
    Server(Server),
    Scanned(Scan),
}

/// A call that ended.
pub(super) struct Ended {
    pub(super) begun: Begun,
    pub(super) fate: Fate,
    pub(super) took: Duration,
    pub(super) waited: Duration,
    pub(super) sent: Option<Cleared>,
    /// The result, or else the error; `None` where the client withdrew the call.
    pub(super) answer: Option<Result<Cleared, Cleared>>,
}

/// What the guardrails did with one message.
pub(super) struct Passed {
    pub(super) at: SystemTime,
    pub(super) call: Option<CallId>,
    pub(super) envelope: Envelope,
    pub(super) inspections: Vec<Inspection>,
    /// What became of the placeholders in it.
    pub(super) placeholders: Vec<ReturnedPlaceholder>,
    /// Who stopped the message and why, if it was.
    pub(super) stopped: Option<(Option<&'static str>, String)>,
}

/// What became of a server.
pub(super) struct Server {
    pub(super) at: SystemTime,
    pub(super) name: Arc<str>,
    pub(super) state: State,
}

/// What a server is doing.
pub(super) enum State {
    Off(String),
    Starting,
    Ready {
        protocol: String,
        about: Option<Cleared>,
        tools: Vec<(String, Cleared)>,
    },
    Down(String),
}

/// What a scan said of a server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan {
    /// The server's name in the configuration.
    pub server: String,
    /// What was scanned: a package, an address or a command.
    pub subject: String,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// `pass`, `review` or `block`.
    pub verdict: String,
    /// The risk from 0 to 100, if it could be told.
    pub score: Option<f64>,
    /// The whole report as JSON.
    pub report: String,
}

impl Record {
    /// How much memory it holds, about.
    pub(super) fn size(&self) -> usize {
        let payloads = match self {
            Self::Ended(ended) => {
                let answer = ended
                    .answer
                    .as_ref()
                    .map(|answer| answer.as_ref().unwrap_or_else(|error| error));
                ended
                    .sent
                    .iter()
                    .chain(answer)
                    .map(|payload| payload.bytes().len())
                    .sum()
            }
            Self::Passed(passed) => passed.inspections.iter().map(|one| 128 * one.redactions.len()).sum(),
            Self::Server(Server {
                state: State::Ready { tools, .. },
                ..
            }) => tools.iter().map(|(_, definition)| definition.bytes().len()).sum(),
            Self::Scanned(scan) => scan.report.len(),
            Self::Started(_) | Self::Server(_) => 0,
        };
        OVERHEAD + payloads
    }
}

impl From<(&Begun, &End<'_>)> for Ended {
    fn from((begun, end): (&Begun, &End<'_>)) -> Self {
        Self {
            begun: begun.clone(),
            fate: end.fate,
            took: end.took,
            waited: end.waited,
            sent: end.sent.cloned(),
            answer: end.answer.map(|answer| answer.cloned().map_err(Clone::clone)),
        }
    }
}

impl From<&Passage<'_>> for Passed {
    fn from(passage: &Passage<'_>) -> Self {
        Self {
            at: SystemTime::now(),
            call: passage.call,
            envelope: passage.envelope.clone(),
            inspections: passage.inspections.to_vec(),
            placeholders: match passage.outcome {
                Outcome::Passed(cleared) => cleared.placeholders().to_vec(),
                Outcome::Stopped(_) => Vec::new(),
            },
            stopped: match passage.outcome {
                Outcome::Passed(_) => None,
                Outcome::Stopped(refusal) => Some((refusal.plugin, refusal.reason.clone())),
            },
        }
    }
}

impl From<&ServerNews<'_>> for Server {
    fn from(news: &ServerNews<'_>) -> Self {
        Self {
            at: SystemTime::now(),
            name: news.name.clone(),
            state: match news.state {
                ServerState::Off(why) => State::Off(why.to_owned()),
                ServerState::Starting => State::Starting,
                ServerState::Ready { protocol, about, tools } => State::Ready {
                    protocol: protocol.to_owned(),
                    about: about.cloned(),
                    tools: tools
                        .iter()
                        .map(|(name, tool)| ((*name).to_owned(), (*tool).clone()))
                        .collect(),
                },
                ServerState::Down(why) => State::Down(why.to_owned()),
            },
        }
    }
}
