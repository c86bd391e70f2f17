//! How a text is laid out, so that what is added looks as if its author had written it.

use serde_json::Value;

use super::object::Object;

/// The layout of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// One step of indentation.
    pub(super) unit: String,
    /// The end of a line; `None` where everything stands on one line.
    pub(super) newline: Option<&'static str>,
    /// What stands behind the colon of a key.
    pub(super) space: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            unit: "  ".to_owned(),
            newline: Some("\n"),
            space: " ",
        }
    }
}

impl Style {
    /// The layout of a text whose outermost object this is.
    pub(super) fn of(text: &str, root: &Object) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let is_one_line = !root.members().is_empty() && !text.trim().contains('\n');
        let first = root.members().first();
        Self {
            unit: first
                .and_then(|member| member.indent())
                .filter(|indent| !indent.is_empty())
                .map_or_else(|| "  ".to_owned(), str::to_owned),
            newline: (!is_one_line).then_some(newline),
            space: match first {
                Some(member) if is_one_line && !member.has_space() => "",
                _ => " ",
            },
        }
    }

    /// A value as source: objects over several lines, lists that hold no objects on one.
    pub fn source(&self, value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let mut object = Object::default();
                for (key, value) in members {
                    object.push(super::Member::new(key, &self.source(value)), self, "");
                }
                object.source()
            }
            Value::Array(items) => {
                let separator = if self.space.is_empty() { "," } else { ", " };
                let items: Vec<String> = items.iter().map(|item| self.source(item)).collect();
                format!("[{}]", items.join(separator))
            }
            scalar => scalar.to_string(),
        }
    }

    /// A source with the lines after its first indented by this much more than they are written.
    pub(super) fn indented(&self, source: &str, indent: &str) -> String {
        let mut lines = source.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let mut text = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            text.push_str(self.newline.unwrap_or("\n"));
            if !line.is_empty() {
                text.push_str(indent);
            }
            text.push_str(line);
        }
        text
    }
}

/// A source as if its key stood at the start of a line: less the indentation of the line on which it ends.
pub(super) fn unindented(source: &str) -> String {
    let last = source.rsplit('\n').next().unwrap_or_default();
    let indent = &last[..last.len() - last.trim_start().len()];
    let mut lines = source.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push('\n');
        text.push_str(line.strip_prefix(indent).unwrap_or(line.trim_start()));
    }
    text
}

/// The white space at the start of the line of a place.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
    &line[..line.len() - line.trim_start().len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_written_in_the_layout_of_its_file() {
        let value = json!({"command": "x", "args": ["a", 1], "env": {}});
        let source = Style::default().source(&value);
        assert_eq!(
            source,
            "{\n  \"command\": \"x\",\n  \"args\": [\"a\", 1],\n  \"env\": {}\n}"
        );
        let one_line = Style {
            newline: None,
            space: "",
            ..Style::default()
        };
        assert_eq!(one_line.source(&value), r#"{"command":"x","args":["a",1],"env":{}}"#);
    }

    #[test]
    fn indentation_is_taken_off_and_put_on() {
        let source = "{\r\n\t\t\"a\": 1\r\n\r\n\t}";
        let plain = unindented(source);
        assert_eq!(plain, "{\n\t\"a\": 1\n\n}");
        assert_eq!(Style::default().indented(&plain, "\t"), "{\n\t\t\"a\": 1\n\n\t}");
    }
}
