//! The entries of a file as they were written: what a person is shown before they let the file start anything.
//!
//! What is shown is what was written, not what it comes to here and now: an entry that can't be used yet, or whose
//! variables have other values where a client starts the gateway, is shown all the same. The digest of the file holds it
//! to that.

use std::path::Path;

use serde_json::Value;

use super::own::Own;
use super::raw::Field;
use super::source::{Node, Source};
use crate::text::visible_line;

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A gateway's own entry.
    Gateway,
    /// The entry of a server.
    Server,
}

/// One entry as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is of.
    pub part: Part,
    /// Its name, as it was written.
    pub name: String,
    /// The entry as a JSON pointer into the file.
    pub pointer: String,
    /// Everything in it as JSON without blanks, each member as often as it was written; without the servers of a gateway.
    pub json: String,
    /// Whether it takes variables from a file.
    pub has_env_file: bool,
}

/// Names only: a secret may stand in any value.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written")
            .field("part", &self.part)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// All entries that a gateway of this file may use, whichever of several gateways is asked for.
pub(super) fn entries(own: &Own<'_>) -> Vec<Written> {
    let mut written = Vec::new();
    for (name, node) in &own.gateways {
        written.push(entry(Part::Gateway, name, node));
        let servers = node.get("servers").and_then(|servers| servers.members());
        let servers = servers.into_iter().flatten();
        written.extend(servers.map(|(name, node)| entry(Part::Server, name, &node)));
    }
    if own.gateways.iter().all(|(_, node)| node.get("servers").is_none()) {
        written.extend(own.servers.iter().map(|(name, node)| entry(Part::Server, name, node)));
    }
    written
}

fn entry(part: Part, name: &str, node: &Node<'_>) -> Written {
    let servers = node.get("servers").filter(|_| part == Part::Gateway);
    let mut json = String::new();
    write(node, servers.as_ref(), &mut json);
    let members = node.members().unwrap_or_default();
    Written {
        part,
        name: name.to_owned(),
        pointer: node.pointer.clone(),
        json,
        has_env_file: members.iter().any(|(key, _)| Field::of(key) == Some(Field::EnvFile)),
    }
}

/// A value as JSON, less the member `without`.
fn write(node: &Node<'_>, without: Option<&Node<'_>>, json: &mut String) {
    if let Some(members) = node.members() {
        json.push('{');
        let is_left_out = |member: &Node<'_>| without.is_some_and(|without| without.span() == member.span());
        let kept = members.iter().filter(|(_, member)| !is_left_out(member));
        for (at, (name, member)) in kept.enumerate() {
            json.push_str(if at == 0 { "" } else { "," });
            json.push_str(&Value::from(*name).to_string());
            json.push(':');
            write(member, None, json);
        }
        json.push('}');
    } else if let Some(items) = node.items() {
        json.push('[');
        for (at, item) in items.iter().enumerate() {
            json.push_str(if at == 0 { "" } else { "," });
            write(item, None, json);
        }
        json.push(']');
    } else if let Some(text) = node.text() {
        json.push_str(&Value::from(text).to_string());
    } else {
        json.push_str(&node.scalar().unwrap_or("null".into()));
    }
}

/// The members of an object of JSON as lines that can be read in one way only: one value a line, every text in quotes,
/// what nobody sees as an escape. `None` for what is no object.
pub fn lines(json: &str) -> Option<Vec<String>> {
    let source = Source::parse(Path::new(""), json.as_bytes()).ok()?;
    let mut lines = Vec::new();
    for (name, member) in source.root()?.members()? {
        line(&format!("{}:", key(name)), &member, 0, &mut lines);
    }
    Some(lines)
}

fn line(head: &str, node: &Node<'_>, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let (members, items) = (node.members(), node.items());
    match (&members, &items) {
        (Some(members), _) if !members.is_empty() => lines.push(format!("{indent}{head}")),
        (_, Some(items)) if !items.is_empty() => lines.push(format!("{indent}{head}")),
        (Some(_), _) => lines.push(format!("{indent}{head} {{}}")),
        (_, Some(_)) => lines.push(format!("{indent}{head} []")),
        _ => {
            let value = match node.text() {
                Some(text) => literal(text),
                None => node.scalar().unwrap_or("null".into()).into_owned(),
            };
            lines.push(format!("{indent}{}", format!("{head} {value}").trim_start()));
        }
    }
    for (name, member) in members.into_iter().flatten() {
        line(&format!("{}:", key(name)), &member, depth + 1, lines);
    }
    for item in items.into_iter().flatten() {
        let is_plain = item.members().is_none() && item.items().is_none();
        let head = if is_plain { "" } else { "-" };
        line(head, &item, depth + 1, lines);
    }
}

