//! The requests that a client can make.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::Connection;
use crate::{
    gateway::Asked,
    guard::Cleared,
    json::{self, Members},
    message::{Kind, Payload},
    wire::code,
};

/// The protocol versions that clients get, the newest last.
const VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// What a model is told of the gateway as a whole.
const INSTRUCTIONS: &str = "This gateway stands between you and other MCP servers. Call get_metadata to see the servers and their \
    tools, and run_tool to run one. Placeholders such as <GITHUB_PERSONAL_ACCESS_TOKEN> stand where a secret was masked: the real \
    value is not available to you, so leave them as they are.";

impl Connection {
    /// Answers one request.
    pub(super) async fn answer(&self, method: &str, params: &Payload) -> Asked {
        match method {
            "initialize" => return Ok(self.initialize(&json::members(params.text()).unwrap_or_default()).await),
            "ping" | "logging/setLevel" => return Ok(Cleared::constant("{}")),
            "tools/list" | "tools/call" => {}
            other => {
                let error = json!({"code": code::METHOD_NOT_FOUND, "message": format!("Method not found: {other}")});
                return Err(self.gateway.own_words(method, Kind::Error, error).await);
            }
        }
        // A client that asks without a handshake has told nothing of what it can do.
        self.capabilities.send_if_modified(|capabilities| {
            let unknown = capabilities.is_none();
            capabilities.get_or_insert_with(|| "{}".to_owned());
            unknown
        });
        if method == "tools/call" {
            return self.gateway.call_tool(params, Some(&self.client)).await;
        }
        let (tools, known) = self.gateway.list_tools().await;
        self.listed.store(known, Ordering::Relaxed);
        Ok(tools)
    }

    /// Answers at once, however slow the servers are, and lets them be told what the client can do.
    async fn initialize(&self, params: &Members<'_>) -> Cleared {
        let asked = params.string("protocolVersion").unwrap_or_default();
        let version = VERSIONS
            .iter()
            .find(|version| **version == asked)
            .unwrap_or(&VERSIONS[VERSIONS.len() - 1]);
        let client = params
            .raw("clientInfo")
            .and_then(|info| json::members(info).ok()?.string("name"));
        tracing::info!(
            client = client.as_deref().unwrap_or("unnamed"),
            asked,
            version,
            "the client came"
        );
        self.capabilities.send_replace(Some("{}".to_owned()));
        let result = json!({
            "protocolVersion": version,
            "capabilities": {"tools": {"listChanged": true}},
            "serverInfo": {"name": env!("CARGO_PKG_NAME"), "title": "MCP Gateway", "version": env!("CARGO_PKG_VERSION")},
            "instructions": INSTRUCTIONS,
        });
        self.gateway.own_words("initialize", Kind::Result, result).await
    }
}
