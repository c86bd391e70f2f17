//! The requests that a client can make, up to 2025-11-25.

use serde_json::{Value, json};

use super::Connection;
use crate::{
    gateway::Asked,
    guard::Cleared,
    json,
    message::{Kind, Payload},
    wire::{code, era::HANDSHAKE_VERSIONS},
};

/// What a model is told of the gateway as a whole.
pub(super) const INSTRUCTIONS: &str = "This gateway stands between you and other MCP servers. Call get_metadata to see the servers and their \
    tools, and run_tool to run one. Placeholders such as <GITHUB_PERSONAL_ACCESS_TOKEN> stand where a secret was masked: the real \
    value is not available to you, so leave them as they are. A placeholder with a number in it, such as <JWT_TOKEN_1_x7f3a2b>, \
    works like its value in calls to the server that it came from: pass it on letter by letter.";

/// What the gateway can do, in any version.
pub(super) fn capabilities() -> Value {
    json!({
        "tools": {"listChanged": true},
        "prompts": {"listChanged": true},
        "resources": {"subscribe": true, "listChanged": true},
        "completions": {},
        "logging": {},
    })
}

impl Connection {
    /// Answers one request of a version with a handshake.
    pub(super) async fn answer(&self, method: &str, params: &Payload) -> Asked {
        match method {
            "initialize" => self.initialize(params).await,
            "ping" => Ok(Cleared::constant("{}")),
            _ => {
                // It may be sent before the handshake is over.
                if method != "logging/setLevel" {
                    self.gateway.client().uses_connection();
                }
                self.gateway.answer(method, params).await
            }
        }
    }

    /// Answers at once, however slow the servers are, and lets them be told what the client can do.
    async fn initialize(&self, params: &Payload) -> Asked {
        if let Err(fault) = params.validate() {
            let error = json!({"code": code::PARSE_ERROR, "message": format!("the message is not JSON ({fault})")});
            return Err(self.gateway.own_words("initialize", Kind::Error, error).await);
        }
        let params = json::members(params.text()).unwrap_or_default();
        let asked = params.string("protocolVersion").unwrap_or_default();
        let newest = HANDSHAKE_VERSIONS[HANDSHAKE_VERSIONS.len() - 1];
        let version = HANDSHAKE_VERSIONS.into_iter().find(|version| *version == asked);
        let version = version.unwrap_or(newest);
        let client = params
            .raw("clientInfo")
            .and_then(|info| json::members(info).ok()?.string("name"));
        tracing::info!(
            client = client.as_deref().unwrap_or("unnamed"),
            asked,
            version,
            "the client came"
        );
        let declared = params.raw("capabilities").filter(|raw| raw.starts_with('{'));
        self.gateway.client().declare(declared.unwrap_or("{}"));
        let result = json!({
            "protocolVersion": version,
            "capabilities": capabilities(),
            "serverInfo": {"name": env!("CARGO_PKG_NAME"), "title": "MCP Gateway", "version": env!("CARGO_PKG_VERSION")},
            "instructions": INSTRUCTIONS,
        });
        Ok(self.gateway.own_words("initialize", Kind::Result, result).await)
    }
}
