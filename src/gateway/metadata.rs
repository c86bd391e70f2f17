//! The answer to `get_metadata`: what there is, in as many words as fit.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Gateway,
    search::{self, Document},
};
use crate::{
    guard::Cleared,
    json,
    message::{Kind, Payload},
    upstream::{Catalog, Item, Server, State, Tool},
};

/// Without `detail`, definitions up to this many bytes are given in full: about 8,000 tokens.
const FULL_UP_TO: usize = 32 * 1024;

/// How many tools a query finds.
const FOUND: usize = 5;

/// The length of a description in a summary, in bytes.
const SUMMARY: usize = 160;

/// What `get_metadata` can be asked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    server_name: Option<String>,
    #[serde(default)]
    tool_name: Option<String>,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    detail: Option<Detail>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Detail {
    Summary,
    Full,
}

/// What is shown of one server.
struct Shown {
    server: Arc<Server>,
    catalog: Option<Arc<Catalog>>,
    /// Positions of the tools that are shown.
    tools: Vec<usize>,
}

impl Gateway {
    /// Answers `get_metadata` with these arguments.
    pub(super) async fn metadata(&self, arguments: &str) -> Cleared {
        let query: Query = match serde_json::from_str(arguments) {
            Ok(query) => query,
            Err(error) => {
                return self.failed(format!("The arguments of `get_metadata` don't fit: {error}. All are optional: `server_name`, `tool_name`, `query` (texts) and `detail` (`summary` or `full`).")).await;
            }
        };
        if self.fleet.servers().is_empty() && self.unusable().is_empty() {
            let status = json!({"status": "standalone_mode", "message": "No proxied MCPs configured"});
            return self.metadata_result(status.to_string()).await;
        }
        self.fleet.settled(super::LIST_PATIENCE).await;
        match self.shown(&query) {
            Ok(shown) => self.metadata_result(self.describe(&shown, &query)).await,
            Err(message) => self.failed(message).await,
        }
    }

    /// The servers and tools that a query is about, or why there are none.
    fn shown(&self, query: &Query) -> Result<Vec<Shown>, String> {
        let named = |server: &&Arc<Server>| query.server_name.as_deref().is_none_or(|name| name == &*server.name);
        let mut shown: Vec<Shown> = self
            .fleet
            .servers()
            .iter()
            .filter(named)
            .map(|server| {
                let catalog = server.catalog();
                let tools = catalog.as_ref().map_or(0, |catalog| catalog.tools.len());
                Shown {
                    server: server.clone(),
                    catalog,
                    tools: (0..tools).collect(),
                }
            })
            .collect();
        if let Some(name) = query.server_name.as_ref().filter(|_| shown.is_empty()) {
            return if self.unusable().iter().any(|entry| entry.name == *name) {
                Ok(shown)
            } else {
                Err(self.no_server(name))
            };
        }
        if let Some(name) = &query.tool_name {
            let names: Vec<String> = shown
                .iter()
                .flat_map(Shown::tools)
                .map(|tool| tool.name.clone())
                .collect();
            shown.iter_mut().for_each(|shown| shown.keep(|tool| tool.name == *name));
            shown.retain(|shown| !shown.tools.is_empty());
            if shown.is_empty() {
                let near = super::call::near(name, names.iter().map(String::as_str), "Tools");
                return Err(format!("There is no tool `{name}`. {near}"));
            }
        }
        match &query.query {
            Some(words) => Ok(best(shown, words)),
            None => Ok(shown),
        }
    }

