//! What a judge may not change of a message: what is called, what kind of answer it is, and the types that others rely on.

use serde_json::Value;

use crate::{json, message::Kind};

/// Members that stay as they are. By them is told what is called and what an answer means: whoever decided before, and the
/// record, went by them.
const FIXED: [&str; 7] = [
    "name",
    "uri",
    "ref",
    "resultType",
    "inputRequests",
    "requestState",
    "nextCursor",
];

/// The same of requests: how they are to be answered.
const FIXED_IN_REQUESTS: [&str; 2] = ["_meta", "task"];

/// Members that do not vanish: a result without them is none.
const NEEDED: [&str; 5] = ["content", "contents", "messages", "completion", "message"];

/// Whether `after` is what a judge may make of `before`.
///
/// # Errors
/// What it may not have done, in words that follow "answered with".
pub(super) fn changed(of: Kind, before: &str, after: &str) -> Result<(), &'static str> {
    if type_of(before) != type_of(after) {
        return Err("a `payload` of another type than it was given");
    }
    let (Ok(old), Ok(new)) = (json::members(before), json::members(after)) else {
        return Ok(());
    };
    let value = |raw: Option<&str>| raw.and_then(|raw| serde_json::from_str::<Value>(raw).ok());
    let of_request: &[&str] = if of == Kind::Arguments { &FIXED_IN_REQUESTS } else { &[] };
    let mut fixed = FIXED.iter().chain(of_request);
    if fixed.any(|name| value(old.raw(name)) != value(new.raw(name))) {
        return Err("a `payload` that changes what is called or what its answer means, which stays as it was");
    }
    if NEEDED
        .iter()
        .any(|name| old.raw(name).is_some() && new.raw(name).is_none())
    {
        return Err("a `payload` that lacks what it was given");
    }
    let is_alike = |(name, value): (&str, &str)| match (name, old.raw(name)) {
        // What the server gets has to be an object, also where it got none before.
        ("arguments", _) => type_of(value) == '{',
        (_, Some(old)) => type_of(value) == type_of(old),
        (_, None) => true,
    };
    match new.iter().all(is_alike) {
        true => Ok(()),
        false => Err("a `payload` with a member of another type than it was given"),
    }
}

/// The type of a JSON text, as its first character.
fn type_of(text: &str) -> char {
    match text.trim_ascii_start().chars().next().unwrap_or_default() {
        '-' | '0'..='9' => '0',
        't' | 'f' => 't',
        first => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judge_changes_what_is_sent_and_not_what_is_called() {
        let call = r#"{"name":"echo","arguments":{"n":1},"_meta":{"progressToken":1}}"#;
        let read = r#"{"uri":"file:///a"}"#;
        let complete = r#"{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"b"}}"#;
        let result = r#"{"content":[{"type":"text","text":"x"}],"isError":false}"#;
        for (before, after) in [
            (
                call,
                r#"{ "_meta": {"progressToken": 1}, "name": "\u0065cho", "arguments": {} }"#,
            ),
            (call, r#"{"name":"echo","_meta":{"progressToken":1}}"#),
            (
                complete,
                r#"{"ref":{"name":"p","type":"ref/prompt"},"argument":{"name":"a","value":"c"}}"#,
            ),
            (result, r#"{"content":[],"isError":true,"structuredContent":{}}"#),
            (r#""text""#, r#""other""#),
        ] {
            assert_eq!(changed(Kind::Arguments, before, after), Ok(()), "{after}");
        }
        for (before, after, says) in [
            (
                call,
                r#"{"name":"danger","arguments":{},"_meta":{"progressToken":1}}"#,
                "what is called",
            ),
            (call, "{}", "what is called"),
            (
                call,
                r#"{"name":5,"arguments":{},"_meta":{"progressToken":1}}"#,
                "what is called",
            ),
            (
                call,
                r#"{"name":"echo","arguments":{},"_meta":{"progressToken":2}}"#,
                "what is called",
            ),
            (
                call,
                r#"{"name":"echo","arguments":[1],"_meta":{"progressToken":1}}"#,
                "another type",
            ),
            (
                call,
                r#"{"name":"echo","arguments":{},"task":{},"_meta":{"progressToken":1}}"#,
                "what is called",
            ),
            (read, r#"{"uri":"file:///b"}"#, "what is called"),
            (
                complete,
                r#"{"ref":{"type":"ref/prompt","name":"q"},"argument":{"name":"a","value":"b"}}"#,
                "what is called",
            ),
            (result, r#"{"content":"x"}"#, "another type"),
            (result, r#"{"isError":false}"#, "lacks"),
            (
                result,
                r#"{"content":[],"resultType":"input_required"}"#,
                "what its answer means",
            ),
            (result, "[]", "another type"),
        ] {
            let error = changed(Kind::Arguments, before, after).expect_err(after);
            assert!(error.contains(says), "{after}: {error}");
        }
        let (before, after) = (r#"{"content":[],"_meta":{"a":1}}"#, r#"{"content":[],"_meta":{}}"#);
        assert_eq!(
            changed(Kind::Result, before, after),
            Ok(()),
            "what others are told may be less"
        );
    }
}
