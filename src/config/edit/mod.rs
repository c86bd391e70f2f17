//! Changes to a JSON text with comments that leave everything else as it is, to the byte.
//!
//! A [`Document`] is the text; an [`Object`] of it can be taken apart into its members, each with the comments that
//! belong to it, and put back. Sources of values are written as if their key stood at the start of a line; they are
//! indented where they are put.

mod object;
mod style;

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, parse_to_ast, parse_to_serde_value};

pub use object::{Member, Object};
pub use style::Style;

use super::source::TOLERATED;

/// Why a change can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is not what its file is written in.
    #[error("{0}")]
    Syntax(String),
    /// What should hold a member is something else.
    #[error("`{0}` is not an object")]
    NoObject(String),
    /// A key stands twice where it would be changed.
    #[error("`{0}` stands twice")]
    Twice(String),
}

/// A JSON text that is changed in place.
#[derive(Clone, Debug)]
pub struct Document {
    /// The byte order mark, if there is one.
    mark: &'static str,
    text: String,
    style: Style,
}

impl Document {
    /// Reads a text. An empty one, or one with nothing but comments, is an empty object.
    ///
    /// # Errors
    /// If it is no JSON with comments, or its outermost value is no object.
    pub fn parse(text: &str) -> Result<Self, EditError> {
        let (mark, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => ("\u{feff}", rest),
            None => ("", text),
        };
        let mut document = Self {
            mark,
            text: text.to_owned(),
            style: Style::default(),
        };
        document.style = match document.find(&[])? {
            Some(root) => Style::of(text, &Object::parse(&text[root])?),
            None => {
                document.text = format!("{text}{{}}\n");
                Style::of(text, &Object::default())
            }
        };
        Ok(document)
    }

    /// Reads the source of an object that stands in a text of this layout.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn within(style: &Style, source: &str) -> Result<Self, EditError> {
        let mut document = Self::parse(source)?;
        document.style = style.clone();
        Ok(document)
    }

    /// The text as it is now.
    pub fn text(&self) -> String {
        format!("{}{}", self.mark, self.text)
    }

    /// What the whole text stands for.
    pub fn value(&self) -> serde_json::Value {
        value(&self.text).unwrap_or_default()
    }

    /// How the text is laid out.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// The source of the value that these keys lead to.
    ///
    /// # Errors
    /// If a key on the way stands twice.
    pub fn get(&self, way: &[&str]) -> Result<Option<&str>, EditError> {
        Ok(self.find(way)?.map(|range| &self.text[range]))
    }

    /// The object that these keys lead to; an empty one if there is none, or `null`.
    ///
    /// # Errors
    /// If there is something else, or a key on the way stands twice.
    pub fn object(&self, way: &[&str]) -> Result<Object, EditError> {
        match self.get(way)? {
            Some(source) if source.starts_with('{') => Object::parse(source),
            None | Some("null") => Ok(Object::default()),
            Some(_) => Err(EditError::NoObject(way.join("."))),
        }
    }

    /// Makes this the value that these keys lead to; objects that are missing on the way are made.
    ///
    /// # Errors
    /// If something on the way is no object, or a key on it stands twice.
    pub fn set(&mut self, way: &[&str], value: &str) -> Result<(), EditError> {
        let there = (0..=way.len()).rev().find_map(|depth| {
            let found = self.find(&way[..depth]).transpose()?;
            Some(found.map(|range| (depth, range)))
        });
        let (depth, range) = there.transpose()?.unwrap_or((0, 0..0));
        let indent = style::indent_at(&self.text, range.start).to_owned();
        if depth == way.len() {
            let value = self.style.indented(value, &indent);
            self.text.replace_range(range, &value);
            return Ok(());
        }
        let mut holder = self.object(&way[..depth])?;
        let inner = way[depth + 1..].iter().rev().fold(value.to_owned(), |value, key| {
            let mut object = Object::default();
            object.push(Member::new(key, &value), &self.style, "");
            object.source()
        });
        holder.push(Member::new(way[depth], &inner), &self.style, &indent);
        self.text.replace_range(range, &holder.source());
        Ok(())
    }

    /// Changes the object that these keys lead to, which is made if it is missing. `change` is told the indentation of
    /// the line on which the object begins.
    ///
    /// # Errors
    /// As [`Document::set`].
    pub fn change<T>(
        &mut self,
        way: &[&str],
        change: impl FnOnce(&mut Object, &Style, &str) -> T,
    ) -> Result<T, EditError> {
        let mut object = self.object(way)?;
        if self.find(way)?.is_none() {
            self.set(way, "{}")?;
        }
        let range = self.find(way)?.unwrap_or_default();
        let indent = style::indent_at(&self.text, range.start).to_owned();
        let result = change(&mut object, &self.style, &indent);
        self.text.replace_range(range, &object.source());
        Ok(result)
    }

    /// Where the value stands that these keys lead to.
    fn find(&self, way: &[&str]) -> Result<Option<Range<usize>>, EditError> {
        let mut value = parse(&self.text)?;
        for (depth, key) in way.iter().enumerate() {
            let Some(Value::Object(object)) = value else {
                return Err(EditError::NoObject(way[..depth].join(".")));
            };
            let mut named = object
                .properties
                .into_iter()
                .filter(|property| property.name.as_str() == *key);
            let Some(first) = named.next() else { return Ok(None) };
            if named.next().is_some() {
                return Err(EditError::Twice((*key).to_owned()));
            }
            value = Some(first.value);
        }
        match value {
            Some(Value::Object(_)) | None => {}
            Some(_) if way.is_empty() => return Err(EditError::NoObject("the file".to_owned())),
            Some(_) => {}
        }
        Ok(value.map(|value| value.start()..value.end()))
    }
}

