//! One value of a configuration file changed in place: every other byte stays what it was.

use std::ops::Range;
use std::path::Path;

use super::Blocked;
use super::entry::said;
use super::raw::Field;
use super::source::{Node, Source, SyntaxError};

/// Why a file could not be edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is not JSON any more.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The entry is not there any more.
    #[error("it has no entry at `{0}` any more")]
    Gone(String),
}

/// A stretch of the text, and what stands there instead.
type Edit = (Range<usize>, String);

/// The bytes of a file with `blocked` of the entry at `pointer` set to this value, if it has one of `over` now.
///
/// # Errors
/// The file is not JSON, or has no such entry.
pub fn with_blocked(
    path: &Path,
    bytes: &[u8],
    pointer: &str,
    value: Blocked,
    over: &[Blocked],
) -> Result<Vec<u8>, EditError> {
    let source = Source::parse(path, bytes)?;
    let entry = source.at(pointer).filter(Node::is_object);
    let entry = entry.ok_or_else(|| EditError::Gone(pointer.to_owned()))?;
    let node = blocked(&entry);
    let said = node.as_ref().map_or(Some(Blocked::No), said);
    if !said.is_some_and(|said| over.contains(&said)) {
        return Ok(bytes.to_vec());
    }
    let mark = bytes.len() - source.text().len();
    let mut edited = bytes.to_vec();
    for (span, with) in edits(source.text(), &entry, node.as_ref(), value).into_iter().rev() {
        edited.splice(span.start + mark..span.end + mark, with.into_bytes());
    }
    Ok(edited)
}

/// The value as it is written.
fn written(value: Blocked) -> &'static str {
    match value {
        Blocked::No => "null",
        Blocked::Passed => r#""passed""#,
        Blocked::Blocked => r#""blocked""#,
        Blocked::Skipped => r#""skipped""#,
    }
}

/// The value of `blocked`; of several, the one that is not null counts.
fn blocked<'a>(entry: &Node<'a>) -> Option<Node<'a>> {
    let members = entry.members()?;
    let own = || {
        members
            .iter()
            .filter(|(key, _)| Field::of(key) == Some(Field::Blocked))
            .map(|(_, node)| node)
    };
    own().find(|node| !node.is_null()).or_else(|| own().next()).cloned()
}

