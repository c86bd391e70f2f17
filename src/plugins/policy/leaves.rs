//! What rules look at: every value of a message with its path, those in strings that hold JSON included.

use std::borrow::Cow;

use crate::json::{self, Container, Events, Fault, Token};

/// How many levels of JSON inside strings are looked at.
pub(super) const MAX_NESTING: usize = 4;

/// One value that is no object and no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Its path as people write it: `files[0].name`.
    pub(super) path: String,
    /// The same with quotes around the names that would be taken for several, or for none.
    pub(super) exact: String,
    /// A text as it reads, the others as JSON.
    pub(super) text: String,
    /// Whether it stands in a string that holds JSON: a server may read that or not.
    pub(super) inside: bool,
}

/// Every leaf of a JSON text. What stands twice is there twice.
///
/// # Errors
/// A [`Fault`] where the text is no JSON.
pub(super) fn leaves(text: &str) -> Result<Vec<Leaf>, Fault> {
    let mut found = Vec::new();
    collect(text, &Steps::default(), 0, &mut found)?;
    Ok(found)
}

/// Whether a text may be JSON that is more than a number or a word.
pub(super) fn may_hold_json(text: &str) -> bool {
    let inner = text.trim_ascii().as_bytes();
    matches!(
        (inner.first(), inner.last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) | (Some(b'"'), Some(b'"'))
    )
}

fn collect(text: &str, steps: &Steps, nesting: usize, found: &mut Vec<Leaf>) -> Result<(), Fault> {
    json::scan(
        text,
        &mut Collector {
            steps: steps.clone(),
            nesting,
            found,
        },
    )
}

/// The way to a value.
#[derive(Clone, Debug, Default)]
struct Steps(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    /// Inside an object; `None` until its next name is read.
    Member(Option<String>),
    Item(usize),
}

impl Steps {
    fn path(&self, name_as: impl Fn(&str) -> Cow<'_, str>) -> String {
        let mut path = String::new();
        for step in &self.0 {
            match step {
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::Member(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&name_as(name.as_deref().unwrap_or_default()));
                }
            }
        }
        path
    }

    /// A value ended: the next one is another item, or has a name of its own.
    fn next(&mut self) {
        match self.0.last_mut() {
            Some(Step::Item(index)) => *index += 1,
            Some(Step::Member(name)) => *name = None,
            None => {}
        }
    }
}

fn as_it_is(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

/// A name in quotes, unless it can be taken for nothing but one name.
fn unmistakable(name: &str) -> Cow<'_, str> {
    match name.is_empty() || name.contains(['.', '[', ']', '"']) {
        true => Cow::Owned(json::quote(name)),
        false => Cow::Borrowed(name),
    }
}

struct Collector<'f> {
    steps: Steps,
    nesting: usize,
    found: &'f mut Vec<Leaf>,
}

impl Collector<'_> {
    fn leaf(&mut self, text: &str) {
        self.found.push(Leaf {
            path: self.steps.path(as_it_is),
            exact: self.steps.path(unmistakable),
            text: text.to_owned(),
            inside: self.nesting > 0,
        });
    }
}

impl<'a> Events<'a> for Collector<'_> {
    fn open(&mut self, container: Container) {
        self.steps.0.push(match container {
            Container::Object => Step::Member(None),
            Container::Array => Step::Item(0),
        });
    }

    fn close(&mut self, _: Container) {
        self.steps.0.pop();
        self.steps.next();
    }

    fn key(&mut self, key: Token<'a>) {
        if let Some(Step::Member(name)) = self.steps.0.last_mut() {
            *name = Some(json::decode(&key).into_owned());
        }
    }

    fn string(&mut self, string: Token<'a>) {
        let text = json::decode(&string);
        self.leaf(&text);
        if self.nesting < MAX_NESTING && may_hold_json(&text) {
            let before = self.found.len();
            if collect(&text, &self.steps, self.nesting + 1, self.found).is_err() {
                self.found.truncate(before);
            }
        }
        self.steps.next();
    }

    fn number(&mut self, number: Token<'a>) {
        self.leaf(number.raw);
        self.steps.next();
    }

    fn literal(&mut self, literal: Token<'a>) {
        self.leaf(literal.raw);
        self.steps.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_by_its_path() {
        let text = r#"{"a":[{"b":"x"},1.50],"c":{"d":null,"e":true},"":{"f":"y"},"g.h":[[2]],"a":"again"}"#;
        let found = leaves(text).expect("JSON");
        let found: Vec<String> = found
            .iter()
            .map(|leaf| format!("{} {} {}", leaf.path, leaf.exact, leaf.text))
            .collect();
        assert_eq!(
            found,
            [
                "a[0].b a[0].b x",
                "a[1] a[1] 1.50",
                "c.d c.d null",
                "c.e c.e true",
                "f \"\".f y",
                "g.h[0][0] \"g.h\"[0][0] 2",
                "a a again",
            ]
        );
        assert!(leaves("{").is_err());
    }

    #[test]
    fn strings_that_hold_json_are_read_as_well() {
        let arguments = json::quote(&json::quote(r#"{"path":"/etc","list":["x"]}"#));
        let found = leaves(&arguments).expect("JSON");
        let inside: Vec<_> = found.iter().filter(|leaf| leaf.inside).collect();
        assert!(
            inside.iter().any(|leaf| leaf.path == "path" && leaf.text == "/etc"),
            "{inside:?}"
        );
        assert!(inside.iter().any(|leaf| leaf.path == "list[0]"), "{inside:?}");
        let half = leaves(r#"{"a":"[1,2,{]"}"#).expect("JSON");
        assert_eq!(half.len(), 1, "{half:?}");
        // Each level of quotes doubles the backslashes.
        let deep = (0..10).fold("1".to_owned(), |inner, _| format!("[{}]", json::quote(&inner)));
        assert!(leaves(&deep).is_ok());
    }
}
