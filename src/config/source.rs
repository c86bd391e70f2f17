//! The text of a configuration file as a tree whose every value knows its place.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::excerpt::excerpt;
use super::problem::{Origin, Problem};
use crate::json::{pointer_name, pointer_token};

/// JSON with what people add to it and clients accept: comments and trailing commas.
pub(super) const TOLERATED: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A file that is not the JSON it should be.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}:{column}: {what}\n{excerpt}\n  mend: {mend}", path.display())]
pub struct SyntaxError {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
    /// What to write instead.
    pub mend: &'static str,
    /// The line with its values blotted out, and a caret under the place.
    excerpt: String,
}

/// A parsed file.
pub(super) struct Source<'a> {
    path: &'a Path,
    text: &'a str,
    value: Option<Value<'a>>,
}

/// One value of a file.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    value: &'a Value<'a>,
    /// Where a person looks for it: its key, or itself where it has none.
    start: usize,
    /// The way to it, as a JSON pointer.
    pub(super) pointer: String,
}

impl SyntaxError {
    /// The same as a problem of the file.
    pub fn problem(&self) -> Problem {
        Problem {
            origin: Origin::File {
                file: self.path.clone(),
                line: self.line,
                column: self.column,
            },
            pointer: String::new(),
            server: None,
            what: self.what.clone(),
            mend: self.mend.to_owned(),
        }
    }
}

/// Where the value at a JSON pointer stands in a file; the nearest that holds it, if it is not there itself.
pub fn origin(path: &Path, pointer: &str) -> Origin {
    let bytes = std::fs::read(path).unwrap_or_default();
    let found = Source::parse(path, &bytes).ok().and_then(|source| {
        let mut pointer = pointer;
        loop {
            match (source.at(pointer), pointer.rsplit_once('/')) {
                (Some(node), _) => return Some(source.origin(&node)),
                (None, Some((holder, _))) => pointer = holder,
                (None, None) => return None,
            }
        }
    });
    found.unwrap_or(Origin::File {
        file: path.to_path_buf(),
        line: 1,
        column: 1,
    })
}

impl<'a> Source<'a> {
    /// Parses the bytes of the file at `path`. A byte order mark is passed over.
    pub(super) fn parse(path: &'a Path, bytes: &'a [u8]) -> Result<Self, SyntaxError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = str::from_utf8(bytes).map_err(|error| {
            let readable = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let (what, mend) = ("this is not UTF-8 text".into(), "save the file as UTF-8");
            syntax_error(path, &readable, readable.len(), what, mend)
        })?;
        let parsed = parse_to_ast(text, &CollectOptions::default(), &TOLERATED).map_err(|error| {
            let (what, mend) = explain(error.kind());
            syntax_error(path, text, error.range().start, what, mend)
        })?;
        Ok(Self {
            path,
            text,
            value: parsed.value,
        })
    }

    /// The outermost value; `None` if the file is empty but for comments.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        self.value.as_ref().map(|value| Node {
            value,
            start: value.start(),
            pointer: String::new(),
        })
    }

    /// The text, without a byte order mark.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The value that a JSON pointer leads to; of members with one name, the first.
    pub(super) fn at(&self, pointer: &str) -> Option<Node<'_>> {
        let mut keys = pointer.split('/').skip(1);
        keys.try_fold(self.root()?, |node, key| node.get(&pointer_name(key)))
    }

    /// Where a node stands.
    pub(super) fn origin(&self, node: &Node<'_>) -> Origin {
        let (line, column) = line_and_column(self.text, node.start);
        Origin::File {
            file: self.path.to_path_buf(),
            line,
            column,
        }
    }
}

impl<'a> Node<'a> {
    /// What kind of value it is, with an article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::StringLit(_) => "text",
            Value::NumberLit(_) => "a number",
            Value::BooleanLit(_) => "true or false",
            Value::Object(_) => "an object",
            Value::Array(_) => "a list",
            Value::NullKeyword(_) => "null",
        }
    }

    /// Where the value stands in the text, in bytes behind a byte order mark.
    pub(super) fn span(&self) -> Range<usize> {
        self.value.start()..self.value.end()
    }

    /// Where the key stands, or the value where it has none.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::NullKeyword(_))
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_string_lit().map(|literal| &*literal.value)
    }

    pub(super) fn flag(&self) -> Option<bool> {
        self.value.as_boolean_lit().map(|literal| literal.value)
    }

    /// A number as it was written.
    pub(super) fn number(&self) -> Option<&'a str> {
        self.value.as_number_lit().map(|literal| literal.value)
    }

    /// A string, a number or a boolean, as text.
    pub(super) fn scalar(&self) -> Option<Cow<'a, str>> {
        let text = self.text().or_else(|| self.number()).map(Cow::Borrowed);
        text.or_else(|| self.flag().map(|flag| Cow::Owned(flag.to_string())))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<Vec<Node<'a>>> {
        let items = &self.value.as_array()?.elements;
        let item = |(at, value): (usize, &'a Value<'a>)| Node {
            value,
            start: value.start(),
            pointer: format!("{}/{at}", self.pointer),
        };
        Some(items.iter().enumerate().map(item).collect())
    }

    /// The members of an object in their order, those with the same name included.
    pub(super) fn members(&self) -> Option<Vec<(&'a str, Node<'a>)>> {
        Some(
            self.value
                .as_object()?
                .properties
                .iter()
                .map(|property| self.member(property))
                .collect(),
        )
    }

    /// The first member of an object that has this name.
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.value
            .as_object()?
            .get(name)
            .map(|property| self.member(property).1)
    }

    fn member(&self, property: &'a ObjectProp<'a>) -> (&'a str, Node<'a>) {
        let name = property.name.as_str();
        let pointer = format!("{}/{}", self.pointer, pointer_token(name));
        (
            name,
            Node {
                value: &property.value,
                start: property.name.start(),
                pointer,
            },
        )
    }
}

