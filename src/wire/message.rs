//! The envelope of a JSON-RPC message.

use std::fmt;

use bytes::Bytes;

use crate::{
    json::{self, Fault},
    message::Payload,
};

/// The id of a request as it was written: a string or a number of any size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id(Box<str>);

impl Id {
    /// The id that `raw` is as JSON, if it is one.
    pub fn new(raw: &str) -> Option<Self> {
        let scalar = matches!(raw.as_bytes().first(), Some(b'"' | b'-' | b'0'..=b'9'));
        (scalar && json::validate(raw).is_ok()).then(|| Self(raw.into()))
    }

    /// The id as JSON.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The number that it is, or that a peer wrote as a string or as a float.
    pub fn number(&self) -> Option<u64> {
        let digits = self.0.trim_matches('"');
        digits.strip_suffix(".0").unwrap_or(digits).parse().ok()
    }
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One message. Payloads are as they came: nobody looked inside yet.
#[derive(Debug)]
pub enum Message {
    /// It wants an answer.
    Request {
        /// What the answer has to carry.
        id: Id,
        /// What is asked for.
        method: String,
        /// With what; `{}` where nothing was given.
        params: Payload,
    },
    /// It wants none.
    Notification {
        /// What is told.
        method: String,
        /// With what; `{}` where nothing was given.
        params: Payload,
    },
    /// It is the answer to a request.
    Response {
        /// Which request; `None` in an error about a message that could not be read.
        id: Option<Id>,
        /// The `result`, or else the `error` object.
        outcome: Result<Payload, Payload>,
    },
}

/// A line that is no message.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// Not JSON, or bytes that are not UTF-8.
    #[error("it is not JSON ({0})")]
    NotJson(Fault),
    /// An array: batches ended with protocol version 2025-06-18.
    #[error("it is a batch, which MCP does not have any more")]
    Batch,
    /// JSON, but neither request nor notification nor response. Carries the id if one could be read.
    #[error("it is neither a request nor a notification nor an answer")]
    NoMessage(Option<Id>),
}

/// Reads the envelope of one line.
///
/// # Errors
/// [`Malformed`], where the line is no message.
pub fn read(line: Bytes) -> Result<Message, Malformed> {
    read_text(Payload::try_from(line).map_err(Malformed::NotJson)?)
}

/// [`read`] for a peer whose bytes need not be UTF-8: those that are not are replaced, and whether there were any is
/// told.
///
/// # Errors
/// [`Malformed`], where the line is no message.
pub fn read_lossy(line: Bytes) -> (Result<Message, Malformed>, bool) {
    match Payload::try_from(line.clone()) {
        Ok(payload) => (read_text(payload), false),
        Err(_) => (
            read_text(Payload::from(String::from_utf8_lossy(&line).into_owned())),
            true,
        ),
    }
}

fn read_text(payload: Payload) -> Result<Message, Malformed> {
    let text = payload.text();
    let members = match json::members(text) {
        Ok(members) => members,
        Err(fault) => return Err(amiss(text, fault)),
    };
    let part = |name: &str| members.raw(name).map(|raw| payload.part(raw));
    let id = members.raw("id").and_then(Id::new);
    let null_id = members.raw("id").is_none_or(|raw| raw == "null");
    let Some(method) = members.raw("method") else {
        return match (part("result"), part("error")) {
            (_, Some(error)) if id.is_some() || null_id => Ok(Message::Response {
                id,
                outcome: Err(error),
            }),
            (Some(result), None) if id.is_some() => Ok(Message::Response {
                id,
                outcome: Ok(result),
            }),
            _ => Err(no_message(id, text)),
        };
    };
    let Ok(method) = serde_json::from_str::<String>(method) else {
        return Err(no_message(id, text));
    };
    let params = part("params")
        .filter(|params| params.text() != "null")
        .unwrap_or_else(empty);
    match (id, members.span("id")) {
        (Some(id), _) => Ok(Message::Request { id, method, params }),
        (None, None) => Ok(Message::Notification { method, params }),
        (None, Some(_)) => Err(no_message(None, text)),
    }
}

/// The id of a message of which only the first and the last bytes were kept.
pub fn id_of_ends(head: &[u8], tail: &[u8]) -> Option<Id> {
    let head = String::from_utf8_lossy(head);
    let from_head = json::first_members(&head).raw("id").and_then(Id::new);
    from_head.or_else(|| {
        let tail = String::from_utf8_lossy(tail);
        let (_, after) = tail.rsplit_once("\"id\"")?;
        let value = after.trim_start().strip_prefix(':')?.trim().strip_suffix('}')?;
        Id::new(value.split(',').next()?.trim())
    })
}

/// `{}`.
fn empty() -> Payload {
    Payload::from("{}".to_owned())
}

/// What is wrong with a text that is no object.
fn amiss(text: &str, fault: Fault) -> Malformed {
    match json::validate(text) {
        Err(strict) => Malformed::NotJson(strict),
        Ok(()) if text.trim_start().starts_with('[') => Malformed::Batch,
        Ok(()) if text.trim_start().starts_with('{') => Malformed::NotJson(fault),
        Ok(()) => Malformed::NoMessage(None),
    }
}