/// A name, in quotes unless it is a plain word.
fn key(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if !name.is_empty() && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        literal(name)
    }
}

/// Blanks in a row from which on they are counted rather than printed: enough of them push what follows out of sight.
const BLANKS: usize = 8;

/// A text in quotes. A backslash begins an escape: `\\`, `\"`, `\n`, `\t`, `\u{…}`, or `\x20{9}` for nine blanks.
fn literal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let length = if blanks == 0 { c.len_utf8() } else { blanks };
        match c {
            ' ' if blanks < BLANKS => shown.push_str(&rest[..blanks]),
            ' ' => shown.push_str(&format!("\\x20{{{blanks}}}")),
            '\\' => shown.push_str("\\\\"),
            '"' => shown.push_str("\\\""),
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            c if c.is_whitespace() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
        rest = &rest[length..];
    }
    format!("\"{}\"", visible_line(&shown))
}

#[cfg(test)]
mod tests {
    use super::super::testing::config;
    use super::*;

    #[test]
    fn a_value_can_be_read_in_one_way_only() {
        for (text, shown) in [
            ("plain", r#""plain""#),
            ("a b", r#""a b""#),
            ("", r#""""#),
            ("x\", \"y", r#""x\", \"y""#),
            ("a\u{1b}[2K\r\u{202e}b", r#""a\u{1b}[2K\u{d}\u{202e}b""#),
            ("a\\u{1b}\n\t", r#""a\\u{1b}\n\t""#),
            ("a\u{a0}\u{3000}b", r#""a\u{a0}\u{3000}b""#),
            ("a         b", r#""a\x20{9}b""#),
        ] {
            assert_eq!(literal(text), shown);
        }
    }

    #[test]
    fn everything_that_was_written_is_shown_one_value_a_line() {
        let json = r#"{"command":"sh","args":["-c","a b",1],"env":{"A b":"x","A b":"y"},"no":[],"none":{},"deep":[{"k":true},[null]]}"#;
        let shown = "command: \"sh\"\nargs:\n  \"-c\"\n  \"a b\"\n  1\nenv:\n  \"A b\": \"x\"\n  \"A b\": \"y\"\nno: []\n\
                     none: {}\ndeep:\n  -\n    k: true\n  -\n    null";
        assert_eq!(lines(json).map(|lines| lines.join("\n")).as_deref(), Some(shown));
        assert_eq!(lines("[]"), None);
    }

    #[test]
    fn every_entry_is_there_whether_it_can_be_used_or_not_and_of_every_gateway() {
        let names = |text: &str| {
            let written = config(text).written;
            let names = written.iter().map(|entry| format!("{:?} {}", entry.part, entry.name));
            names.collect::<Vec<_>>().join(", ")
        };
        let text = r#"{"mcpServers": {"a": {"command": "x", "cwd": "no"}, "b": 1, "a": {"url": ""}, "c": {"command": "x", "disabled": true}}}"#;
        assert_eq!(names(text), "Server a, Server b, Server a, Server c");
        let text = r#"{"mcpServers": {"gw": {"servers": {"a": {"command": "x", "env": {"K": "${NONE}"}}}, "plugins": {"basic": {}}}, "beside": {"command": "x"}}}"#;
        assert_eq!(names(text), "Gateway gw, Server a");
        let written = config(text).written;
        assert_eq!(written[0].json, r#"{"plugins":{"basic":{}}}"#);
        assert_eq!(written[1].json, r#"{"command":"x","env":{"K":"${NONE}"}}"#);
        let text = r#"{"mcpServers": {"one": {"command": "mcp-gateway", "plugins": {}}, "two": {"command": "mcp-gateway"}, "a": {"command": "x"}}}"#;
        assert_eq!(names(text), "Gateway one, Gateway two, Server a");
    }

    #[test]
    fn of_several_gateways_the_others_are_shown_too() {
        let text = r#"{"mcpServers": {"work": {"servers": {"a": {"command": "x"}}}, "play": {"servers": {"b": {"command": "x"}}}}}"#;
        super::super::testing::parsed(text, Some("work"), |config, _| {
            let written = config.expect("a configuration").written;
            let names: Vec<&str> = written.iter().map(|entry| entry.name.as_str()).collect();
            assert_eq!(names, ["work", "a", "play", "b"]);
        });
    }
}
