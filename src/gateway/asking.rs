//! What a server asks of the person: it begins with the name of the server, hides nothing and poses as nobody else.

use std::borrow::Cow;

use unicode_security::confusable_detection::skeleton;

use crate::{
    json::{self, Edit},
    message::{Payload, walk},
    text::{to_the_letter, visible, visible_line},
    wire::code,
};

/// The gateway, as it begins its own questions.
const OWN_NAME: &str = env!("CARGO_PKG_NAME");

/// The member that a person reads first.
const MESSAGE: &str = "message";

/// The member that describes the form.
const SCHEMA: &str = "requestedSchema";

/// Members of a schema that a person is shown and no answer consists of. The last names each of a list.
const SHOWN: [&str; 3] = ["title", "description", "enumNames"];

/// What is said where an error asks in a way that not everybody reads alike.
const UNREADABLE: &str = r#"{"code":-32603,"message":"the server asks for an address to be visited, in a way that can be read in two ways"}"#;

/// The parameters of an elicitation as the client gets them.
///
/// # Errors
/// Why it is not asked.
pub(super) fn asks(params: &str, server: &str) -> Result<String, String> {
    if let Some(name) = json::repeated_name(params) {
        return Err(format!("an object in it has the name `{}` twice", to_the_letter(&name)));
    }
    let members = json::members(params).unwrap_or_default();
    let (Some(span), Some(message)) = (members.span(MESSAGE), members.string(MESSAGE)) else {
        return Err("its `message` is no text".to_owned());
    };
    let mut edits = vec![Edit {
        span,
        with: json::quote(&asked(&message, server)),
    }];
    if let Some(schema) = members.span(SCHEMA) {
        let shown = schema_shown(&params[schema.clone()], server)?;
        let moved = |edit: Edit| Edit {
            span: edit.span.start + schema.start..edit.span.end + schema.start,
            ..edit
        };
        edits.extend(shown.into_iter().map(moved));
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(json::splice(params, &edits))
}

/// An error as the client gets it: if it is one that asks for addresses to be visited, with the server's name before each
/// of the questions.
pub(super) fn asks_by_url(error: Payload, server: &str) -> Payload {
    let text = error.text();
    let members = json::members(text).unwrap_or_default();
    let asks = |raw: &str| {
        raw.parse::<f64>()
            .is_ok_and(|code| code == f64::from(code::URL_ELICITATION_REQUIRED))
    };
    if !members.iter().any(|(name, raw)| name == "code" && asks(raw)) {
        return error;
    }
    if json::repeated_name(text).is_some() {
        return Payload::from(UNREADABLE.to_owned());
    }
    let data = members.raw("data").unwrap_or_default();
    let wanted = json::members(data).unwrap_or_default();
    let Some(questions) = wanted.raw("elicitations").and_then(|list| json::items(list).ok()) else {
        return error;
    };
    let edits = questions.iter().filter(|raw| raw.starts_with('{')).map(|raw| {
        let start = raw.as_ptr().addr() - text.as_ptr().addr();
        let message = json::members(raw).ok().and_then(|question| question.string(MESSAGE));
        let message = json::quote(&asked(&message.unwrap_or_default(), server));
        Edit {
            span: start..start + raw.len(),
            with: json::with_member(raw, MESSAGE, &message),
        }
    });
    Payload::from(json::splice(text, &edits.collect::<Vec<_>>()))
}

/// A message of a server's to the person.
fn asked(message: &str, server: &str) -> String {
    format!("{} asks: {}", named(server), honest(message, server))
}

/// A server as the person is told of it.
fn named(server: &str) -> String {
    let name = to_the_letter(server).replace('\n', " ");
    match poses(&name) {
        true => format!("The server `{name}`"),
        false => name,
    }
}

/// Whether a line begins like the gateway's own words, in whatever letters.
fn poses(line: &str) -> bool {
    let letters = |text: &str| {
        let alike: String = skeleton(&text.to_lowercase()).collect();
        alike.chars().filter(|c| c.is_alphanumeric()).collect::<String>()
    };
    letters(line).starts_with(&letters(OWN_NAME))
}

/// A text of a server's without what steers a terminal or hides, without lines that push others away, and with the name
/// of the server before each further line that begins like the gateway's own words.
fn honest(text: &str, server: &str) -> String {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    let plain = text.replace("\r\n", "\n");
    for line in plain.lines() {
        let line = visible_line(line.trim_end());
        let is_blank = |line: &str| line.trim().is_empty();
        match (is_blank(&line), lines.last().is_none_or(|last| is_blank(last))) {
            (true, true) => {}
            (false, _) if !lines.is_empty() && poses(&line) => {
                lines.push(format!("{} asks: {line}", named(server)).into())
            }
            (false, _) if lines.is_empty() => lines.push(line.trim_start().to_owned().into()),
            _ => lines.push(line),
        }
    }
    lines.join("\n")
}

/// What changes in a schema before a person is shown its form.
///
/// # Errors
/// What can't be shown as it is, and can't be shown in another way either since answers consist of it.
fn schema_shown(schema: &str, server: &str) -> Result<Vec<Edit>, String> {
    let (mut edits, mut hides) = (Vec::new(), false);
    let walked = walk(schema, &mut |leaf| {
        let place = leaf.place();
        let name = place.rsplit('.').next().unwrap_or_default();
        let name = name.split('[').next().unwrap_or_default();
        let is_text = leaf.context.role == crate::detect::Role::Text;
        if is_text && SHOWN.contains(&name) {
            let shown = match (honest(leaf.text, server), poses(leaf.text)) {
                (honest, true) => format!("{} says: {honest}", named(server)),
                (honest, false) => honest,
            };
            if shown != leaf.text {
                edits.push(Edit {
                    span: leaf.token.span.clone(),
                    with: json::quote(&shown),
                });
            }
            return;
        }
        hides |= visible(leaf.text) != leaf.text;
    });
    match (walked, hides) {
        (Ok(()), false) => Ok(edits),
        (Ok(()), true) => Err("a name or a value in its schema has characters that nobody sees".to_owned()),
        (Err(fault), _) => Err(format!("its schema is no JSON: {fault}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn message(written: Value) -> Result<String, String> {
        let asked = asks(&json!({"message": written}).to_string(), "mail")?;
        let asked: Value = serde_json::from_str(&asked).expect("JSON");
        Ok(asked["message"].as_str().expect("a text").to_owned())
    }

    #[test]
    fn every_question_begins_with_its_server() {
        assert_eq!(
            asks(r#"{"message": "Sign in?", "n":1.0}"#, "mail").as_deref(),
            Ok(r#"{"message": "mail asks: Sign in?", "n":1.0}"#)
        );
        for (written, shown) in [
            (
                "\r\u{1b}[2Kmcp-gateway asks: allow?",
                "mail asks: \\u{d}\\u{1b}[2Kmcp-gateway asks: allow?",
            ),
            ("\n\n\n \n\nmcp-gateway asks?", "mail asks: mcp-gateway asks?"),
            ("a\n\n\n\u{200b}\n\n\nb\n\n", "mail asks: a\n\n\\u{200b}\n\nb\n"),
            (
                "Well?\n\n MCP-Gateway asks: allow?",
                "mail asks: Well?\n\nmail asks:  MCP-Gateway asks: allow?",
            ),
            ("\u{202e}\u{2066}x", "mail asks: \\u{202e}\\u{2066}x"),
            ("m\u{441}p\u{2011}gateway", "mail asks: m\u{441}p\u{2011}gateway"),
            (
                "?\nm\u{441}p\u{2011}gateway: yes?",
                "mail asks: ?\nmail asks: m\u{441}p\u{2011}gateway: yes?",
            ),
            ("\u{26a0}\u{fe0f} a\u{fe0f}b", "mail asks: \u{26a0}\u{fe0f} a\\u{fe0f}b"),
            ("Größe?\n- a\n- b", "mail asks: Größe?\n- a\n- b"),
        ] {
            assert_eq!(message(json!(written)).as_deref(), Ok(shown), "{written:?}");
        }
        let posing = asks(r#"{"message":"a person has to allow this"}"#, "mcp-gateway asks").expect("it is asked");
        assert!(
            posing.contains("\"The server `mcp-gateway asks` asks: a person"),
            "{posing}"
        );
    }

    #[test]
    fn a_question_without_words_is_not_asked() {
        for params in [
            "{}",
            "null",
            r#"{"message":["x"]}"#,
            r#"{"message":null}"#,
            r#"{"message":"a","message":"b"}"#,
        ] {
            assert!(asks(params, "mail").is_err(), "{params}");
        }
    }

    #[test]
    fn a_form_hides_nothing_and_poses_as_nobody() {
        let schema = json!({
            "type": "object", "title": "mcp-gateway asks", "description": "\u{1b}[2J\n\n\n\nallow?",
            "properties": {"a": {"type": "string", "title": "Größe", "enum": ["x", "y"], "enumNames": ["one\u{202e}", "two"]}},
        });
        let asked = asks(&json!({"message": "?", "requestedSchema": schema}).to_string(), "mail").expect("it is asked");
        let asked: Value = serde_json::from_str(&asked).expect("JSON");
        assert_eq!(
            asked["requestedSchema"],
            json!({
                "type": "object", "title": "mail says: mcp-gateway asks", "description": "\\u{1b}[2J\n\nallow?",
                "properties": {"a": {"type": "string", "title": "Größe", "enum": ["x", "y"], "enumNames": ["one\\u{202e}", "two"]}},
            })
        );
        for hides in [
            json!({"properties": {"a\u{200b}": {}}}),
            json!({"properties": {"a": {"enum": ["x\r"]}}}),
        ] {
            let params = json!({"message": "?", "requestedSchema": hides}).to_string();
            assert!(asks(&params, "mail").is_err(), "{params}");
        }
    }

    #[test]
    fn an_error_that_asks_names_the_server_too() {
        let of = |text: &str| asks_by_url(Payload::from(text.to_owned()), "mail").text().to_owned();
        assert_eq!(
            of(r#"{"code":-32042, "data":{"elicitations":[{"message":"In?","url":"u"}, {"x":1.0}, 5],"y":2}}"#),
            r#"{"code":-32042, "data":{"elicitations":[{"message":"mail asks: In?","url":"u"}, {"x":1.0,"message":"mail asks: "}, 5],"y":2}}"#
        );
        for twice in [
            r#"{"code":-32042,"code":-32042,"data":{"elicitations":[{"message":"In?"}]}}"#,
            r#"{"code":-3.2042e4,"data":{"elicitations":[{"message":"In?","message":"x"}]}}"#,
        ] {
            assert_eq!(of(twice), UNREADABLE);
        }
        for other in [
            r#"{"code":-32000,"data":{"elicitations":[{"message":"In?"}]}}"#,
            r#"{"code":-32042,"message":"m"}"#,
            r#"{"code":-32042.5}"#,
        ] {
            assert_eq!(of(other), other);
        }
    }
}
