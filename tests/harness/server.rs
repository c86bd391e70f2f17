//! Fixture servers, as a test describes them.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::Sandbox;

/// A server for one test: what it offers, what it does, and what its entry in `mcp.json` says.
/// `tests/fixtures/server/scenario.rs` lists the events and the steps.
pub(crate) struct Server {
    pub(crate) name: String,
    tools: Vec<String>,
    /// Event and steps, both as JSON.
    reactions: Vec<(String, String)>,
    traits: Map<String, Value>,
    entry: Map<String, Value>,
}

impl Server {
    /// An honest server without tools.
    pub(crate) fn new(name: &str) -> Self {
        let (traits, entry) = (Map::new(), Map::new());
        Self {
            name: name.into(),
            tools: Vec::new(),
            reactions: Vec::new(),
            traits,
            entry,
        }
    }

    /// An honest server with the tool `echo`, which answers with the arguments as they came.
    pub(crate) fn echo(name: &str) -> Self {
        let result = json!({
            "content": [{"type": "text", "text": "$text:arguments"}],
            "structuredContent": {"arguments": "$arguments"},
        });
        Self::new(name).answers("echo", result)
    }

    /// Adds a tool with this definition, as it is written.
    pub(crate) fn defines(mut self, definition: impl ToString) -> Self {
        self.tools.push(definition.to_string());
        self
    }

    /// Adds a tool that takes any arguments and answers with its own name.
    pub(crate) fn tool(self, name: &str) -> Self {
        self.defines(
            json!({"name": name, "description": format!("The tool {name}."), "inputSchema": {"type": "object"}}),
        )
    }

    /// Adds a tool that takes these steps when it is called.
    pub(crate) fn does(self, tool: &str, steps: impl ToString) -> Self {
        self.tool(tool).on(&format!("call {tool}"), steps)
    }

    /// Adds a tool that answers with this result, as it is written.
    pub(crate) fn answers(self, tool: &str, result: impl ToString) -> Self {
        self.does(tool, format!(r#"[{{"reply":{}}}]"#, result.to_string()))
    }

    /// Takes these steps at an event.
    pub(crate) fn on(mut self, event: &str, steps: impl ToString) -> Self {
        self.reactions.push((Value::from(event).to_string(), steps.to_string()));
        self
    }

    /// Lists one resource, `a:x`, and no templates.
    pub(crate) fn lists_a_resource(self) -> Self {
        let resources = json!([{"reply": {"resources": [{"uri": "a:x", "name": "x"}]}}]);
        self.on("resources/list", resources).on(
            "resources/templates/list",
            json!([{"reply": {"resourceTemplates": []}}]),
        )
    }

    /// Lets it speak 2026-07-28 and nothing else.
    pub(crate) fn stateless(self) -> Self {
        let about = json!({
            "resultType": "complete",
            "supportedVersions": ["2026-07-28"],
            "capabilities": {"tools": {"listChanged": true}, "resources": {"subscribe": true}, "logging": {}},
            "ttlMs": 0,
            "cacheScope": "private",
        });
        let granted = json!({
            "jsonrpc": "2.0",
            "method": "notifications/subscriptions/acknowledged",
            "params": {"_meta": {"io.modelcontextprotocol/subscriptionId": "$id"}, "notifications": {}},
        });
        self.on(
            "initialize",
            json!([{"fail": {"code": -32601, "message": "no such method"}}]),
        )
        .on("server/discover", json!([{"reply": about}]))
        .on("subscriptions/listen", json!([{"send": granted}]))
    }

    /// Sets `instructions`, `capabilities` or `page_size`.
    pub(crate) fn has(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.traits.insert(name.into(), value.into());
        self
    }

    /// Sets a key of the entry in `mcp.json`.
    pub(crate) fn entry(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.entry.insert(key.into(), value.into());
        self
    }

    /// Writes the scenario, and gives the entry that starts the server.
    pub(crate) fn install(&self, sandbox: &Sandbox) -> Value {
        let reactions: Vec<String> = self
            .reactions
            .iter()
            .map(|(event, steps)| format!("{event}:{steps}"))
            .collect();
        let mut traits: Vec<String> = vec![format!(r#""name":{}"#, Value::from(self.name.as_str()))];
        traits.extend(
            self.traits
                .iter()
                .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))),
        );
        traits.push(format!(
            r#""tools":[{}],"on":{{{}}}"#,
            self.tools.join(","),
            reactions.join(",")
        ));
        let scenario = sandbox.write(
            &format!("servers/{}/scenario.json", self.name),
            &format!("{{{}}}", traits.join(",")),
        );
        let mut entry = json!({"command": program(), "args": [scenario]});
        for (key, value) in &self.entry {
            entry[key] = value.clone();
        }
        entry
    }
}

/// The fixture's binary: an example, so that `cargo test` builds it and `cargo install` does not install it.
pub(crate) fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("a process knows its program");
    let target = tests
        .parent()
        .and_then(|deps| deps.parent())
        .expect("tests lie in target/PROFILE/deps");
    let program = target.join("examples/fixture-server");
    assert!(
        program.exists(),
        "{} is missing: `cargo build --example fixture-server`",
        program.display()
    );
    program
}
