//! A call as a person reads it before they decide: one member a line, nothing hidden, no more than can be read.

use crate::{
    json::{self, Container, Events, Token},
    text::to_the_letter,
};

/// The most that a person is shown of a call, in bytes: about two screens.
pub(super) const MOST: usize = 4 * 1024;

/// The longest value that is shown whole, in characters, and how much of either end is shown of a longer one.
const LONGEST_VALUE: usize = 400;
const END: usize = LONGEST_VALUE / 2;

/// Deeper containers are not indented any more.
const DEEPEST: usize = 12;

/// A call as it is shown; `None` where that is more than a person would read.
pub(super) fn shown(server: &str, name: &str, parameters: &str) -> Option<String> {
    let members = json::members(parameters).ok();
    let arguments = members
        .and_then(|members| members.raw("arguments"))
        .unwrap_or(parameters);
    let mut lines = Lines::default();
    let arguments = match json::scan(arguments, &mut lines) {
        Ok(()) => lines.text,
        Err(_) => cut(arguments),
    };
    let [server, name] = [server, name].map(cut);
    let shown = format!("server: {server}\ntool: {name}\narguments: {arguments}");
    (shown.len() <= MOST).then_some(shown)
}

/// A text to the letter; of a long one both ends, and how long it is.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST_VALUE {
        return to_the_letter(text);
    }
    let at = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
    format!(
        "{} […{} of {length} characters are not shown…] {}",
        to_the_letter(&text[..at(END)]),
        length - 2 * END,
        to_the_letter(&text[at(length - END)..])
    )
}

/// JSON in lines.
#[derive(Default)]
struct Lines {
    text: String,
    depth: usize,
    /// Whether the innermost container has nothing in it yet.
    is_empty: bool,
    /// Whether the name of what follows is written.
    is_named: bool,
}

impl Lines {
    fn line(&mut self) {
        self.text.push('\n');
        let indented = self.depth.min(DEEPEST);
        self.text.extend(std::iter::repeat_n("  ", indented));
    }

    /// What is written before a value.
    fn begin(&mut self) {
        if self.depth > 0 && !self.is_named {
            self.line();
        }
        (self.is_empty, self.is_named) = (false, false);
    }

    fn leaf(&mut self, token: &Token<'_>, is_text: bool) {
        self.begin();
        let text = json::decode(token);
        let text = if is_text { json::quote(&text) } else { text.into_owned() };
        self.text.push_str(&cut(&text));
    }
}

impl<'a> Events<'a> for Lines {
    fn open(&mut self, container: Container) {
        self.begin();
        self.text.push(if container == Container::Object { '{' } else { '[' });
        self.depth += 1;
        self.is_empty = true;
    }

    fn close(&mut self, container: Container) {
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.text.push(if container == Container::Object { '}' } else { ']' });
        self.is_empty = false;
    }

    fn key(&mut self, key: Token<'a>) {
        self.line();
        self.is_named = true;
        self.text.push_str(&cut(&json::quote(&json::decode(&key))));
        self.text.push_str(": ");
    }

    fn string(&mut self, string: Token<'a>) {
        self.leaf(&string, true);
    }

    fn number(&mut self, number: Token<'a>) {
        self.leaf(&number, false);
    }

    fn literal(&mut self, literal: Token<'a>) {
        self.leaf(&literal, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &str) -> Option<String> {
        let shown = shown("files", "rm", &format!(r#"{{"arguments":{arguments}}}"#))?;
        let (head, arguments) = shown.split_once("arguments: ").expect("they are shown");
        assert_eq!(head, "server: files\ntool: rm\n");
        Some(arguments.to_owned())
    }

    #[test]
    fn each_member_has_a_line_and_keeps_its_spelling() {
        assert_eq!(
            of(r#"{"path":"/tmp/a\nb",   "n":1.50,"deep":{"x":[true,[]],"y":{}}}"#).as_deref(),
            Some(concat!(
                "{\n  \"path\": \"/tmp/a\\nb\"\n  \"n\": 1.50\n  \"deep\": {\n    \"x\": [\n      true\n      []\n    ]\n",
                "    \"y\": {}\n  }\n}"
            ))
        );
        assert_eq!(of("{}").as_deref(), Some("{}"));
        assert_eq!(
            of(&format!("{{\"a\":1{}}}", " ".repeat(30_000))).as_deref(),
            Some("{\n  \"a\": 1\n}")
        );
    }

    #[test]
    fn nothing_hides_and_nothing_poses() {
        let hides =
            of("{\"path\":\"/tmp/\u{202e}x\",\"p\u{3164}\":\"/\u{435}t\u{441}\",\"f\":\"x\\n\\nserver: other\"}");
        assert_eq!(
            hides.as_deref(),
            Some(
                "{\n  \"path\": \"/tmp/\\u{202e}x\"\n  \"p\\u{3164}\": \"/\\u{435}t\\u{441}\"\n  \"f\": \"x\\n\\nserver: other\"\n}"
            )
        );
    }

    #[test]
    fn a_long_value_is_cut_in_its_middle_and_tells_its_length() {
        let long = of(&format!(r#"{{"v":"/etc/passwd{} end"}}"#, "A".repeat(30_000))).expect("it is shown");
        assert!(
            long.starts_with("{\n  \"v\": \"/etc/passwdAAA") && long.ends_with("AAA end\"\n}"),
            "{long}"
        );
        assert!(
            long.contains("[…29617 of 30017 characters are not shown…]") && long.len() < 600,
            "{long}"
        );
        let many: Vec<String> = (0..1000).map(|number| format!(r#""n{number}":{number}"#)).collect();
        assert_eq!(of(&format!("{{{}}}", many.join(","))), None, "nobody would read that");
    }
}
