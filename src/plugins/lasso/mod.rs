//! `lasso`: Lasso Security's API judges what masking cannot.

mod messages;

use std::{
    collections::{BTreeSet, HashSet},
    sync::Mutex,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    BuildError, Built, Spec,
    basic::redactor,
    filter::beside,
    http_service::{self, Failure, HttpService, Piece, Sizes, parsed, requests},
    masking::take,
    terms::Terms,
};
use crate::{
    digest::sha256,
    guard::{GuardError, Guardrail, Reason, Stage, Verdict},
    http::is_loopback,
    json::Fault,
    mask::apply,
    message::{Direction, Envelope, Kind, Payload},
    platform::variables,
    sync::lock,
    text::quoted,
};
use messages::{Message, messages};

pub(super) const SPEC: Spec = Spec {
    name: "lasso",
    aliases: &["LassoGuardrailPlugin"],
    about: "asks Lasso Security's API about requests and responses, and stops what violates its policies",
    settings: &[
        "lasso_api_key",
        "conversation_id",
        "user_id",
        "api_base",
        "timeout",
        "concurrency",
        "on_error",
    ],
    build,
};

/// Where the API is, of the Python package 1.2.1.
const API: &str = "https://server.lasso.security/gateway/v3/classify";

/// How much one request shows.
const SIZES: Sizes = Sizes {
    piece: 32 << 10,
    bytes: 64 << 10,
    pieces: 128,
};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// How many definitions are remembered to be clean.
const REMEMBERED: usize = 8192;

struct Lasso {
    service: HttpService,
    api: Url,
    headers: HeaderMap,
    user: Option<String>,
    /// Digests of definitions and instructions that nothing was found in: they are read again and again.
    clean: Mutex<HashSet<[u8; 32]>>,
}

/// The body of a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    messages: &'a [Message],
    message_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
}

/// The part of an answer that counts.
#[derive(Deserialize)]
struct Answer {
    violations_detected: bool,
    /// By name: whether this one was violated.
    deputies: Option<Map<String, Value>>,
}

/// The names of the deputies that were violated; `None` where nothing was.
type Violations = Option<BTreeSet<String>>;

fn build(mut settings: Map<String, Value>) -> Result<Built, BuildError> {
    let key = of_person(&mut settings, "lasso_api_key", "LASSO_API_KEY")?.ok_or_else(|| {
        BuildError(
            "there is no API key: sign up at https://www.lasso.security for one, and put it into `LASSO_API_KEY` in the \
             `env` of the gateway's entry"
                .to_owned(),
        )
    })?;
    let conversation = of_person(&mut settings, "conversation_id", "LASSO_CONVERSATION_ID")?;
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    headers.insert("lasso-api-key", header("the API key", &key)?);
    if let Some(conversation) = conversation {
        headers.insert(
            HeaderName::from_static("lasso-conversation-id"),
            header("the conversation's id", &conversation)?,
        );
    }
    let written: Option<String> = take(&mut settings, "api_base", "an https address")?;
    let api = http_service::address(written.as_deref().unwrap_or(API))
        .filter(|api| api.scheme() == "https" || is_loopback(api))
        .ok_or_else(|| BuildError("`api_base` is no https address: the key would go there in the clear".to_owned()))?;
    let user = of_person(&mut settings, "user_id", "LASSO_USER_ID")?;
    let terms = Terms::take(&mut settings)?;
    let guardrail = Lasso {
        service: HttpService::new("Lasso", SPEC.name, &api, terms, LONGEST)?,
        api,
        headers,
        user,
        clean: Mutex::default(),
    };
    Ok(Built::judge(guardrail))
}

/// A setting, or else the variable of the environment in capital or in small letters. An empty one counts as none.
fn of_person(settings: &mut Map<String, Value>, setting: &str, variable: &str) -> Result<Option<String>, BuildError> {
    let written: Option<String> = take(settings, setting, "text")?;
    let of_environment = || [variable.to_owned(), variable.to_ascii_lowercase()].map(|name| variables::variable(&name));
    let given = written.into_iter().chain(of_environment().into_iter().flatten());
    Ok(given
        .map(|value| value.trim().to_owned())
        .find(|value| !value.is_empty()))
}

