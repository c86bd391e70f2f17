//! A call as it is kept: masked, measured and priced.

use super::{
    prices::{Charge, Prices},
    record::Ended,
    tokens,
};
use crate::{
    clock,
    digest::{hex, sha256},
    guard::Fate,
    json::{self, Members, Token},
    mask::{Masker, apply},
};

/// The longest error that is kept, in bytes. What it is about stands in the content as well.
const LONGEST_ERROR: usize = 1000;

/// A call that has ended.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// A UUID.
    pub(super) id: String,
    /// When it began, in microseconds since 1970.
    pub(super) at: i64,
    pub(super) server: String,
    pub(super) method: String,
    /// The tool, the prompt or the URI.
    pub(super) name: String,
    /// In microseconds.
    pub(super) took: i64,
    /// The part of it that was the gateway's, in microseconds.
    pub(super) overhead: i64,
    pub(super) outcome: &'static str,
    pub(super) error: Option<String>,
    /// The arguments as JSON; `None` where they were not sent.
    pub(super) arguments: Option<String>,
    /// The `traceparent` that the client sent along.
    pub(super) parent: Option<String>,
    /// The result, or else the error, as JSON.
    pub(super) answer: Option<Result<String, String>>,
    pub(super) request_bytes: i64,
    pub(super) response_bytes: i64,
    pub(super) tokens_in: i64,
    pub(super) tokens_out: i64,
    pub(super) charge: Charge,
}

impl Call {
    /// What is kept of a call.
    pub(super) fn of(ended: &Ended, id: String, masker: &Masker, prices: &Prices) -> Self {
        let envelope = &ended.begun.envelope;
        let params = ended.sent.as_ref().map(|sent| masked(sent.text(), masker));
        let members = params
            .as_deref()
            .and_then(|params| json::members(params).ok())
            .unwrap_or_default();
        let arguments = match &*envelope.method {
            "tools/call" | "prompts/get" => params
                .as_ref()
                .map(|_| members.raw("arguments").unwrap_or("{}").to_owned()),
            _ => params.clone(),
        };
        let meta = members
            .raw("_meta")
            .and_then(|meta| json::members(meta).ok())
            .unwrap_or_default();
        let answer = ended.answer.as_ref().map(|answer| match answer {
            Ok(result) => Ok(masked(result.text(), masker)),
            Err(error) => Err(masked(error.text(), masker)),
        });
        let size = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let given = match &ended.answer {
            Some(Ok(payload) | Err(payload)) => payload.bytes().len(),
            None => 0,
        };
        let error = error_of(answer.as_ref());
        let tokens_in = arguments.as_deref().map_or(0, tokens::count);
        let tokens_out = answer.as_ref().map_or(0, tokens_of);
        let (server, name) = (masker.masked(&envelope.server), masker.masked(&envelope.name));
        Self {
            id,
            at: clock::micros(ended.begun.at),
            took: clock::in_micros(ended.took),
            overhead: clock::in_micros(ended.took.saturating_sub(ended.waited)),
            outcome: outcome(ended.fate, error.is_some()),
            charge: prices.charge(&server, &name, ended.sent.is_some(), tokens_in, tokens_out),
            server: server.into_owned(),
            method: envelope.method.to_string(),
            name: name.into_owned(),
            error,
            arguments,
            parent: meta.string("traceparent"),
            answer,
            request_bytes: ended.sent.as_ref().map_or(0, |sent| size(sent.bytes().len())),
            response_bytes: size(given),
            tokens_in,
            tokens_out,
        }
    }

    /// Tells apart calls with other arguments than these; the same for the same ones.
    pub(super) fn digest(&self) -> Option<String> {
        Some(hex(&sha256(self.arguments.as_ref()?)[..16]))
    }
}

/// The word for what became of a call.
fn outcome(fate: Fate, is_error: bool) -> &'static str {
    match fate {
        Fate::Answered if is_error => "error",
        Fate::Answered => "ok",
        Fate::Failed => "failed",
        Fate::Refused => "refused",
        Fate::Cancelled => "cancelled",
    }
}

/// A cleared JSON text without the secrets that the engine of `basic` finds in it.
pub(super) fn masked(text: &str, masker: &Masker) -> String {
    match masker.json(text) {
        Ok(hits) => apply(text, &hits),
        // What the chain cleared is JSON; whatever this is, it is not kept.
        Err(_) => "null".to_owned(),
    }
}

/// What went wrong, in the words of whoever said it.
fn error_of(answer: Option<&Result<String, String>>) -> Option<String> {
    let words = match answer? {
        Err(error) => json::members(error)
            .ok()?
            .string("message")
            .unwrap_or_else(|| error.clone()),
        Ok(result) => {
            let members = json::members(result).ok()?;
            if members.raw("isError") != Some("true") {
                return None;
            }
            texts(&members).join("\n")
        }
    };
    Some(words[..words.floor_char_boundary(LONGEST_ERROR)].to_owned())
}

