//! What a server says of itself: the handshake, and every page of its lists.

use std::{collections::HashSet, sync::Arc, time::Duration};

use serde_json::json;

use super::session::{Failure, Session};
use crate::{
    guard::{Chain, Cleared, Refusal},
    json,
    message::{Direction, Envelope, Kind, Payload},
};

/// The newest protocol version that servers are offered.
const PROTOCOL: &str = "2025-11-25";

/// The protocol versions whose servers are understood.
const UNDERSTOOD: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", PROTOCOL];

/// Pages of one list that are read at most.
const PAGES: usize = 1000;

/// A tool of a server's.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name at the server.
    pub name: String,
    /// What it is for, in the server's words; empty where it says nothing.
    pub description: String,
    /// The arguments that its schema requires.
    pub required: Vec<String>,
    /// The whole definition, as the server wrote it.
    pub definition: Cleared,
}

/// What a server offers.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The protocol version agreed on.
    pub protocol: String,
    /// Its capabilities, as it wrote them.
    pub capabilities: Cleared,
    /// What it tells a model of itself, as a JSON string.
    pub instructions: Option<Cleared>,
    /// Its tools, in its order.
    pub tools: Arc<Vec<Tool>>,
    /// Its resources, as it wrote them.
    pub resources: Arc<Vec<Cleared>>,
    /// Its prompts, as it wrote them.
    pub prompts: Arc<Vec<Cleared>>,
}

/// Why a server could not be made ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotReady {
    /// It gave no answer.
    #[error("`{method}`: {failure}")]
    Failed {
        /// What was asked.
        method: &'static str,
        /// Why there was no answer.
        failure: Failure,
    },
    /// It answered with an error.
    #[error("it answered `{method}` with an error: {error}")]
    Error {
        /// What was asked.
        method: &'static str,
        /// The error as JSON.
        error: String,
    },
    /// It answered something else than the protocol says.
    #[error("it answered `{method}` with something unexpected: {what}")]
    Nonsense {
        /// What was asked.
        method: &'static str,
        /// What was amiss.
        what: String,
    },
    /// The chain stopped what it said.
    #[error("{0}")]
    Refused(Refusal),
}

/// Asks one server of itself.
pub(super) struct Asker<'a> {
    pub(super) server: &'a Arc<str>,
    pub(super) session: &'a Session,
    pub(super) chain: &'a Chain,
    /// How long one answer may take.
    pub(super) patience: Duration,
}