/// The edits in the order of their places.
fn edits(text: &str, entry: &Node<'_>, node: Option<&Node<'_>>, value: Blocked) -> Vec<Edit> {
    match (node, entry.members().unwrap_or_default().last()) {
        (Some(node), _) => vec![(node.span(), written(value).to_owned())],
        (None, _) if value == Blocked::No => Vec::new(),
        (None, Some((_, last))) => behind(text, last, entry.span().end - 1, value),
        (None, None) => vec![insertion(
            entry.span().start + 1,
            format!(r#""blocked": {}"#, written(value)),
        )],
    }
}

/// A new member behind the last one, in the style of the object. `end` is the place of the closing bracket.
fn behind(text: &str, last: &Node<'_>, end: usize, value: Blocked) -> Vec<Edit> {
    let tail = Tail::read(&text[last.span().end..end]);
    let colon = colon(&text[last.start()..last.span().start]);
    let member = format!(r#""blocked"{colon}{}"#, written(value));
    let value_end = last.span().end;
    let Some(line_end) = tail.line_end else {
        let gap = if colon == ":" { "" } else { " " };
        return match tail.comma {
            Some(comma) => vec![insertion(value_end + comma + 1, format!("{gap}{member},"))],
            None => vec![insertion(value_end, format!(",{gap}{member}"))],
        };
    };
    let line = &text[text[..last.start()].rfind('\n').map_or(0, |newline| newline + 1)..last.start()];
    let indent: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let newline = if text[value_end + line_end..].starts_with('\r') {
        "\r\n"
    } else {
        "\n"
    };
    let place = value_end + line_end;
    match tail.comma {
        Some(_) => vec![insertion(place, format!("{newline}{indent}{member},"))],
        None => vec![
            insertion(value_end, ",".to_owned()),
            insertion(place, format!("{newline}{indent}{member}")),
        ],
    }
}

fn insertion(at: usize, text: String) -> Edit {
    (at..at, text)
}

/// What stands between a key and its value: `: ` where that is anything but blanks around a colon.
fn colon(key: &str) -> &str {
    let gap = key.rfind('"').map_or("", |quote| &key[quote + 1..]);
    if gap.trim_matches([' ', '\t']) == ":" {
        gap
    } else {
        ": "
    }
}

/// What follows the last value of an object.
#[derive(Default)]
struct Tail {
    /// The place of a comma behind it.
    comma: Option<usize>,
    /// Where its line ends, comments behind it included; `None` if the bracket stands on it too.
    line_end: Option<usize>,
}

impl Tail {
    fn read(text: &str) -> Self {
        let mut tail = Self::default();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let comment = [("//", "\n"), ("/*", "*/")]
                .into_iter()
                .find(|(start, _)| rest.starts_with(start));
            if let Some((start, end)) = comment {
                let length = rest[start.len()..]
                    .find(end)
                    .map_or(rest.len(), |found| start.len() + found);
                // The line goes on behind the end of a block, and ends with that of a line.
                at += if end == "*/" {
                    (length + end.len()).min(rest.len())
                } else {
                    length - usize::from(rest[..length].ends_with('\r'))
                };
                continue;
            }
            let c = rest.chars().next().unwrap_or_default();
            match c {
                '\n' => tail.line_end = tail.line_end.or(Some(at)),
                '\r' if rest.starts_with("\r\n") => tail.line_end = tail.line_end.or(Some(at)),
                ',' => tail.comma = Some(at),
                _ => {}
            }
            at += c.len_utf8();
        }
        // A comma on a later line than the value: the new member goes behind it.
        if let (Some(comma), Some(line_end)) = (tail.comma, tail.line_end) {
            tail.line_end = Some(line_end.max(comma + 1));
        }
        tail
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gap, parsed};
    use super::*;
    use proptest::prelude::*;

    const PLACE: &str = "/mcpServers/it";
    const ANY: &[Blocked] = &[Blocked::No, Blocked::Passed, Blocked::Blocked, Blocked::Skipped];

    fn set(entry: &str, value: Blocked) -> String {
        let text = format!(r#"{{"mcpServers": {{"it": {entry}}}}}"#);
        let edited = with_blocked(Path::new("f"), text.as_bytes(), PLACE, value, ANY).expect("it can be edited");
        let edited = String::from_utf8(edited).expect("text");
        let inner = edited
            .strip_prefix(r#"{"mcpServers": {"it": "#)
            .and_then(|rest| rest.strip_suffix("}}"));
        inner.expect("nothing around it changes").to_owned()
    }

    #[test]
    fn a_value_that_is_there_is_replaced() {
        for (before, after) in [
            (
                r#"{"command": "x", "blocked": null}"#,
                r#"{"command": "x", "blocked": "passed"}"#,
            ),
            (
                r#"{"Blocked" :"blocked" , "command":"x"}"#,
                r#"{"Blocked" :"passed" , "command":"x"}"#,
            ),
            (
                r#"{"blocked": /* why */ "blocked" // so
                , "command": "x"}"#,
                r#"{"blocked": /* why */ "passed" // so
                , "command": "x"}"#,
            ),
            (
                r#"{"blocked": null, "blocked": "blocked", "command": "x"}"#,
                r#"{"blocked": null, "blocked": "passed", "command": "x"}"#,
            ),
        ] {
            assert_eq!(set(before, Blocked::Passed), after);
        }
        assert_eq!(set(r#"{"blocked": "blocked"}"#, Blocked::No), r#"{"blocked": null}"#);
    }

    #[test]
    fn a_value_that_is_missing_is_added_in_the_style_of_the_entry() {
        for (before, after) in [
            (r#"{"command": "x"}"#, r#"{"command": "x", "blocked": "passed"}"#),
            (
                r#"{"command":"x","args":[]}"#,
                r#"{"command":"x","args":[],"blocked":"passed"}"#,
            ),
            (r#"{ "command": "x", }"#, r#"{ "command": "x", "blocked": "passed", }"#),
            (
                "{\n\t\"command\": \"x\"\n}",
                "{\n\t\"command\": \"x\",\n\t\"blocked\": \"passed\"\n}",
            ),
            (
                "{\r\n  \"command\": \"x\",\r\n}",
                "{\r\n  \"command\": \"x\",\r\n  \"blocked\": \"passed\",\r\n}",
            ),
            (
                "{\n  \"args\": [\n    1\n  ] // a, b\n  // c\n}",
                "{\n  \"args\": [\n    1\n  ], // a, b\n  \"blocked\": \"passed\"\n  // c\n}",
            ),
            (
                "{\n  \"command\": \"x\" // one\r\n}",
                "{\n  \"command\": \"x\", // one\r\n  \"blocked\": \"passed\"\r\n}",
            ),
            (
                "{\n \"a\": 1 /* x */ , // y\n}",
                "{\n \"a\": 1 /* x */ , // y\n \"blocked\": \"passed\",\n}",
            ),
            ("{\n \"a\": 1\n , }", "{\n \"a\": 1\n ,\n \"blocked\": \"passed\", }"),
        ] {
            assert_eq!(set(before, Blocked::Passed), after);
        }
        assert_eq!(set(r#"{"command": "x"}"#, Blocked::No), r#"{"command": "x"}"#);
    }

    #[test]
    fn a_value_that_is_not_to_be_replaced_stays() {
        for said in [r#""skipped""#, r#""Skipped""#, r#""blokced""#, "true"] {
            let text = format!(r#"{{"mcpServers": {{"it": {{"command": "x", "blocked": {said}}}}}}}"#);
            let over = [Blocked::No, Blocked::Passed, Blocked::Blocked];
            let edited = with_blocked(Path::new("f"), text.as_bytes(), PLACE, Blocked::Blocked, &over);
            assert_eq!(edited.expect("it can be read"), text.as_bytes(), "{said}");
        }
    }

    #[test]
    fn what_is_gone_is_not_written() {
        for text in [r#"{"mcpServers": {}}"#, r#"{"mcpServers": {"it": 1}}"#, "{"] {
            assert!(
                with_blocked(Path::new("f"), text.as_bytes(), PLACE, Blocked::Blocked, ANY).is_err(),
                "{text}"
            );
        }
    }

    fn member() -> impl Strategy<Value = String> {
        let name = prop::sample::select(vec!["args", "env", "description", "ü\\n", "x/y", "block"]);
        let value = prop::sample::select(vec![
            "[]",
            "{\"a\": {}}",
            "\"} // é\"",
            "1.50",
            "null",
            "[1,\n 2]",
            "\"\\\"\"",
        ]);
        (name, gap(), gap(), value)
            .prop_map(|(name, before, after, value)| format!("\"{name}\"{before}:{after}{value}"))
    }

    proptest! {
        /// Whatever an entry looks like: afterwards it says the new value, and taking that out again leaves what it was.
        #[test]
        fn an_edit_sets_the_value_and_nothing_else(
            members in prop::collection::vec((gap(), member(), gap()), 0..4),
            (before, after, end) in (gap(), gap(), gap()),
            old in prop::sample::select(vec!["", "null", "\"passed\"", "\"blocked\""]),
            has_comma in any::<bool>(),
            has_mark in any::<bool>(),
            value in prop::sample::select(vec![Blocked::No, Blocked::Passed, Blocked::Blocked]),
        ) {
            let mut all: Vec<String> = members.iter().map(|(a, member, b)| format!("{a}{member}{b}")).collect();
            all.insert(all.len() / 2, format!("{before}\"command\": \"x\"{after}"));
            if !old.is_empty() {
                all.insert(all.len() / 2, format!("\"blocked\": {old}"));
            }
            let comma = if has_comma { "," } else { "" };
            let mark = if has_mark { "\u{feff}" } else { "" };
            let text = format!("{mark}{{\"mcpServers\": {{\"it\": {{{}{comma}{end}}}, \"other\": {{\"command\": \"y\"}}}}}}\n", all.join(","));
            let edited = with_blocked(Path::new("f"), text.as_bytes(), PLACE, value, ANY).expect("it can be edited");
            let edited = String::from_utf8(edited).expect("text");
            let said = Source::parse(Path::new("f"), edited.as_bytes()).expect("it stays JSON");
            let entry = said.at(PLACE).expect("there");
            let says = entry.get("blocked").map_or("null".to_owned(), |node| said.text()[node.span()].to_owned());
            prop_assert_eq!(&says, written(value));
            if old.is_empty() {
                let without: String = edited.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
                let without = without.replace(&format!("\"blocked\":{}", written(value)), "");
                let before: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
                prop_assert_eq!(without, before);
            } else {
                prop_assert_eq!(edited.replacen(&format!("\"blocked\": {}", written(value)), &format!("\"blocked\": {old}"), 1), text);
            }
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        for value in [Blocked::No, Blocked::Passed, Blocked::Blocked, Blocked::Skipped] {
            let text = format!(
                r#"{{"mcpServers": {{"it": {{"command": "x", "blocked": {}}}}}}}"#,
                written(value)
            );
            parsed(&text, None, |config, _| {
                assert_eq!(config.expect("valid").servers[0].blocked, value)
            });
        }
    }
}
