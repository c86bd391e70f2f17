//! What servers send of their own accord, on its way to the client, and what the client tells every server.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;

use super::{
    Caller, Gateway, INPUTS, asking,
    client::{Addressee, NoAnswer, declared},
    labels,
    relay::{Destination, ProgressRelay, progress_token},
};
use crate::{
    guard::{Cleared, Refusal},
    json,
    message::{Direction, Envelope, Kind, Payload},
    upstream::{Answer, Inbound, Progress, Server},
    wire::code,
};

/// A request of a server's that is more than passed on.
struct Special {
    method: &'static str,
    /// What a guardrail knows the question and its answer as.
    kind: Kind,
    /// The answer where the client does not offer this, if there is a better one than an error.
    otherwise: Option<&'static str>,
    /// Whether a person is shown it: then it says which server asks.
    is_shown: bool,
}

const SPECIAL: &[Special] = &[
    Special {
        method: "sampling/createMessage",
        kind: Kind::Sampling,
        otherwise: None,
        is_shown: false,
    },
    Special {
        method: "elicitation/create",
        kind: Kind::Elicitation,
        otherwise: None,
        is_shown: true,
    },
    // Some servers hang where they get no answer, and others end where they get an error.
    Special {
        method: "roots/list",
        kind: Kind::Arguments,
        otherwise: Some(r#"{"roots":[]}"#),
        is_shown: false,
    },
];

/// The notifications of MCP, in every version. Any other is some server's own word, and may hold anything.
const NOTIFICATIONS: [&str; 10] = [
    "notifications/cancelled",
    "notifications/elicitation/complete",
    "notifications/initialized",
    "notifications/message",
    "notifications/progress",
    "notifications/prompts/list_changed",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
    "notifications/roots/list_changed",
    "notifications/tools/list_changed",
];

/// A server's request, ready for the client.
struct Question {
    number: u64,
    /// The server's own token for the progress of it.
    token: Option<String>,
    params: Cleared,
}

/// Why a server's request has no answer of the client's.
struct Unasked {
    /// As in JSON-RPC.
    code: i32,
    why: String,
}

impl From<Refusal> for Unasked {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: code::INTERNAL_ERROR,
            why: refusal.to_string(),
        }
    }
}

/// What one server sends of its own accord.
pub(super) struct FromServer {
    pub(super) server: Arc<Server>,
    /// The gateway owns the fleet, and the fleet this.
    pub(super) gateway: Weak<Gateway>,
}

#[async_trait]
impl Inbound for FromServer {
    async fn request(&self, name: Option<&str>, method: &str, params: Payload) -> Result<Cleared, Cleared> {
        match self.gateway.upgrade() {
            Some(gateway) => gateway.ask_client(&self.server, name, method, params).await,
            None => Err(Cleared::constant(
                r#"{"code":-32603,"message":"the gateway is ending"}"#,
            )),
        }
    }

    async fn notification(&self, method: &str, params: Payload) {
        if let Some(gateway) = self.gateway.upgrade() {
            gateway.tell_client(&self.server, method, params).await;
        }
    }
}

impl Gateway {
    /// Puts a server's request to the client. What the client did not declare it is not asked.
    async fn ask_client(
        &self,
        server: &Arc<Server>,
        name: Option<&str>,
        method: &str,
        params: Payload,
    ) -> Result<Cleared, Cleared> {
        let special = SPECIAL.iter().find(|special| special.method == method);
        let (addressee, capabilities) = self.client.addressee(&server.name);
        if !offered(&capabilities, method, &params) {
            return match special.and_then(|special| special.otherwise) {
                Some(answer) => Ok(Cleared::constant(answer)),
                None => Err(self
                    .error_for(server, method, code::METHOD_NOT_FOUND, "the client does not offer this")
                    .await),
            };
        }
        let envelope = Envelope {
            direction: Direction::ToClient,
            kind: special.map_or(Kind::Arguments, |special| special.kind),
            ..Envelope::request(&server.name, method, "")
        };
        let asked = match self.question(&envelope, special, params).await {
            Ok(question) => self.put_to_client(server, name, &envelope, addressee, question).await,
            Err(unasked) => Err(unasked),
        };
        match asked {
            Ok(answer) => answer,
            Err(Unasked { code, why }) => Err(self.error_for(server, method, code, &why).await),
        }
    }