/// The tokens that an answer takes from a model's context.
fn tokens_of(answer: &Result<String, String>) -> i64 {
    match answer {
        Err(error) => tokens::count(error),
        Ok(result) => {
            let members = json::members(result).unwrap_or_default();
            let texts = texts(&members);
            match texts.is_empty() {
                true => members.raw("structuredContent").map_or(0, tokens::count),
                false => texts.iter().map(|text| tokens::count(text)).sum(),
            }
        }
    }
}

/// The texts of a result: of a tool, a prompt or a resource.
fn texts(members: &Members<'_>) -> Vec<String> {
    let items = items(members);
    items
        .iter()
        .filter_map(|item| {
            let item = json::members(item).ok()?;
            let inner = item.raw("resource").and_then(|resource| json::members(resource).ok());
            item.raw("text")
                .or_else(|| inner?.raw("text"))
                .map(|text| decoded(text).unwrap_or_default())
        })
        .collect()
}

/// The content items of a result as written; those of a prompt's messages, and the contents of a resource.
pub(super) fn items<'a>(members: &Members<'a>) -> Vec<&'a str> {
    let list = |name: &str| {
        members
            .raw(name)
            .and_then(|list| json::items(list).ok())
            .unwrap_or_default()
    };
    let of_messages = list("messages").into_iter().map(|message| {
        let inner = json::members(message).ok().and_then(|message| message.raw("content"));
        inner.filter(|content| content.starts_with('{')).unwrap_or(message)
    });
    list("content")
        .into_iter()
        .chain(of_messages)
        .chain(list("contents"))
        .collect()
}

/// The text of a JSON string, or any other value as it is written; `None` for null.
pub(super) fn decoded(raw: &str) -> Option<String> {
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        _ if raw == "null" => None,
        None => Some(raw.to_owned()),
        Some(inner) => {
            let token = Token {
                raw: inner,
                span: 0..raw.len(),
                escaped: inner.contains('\\'),
            };
            Some(json::decode(&token).into_owned())
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A call of a tool that was answered with this.
    pub(in crate::trace) fn call(arguments: &str, answer: Result<&str, &str>) -> Call {
        let answer = answer.map(str::to_owned).map_err(str::to_owned);
        Call {
            id: "0190-1".into(),
            at: 1_745_757_296_123_456,
            server: "files".into(),
            method: "tools/call".into(),
            name: "read".into(),
            took: 2000,
            overhead: 150,
            outcome: "ok",
            error: error_of(Some(&answer)),
            arguments: Some(arguments.into()),
            parent: None,
            request_bytes: 10,
            response_bytes: 20,
            tokens_in: 3,
            tokens_out: tokens_of(&answer),
            answer: Some(answer),
            charge: Charge::default(),
        }
    }

    #[test]
    fn an_error_is_in_the_words_of_whoever_said_it() {
        let error = |answer| call("{}", answer).error;
        assert_eq!(error(Ok(r#"{"content":[{"type":"text","text":"fine"}]}"#)), None);
        assert_eq!(
            error(Ok(
                r#"{"isError":true,"content":[{"type":"text","text":"no \"a\""},{"type":"image"}]}"#
            ))
            .as_deref(),
            Some("no \"a\"")
        );
        assert_eq!(error(Err(r#"{"code":-1,"message":"gone"}"#)).as_deref(), Some("gone"));
    }

    #[test]
    fn tokens_are_those_of_what_the_model_reads() {
        tokens::load();
        let tokens = |answer| call("{}", Ok(answer)).tokens_out;
        let text = r#"{"content":[{"type":"text","text":"Hello, world!"}],"structuredContent":{"a":"Hello, world!"}}"#;
        assert_eq!(tokens(text), 4);
        assert_eq!(
            tokens(r#"{"messages":[{"role":"user","content":{"type":"text","text":"Hello, world!"}}]}"#),
            4
        );
        assert_eq!(
            tokens(r#"{"content":[{"type":"resource","resource":{"text":"Hello, world!"}}]}"#),
            4
        );
        assert!(tokens(r#"{"content":[],"structuredContent":{"a":1}}"#) > 0);
        assert_eq!(tokens(r#"{"content":[{"type":"image","data":"AAAA"}]}"#), 0);
    }

    #[test]
    fn a_value_is_its_text() {
        assert_eq!(decoded(r#""a\n\ud800""#).as_deref(), Some("a\n\u{fffd}"));
        assert_eq!(decoded("1.0").as_deref(), Some("1.0"));
        assert_eq!(decoded(r#"{"a":[1]}"#).as_deref(), Some(r#"{"a":[1]}"#));
        assert_eq!(decoded("null"), None);
    }
}