impl Asker<'_> {
    /// The handshake and every list that the server has.
    pub(super) async fn catalog(&self, client_capabilities: &str) -> Result<Catalog, NotReady> {
        const METHOD: &str = "initialize";
        let params = format!(
            r#"{{"protocolVersion":"{PROTOCOL}","capabilities":{client_capabilities},"clientInfo":{}}}"#,
            json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")})
        );
        let result = self.ask(METHOD, params, Kind::Instructions).await?;
        let members = json::members(result.text()).map_err(|fault| nonsense(METHOD, fault))?;
        let protocol = members.string("protocolVersion").unwrap_or_default();
        if !UNDERSTOOD.contains(&protocol.as_str()) {
            let understood = UNDERSTOOD.join(", ");
            return Err(nonsense(
                METHOD,
                format!("protocol version `{protocol}`, of which this gateway understands {understood}"),
            ));
        }
        self.session
            .notify("notifications/initialized", &Cleared::constant("{}"))
            .await;
        let capabilities = members.raw("capabilities").filter(|raw| raw.starts_with('{'));
        let mut catalog = Catalog {
            protocol,
            capabilities: capabilities.map_or_else(|| Cleared::constant("{}"), |raw| result.part(raw)),
            instructions: members
                .raw("instructions")
                .filter(|raw| raw.starts_with('"'))
                .map(|raw| result.part(raw)),
            tools: Arc::default(),
            resources: Arc::default(),
            prompts: Arc::default(),
        };
        for list in LISTS {
            if catalog.has(list.capability) {
                self.refresh(&mut catalog, list).await?;
            }
        }
        Ok(catalog)
    }

    /// Reads one list anew.
    pub(super) async fn refresh(&self, catalog: &mut Catalog, list: &List) -> Result<(), NotReady> {
        let items = self.pages(list).await?;
        match list.capability {
            "tools" => catalog.tools = Arc::new(items.into_iter().filter_map(|item| self.tool(item)).collect()),
            "resources" => catalog.resources = Arc::new(items),
            _ => catalog.prompts = Arc::new(items),
        }
        Ok(())
    }

    /// The items of every page of a list. A server that says one cursor twice has no further pages.
    async fn pages(&self, list: &List) -> Result<Vec<Cleared>, NotReady> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut params = "{}".to_owned();
        for _ in 0..PAGES {
            let page = self.ask(list.method, params, Kind::Definition).await?;
            let members = json::members(page.text()).map_err(|fault| nonsense(list.method, fault))?;
            let Some(array) = members.raw(list.member) else {
                return Err(nonsense(list.method, format!("no `{}`", list.member)));
            };
            let array = json::items(array).map_err(|fault| nonsense(list.method, fault))?;
            items.extend(array.into_iter().map(|item| page.part(item)));
            match members.raw("nextCursor") {
                Some(cursor) if cursor != "null" => {
                    if !seen.insert(cursor.to_owned()) {
                        tracing::warn!(server = %self.server, method = list.method, "it repeats a cursor; its list ends there");
                        return Ok(items);
                    }
                    params = format!(r#"{{"cursor":{cursor}}}"#);
                }
                _ => return Ok(items),
            }
        }
        tracing::warn!(server = %self.server, method = list.method, "its list has over {PAGES} pages; the rest is left out");
        Ok(items)
    }

    fn tool(&self, definition: Cleared) -> Option<Tool> {
        let Some(name) = json::members(definition.text())
            .ok()
            .and_then(|members| members.string("name"))
        else {
            tracing::warn!(server = %self.server, "a tool without a name is left out");
            return None;
        };
        let members = json::members(definition.text()).unwrap_or_default();
        let required = members
            .raw("inputSchema")
            .and_then(|schema| json::members(schema).ok()?.raw("required"))
            .and_then(|required| serde_json::from_str(required).ok());
        let description = members.string("description").unwrap_or_default();
        Some(Tool {
            name,
            description,
            required: required.unwrap_or_default(),
            definition,
        })
    }

    async fn ask(&self, method: &'static str, params: String, kind: Kind) -> Result<Cleared, NotReady> {
        let asks = Envelope {
            server: self.server.clone(),
            method: method.into(),
            name: "".into(),
            kind: Kind::Arguments,
            direction: Direction::ToServer,
        };
        let params = self
            .chain
            .clear(&asks, Payload::from(params))
            .await
            .map_err(NotReady::Refused)?;
        let number = self.session.number();
        let answer = self.session.request(number, method, &params, self.patience, None).await;
        let clear = async |kind, payload| {
            self.chain
                .clear(&asks.with(kind, Direction::ToClient), payload)
                .await
                .map_err(NotReady::Refused)
        };
        match answer.map_err(|failure| NotReady::Failed { method, failure })? {
            Ok(result) => clear(kind, result).await,
            Err(error) => Err(NotReady::Error {
                method,
                error: clear(Kind::Error, error).await?.text().to_owned(),
            }),
        }
    }
}

impl Catalog {
    /// Whether the server declared a capability.
    pub fn has(&self, capability: &str) -> bool {
        json::members(self.capabilities.text())
            .is_ok_and(|members| members.raw(capability).is_some_and(|raw| raw != "null"))
    }
}

/// A list that a server may have.
pub(super) struct List {
    pub(super) capability: &'static str,
    method: &'static str,
    member: &'static str,
    pub(super) changed: &'static str,
}

/// Every list that is read.
pub(super) const LISTS: &[List] = &[
    List {
        capability: "tools",
        method: "tools/list",
        member: "tools",
        changed: "notifications/tools/list_changed",
    },
    List {
        capability: "resources",
        method: "resources/list",
        member: "resources",
        changed: "notifications/resources/list_changed",
    },
    List {
        capability: "prompts",
        method: "prompts/list",
        member: "prompts",
        changed: "notifications/prompts/list_changed",
    },
];

fn nonsense(method: &'static str, what: impl ToString) -> NotReady {
    NotReady::Nonsense {
        method,
        what: what.to_string(),
    }
}
