//! Getting to know a server, in either era of the protocol.

use std::time::Duration;

use serde_json::json;

use super::asker::{Asker, NotReady, nonsense};
use crate::{
    guard::Cleared,
    json,
    message::{Kind, Payload},
    wire::{
        code,
        era::{HANDSHAKE_VERSIONS, STATELESS_VERSION, meta},
    },
};

/// The newest version with a handshake, which servers are offered.
const OFFERED: &str = HANDSHAKE_VERSIONS[HANDSHAKE_VERSIONS.len() - 1];

/// How long a server that may not know the question may take to say whether it is of 2026-07-28.
const PROBE: Duration = Duration::from_secs(5);

/// The longest version that is named, in bytes.
const LONGEST_VERSION: usize = 16;

/// The news that are wanted of every server.
const NEWS: &str = r#"{"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true}"#;

/// What a server says of itself.
pub(super) struct Greeting {
    /// The version of the protocol that is spoken.
    pub(super) protocol: String,
    /// What the server can do, as it wrote it.
    pub(super) capabilities: Cleared,
    /// Its name and version, as it wrote them.
    pub(super) about: Option<Cleared>,
    /// What a model is told of it, as JSON.
    pub(super) instructions: Option<Cleared>,
    /// The same as it wrote it.
    pub(super) own_instructions: Option<Payload>,
}

impl Greeting {
    fn new(protocol: String, own: &Payload, result: &Cleared) -> Self {
        let members = json::members(result.text()).unwrap_or_default();
        let part = |name, first| {
            let raw = members.raw(name).filter(|raw| raw.starts_with(first));
            raw.map(|raw| result.part(raw))
        };
        Self {
            protocol,
            capabilities: part("capabilities", '{').unwrap_or_else(|| Cleared::constant("{}")),
            about: part("serverInfo", '{'),
            instructions: part("instructions", '"'),
            own_instructions: json::members(own.text())
                .unwrap_or_default()
                .raw("instructions")
                .filter(|raw| raw.starts_with('"'))
                .map(|raw| own.part(raw)),
        }
    }
}

impl Asker<'_> {
    /// Finds out what the server speaks. One that is started here is asked for the handshake first, which those of earlier
    /// versions know and those of both eras, too; over HTTP, where no question can confuse a later one, it is the other way
    /// about.
    pub(super) async fn greet(&self, client_capabilities: &str) -> Result<Greeting, NotReady> {
        if self.over_http {
            return match self.discover(client_capabilities, self.patience.min(PROBE)).await {
                Ok(greeting) => Ok(greeting),
                Err(other) => {
                    tracing::debug!(server = %self.server, "not of {STATELESS_VERSION}: {other}");
                    self.initialize(client_capabilities).await
                }
            };
        }
        match self.initialize(client_capabilities).await {
            Err(refused @ NotReady::Error { .. }) => {
                let discovered = self.discover(client_capabilities, self.patience).await;
                discovered.map_err(|other| {
                    tracing::debug!(server = %self.server, "not of {STATELESS_VERSION} either: {other}");
                    refused
                })
            }
            greeted => greeted,
        }
    }

    /// The handshake of the versions up to 2025-11-25.
    async fn initialize(&self, client_capabilities: &str) -> Result<Greeting, NotReady> {
        const METHOD: &str = "initialize";
        let params = format!(
            r#"{{"protocolVersion":"{OFFERED}","capabilities":{client_capabilities},"clientInfo":{}}}"#,
            client_info()
        );
        let params = self.clear(METHOD, Payload::from(params)).await?;
        let (own, result) = self.ask(METHOD, &params, Kind::Instructions).await?;
        let members = json::members(result.text()).map_err(|fault| nonsense(METHOD, fault))?;
        let protocol = members.string("protocolVersion").unwrap_or_default();
        if !HANDSHAKE_VERSIONS.contains(&protocol.as_str()) {
            let understood = HANDSHAKE_VERSIONS.join(", ");
            return Err(nonsense(
                METHOD,
                format!("{}; this gateway understands {understood}", named(&protocol)),
            ));
        }
        self.session
            .notify("notifications/initialized", &Cleared::constant("{}"))
            .await;
        Ok(Greeting::new(protocol, &own, &result))
    }

    /// What a server of 2026-07-28 says of itself, within `patience`; from then on the session is one with such a server.
    async fn discover(&self, client_capabilities: &str, patience: Duration) -> Result<Greeting, NotReady> {
        const METHOD: &str = "server/discover";
        let of_request = [
            (meta::VERSION, format!(r#""{STATELESS_VERSION}""#)),
            (meta::CLIENT_INFO, client_info().to_string()),
            (meta::CAPABILITIES, client_capabilities.to_owned()),
        ];
        let mut params = Cleared::constant("{}");
        let mut known = Vec::new();
        for (name, value) in of_request {
            let value = self.clear(METHOD, Payload::from(value)).await?;
            params = params.with_meta(name, &value);
            known.push((name, value));
        }
        let asker = Asker { patience, ..*self };
        let ask = || asker.ask(METHOD, &params, Kind::Instructions);
        let (own, result) = match ask().await {
            // It may have been another version that it did not like before.
            Err(NotReady::Error { error, .. }) if names_version(&error) => ask().await?,
            answered => answered?,
        };
        let members = json::members(result.text()).map_err(|fault| nonsense(METHOD, fault))?;
        let versions: Vec<String> = members
            .raw("supportedVersions")
            .and_then(|raw| serde_json::from_str(raw).ok())
            .unwrap_or_default();
        if !versions.iter().any(|version| version == STATELESS_VERSION) {
            return Err(nonsense(METHOD, format!("versions {}", versions.join(", "))));
        }
        let greeting = Greeting::new(STATELESS_VERSION.to_owned(), &own, &result);
        self.session.without_handshake(known, Cleared::constant(NEWS));
        Ok(greeting)
    }
}

/// A version of a server's, if it is no more than that: a model reads this as the gateway's own words.
fn named(version: &str) -> String {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    match version.len() <= LONGEST_VERSION && !version.is_empty() && version.bytes().all(is_sign) {
        true => format!("protocol version `{version}`"),
        false => "a protocol version that is none".to_owned(),
    }
}

/// Whether an error says that 2026-07-28 is spoken after all.
fn names_version(error: &str) -> bool {
    let error: serde_json::Value = serde_json::from_str(error).unwrap_or_default();
    let supported = error["data"]["supported"].as_array();
    error["code"] == code::UNSUPPORTED_VERSION
        && supported.is_some_and(|supported| supported.iter().any(|version| version == STATELESS_VERSION))
}

/// Who the gateway is for servers.
fn client_info() -> serde_json::Value {
    json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")})
}
