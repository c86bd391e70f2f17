//! What is written into the store: masked, counted and ready.

use super::{calls::Call, events::Event, record::Scan};

/// One row, or some that belong together, masked and ready.
pub(super) enum Entry {
    /// A call that has begun and not ended.
    Running(Running),
    /// A call that has ended, and its events with the moment of each.
    Call(Box<Call>, Vec<(i64, Event)>),
    Action(Box<Action>),
    Server(Box<Server>),
    Scan {
        at: i64,
        scan: Scan,
    },
}

/// A call under way.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) id: String,
    pub(super) at: i64,
    pub(super) server: String,
    pub(super) method: String,
    pub(super) name: String,
}

/// What a guardrail did with a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Action {
    pub(super) call_id: Option<String>,
    pub(super) at: i64,
    pub(super) server: String,
    pub(super) method: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) direction: &'static str,
    pub(super) plugin: &'static str,
    pub(super) verdict: &'static str,
    pub(super) rule: Option<String>,
    pub(super) label: Option<String>,
    pub(super) place: Option<String>,
    pub(super) count: i64,
    pub(super) reason: Option<String>,
    /// In microseconds; only for the first row of several of one inspection.
    pub(super) took: Option<i64>,
}

/// What a server is doing.
#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) why: Option<String>,
    pub(super) at: i64,
    pub(super) title: Option<String>,
    pub(super) version: Option<String>,
    pub(super) protocol: Option<String>,
    /// Name, definition and the tokens of that.
    pub(super) tools: Vec<(String, String, i64)>,
}

/// Who writes.
#[derive(Clone, Debug)]
pub(super) struct Gateway {
    /// The `track_id` of its events.
    pub(super) id: String,
    pub(super) started_at: i64,
}
