//! Clients of 2026-07-28: no handshake, each request says what it needs; nothing reaches the client but answers and what it
//! asked for. Requests become those that the gateway knows, and its answers become this version's.

mod envelope;
mod listen;
mod rounds;

use serde_json::json;

use self::{envelope::Request, rounds::Call};
pub(super) use self::{envelope::is_stateless, rounds::Rounds};
use super::{Connection, requests};
use crate::{
    gateway::{Asked, Caller},
    guard::Cleared,
    json,
    message::{Kind, Payload},
    sync::lock,
    wire::{
        Frame, Id, code,
        era::{self, STATELESS_VERSION, meta},
    },
};

/// Methods of earlier versions that this one has not.
const REMOVED: [&str; 5] = [
    "initialize",
    "ping",
    "logging/setLevel",
    "resources/subscribe",
    "resources/unsubscribe",
];

/// Methods whose results say how long they may be kept.
const CACHEABLE: [&str; 6] = [
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
];

/// What a server answered, which is no question: what servers ask is asked in their names.
fn asks_nothing(result: Cleared) -> Cleared {
    let members = json::members(result.text()).unwrap_or_default();
    let asks = |(name, raw): (&str, &str)| {
        name == "resultType" && serde_json::from_str::<String>(raw).is_ok_and(|word| word == "input_required")
    };
    if members.iter().any(asks) {
        return result.with_member("resultType", &Cleared::word("complete"));
    }
    result
}

impl Connection {
    /// Answers a request of this version.
    pub(super) async fn answer_stateless(&self, id: &Id, method: &str, params: &Payload) -> Frame {
        let request = match Request::read(params) {
            Ok(request) => request,
            Err(amiss) => {
                let error = self.gateway.own_words(method, Kind::Error, amiss.error()).await;
                return Frame::error(Some(id), &error);
            }
        };
        self.gateway.client().declares_with_each_request(&request.capabilities);
        let answer = match method {
            "server/discover" => Ok(self.discovered().await),
            "subscriptions/listen" => return self.listen(id, &request).await,
            _ if REMOVED.contains(&method) => {
                let message = format!("{STATELESS_VERSION} has no `{method}`");
                let error = json!({"code": code::METHOD_NOT_FOUND, "message": message});
                Err(self.gateway.own_words(method, Kind::Error, error).await)
            }
            _ => self.answer_in_rounds(method, request).await,
        };
        match answer {
            Ok(result) => Frame::result(id, &self.of_this_version(method, result)),
            Err(error) => Frame::error(Some(id), &error_of_this_version(error)),
        }
    }

    /// What the gateway is, in answer to `server/discover`.
    async fn discovered(&self) -> Cleared {
        let result = json!({
            "supportedVersions": [STATELESS_VERSION],
            "capabilities": requests::capabilities(),
            "instructions": requests::INSTRUCTIONS,
        });
        self.gateway.own_words("server/discover", Kind::Result, result).await
    }

    /// Answers a request, or asks for what is missing; a request that brings it is answered further.
    async fn answer_in_rounds(&self, method: &str, request: Request) -> Asked {
        if let Some(state) = &request.state {
            return match self.rounds.resume(state, method, &request) {
                Ok(call) => self.rounds.advance(call).await,
                Err(amiss) => {
                    let error = json!({"code": code::INVALID_PARAMS, "message": amiss});
                    Err(self.gateway.own_words(method, Kind::Error, error).await)
                }
            };
        }
        let capabilities = Payload::from(request.capabilities.clone());
        let capabilities = self.gateway.own_payload(method, Kind::Arguments, capabilities).await;
        if let Some(level) = &request.log_level {
            self.wish_for_logs(level).await;
        }
        let log_level = request.log_level.as_deref().and_then(era::log_level);
        let (caller, questions) = Caller::new(capabilities, log_level);
        caller.set_progress_token(request.progress_token());
        let answering = {
            let (gateway, method, params) = (self.gateway.clone(), method.to_owned(), request.params.clone());
            let answering = async move { gateway.answer(&method, &params).await.map(asks_nothing) };
            Box::pin(caller.clone().scope(answering))
        };
        let call = Call::new(method, request, caller, questions, answering);
        self.rounds.advance(call).await
    }

    /// Lets servers that are told so by a request of their own log from this level on.
    async fn wish_for_logs(&self, level: &str) {
        {
            let mut wished = lock(&self.log_level);
            if wished.as_deref() == Some(level) {
                return;
            }
            *wished = Some(level.to_owned());
        }
        let params = Payload::from(json!({"level": level}));
        // A level that does not exist is not wished for.
        let _ = self.gateway.answer("logging/setLevel", &params).await;
    }

    /// A result with what this version says of each. What a server said of its own stays.
    fn of_this_version(&self, method: &str, result: Cleared) -> Cleared {
        let info = Cleared::constant(concat!(
            r#"{"name":""#,
            env!("CARGO_PKG_NAME"),
            r#"","version":""#,
            env!("CARGO_PKG_VERSION"),
            r#""}"#
        ));
        let mut result = result
            .with_default("resultType", &Cleared::word("complete"))
            .with_default_meta(meta::SERVER_INFO, &info);
        if CACHEABLE.contains(&method) {
            // What servers offer may change at any time, and what they say may be for this user alone.
            result = result
                .with_default("ttlMs", &Cleared::constant("0"))
                .with_default("cacheScope", &Cleared::word("private"));
        }
        result
    }
}

/// An error with the code that this version has for it.
fn error_of_this_version(error: Cleared) -> Cleared {
    let of_earlier = |raw: &str| raw.parse() == Ok(code::RESOURCE_NOT_FOUND);
    let members = crate::json::members(error.text()).unwrap_or_default();
    match members.raw("code").is_some_and(of_earlier) {
        true => error.with_member("code", &Cleared::constant("-32602")),
        false => error,
    }
}