    /// A server's request as the client gets it.
    async fn question(
        &self,
        envelope: &Envelope,
        special: Option<&Special>,
        params: Payload,
    ) -> Result<Question, Unasked> {
        let (server, method) = (&envelope.server, &*envelope.method);
        if special.is_none() && !self.chain.spares(envelope, method).await {
            tracing::warn!(%server, "refused a request whose method holds what is masked");
            let why = "the method holds what may not be sent".to_owned();
            return Err(Unasked {
                code: code::METHOD_NOT_FOUND,
                why,
            });
        }
        let number = self.client.number();
        let mut text = params.text().to_owned();
        let token = progress_token(&text).map(|(span, token)| {
            text.replace_range(span, &number.to_string());
            token
        });
        if special.is_some_and(|special| special.is_shown) {
            text = asking::asks(&text, server).map_err(|why| {
                tracing::warn!(%server, method, "refused a question to the person: {why}");
                Unasked {
                    code: code::INVALID_PARAMS,
                    why,
                }
            })?;
        }
        let params = self.chain.clear(envelope, Payload::from(text)).await?;
        Ok(Question { number, token, params })
    }

    /// Puts a question to the client, and clears its answer for the server.
    async fn put_to_client(
        &self,
        server: &Arc<Server>,
        name: Option<&str>,
        envelope: &Envelope,
        addressee: Addressee,
        Question { number, token, params }: Question,
    ) -> Result<Result<Cleared, Cleared>, Unasked> {
        let progress = token.zip(server.session()).map(|(token, session)| {
            Arc::new(ProgressRelay {
                to: Destination::Server(session),
                chain: self.chain.clone(),
                envelope: envelope.with(Kind::Notification, Direction::ToServer),
                token,
            }) as Arc<dyn Progress>
        });
        let (method, patience) = (&*envelope.method, server.config.call_timeout);
        let answer = match addressee {
            Addressee::Request(caller) => self.ask_within(&caller, envelope, name, params, patience).await,
            Addressee::Connection => self.client.request(number, method, &params, patience, progress).await,
            Addressee::Nobody => Err(NoAnswer::Gone),
        };
        let answer = answer.map_err(|none| {
            tracing::warn!(server = %server.name, method, "{none}");
            Unasked {
                code: code::INTERNAL_ERROR,
                why: none.to_string(),
            }
        })?;
        let kind = match (&answer, envelope.kind) {
            (Ok(_), Kind::Arguments) => Kind::Result,
            (Ok(_), kind) => kind,
            (Err(_), _) => Kind::Error,
        };
        let to_server = envelope.with(kind, Direction::ToServer);
        Ok(match answer {
            Ok(result) => Ok(self.chain.clear(&to_server, result).await?),
            Err(error) => Err(self.chain.clear(&to_server, error).await?),
        })
    }

    /// Puts a server's request to the client by way of the client's own.
    async fn ask_within(
        &self,
        caller: &Caller,
        envelope: &Envelope,
        name: Option<&str>,
        asked: Cleared,
        patience: Duration,
    ) -> Result<Answer, NoAnswer> {
        let Some(method) = INPUTS.into_iter().find(|method| *method == &*envelope.method) else {
            return Err(NoAnswer::Unaskable);
        };
        let name = match name {
            None => caller.name_of_question(),
            Some(name) => {
                let cleared = self.chain.clear(envelope, Payload::from(json::quote(name))).await;
                cleared.map_err(|_| NoAnswer::Unaskable)?
            }
        };
        caller.ask(name, method, asked, patience).await
    }