/// An object that is no message, if it is JSON at all.
fn no_message(id: Option<Id>, text: &str) -> Malformed {
    match json::validate(text) {
        Err(fault) => Malformed::NotJson(fault),
        Ok(()) => Malformed::NoMessage(id),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(line: &'static str) -> String {
        match read(Bytes::from_static(line.as_bytes())) {
            Ok(Message::Request { id, method, params }) => format!("request {id} {method} {}", params.text()),
            Ok(Message::Notification { method, params }) => format!("notification {method} {}", params.text()),
            Ok(Message::Response { id, outcome }) => match outcome {
                Ok(result) => format!("result {} {}", id.unwrap(), result.text()),
                Err(error) => format!(
                    "error {} {}",
                    id.map_or("-".to_owned(), |id| id.to_string()),
                    error.text()
                ),
            },
            Err(Malformed::NotJson(_)) => "not json".into(),
            Err(Malformed::Batch) => "batch".into(),
            Err(Malformed::NoMessage(id)) => format!("no message {}", id.map_or("-".to_owned(), |id| id.to_string())),
        }
    }

    #[test]
    fn messages_are_told_apart_and_ids_kept_as_written() {
        for (line, want) in [
            (
                r#"{"id":1.50,"method":"m","params":{"a": 1.0}}"#,
                r#"request 1.50 m {"a": 1.0}"#,
            ),
            (
                r#"{"id":18446744073709551616,"method":"m"}"#,
                "request 18446744073709551616 m {}",
            ),
            (r#"{"method":"m","params":null}"#, "notification m {}"),
            (r#"{"id":"1","result":{}}"#, r#"result "1" {}"#),
            (r#"{"id":null,"error":{}}"#, "error - {}"),
            (r#"{"error":{}}"#, "error - {}"),
            (r#"{"id":null,"method":"m"}"#, "no message -"),
            (r#"{"id":[1],"method":"m"}"#, "no message -"),
            (r#"{"id":7,"method":8}"#, "no message 7"),
            (r#"{"id":7}"#, "no message 7"),
            (r#"[{"id":1,"method":"m"}]"#, "batch"),
            ("[", "not json"),
            ("{\"id\":1,", "not json"),
            ("starting on port 3000", "not json"),
            ("42", "no message -"),
        ] {
            assert_eq!(kind(line), want, "{line}");
        }
    }

    #[test]
    fn the_id_of_a_dropped_line_is_read_off_its_ends() {
        let id = |head: &str, tail: &str| id_of_ends(head.as_bytes(), tail.as_bytes()).map(|id| id.to_string());
        assert_eq!(
            id(r#"{"jsonrpc":"2.0","id":"a","result":{"id":9,"#, "").as_deref(),
            Some("\"a\"")
        );
        assert_eq!(
            id(r#"{"result":{"id":9,"#, r#"xx"},"jsonrpc":"2.0", "id" : 5}"#).as_deref(),
            Some("5")
        );
        assert_eq!(id(r#"{"result":"xxx"#, "xxx\"}"), None);
    }

    #[test]
    fn a_peer_may_echo_a_number_as_a_string_or_a_float() {
        for raw in ["12", "\"12\"", "12.0"] {
            assert_eq!(Id::new(raw).unwrap().number(), Some(12), "{raw}");
        }
        assert_eq!(Id::new("\"x\"").unwrap().number(), None);
    }

    /// JSON as it may stand in a message.
    fn value() -> impl Strategy<Value = &'static str> {
        let values = [
            "1",
            "-0",
            "1e400",
            "\"x\"",
            "\"\\u0069d\"",
            "null",
            "{}",
            "[1,{\"id\":2}]",
            "{\"method\":\"in\"}",
            "true",
        ];
        prop::sample::select(values.to_vec())
    }

    proptest! {
        /// Payloads, ids and methods are those that serde_json reads; of a name that stands twice, the last one counts.
        #[test]
        fn a_message_is_what_serde_json_reads(
            members in prop::collection::vec((prop::sample::select(vec!["id", "method", "params", "result", "error", "x"]), value()), 0..6),
            gap in prop::sample::select(vec!["", " ", "\t \r"]),
        ) {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\"{gap}:{gap}{value}")).collect();
            let line = format!("{{{gap}{}{gap}}}", members.join(","));
            let whole: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).expect("it is JSON");
            let same = |name: &str, part: &str| whole.get(name) == serde_json::from_str(part).ok().as_ref();
            match read(Bytes::from(line.clone())) {
                Ok(Message::Request { id, method, params }) => {
                    prop_assert!(same("id", id.raw()) && whole["method"] == method, "{line}");
                    prop_assert!(same("params", params.text()) || params.text() == "{}", "{line}");
                }
                Ok(Message::Notification { method, .. }) => prop_assert!(!whole.contains_key("id") && whole["method"] == method, "{line}"),
                Ok(Message::Response { outcome: Ok(result), .. }) => prop_assert!(same("result", result.text()), "{line}"),
                Ok(Message::Response { outcome: Err(error), .. }) => prop_assert!(same("error", error.text()), "{line}"),
                Err(Malformed::NotJson(_)) => prop_assert!(false, "{line} is JSON"),
                Err(_) => {}
            }
        }
    }
}
