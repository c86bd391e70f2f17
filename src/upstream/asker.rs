//! Asking one server of itself: the handshake, and every page of its lists.

use std::{collections::HashSet, sync::Arc, time::Duration};

use super::{
    catalog::{Catalog, Item, Offering, Tool},
    filter::ToolFilter,
    gate::Declared,
    handshake::Greeting,
    pairs::pairs,
    remote::mirror,
    session::{Failure, Session},
};
use crate::{
    guard::{Chain, Cleared, Refusal, Returned},
    json,
    message::{Direction, Envelope, Hints, Kind, Payload},
};

/// Pages of one list that are read at most.
const PAGES: usize = 1000;

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

impl NotReady {
    /// Whether it says nothing of what else the server may have.
    fn is_of_one_list(&self) -> bool {
        let astray = |failure: &Failure| matches!(failure, Failure::Astray(_));
        matches!(self, Self::Error { .. }) || matches!(self, Self::Failed { failure, .. } if astray(failure))
    }
}

/// Asks one server of itself.
pub(super) struct Asker<'a> {
    pub(super) server: &'a Arc<str>,
    pub(super) session: &'a Arc<Session>,
    pub(super) chain: &'a Chain,
    /// Whether it is reached by Streamable HTTP.
    pub(super) over_http: bool,
    /// How long one answer may take.
    pub(super) patience: Duration,
    /// Which of its tools are offered.
    pub(super) tools: &'a ToolFilter,
}