    /// Tells the client what a server tells.
    async fn tell_client(&self, server: &Arc<Server>, method: &str, params: Payload) {
        let params = match method {
            "notifications/message" => Payload::from(labels::named(params.text(), "logger", &server.name)),
            "notifications/resources/updated" => self.as_shown(&server.name, params),
            _ => params,
        };
        let envelope = Envelope {
            direction: Direction::ToClient,
            kind: Kind::Notification,
            ..Envelope::request(&server.name, method, "")
        };
        if !self.may_be_told(&envelope).await {
            return;
        }
        match self.chain.clear(&envelope, params).await {
            Ok(params) => self.client.notify(&server.name, method, &params).await,
            Err(refusal) => tracing::warn!(server = %server.name, method, "dropped a notification: {refusal}"),
        }
    }

    /// Tells servers what the client tells: of progress on a request the server that made it, of everything else each
    /// server that runs.
    pub async fn tell_servers(&self, method: &str, params: Payload) {
        if method == "notifications/progress" {
            return self.client.progressed(params).await;
        }
        for server in self.fleet.servers().iter() {
            let Some(session) = server.session() else { continue };
            let envelope = Envelope::request(&server.name, method, "").with(Kind::Notification, Direction::ToServer);
            if !self.may_be_told(&envelope).await {
                continue;
            }
            match self.chain.clear(&envelope, params.clone()).await {
                Ok(params) => session.tell(method, &params),
                Err(refusal) => tracing::warn!(server = %server.name, method, "dropped a notification: {refusal}"),
            }
        }
    }

    /// Whether a notification's method may be sent: it is one of the protocol's, or holds nothing that is masked.
    async fn may_be_told(&self, envelope: &Envelope) -> bool {
        let may = NOTIFICATIONS.contains(&&*envelope.method) || self.chain.spares(envelope, &envelope.method).await;
        if !may {
            tracing::warn!(server = %envelope.server, "dropped a notification whose method holds what is masked");
        }
        may
    }

    /// Parameters whose `uri` is the one under which the client knows the resource.
    fn as_shown(&self, server: &str, params: Payload) -> Payload {
        let members = json::members(params.text()).unwrap_or_default();
        let directory = self.directory();
        let shown = members.string("uri").and_then(|own| directory.shown(server, &own));
        match (members.span("uri"), shown) {
            (Some(span), Some(shown)) => {
                let edit = json::Edit {
                    span,
                    with: json::quote(shown),
                };
                Payload::from(json::splice(params.text(), &[edit]))
            }
            _ => params,
        }
    }

    /// An error for a server, in the gateway's own words.
    async fn error_for(&self, server: &Arc<Server>, method: &str, code: i32, message: &str) -> Cleared {
        let envelope = Envelope::request(&server.name, method, "").with(Kind::Error, Direction::ToServer);
        let error = Payload::from(json!({"code": code, "message": message}));
        self.chain.own_words(&envelope, error).await
    }
}

/// Whether the client declared what this request needs. A method belongs to the capability before its slash.
fn offered(capabilities: &str, method: &str, params: &Payload) -> bool {
    let capability = method.split_once('/').map_or(method, |(capability, _)| capability);
    let mode = || json::members(params.text()).ok()?.string("mode");
    // A client that declares elicitation and says no more of it shows forms.
    let by_url = method == "elicitation/create" && mode().as_deref() == Some("url");
    if by_url {
        declared(capabilities, &[capability, "url"])
    } else {
        declared(capabilities, &[capability])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_asked_only_what_it_declared() {
        let asked = |method: &str, params: &str| {
            let capabilities = r#"{"elicitation":{},"sampling":{"tools":{}},"roots":null}"#;
            offered(capabilities, method, &Payload::from(params.to_owned()))
        };
        assert!(asked("elicitation/create", "{}") && asked("sampling/createMessage", "{}"));
        assert!(!asked("elicitation/create", r#"{"mode":"url"}"#));
        assert!(!asked("roots/list", "{}") && !asked("vendor/thing", "{}"));
        let (with_urls, by_url) = (r#"{"elicitation":{"url":{}},"vendor":{}}"#, r#"{"mode":"url"}"#);
        assert!(offered(
            with_urls,
            "elicitation/create",
            &Payload::from(by_url.to_owned())
        ));
        assert!(offered(with_urls, "vendor/thing", &Payload::from("{}".to_owned())));
    }
}