    /// The servers as JSON, by name: in full where that is asked for, or where it fits.
    fn describe(&self, shown: &[Shown], query: &Query) -> String {
        let full = match query.detail {
            Some(detail) => detail == Detail::Full,
            None => query.tool_name.is_some() || shown.iter().map(Shown::length).sum::<usize>() <= FULL_UP_TO,
        };
        let directory = self.directory();
        let servers = shown.iter().map(|shown| {
            let clashes: Vec<Value> = directory
                .clashes(&shown.server.name)
                .map(|(uri, offered_as)| json!({"uri": uri, "offered_as": offered_as}))
                .collect();
            let described = if full {
                shown.full(&clashes)
            } else {
                shown.summary(&clashes)
            };
            (&*shown.server.name, described)
        });
        let everything = query.tool_name.is_none() && query.query.is_none();
        let wanted = |name: &str| everything && query.server_name.as_deref().is_none_or(|asked| asked == name);
        let unusable = self.unusable();
        let unusable = unusable.iter().filter(|entry| wanted(&entry.name)).map(|entry| {
            (
                entry.name.as_str(),
                object(None, "inactive", Some(&entry.problem), &[], Lists::default()),
            )
        });
        let members: Vec<String> = servers
            .chain(unusable)
            .map(|(name, described)| format!("{}:{described}", json::quote(name)))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    /// A tool result that holds `metadata` as structured content and as text.
    async fn metadata_result(&self, metadata: String) -> Cleared {
        let text = json::quote(&metadata);
        let result = format!(
            r#"{{"content":[{{"type":"text","text":{text}}}],"structuredContent":{metadata},"isError":false}}"#
        );
        let answer = self
            .own_payload("tools/call", Kind::Result, Payload::from(result))
            .await;
        let (length, limit) = (answer.bytes().len(), self.limits.response);
        if length <= limit {
            return answer;
        }
        self.failed(format!("The answer is {length} bytes long, and a message to the client may hold {limit}. Ask for less: pass `query`, `server_name`, `tool_name`, or `detail` as `summary`."))
            .await
    }
}

impl Shown {
    fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.tools.iter().filter_map(|at| self.catalog.as_ref()?.tools.get(*at))
    }

    fn keep(&mut self, fits: impl Fn(&Tool) -> bool) {
        if let Some(catalog) = &self.catalog {
            self.tools.retain(|at| fits(&catalog.tools[*at]));
        }
    }

    /// How long its definitions are, in bytes.
    fn length(&self) -> usize {
        let catalogs = self.catalog.iter();
        let items = catalogs.flat_map(|catalog| {
            catalog
                .resources
                .iter()
                .chain(&*catalog.templates)
                .chain(&*catalog.prompts)
        });
        self.tools()
            .map(|tool| &tool.definition)
            .chain(items.map(|item| &item.definition))
            .map(|definition| definition.bytes().len())
            .sum()
    }

    /// Everything, as the server wrote it.
    fn full(&self, clashes: &[Value]) -> String {
        let tools = self.tools().map(|tool| tool.definition.text().to_owned()).collect();
        self.object(clashes, None, tools, |item, _| item.definition.text().to_owned())
    }

    /// Names, and one line each.
    fn summary(&self, clashes: &[Value]) -> String {
        let tools = self
            .tools()
            .map(|tool| line(&tool.name, "name", &tool.description))
            .collect();
        let hint = format!(
            "a summary; for complete definitions call get_metadata with {}",
            json!({"server_name": &*self.server.name, "tool_name": "…"})
        );
        self.object(clashes, Some(hint), tools, described)
    }

    fn object(
        &self,
        clashes: &[Value],
        hint: Option<String>,
        tools: Vec<String>,
        show: fn(&Item, &str) -> String,
    ) -> String {
        let (status, error) = status(&self.server.state());
        let lists = match &self.catalog {
            Some(catalog) => Lists {
                tools,
                resources: catalog.resources.iter().map(|item| show(item, "uri")).collect(),
                templates: catalog.templates.iter().map(|item| show(item, "uriTemplate")).collect(),
                prompts: catalog.prompts.iter().map(|item| show(item, "name")).collect(),
                hint,
            },
            None => Lists::default(),
        };
        object(self.catalog.as_deref(), status, error.as_deref(), clashes, lists)
    }
}

/// What a server offers, as JSON.
#[derive(Default)]
struct Lists {
    tools: Vec<String>,
    resources: Vec<String>,
    templates: Vec<String>,
    prompts: Vec<String>,
    hint: Option<String>,
}

