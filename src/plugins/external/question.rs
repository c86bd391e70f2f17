//! What a judge outside is asked, and what it may answer.

use super::kept::changed;
use crate::{
    json,
    message::{Direction, Envelope, Kind, Payload},
    text::in_one_line,
};

/// What a judge says of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It may pass as it is.
    Allow,
    /// It may pass as this JSON text.
    Modify(String),
    /// It must not pass, for this reason.
    Block(String),
}

/// The longest reason that is passed on, in bytes.
const REASON: usize = 2000;

/// One question as a JSON object in one line; the payload stands in it as it is, but for the space between its tokens.
pub(super) fn question(id: u64, envelope: &Envelope, payload: &Payload) -> String {
    let direction = match envelope.direction {
        Direction::ToServer => "to_server",
        Direction::ToClient => "to_client",
    };
    let [server, method, name] = [&envelope.server, &envelope.method, &envelope.name].map(|text| json::quote(text));
    let hints = envelope.hints;
    format!(
        r#"{{"id":{id},"server":{server},"method":{method},"name":{name},"kind":"{}","direction":"{direction}","read_only":{},"destructive":{},"open_world":{},"payload":{}}}"#,
        envelope.kind.word(),
        hints.read_only,
        hints.destructive,
        hints.open_world,
        // In JSON, these two stand between tokens only.
        payload.text().replace(['\n', '\r'], " "),
    )
}

/// The id of the question that a line answers.
pub(super) fn id_of(line: &str) -> Option<u64> {
    json::members(line).ok()?.raw("id")?.parse().ok()
}

/// An answer to a question about `payload`, which is `of` this kind.
///
/// # Errors
/// What it is instead, in words that follow "answered with".
pub(super) fn answer(text: &str, of: Kind, payload: &Payload) -> Result<Answer, &'static str> {
    json::validate(text).map_err(|_| "something that is not JSON")?;
    let members = json::members(text).map_err(|_| "something that is no object")?;
    if json::repeated_name(text).is_some() {
        return Err("an object that has a name twice");
    }
    match members.string("verdict").as_deref() {
        Some("allow") => Ok(Answer::Allow),
        Some("block") => {
            // It is passed on among the gateway's own words.
            let reason = members.string("reason").map(|reason| in_one_line(&reason));
            let reason = reason.filter(|reason| !reason.is_empty());
            let reason = reason.unwrap_or_else(|| "it gave no reason".to_owned());
            Ok(Answer::Block(reason[..reason.floor_char_boundary(REASON)].to_owned()))
        }
        Some("modify") => {
            let written = members.raw("payload").ok_or("`modify` without a `payload`")?;
            changed(of, payload.text(), written)?;
            Ok(Answer::Modify(written.to_owned()))
        }
        _ => Err("no `verdict` of `allow`, `modify` or `block`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str) -> Payload {
        Payload::from(text.to_owned())
    }

    #[test]
    fn a_question_is_one_line_with_the_payload_as_it_is() {
        let envelope = Envelope::request(&"a \"b\"".into(), "tools/call", "t\n");
        let line = question(7, &envelope, &payload("{\n\"n\":1.50,\r\n \"e\":\"\\u00e9\"}"));
        assert_eq!(
            line,
            r#"{"id":7,"server":"a \"b\"","method":"tools/call","name":"t\n","kind":"arguments","direction":"to_server","read_only":false,"destructive":true,"open_world":true,"payload":{ "n":1.50,   "e":"\u00e9"}}"#
        );
        assert_eq!(id_of(&line), Some(7));
    }

    #[test]
    fn an_answer_is_one_of_three() {
        let answered = |text| answer(text, Kind::Arguments, &payload(" {}"));
        assert_eq!(answered(r#"{"id":1,"verdict":"allow"}"#), Ok(Answer::Allow));
        assert_eq!(
            answered(r#"{"verdict":"modify","payload":{"n":1.0}}"#),
            Ok(Answer::Modify(r#"{"n":1.0}"#.to_owned()))
        );
        assert_eq!(
            answered(r#"{"verdict":"block","reason":"no"}"#),
            Ok(Answer::Block("no".to_owned()))
        );
        assert_eq!(
            answered(r#"{"verdict":"block","reason":" \u001b[2J\n\nno\u202e "}"#),
            Ok(Answer::Block("\\u{1b}[2J no\\u{202e}".to_owned()))
        );
        for (text, says) in [
            (r#"{"verdict":"modify","payload":{"n":01}}"#, "not JSON"),
            ("", "not JSON"),
            ("[]", "no object"),
            (r#"{"verdict":"modify"}"#, "without"),
            (r#"{"verdict":"modify","payload":[]}"#, "another type"),
            (r#"{"verdict":"ALLOW"}"#, "no `verdict`"),
            (r#"{"verdict":true}"#, "no `verdict`"),
            (r#"{"verdict":"block","verdict":"allow"}"#, "twice"),
            (r#"{"verdict":"modify","payload":{"a":1,"a":2}}"#, "twice"),
        ] {
            let error = answered(text).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