impl Asker<'_> {
    /// The handshake and every list that the server has.
    pub(super) async fn catalog(&self, client_capabilities: &str) -> Result<Catalog, NotReady> {
        let Greeting {
            protocol,
            capabilities,
            about,
            instructions,
            own_instructions,
        } = self.greet(client_capabilities).await?;
        let mut catalog = Catalog {
            protocol,
            about,
            capabilities,
            instructions,
            tools: Arc::default(),
            prompts: Arc::default(),
            resources: Arc::default(),
            templates: Arc::default(),
            withheld: Arc::default(),
            declared: Declared {
                instructions: own_instructions,
                ..Declared::default()
            },
        };
        for offering in Offering::ALL {
            if catalog.has(offering.capability()) {
                self.refresh(&mut catalog, offering).await?;
            }
        }
        Ok(catalog)
    }

    /// Reads the lists of one offering anew.
    pub(super) async fn refresh(&self, catalog: &mut Catalog, offering: Offering) -> Result<(), NotReady> {
        match offering {
            Offering::Tools => {
                let tools = self.pages(&TOOLS).await?.into_iter();
                let (mut own, tools): (Vec<_>, Vec<_>) =
                    tools.filter_map(|(own, definition)| self.tool(own, definition)).unzip();
                let tools = self.tools.keep(self.server, tools);
                // A filter goes by names, so it keeps all tools of one name or none.
                own.retain(|(name, _)| tools.iter().any(|tool| tool.name == *name));
                catalog.declared.tools = own.into_iter().map(|(_, own)| own).collect();
                catalog.tools = Arc::new(tools);
            }
            Offering::Prompts => (catalog.declared.prompts, catalog.prompts) = self.items(&PROMPTS).await?,
            Offering::Resources => {
                (catalog.declared.resources, catalog.resources) = self.items(&RESOURCES).await?;
                (catalog.declared.templates, catalog.templates) = self.items(&TEMPLATES).await?;
            }
        }
        Ok(())
    }

    /// The items of a list. One that the server does not have after all costs it nothing else.
    async fn items(&self, list: &List) -> Result<(Vec<Payload>, Arc<Vec<Item>>), NotReady> {
        let pages = match self.pages(list).await {
            Err(error) if error.is_of_one_list() => {
                tracing::debug!(server = %self.server, "{error}");
                return Ok(Default::default());
            }
            Err(error @ NotReady::Nonsense { .. }) => {
                tracing::warn!(server = %self.server, "{error}: nothing of that list is offered; the fault is the server's");
                return Ok(Default::default());
            }
            pages => pages?,
        };
        let key = |definition: &str| json::members(definition).ok()?.string(list.key);
        let items = pages.into_iter().filter_map(|(declared, definition)| {
            let (own, shown) = (key(declared.text()), key(definition.text()));
            if own.is_none() {
                tracing::warn!(server = %self.server, method = list.method, "an item without `{}` is left out", list.key);
            }
            let item = Item {
                masked: (own != shown).then(|| shown.unwrap_or_default()),
                key: own?,
                definition,
            };
            Some((declared, item))
        });
        let (declared, items) = items.unzip();
        Ok((declared, Arc::new(items)))
    }

    /// The items of every page of a list, as they came and as they were cleared. A server that says one cursor twice has
    /// no further pages.
    async fn pages(&self, list: &List) -> Result<Vec<(Payload, Cleared)>, NotReady> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut params = Cleared::constant("{}");
        for _ in 0..PAGES {
            let (own, page) = self.ask(list.method, &params, Kind::Definition).await?;
            let array = |text| {
                let members = json::members(text).map_err(|fault| nonsense(list.method, fault))?;
                let Some(array) = members.raw(list.member) else {
                    return Err(nonsense(list.method, format!("no `{}`", list.member)));
                };
                json::items(array).map_err(|fault| nonsense(list.method, fault))
            };
            let (own_items, shown) = (array(own.text())?, array(page.text())?);
            let pairs = pairs(&own_items, &shown, list.key);
            if pairs.len() < shown.len() {
                tracing::warn!(server = %self.server, method = list.method, "left out items of its list that a guardrail made");
            }
            items.extend(
                pairs
                    .into_iter()
                    .map(|(own_item, item)| (own.part(own_item), page.part(item))),
            );
            // The cursor goes back as it came, whatever the client would be shown of it.
            let members = json::members(own.text()).map_err(|fault| nonsense(list.method, fault))?;
            match members.raw("nextCursor") {
                Some(cursor) if cursor != "null" => {
                    if !seen.insert(cursor.to_owned()) {
                        tracing::warn!(server = %self.server, method = list.method, "it repeats a cursor; its list ends there");
                        return Ok(items);
                    }
                    params = Cleared::constant("{}").with_returned(&Returned::Cursor(cursor));
                }
                _ => return Ok(items),
            }
        }
        tracing::warn!(server = %self.server, method = list.method, "its list has over {PAGES} pages; the rest is left out");
        Ok(items)
    }

    /// A tool with its name, beside its definition as it came.
    fn tool(&self, own: Payload, definition: Cleared) -> Option<((String, Payload), Tool)> {
        let Some(name) = json::members(definition.text())
            .ok()
            .and_then(|members| members.string("name"))
        else {
            tracing::warn!(server = %self.server, "a tool without a name is left out");
            return None;
        };
        if self.over_http && self.session.is_stateless() && definition.text().contains(mirror::MARK) {
            let tool: serde_json::Value = serde_json::from_str(definition.text()).unwrap_or_default();
            if let Err(why) = mirror::mirrored(&tool["inputSchema"]) {
                tracing::warn!(server = %self.server, "the tool `{name}` is left out: {why} (`{}`)", mirror::MARK);
                return None;
            }
        }
        let members = json::members(definition.text()).unwrap_or_default();
        let schema = members.raw("inputSchema");
        let required = schema
            .and_then(|schema| json::members(schema).ok()?.raw("required"))
            .and_then(|required| serde_json::from_str(required).ok());
        let description = members.string("description").unwrap_or_default();
        let tool = Tool {
            name: name.clone(),
            description,
            required: required.unwrap_or_default(),
            schema: schema.map(|schema| definition.payload().part(schema)),
            hints: Hints::of(members.raw("annotations")),
            output: members
                .raw("outputSchema")
                .map(|schema| definition.payload().part(schema)),
            definition,
        };
        Some(((name, own), tool))
    }

    /// The result that the server gave, as it came and as it was cleared.
    pub(super) async fn ask(
        &self,
        method: &'static str,
        params: &Cleared,
        kind: Kind,
    ) -> Result<(Payload, Cleared), NotReady> {
        let number = self.session.number();
        let answer = self.session.request(number, method, params, self.patience, None).await;
        let envelope = Envelope::request(self.server, method, "");
        let clear = async |kind, payload| {
            self.chain
                .clear(&envelope.with(kind, Direction::ToClient), payload)
                .await
                .map_err(NotReady::Refused)
        };
        match answer.map_err(|failure| NotReady::Failed { method, failure })? {
            Ok(result) => Ok((result.clone(), clear(kind, result).await?)),
            Err(error) => Err(NotReady::Error {
                method,
                error: clear(Kind::Error, error).await?.text().to_owned(),
            }),
        }
    }

    pub(super) async fn clear(&self, method: &str, params: Payload) -> Result<Cleared, NotReady> {
        self.chain
            .clear(&Envelope::request(self.server, method, ""), params)
            .await
            .map_err(NotReady::Refused)
    }
}

/// A list that a server may have.
struct List {
    method: &'static str,
    member: &'static str,
    /// The member of an item by which it is known.
    key: &'static str,
}

const TOOLS: List = List {
    method: "tools/list",
    member: "tools",
    key: "name",
};
const PROMPTS: List = List {
    method: "prompts/list",
    member: "prompts",
    key: "name",
};
const RESOURCES: List = List {
    method: "resources/list",
    member: "resources",
    key: "uri",
};
const TEMPLATES: List = List {
    method: "resources/templates/list",
    member: "resourceTemplates",
    key: "uriTemplate",
};

pub(super) fn nonsense(method: &'static str, what: impl ToString) -> NotReady {
    NotReady::Nonsense {
        method,
        what: what.to_string(),
    }
}
