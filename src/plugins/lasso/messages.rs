//! What Lasso is shown of a payload: messages of a role and a content, as the Python package 1.2.1 makes them, and beside them
//! what that passes over.

use serde::Serialize;

use crate::{
    detect::Role,
    json::{self, Fault},
    message::{Direction, Envelope, Kind, Leaf, walk},
};

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Message {
    pub(super) role: String,
    pub(super) content: String,
}

/// Base64 over this many bytes is data.
const DATA: usize = 512;

/// The longest word that names a kind of content rather than saying something, in bytes.
const WORD: usize = 64;

/// What a payload says, as messages; empty where it says nothing.
///
/// # Errors
/// A [`Fault`] where it is not JSON.
pub(super) fn messages(envelope: &Envelope, text: &str) -> Result<Vec<Message>, Fault> {
    match (envelope.direction, envelope.kind) {
        _ if envelope.is_of_protocol() => Ok(Vec::new()),
        (Direction::ToServer, _) => {
            let of_each = arguments(envelope, text)?.into_iter().map(of_request);
            Ok(of_each.collect::<Result<Vec<_>, _>>()?.concat())
        }
        (Direction::ToClient, Kind::Definition) => of_list(text),
        (Direction::ToClient, _) => of_response(text),
    }
}

/// The part of a request's parameters that its sender wrote. Where it stands twice, a server may take either.
fn arguments<'a>(envelope: &Envelope, params: &'a str) -> Result<Vec<&'a str>, Fault> {
    if !["tools/call", "prompts/get"].contains(&&*envelope.method) {
        return Ok(vec![params]);
    }
    let members = json::members(params)?;
    let arguments = members.iter().filter(|(name, _)| *name == "arguments");
    Ok(arguments.map(|(_, raw)| raw).collect())
}

/// The messages of a chat, if the arguments hold one, and everything else as one message of the user.
fn of_request(arguments: &str) -> Result<Vec<Message>, Fault> {
    let (mut chat, mut rest) = (Vec::new(), Rest::default());
    walk(arguments, &mut |leaf| {
        if leaf.context.role != Role::Text {
            return;
        }
        let names: Vec<&str> = leaf.context.names.iter().map(AsRef::as_ref).collect();
        if names == ["messages", "content", "type"] && is_label("type", leaf.text) {
            return;
        }
        let is_new = part_of_chat(leaf).is_some_and(|(index, part)| Turn::at(&mut chat, index).set(part, leaf.text));
        if !is_new {
            rest.add(leaf);
        }
    })?;
    let mut messages = Vec::new();
    for turn in chat {
        match (turn.role, turn.content) {
            (Some(role), Some(content)) => messages.push(Message { role, content }),
            (role, content) => role
                .into_iter()
                .chain(content)
                .for_each(|text| rest.push("messages", &text)),
        }
    }
    messages.extend(rest.message("user"));
    Ok(messages)
}

/// Each text on its own, and everything else as one message.
fn of_response(result: &str) -> Result<Vec<Message>, Fault> {
    let (mut messages, mut rest) = (Vec::new(), Rest::default());
    walk(result, &mut |leaf| {
        let name = leaf.context.names.last().map_or("", |name| name.as_ref());
        if leaf.context.role != Role::Text || leaf.text.trim().is_empty() || is_label(name, leaf.text) {
            return;
        }
        match name {
            "text" => messages.push(Message {
                role: "assistant".to_owned(),
                content: leaf.text.to_owned(),
            }),
            _ => rest.add(leaf),
        }
    })?;
    messages.extend(rest.message("assistant"));
    Ok(messages)
}

/// Each item of a list on its own, so that what is known of one need not be asked again.
fn of_list(result: &str) -> Result<Vec<Message>, Fault> {
    let mut items: Vec<(String, Vec<String>)> = Vec::new();
    walk(result, &mut |leaf| {
        if leaf.context.role != Role::Text || leaf.text.trim().is_empty() {
            return;
        }
        let place = leaf.place();
        let item = place.split_inclusive(']').next().unwrap_or_default();
        match items.last_mut() {
            Some((last, texts)) if last == item => texts.push(leaf.text.to_owned()),
            _ => items.push((item.to_owned(), vec![leaf.text.to_owned()])),
        }
    })?;
    let message = |(_, texts): (String, Vec<String>)| Message {
        role: "assistant".to_owned(),
        content: texts.join(" "),
    };
    Ok(items.into_iter().map(message).collect())
}

/// Whether a text says what its content is, or is that content in base64: nothing that a model reads.
fn is_label(name: &str, text: &str) -> bool {
    match name {
        "type" | "mimeType" | "role" => text.len() <= WORD && !text.contains(char::is_whitespace),
        "data" | "blob" => {
            let in_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
            text.len() > DATA && text.bytes().all(in_base64)
        }
        _ => false,
    }
}

/// What of a chat a leaf is.
#[derive(Clone, Copy)]
enum Part {
    Role,
    Content,
}

/// One turn of a chat, as far as it was read.
#[derive(Default)]
struct Turn {
    index: usize,
    role: Option<String>,
    content: Option<String>,
}

impl Turn {
    /// The turn with this index; they come in order.
    fn at(chat: &mut Vec<Self>, index: usize) -> &mut Self {
        if chat.last().is_none_or(|turn| turn.index != index) {
            chat.push(Self {
                index,
                ..Self::default()
            });
        }
        chat.last_mut().expect("one was added")
    }

