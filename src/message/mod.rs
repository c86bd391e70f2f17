//! What flows through the gateway: whose it is, which way it goes, and the bytes it consists of.

mod payload;
mod walk;

use std::sync::Arc;

pub use payload::Payload;
pub use walk::{Leaf, walk};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to a server.
    ToServer,
    /// From a server to the client.
    ToClient,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The parameters of a request.
    Arguments,
    /// The result of a request.
    Result,
    /// The error that answers a request.
    Error,
    /// What a server says of a tool, a prompt or a resource.
    Definition,
    /// What a server tells a model of itself.
    Instructions,
    /// A progress or log notification, and whatever else needs no answer.
    Notification,
    /// What a server asks of the client's model, and what that said.
    Sampling,
    /// What a server asks of the person, and what they answered.
    Elicitation,
}

impl Kind {
    /// The word for it in logs and errors.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Result => "result",
            Self::Error => "error",
            Self::Definition => "definition",
            Self::Instructions => "instructions",
            Self::Notification => "notification",
            Self::Sampling => "sampling",
            Self::Elicitation => "elicitation",
        }
    }
}

/// Whose a message is: what a guardrail and an observer know of it beside its bytes.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The server's name in the configuration; empty for what the gateway itself says.
    pub server: Arc<str>,
    /// The MCP method it belongs to, such as `tools/call`.
    pub method: Arc<str>,
    /// The tool, prompt or resource; empty where the method has none.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// Which way it goes.
    pub direction: Direction,
    /// Whether the tool says of itself that it only reads.
    pub read_only: bool,
}

impl Envelope {
    /// The envelope of a request's parameters on their way to a server.
    pub fn request(server: &Arc<str>, method: &str, name: &str) -> Self {
        Self {
            server: server.clone(),
            method: method.into(),
            name: name.into(),
            kind: Kind::Arguments,
            direction: Direction::ToServer,
            read_only: false,
        }
    }

    /// Whether the gateway itself says it. What others wrote of it has been cleared.
    pub fn is_own(&self) -> bool {
        self.server.is_empty()
    }

    /// The envelope of another message of the same request.
    pub fn with(&self, kind: Kind, direction: Direction) -> Self {
        Self {
            kind,
            direction,
            ..self.clone()
        }
    }
}