/// One server as JSON.
fn object(catalog: Option<&Catalog>, status: &str, error: Option<&str>, clashes: &[Value], lists: Lists) -> String {
    let list = |name: &str, items: &[String]| format!(r#""{name}":[{}]"#, items.join(","));
    let text = |name: &str, text: &str| format!(r#""{name}":{}"#, json::quote(text));
    let mut members = vec![
        text("status", status),
        format!(
            r#""capabilities":{}"#,
            catalog.map_or("null", |catalog| catalog.capabilities.text())
        ),
        list("original_tools", &lists.tools),
        list("original_resources", &lists.resources),
        list("original_resource_templates", &lists.templates),
        list("original_prompts", &lists.prompts),
    ];
    if !clashes.is_empty() {
        members.push(format!(r#""resource_clashes":{}"#, Value::from(clashes)));
    }
    let instructions = catalog.and_then(|catalog| catalog.instructions.as_ref());
    members.extend(instructions.map(|text| format!(r#""instructions":{}"#, text.text())));
    members.extend(error.map(|error| text("error", error)));
    members.extend(lists.hint.map(|hint| text("hint", &hint)));
    format!("{{{}}}", members.join(","))
}

/// The state as the Python package has it, and the error that it goes with.
fn status(state: &State) -> (&'static str, Option<String>) {
    match state {
        State::Ready(_) => ("active", None),
        State::Starting => (
            "starting",
            Some("it was started and is not ready yet; ask again in a moment".to_owned()),
        ),
        State::Off(why) => ("inactive", Some(format!("it is {why}"))),
        State::Down { why, again } => {
            let next = if again.is_some() {
                "it is started again"
            } else {
                "it is not started again"
            };
            ("inactive", Some(format!("{why}; {next}")))
        }
    }
}

/// The tools that fit a query best, and their servers, the best first.
fn best(shown: Vec<Shown>, words: &str) -> Vec<Shown> {
    let all: Vec<(usize, usize, Texts)> = shown
        .iter()
        .enumerate()
        .flat_map(|(at, shown)| {
            shown
                .tools
                .iter()
                .zip(shown.tools())
                .map(move |(tool, of)| (at, *tool, Texts::new(of)))
        })
        .collect();
    let documents: Vec<Document<'_>> = all
        .iter()
        .map(|(at, _, texts)| Document {
            server: &shown[*at].server.name,
            name: &texts.name,
            title: texts.title.as_deref(),
            description: &texts.description,
            parameters: &texts.parameters,
        })
        .collect();
    let mut found: Vec<Shown> = Vec::new();
    for hit in search::rank(words, &documents, FOUND) {
        let (server, tool, _) = &all[hit];
        let of = &shown[*server];
        match found.iter_mut().find(|found| found.server.name == of.server.name) {
            Some(found) => found.tools.push(*tool),
            None => found.push(Shown {
                server: of.server.clone(),
                catalog: of.catalog.clone(),
                tools: vec![*tool],
            }),
        }
    }
    found
}

/// What is searched of a tool.
struct Texts {
    name: String,
    title: Option<String>,
    description: String,
    parameters: Vec<Cow<'static, str>>,
}

impl Texts {
    fn new(tool: &Tool) -> Self {
        let definition: Value = serde_json::from_str(tool.definition.text()).unwrap_or_default();
        let none = Map::new();
        let properties = definition["inputSchema"]["properties"].as_object().unwrap_or(&none);
        let parameters = properties
            .iter()
            .flat_map(|(name, schema)| [Some(name.as_str()), schema["description"].as_str()])
            .flatten()
            .map(|text| Cow::Owned(text.to_owned()));
        Self {
            name: tool.name.clone(),
            title: definition["title"].as_str().map(str::to_owned),
            description: tool.description.clone(),
            parameters: parameters.collect(),
        }
    }
}

/// One item of a list in a summary.
fn line(name: &str, key: &str, description: &str) -> String {
    let first = description.trim().lines().next().unwrap_or_default();
    let cut = &first[..first.floor_char_boundary(SUMMARY)];
    let more = if cut.len() < first.len() { "…" } else { "" };
    json!({key: name, "description": format!("{cut}{more}")}).to_string()
}

fn described(item: &Item, key: &str) -> String {
    let members = json::members(item.definition.text()).unwrap_or_default();
    let text = |name| members.string(name).unwrap_or_default();
    line(&text(key), key, &text("description"))
}