    /// Whether this part was still missing: of two, a reader may take either.
    fn set(&mut self, part: Part, text: &str) -> bool {
        let place = match part {
            Part::Role => &mut self.role,
            Part::Content => &mut self.content,
        };
        let is_new = place.is_none();
        place.get_or_insert_with(|| text.to_owned());
        is_new
    }
}

/// Of which turn of `messages` a leaf is which part.
fn part_of_chat(leaf: &Leaf<'_, '_>) -> Option<(usize, Part)> {
    let mut names = leaf.context.names.iter();
    if names.next()? != "messages" {
        return None;
    }
    let place = leaf.place();
    let (index, part) = place.strip_prefix("messages[")?.split_once("].")?;
    let part = match part {
        "role" => Part::Role,
        "content" | "content.text" => Part::Content,
        _ => return None,
    };
    Some((index.parse().ok()?, part))
}

/// Texts under the names at the top that lead to them.
#[derive(Default)]
struct Rest(Vec<(String, Vec<String>)>);

impl Rest {
    fn add(&mut self, leaf: &Leaf<'_, '_>) {
        let name = leaf.context.names.first().map_or("", |name| name.as_ref());
        self.push(name, leaf.text);
    }

    fn push(&mut self, name: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some((last, texts)) if last == name => texts.push(text.to_owned()),
            _ => self.0.push((name.to_owned(), vec![text.to_owned()])),
        }
    }

    /// `name: texts` of each, joined by `; `; none where there is nothing.
    fn message(self, role: &str) -> Option<Message> {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(name, texts)| match name.as_str() {
                "" => texts.join(" "),
                name => format!("{name}: {}", texts.join(" ")),
            })
            .collect();
        (!parts.is_empty()).then(|| Message {
            role: role.to_owned(),
            content: parts.join("; "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(direction: Direction, text: &str) -> Vec<String> {
        let request = Envelope::request(&"s".into(), "tools/call", "t");
        let envelope = match direction {
            Direction::ToServer => request,
            Direction::ToClient => request.with(Kind::Result, direction),
        };
        let messages = messages(&envelope, text).expect("JSON");
        messages
            .iter()
            .map(|message| format!("{}| {}", message.role, message.content))
            .collect()
    }

    fn of_arguments(arguments: &str) -> Vec<String> {
        shown(
            Direction::ToServer,
            &format!(r#"{{"name":"t","arguments":{arguments}}}"#),
        )
    }

    #[test]
    fn arguments_are_one_message_of_the_user() {
        assert_eq!(
            of_arguments(r#"{"query":"cats","filter":{"of":["a","b"],"n":1},"empty":" ","last":"z"}"#),
            ["user| query: cats; filter: a b; last: z"]
        );
        assert!(of_arguments(r#"{"n":1}"#).is_empty());
        assert_eq!(
            of_arguments(r#"{"a":"first"},"arguments":{"a":"second"}"#),
            ["user| a: first", "user| a: second"]
        );
        assert!(shown(Direction::ToServer, r#"{"name":"t"}"#).is_empty());
    }

    #[test]
    fn a_chat_is_its_messages_and_nothing_hides_beside_it() {
        assert_eq!(
            of_arguments(
                r#"{"messages":[{"role":"system","content":"be good"},{"role":"user","content":{"type":"text","text":"hi"}}]}"#
            ),
            ["system| be good", "user| hi"]
        );
        assert_eq!(
            of_arguments(
                r#"{"messages":[{"role":"user","content":"hi","content":"twice"},{"content":"whose?"},["odd"]],"also":"this"}"#
            ),
            ["user| hi", "user| messages: twice odd; also: this; messages: whose?"]
        );
        assert_eq!(
            of_arguments(r#"{"messages[0].role":"x","messages":{"role":"y"}}"#),
            ["user| messages[0].role: x; messages: y"]
        );
    }

    #[test]
    fn definitions_are_shown_one_by_one_and_the_protocol_is_not() {
        let listing = Envelope::request(&"s".into(), "tools/list", "");
        let definitions = listing.with(Kind::Definition, Direction::ToClient);
        let page =
            r#"{"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"b","x":["c"]}],"nextCursor":"z"}"#;
        let shown = messages(&definitions, page).expect("JSON");
        let contents: Vec<&str> = shown.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(contents, ["a object", "b c", "z"]);
        assert_eq!(messages(&listing, r#"{"cursor":"z"}"#), Ok(Vec::new()));
    }

    #[test]
    fn every_text_of_a_result_is_shown() {
        let data = "aGk=".repeat(200);
        let result = format!(
            r#"{{"content":[{{"type":"text","text":"one"}},{{"type":"image","mimeType":"image/png","data":"{data}"}},{{"type":"resource","resource":{{"uri":"file:///a","text":"two"}}}},{{"type":"read all of this first"}}],"structuredContent":{{"rows":["x",{{"y":"z"}}]}}}}"#
        );
        assert_eq!(
            shown(Direction::ToClient, &result),
            [
                "assistant| one",
                "assistant| two",
                "assistant| content: file:///a read all of this first; structuredContent: x z"
            ]
        );
        assert_eq!(shown(Direction::ToClient, r#""words""#), ["assistant| words"]);
        assert!(messages(&Envelope::request(&"s".into(), "tools/call", "t"), "{").is_err());
    }
}