/// The value that a source stands for.
///
/// # Errors
/// If it is not JSON with comments.
pub fn value(source: &str) -> Result<serde_json::Value, EditError> {
    parse_to_serde_value(source, &TOLERATED).map_err(|error| no_json(&error))
}

/// The text with other sources in the place of those texts that stand, at any depth, under a key that is meant; `put` is
/// given what a text says.
///
/// # Errors
/// If it is not JSON with comments.
pub fn with_texts(
    text: &str,
    is_meant: &dyn Fn(&str) -> bool,
    put: &dyn Fn(&str) -> Option<String>,
) -> Result<String, EditError> {
    fn walk(
        value: &Value<'_>,
        is_inside: bool,
        is_meant: &dyn Fn(&str) -> bool,
        found: &mut Vec<(Range<usize>, String)>,
    ) {
        match value {
            Value::Object(object) => {
                for property in &object.properties {
                    let is_inside = is_inside || is_meant(property.name.as_str());
                    walk(&property.value, is_inside, is_meant, found);
                }
            }
            Value::Array(array) => array
                .elements
                .iter()
                .for_each(|value| walk(value, is_inside, is_meant, found)),
            Value::StringLit(text) if is_inside => {
                found.push((value.range().start..value.range().end, text.value.to_string()))
            }
            _ => {}
        }
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - body.len();
    let mut found = Vec::new();
    if let Some(value) = parse(body)? {
        walk(&value, false, is_meant, &mut found);
    }
    let mut edited = text.to_owned();
    for (range, said) in found.into_iter().rev() {
        if let Some(source) = put(&said) {
            edited.replace_range(range.start + mark..range.end + mark, &source);
        }
    }
    Ok(edited)
}

/// The outermost value of a text; `None` if there is none.
fn parse(text: &str) -> Result<Option<Value<'_>>, EditError> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &TOLERATED);
    Ok(parsed.map_err(|error| no_json(&error))?.value)
}

/// The parser's own words on the kind of the fault repeat nothing of the text.
fn no_json(error: &ParseError) -> EditError {
    EditError::Syntax(format!(
        "it is not JSON: {}, in line {}",
        error.kind(),
        error.line_display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\u{feff}// mine\r\n{\r\n\t\"a\": 1, // one\r\n\t\"mcpServers\": {\r\n\t\t// time\r\n\t\t\"time\": {\r\n\t\t\t\"command\": \"uvx\"\r\n\t\t}\r\n\t}\r\n}\r\n";

    #[test]
    fn an_untouched_text_stays_as_it_is() {
        for text in [FILE, "{}", " {\"a\":1 , } ", "{\n}\n"] {
            let mut document = Document::parse(text).expect("valid");
            document.change(&[], |_, _, _| ()).expect("an object");
            assert_eq!(document.text(), text);
        }
    }

    #[test]
    fn one_value_changes_and_nothing_else() {
        let mut document = Document::parse(FILE).expect("valid");
        document
            .set(&["mcpServers", "time", "command"], "\"npx\"")
            .expect("there");
        assert_eq!(document.text(), FILE.replace("uvx", "npx"));
    }

    #[test]
    fn a_new_member_is_written_like_its_neighbours() {
        let mut document = Document::parse(FILE).expect("valid");
        document
            .set(&["mcpServers", "time", "blocked"], "\"passed\"")
            .expect("an object");
        let expected = FILE.replace("\"uvx\"\r\n", "\"uvx\",\r\n\t\t\t\"blocked\": \"passed\"\r\n");
        assert_eq!(document.text(), expected);
    }

    #[test]
    fn what_is_missing_on_the_way_is_made() {
        for (text, expected) in [
            ("", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"),
            ("// x\n", "// x\n{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"),
            ("{\"x\":1}", "{\"x\":1,\"a\":{\"b\":1}}"),
            (
                "{\n    \"x\": 1\n}",
                "{\n    \"x\": 1,\n    \"a\": {\n        \"b\": 1\n    }\n}",
            ),
            (
                "{\n    \"x\": 1, // last\n}",
                "{\n    \"x\": 1, // last\n    \"a\": {\n        \"b\": 1\n    },\n}",
            ),
        ] {
            let mut document = Document::parse(text).expect("valid");
            document.set(&["a", "b"], "1").expect("an object");
            assert_eq!(document.text(), expected);
        }
    }

    #[test]
    fn what_cannot_be_changed_safely_is_refused() {
        let refused = |text: &str| {
            let set = Document::parse(text).and_then(|mut document| document.set(&["a", "b"], "1"));
            set.expect_err(text).to_string()
        };
        assert_eq!(refused("{\"a\": {}, \"a\": {}}"), "`a` stands twice");
        assert_eq!(refused("{\"a\": []}"), "`a` is not an object");
        assert_eq!(refused("[]"), "`the file` is not an object");
        assert!(refused("{\"a\": {").starts_with("it is not JSON"));
    }
}