/// Line and column, both from 1, of a byte of the text; columns count characters.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        before[start..].chars().count() + 1,
    )
}

fn syntax_error(path: &Path, text: &str, at: usize, what: String, mend: &'static str) -> SyntaxError {
    let (line, column) = line_and_column(text, at);
    SyntaxError {
        path: path.to_path_buf(),
        line,
        column,
        what,
        mend,
        excerpt: excerpt(text, line, column),
    }
}

/// What the parser found and how to mend it. The parser's own words are used only where they repeat nothing of the text.
fn explain(kind: &ParseErrorKind) -> (String, &'static str) {
    use ParseErrorKind as Kind;
    let mend = match kind {
        Kind::String(_) => {
            let what = String::from("this text has no end on its line, or has a `\\` that JSON does not know");
            return (what, "close it with `\"`, and write each `\\` of a path as `\\\\`");
        }
        Kind::ExpectedComma => "put a comma behind the value that ends here",
        Kind::ExpectedColonAfterObjectKey => "put `:` between a key and its value",
        Kind::ExpectedObjectValue => "write a value behind the `:`",
        Kind::UnterminatedObject => "close the `{` that stands here with `}`",
        Kind::UnterminatedArray => "close the `[` that stands here with `]`",
        Kind::UnterminatedCommentBlock => "close the comment with `*/`",
        Kind::MultipleRootJsonValues => "the file holds one `{…}`: remove what follows it, or the extra `}`",
        Kind::ExpectedStringObjectProperty
        | Kind::SingleQuotedStringsNotAllowed
        | Kind::UnexpectedToken
        | Kind::UnexpectedWord => "put it in double quotes, unless it is a number, true, false or null",
        Kind::UnexpectedComma => "remove the extra comma",
        _ => "compare the brackets, quotes and commas around this place",
    };
    let what = kind.to_string();
    (what[..1].to_lowercase() + &what[1..], mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Source<'_>, SyntaxError> {
        Source::parse(Path::new("mcp.json"), text.as_bytes())
    }

    fn fails(text: &str) -> SyntaxError {
        parse(text).err().expect("a syntax error")
    }

    #[test]
    fn every_value_knows_its_place_and_the_way_to_it() {
        let source = parse("{\n  // ünï\n  \"a/b\": { \"é\": 1, \"x~\": [true,], },\n}").expect("valid");
        let outer = source.root().and_then(|root| root.get("a/b")).expect("there");
        let list = outer.get("x~").expect("there");
        assert_eq!(list.pointer, "/a~1b/x~0");
        assert_eq!(
            source.origin(&list),
            Origin::File {
                file: "mcp.json".into(),
                line: 3,
                column: 20
            }
        );
        assert_eq!(list.items().expect("a list")[0].pointer, "/a~1b/x~0/0");
    }

    #[test]
    fn members_keep_their_order_and_their_doubles() {
        let source = parse(r#"{"b": 1, "a": 2, "b": 3}"#).expect("valid");
        let members = source.root().and_then(|root| root.members()).expect("an object");
        assert_eq!(
            members.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["b", "a", "b"]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_character() {
        let error = fails("\u{feff}{\"a\" 1}");
        assert_eq!((error.line, error.column), (1, 6));
    }

    #[test]
    fn an_empty_file_has_no_root() {
        assert!(parse(" // nothing yet\n").expect("valid").root().is_none());
    }

    #[test]
    fn a_mistake_is_shown_where_it_is_without_any_value() {
        let error = fails("{\n  \"command\": \"npx\"\n  \"env\": {\"TOKEN\": \"s3cret\"}\n}");
        let shown = "mcp.json:2:19: expected comma\n\
                     \x20 2 |   \"command\": \"···\"\n\
                     \x20   |                   ^\n\
                     \x20 mend: put a comma behind the value that ends here";
        assert_eq!(error.to_string(), shown);
    }

    #[test]
    fn the_usual_mistakes_have_their_own_mend() {
        for (text, line, column, mend) in [
            ("{\"a\": 1", 1, 1, "close the `{`"),
            ("{\"a\": [1", 1, 7, "close the `[`"),
            ("{'a': 1}", 1, 2, "double quotes"),
            ("{a: 1}", 1, 2, "double quotes"),
            ("{\"a\": npx}", 1, 7, "double quotes"),
            ("{}\n}", 2, 1, "extra `}`"),
            ("{\"path\": \"C:\\Users\"}", 1, 13, "`\\\\`"),
            ("{\"a\": \"b\n}", 1, 7, "close it with `\"`"),
            ("{\"a\":}", 1, 6, "brackets, quotes and commas"),
            ("/* {}", 1, 1, "`*/`"),
        ] {
            let error = fails(text);
            assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
            assert!(error.mend.contains(mend), "{text}: {error}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = Source::parse(Path::new("mcp.json"), &utf16).err().expect("not UTF-8");
        assert_eq!((error.line, error.column, error.mend), (1, 1, "save the file as UTF-8"));
    }
}