fn header(what: &str, value: &str) -> Result<HeaderValue, BuildError> {
    let mut header =
        HeaderValue::try_from(value).map_err(|_| BuildError(format!("{what} holds characters that can't be sent")))?;
    header.set_sensitive(true);
    Ok(header)
}

#[async_trait]
impl Guardrail for Lasso {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn stage(&self) -> Stage {
        Stage::Judge
    }

    fn judges(&self, kind: Kind) -> bool {
        kind != Kind::Notification
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        let (asked, payload) = (envelope.clone(), payload.clone());
        let read = beside(payload.bytes().len(), move || shown(&asked, payload.text())).await?;
        let mut messages = read.map_err(|fault| GuardError(fault.to_string()))?;
        let is_read_again = matches!(envelope.kind, Kind::Definition | Kind::Instructions);
        if is_read_again {
            let clean = self.clean();
            messages.retain(|message| !clean.contains(&digest(message)));
        }
        if messages.is_empty() {
            return Ok(Verdict::Allow);
        }
        match self.service.judge(self.violations(envelope.direction, &messages)).await {
            Ok(Some(deputies)) => Ok(Verdict::Block(Reason(violated(&deputies)))),
            Ok(None) => {
                if is_read_again {
                    self.remember(messages.iter().map(digest));
                }
                Ok(Verdict::Allow)
            }
            Err(failure) => {
                let on_error = self.service.terms().on_error;
                on_error.settle(SPEC.name, self.service.explain(&failure))?;
                Ok(Verdict::Allow)
            }
        }
    }
}

impl Lasso {
    /// What is violated; asks no further once anything is.
    async fn violations(&self, direction: Direction, messages: &[Message]) -> Result<Violations, Failure> {
        let requests = requests(messages.iter().map(|message| message.content.as_str()), SIZES);
        let asked: Vec<_> = requests
            .iter()
            .map(|pieces| self.request(direction, messages, pieces))
            .collect();
        let mut answers = stream::iter(asked).buffer_unordered(self.service.terms().concurrency);
        while let Some(answer) = answers.try_next().await? {
            if answer.is_some() {
                return Ok(answer);
            }
        }
        Ok(None)
    }

    async fn request(
        &self,
        direction: Direction,
        messages: &[Message],
        pieces: &[Piece<'_>],
    ) -> Result<Violations, Failure> {
        let shown: Vec<Message> = pieces
            .iter()
            .map(|piece| Message {
                role: messages[piece.of].role.clone(),
                content: piece.text.to_owned(),
            })
            .collect();
        let question = Question {
            messages: &shown,
            message_type: match direction {
                Direction::ToServer => "PROMPT",
                Direction::ToClient => "COMPLETION",
            },
            user_id: self.user.as_deref(),
        };
        let body = Bytes::from(serde_json::to_vec(&question).expect("texts are JSON"));
        let post = |client: &Client| {
            let post = client.post(self.api.clone()).headers(self.headers.clone());
            post.body(body.clone())
        };
        let answer: Answer = parsed(&self.service.ask(post).await?, "something else than a verdict")?;
        let names = answer.deputies.unwrap_or_default().into_iter();
        let violated = names.filter(|(_, violated)| *violated == true).map(|(name, _)| name);
        Ok(answer.violations_detected.then(|| violated.collect()))
    }

    fn remember(&self, digests: impl Iterator<Item = [u8; 32]>) {
        let mut clean = self.clean();
        if clean.len() >= REMEMBERED {
            clean.clear();
        }
        clean.extend(digests);
    }

    fn clean(&self) -> std::sync::MutexGuard<'_, HashSet<[u8; 32]>> {
        lock(&self.clean)
    }
}

fn digest(message: &Message) -> [u8; 32] {
    sha256(&message.content)
}

/// What Lasso is shown of a payload. Secrets are kept from it, whichever plugins are on.
fn shown(envelope: &Envelope, text: &str) -> Result<Vec<Message>, Fault> {
    let secrets = redactor().json(text)?;
    match secrets.is_empty() {
        true => messages(envelope, text),
        false => messages(envelope, &apply(text, &secrets)),
    }
}

fn violated(deputies: &BTreeSet<String>) -> String {
    if deputies.is_empty() {
        return "Lasso found a violation of its policies in it".to_owned();
    }
    let names: Vec<String> = deputies.iter().map(|name| quoted(name).to_string()).collect();
    format!("Lasso found a violation in it, of {}", names.join(", "))
}
