//! What flows through the gateway: whose it is, which way it goes, and the bytes it consists of.

mod payload;
mod walk;
mod ways;

use std::sync::Arc;

pub use payload::Payload;
pub use walk::{Leaf, Path, walk, walk_below};

use crate::json;

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
    /// What the tool says of itself; the worst where it says nothing or is no tool.
    pub hints: Hints,
    /// The JSON schema of a tool's arguments, where it has one.
    pub schema: Option<Payload>,
    /// The JSON schema of a tool's structured content, where it has one.
    pub output: Option<Payload>,
}

/// What a tool says in its annotations. It is the server's word: good for asking once more, not for letting pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// It changes nothing (`readOnlyHint`).
    pub read_only: bool,
    /// What it changes may be lost (`destructiveHint`).
    pub destructive: bool,
    /// It deals with more than a closed set of things, such as the web (`openWorldHint`).
    pub open_world: bool,
}

/// The defaults of MCP for a tool without annotations.
impl Default for Hints {
    fn default() -> Self {
        Self {
            read_only: false,
            destructive: true,
            open_world: true,
        }
    }
}

impl Hints {
    /// Those of a tool with these annotations, as JSON. What only reads destroys nothing.
    pub fn of(annotations: Option<&str>) -> Self {
        let members = annotations.and_then(|annotations| json::members(annotations).ok());
        let members = members.unwrap_or_default();
        let read_only = members.raw("readOnlyHint") == Some("true");
        Self {
            read_only,
            destructive: !read_only && members.raw("destructiveHint") != Some("false"),
            open_world: members.raw("openWorldHint") != Some("false"),
        }
    }
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
            hints: Hints::default(),
            schema: None,
            output: None,
        }
    }

    /// The envelope of what the gateway itself says to the client.
    pub fn own(method: &str, kind: Kind) -> Self {
        Self {
            kind,
            direction: Direction::ToClient,
            ..Self::request(&"".into(), method, "")
        }
    }

    /// Whether the gateway itself says it. What others wrote of it has been cleared.
    pub fn is_own(&self) -> bool {
        self.server.is_empty()
    }

    /// Whether these are parameters that nobody chose: those of the handshake, or a cursor of the server's own.
    pub fn is_of_protocol(&self) -> bool {
        const METHODS: [&str; 6] = [
            "initialize",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "roots/list",
            "tools/list",
        ];
        self.kind == Kind::Arguments && METHODS.contains(&&*self.method)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_of_a_servers_own_is_none_of_the_protocol() {
        let is = |method: &str| Envelope::request(&"s".into(), method, "").is_of_protocol();
        assert!(is("initialize") && is("roots/list") && is("resources/templates/list"));
        assert!(!is("vendor/list") && !is("tools/call"));
    }

    #[test]
    fn a_tool_that_says_nothing_is_taken_for_the_worst() {
        assert_eq!(Hints::of(None), Hints::default());
        assert_eq!(Hints::of(Some("{}")), Hints::default());
        let reads = Hints::of(Some(
            r#"{"readOnlyHint":true,"destructiveHint":true,"openWorldHint":false}"#,
        ));
        assert!(reads.read_only && !reads.destructive && !reads.open_world);
        assert!(!Hints::of(Some(r#"{"destructiveHint":false}"#)).destructive);
        assert!(Hints::of(Some(r#"{"destructiveHint":"false","readOnlyHint":1}"#)).destructive);
    }
}
