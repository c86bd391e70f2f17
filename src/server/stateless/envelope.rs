//! What a request of 2026-07-28 says of itself in its parameters, beside what it asks for.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::{Value, json};

use crate::{
    json::{self, Members},
    message::Payload,
    wire::{
        code,
        era::{RESERVED, STATELESS_VERSION, meta},
    },
};

/// Methods that no earlier version has.
const OWN: [&str; 2] = ["server/discover", "subscriptions/listen"];

/// Members of a request's parameters that are about its rounds.
const OF_ROUNDS: [&str; 2] = ["inputResponses", "requestState"];

static NAMES_VERSION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(meta::VERSION));

/// Whether a request is one of this version.
pub(in crate::server) fn is_stateless(method: &str, params: &Payload) -> bool {
    let names_version = |text: &str| {
        let meta = json::members(text).ok()?.raw("_meta")?;
        json::members(meta).ok()?.span(meta::VERSION)
    };
    // Most parameters don't hold the text at all, and some are long.
    OWN.contains(&method) || NAMES_VERSION.find(params.bytes()).is_some() && names_version(params.text()).is_some()
}

/// A request, apart from what it says of itself.
pub(super) struct Request {
    /// Its parameters as earlier versions have them.
    pub(super) params: Payload,
    /// What its client can do, as JSON.
    pub(super) capabilities: String,
    /// The least level of log messages that it wants.
    pub(super) log_level: Option<String>,
    /// What the gateway gave it to be sent with the answers.
    pub(super) state: Option<String>,
    /// What it answers, by the names of the questions. Anything else than an object answers nothing.
    pub(super) responses: Vec<(String, Payload)>,
}

/// What is wrong with what a request says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    /// A member is missing, or not of its type.
    Missing(&'static str),
    /// It is of another version.
    Version(String),
    /// Its state is no string.
    State,
}

impl Request {
    /// Reads the parameters of a request.
    pub(super) fn read(params: &Payload) -> Result<Self, Amiss> {
        let members = json::members(params.text()).unwrap_or_default();
        let own_meta = members.raw("_meta").and_then(|raw| json::members(raw).ok());
        let own_meta = own_meta.ok_or(Amiss::Missing("_meta"))?;
        let version = own_meta.string(meta::VERSION).ok_or(Amiss::Missing(meta::VERSION))?;
        let capabilities = own_meta
            .raw(meta::CAPABILITIES)
            .filter(|raw| raw.starts_with('{') && json::validate(raw).is_ok())
            .ok_or(Amiss::Missing(meta::CAPABILITIES))?;
        if version != STATELESS_VERSION {
            return Err(Amiss::Version(version));
        }
        let state = match members.raw("requestState") {
            None | Some("null") => None,
            Some(_) => Some(members.string("requestState").ok_or(Amiss::State)?),
        };
        let responses = members.raw("inputResponses").and_then(|raw| json::members(raw).ok());
        let responses = responses.iter().flat_map(Members::iter);
        let responses = responses.filter(|(_, raw)| raw.starts_with('{'));
        Ok(Self {
            capabilities: capabilities.to_owned(),
            log_level: own_meta.string(meta::LOG_LEVEL),
            responses: responses
                .map(|(name, raw)| (name.to_owned(), params.part(raw)))
                .collect(),
            state,
            params: Payload::from(as_before(params.text(), &members)),
        })
    }

    /// Its progress token, as JSON.
    pub(super) fn progress_token(&self) -> Option<String> {
        let members = json::members(self.params.text()).ok()?;
        let meta = json::members(members.raw("_meta")?).ok()?;
        meta.raw("progressToken").map(str::to_owned)
    }

    /// Whether it asks for the same as another: a progress token is each request's own.
    pub(super) fn asks_the_same(&self, other: &Payload) -> bool {
        let asked = |params: &Payload| json::without_members(params.text(), |name| name == "_meta");
        asked(&self.params) == asked(other)
    }
}

/// Parameters without what only this version has.
fn as_before(params: &str, members: &Members<'_>) -> String {
    let meta = members.raw("_meta").unwrap_or("{}");
    let meta = json::without_members(meta, |name| name.starts_with(RESERVED));
    let empty = json::members(&meta).is_ok_and(|members| members.iter().next().is_none());
    let dropped = |name: &str| OF_ROUNDS.contains(&name) || empty && name == "_meta";
    let params = json::without_members(params, dropped);
    if empty {
        params
    } else {
        json::with_member(&params, "_meta", &meta)
    }
}

impl Amiss {
    /// The error that answers it.
    pub(super) fn error(&self) -> Value {
        match self {
            Self::Missing(member) => {
                let message = format!("a request of {STATELESS_VERSION} needs `{member}` in its `_meta`");
                json!({"code": code::INVALID_PARAMS, "message": message})
            }
            Self::State => json!({"code": code::INVALID_PARAMS, "message": "`requestState` is no string"}),
            Self::Version(version) => json!({
                "code": code::UNSUPPORTED_VERSION,
                "message": format!("this gateway does not speak version `{version}` without a handshake"),
                "data": {"supported": [STATELESS_VERSION], "requested": version},
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &str = r#""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"roots":{}}"#;

    fn read(params: String) -> Result<Request, Amiss> {
        Request::read(&Payload::from(params))
    }

    #[test]
    fn what_a_request_says_of_itself_is_taken_off() {
        let request = read(format!(
            r#"{{"name":"t","arguments":{{"a": 1.0}},"_meta":{{{META},"progressToken":7}},"requestState":"s","inputResponses":{{"k":{{"x":1}},"n":5}}}}"#
        ))
        .expect("it is one");
        assert_eq!(
            request.params.text(),
            r#"{"name":"t","arguments":{"a": 1.0},"_meta":{"progressToken":7}}"#
        );
        assert_eq!(request.capabilities, r#"{"roots":{}}"#);
        assert_eq!(request.state.as_deref(), Some("s"));
        assert_eq!(request.progress_token().as_deref(), Some("7"));
        let names: Vec<&str> = request.responses.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["k"], "what is no object answers nothing");
        assert!(request.asks_the_same(&Payload::from(r#"{"name":"t","arguments":{"a": 1.0}}"#.to_owned())));
        let bare = read(format!(r#"{{"_meta":{{{META}}}}}"#)).expect("it is one");
        assert_eq!(bare.params.text(), "{}");
    }

    #[test]
    fn what_is_missing_is_named() {
        for (params, amiss) in [
            ("{}".to_owned(), Amiss::Missing("_meta")),
            (r#"{"_meta":{}}"#.to_owned(), Amiss::Missing(meta::VERSION)),
            (
                r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#.to_owned(),
                Amiss::Missing(meta::CAPABILITIES),
            ),
            (
                format!(r#"{{"_meta":{{{}}}}}"#, META.replace("2026-07-28", "v9")),
                Amiss::Version("v9".to_owned()),
            ),
            (format!(r#"{{"_meta":{{{META}}},"requestState":7}}"#), Amiss::State),
        ] {
            assert_eq!(read(params.clone()).err(), Some(amiss), "{params}");
        }
    }

    #[test]
    fn earlier_versions_are_told_apart() {
        let is = |method: &str, params: String| is_stateless(method, &Payload::from(params));
        assert!(is("tools/call", format!(r#"{{"_meta":{{{META}}}}}"#)));
        assert!(is("server/discover", "{}".to_owned()));
        assert!(!is("tools/call", format!(r#"{{"arguments":{{{META}}}}}"#)));
        assert!(!is("tools/call", r#"{"_meta":{"progressToken":1}}"#.to_owned()));
    }
}
