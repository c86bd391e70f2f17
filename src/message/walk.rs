//! The walk over the leaves of a JSON text, each with its decoded text and where it stands.

use std::borrow::Cow;

use crate::{
    detect::{Context, Role},
    json::{self, Container, Events, Fault, Token},
};

/// One leaf: a member's name, a string or a number.
#[derive(Debug)]
pub struct Leaf<'w, 'a> {
    /// Where it stands in the source.
    pub token: &'w Token<'a>,
    /// What it says, decoded.
    pub text: &'w str,
    /// Its surroundings, for a detector.
    pub context: Context<'w>,
    steps: &'w [Step],
    /// How many of the names lead to the text that is walked.
    outer: usize,
}

impl Leaf<'_, '_> {
    /// Where it stands, as people write it: `content[0].text`. A member's name is shown with its parents only.
    pub fn place(&self) -> String {
        self.place_with(|_, name| Cow::Borrowed(name))
    }

    /// The same with each name as `shown` gives it, which also gets the names that lead to it.
    pub fn place_with<'n>(&'n self, shown: impl Fn(&'n [Cow<'n, str>], &'n str) -> Cow<'n, str>) -> String {
        let mut place = String::new();
        let mut names = self.context.names.iter().enumerate().skip(self.outer);
        for step in self.steps {
            match step {
                Step::Item(index) => place.push_str(&format!("[{index}]")),
                Step::Member => {
                    let Some((at, name)) = names.next() else { break };
                    if !place.is_empty() {
                        place.push('.');
                    }
                    place.push_str(&shown(&self.context.names[..at], name));
                }
            }
        }
        place
    }
}

/// Calls `each` for every leaf of `text`, in order.
///
/// # Errors
/// A [`Fault`] where the text stops being JSON; the leaves before it were seen.
pub fn walk<'a>(text: &'a str, each: &mut dyn FnMut(&Leaf<'_, 'a>)) -> Result<(), Fault> {
    walk_below(&[], text, each)
}

/// The same for a text that stands below members of these names, such as a string that holds JSON. They are part of each
/// leaf's context, and not of its place.
///
/// # Errors
/// Those of [`walk`].
pub fn walk_below<'a>(
    outer: &'a [Cow<'a, str>],
    text: &'a str,
    each: &mut dyn FnMut(&Leaf<'_, 'a>),
) -> Result<(), Fault> {
    json::scan(
        text,
        &mut Walker {
            names: outer.iter().map(|name| Cow::Borrowed(name.as_ref())).collect(),
            outer: outer.len(),
            steps: Vec::new(),
            befores: Vec::new(),
            each,
        },
    )
}

/// One level of nesting on the way to a leaf.
#[derive(Debug)]
enum Step {
    /// Inside an object; its member's name is the next of `names`.
    Member,
    /// The item of an array, counted from 0.
    Item(usize),
}

struct Walker<'e, 'a> {
    /// The names of the members that lead here, outermost first. An object whose first name is still to come has none.
    names: Vec<Cow<'a, str>>,
    outer: usize,
    steps: Vec<Step>,
    /// For each open container the text of its last leaf.
    befores: Vec<Cow<'a, str>>,
    each: &'e mut dyn FnMut(&Leaf<'_, 'a>),
}

impl<'a> Walker<'_, 'a> {
    fn leaf(&mut self, token: &Token<'a>, role: Role) {
        let text = json::decode(token);
        let before = self.befores.last().map_or("", |before| before.as_ref());
        let context = Context {
            names: &self.names,
            role,
            before,
        };
        (self.each)(&Leaf {
            token,
            text: &text,
            context,
            steps: &self.steps,
            outer: self.outer,
        });
        if role != Role::Key {
            if let Some(last) = self.befores.last_mut() {
                *last = text;
            }
            self.next();
        }
    }

    /// A value ended: the next one is another member or another item.
    fn next(&mut self) {
        match self.steps.last_mut() {
            Some(Step::Item(index)) => *index += 1,
            Some(Step::Member) => {
                self.names.pop();
            }
            None => {}
        }
    }
}

impl<'a> Events<'a> for Walker<'_, 'a> {
    fn open(&mut self, container: Container) {
        self.steps.push(match container {
            Container::Object => Step::Member,
            Container::Array => Step::Item(0),
        });
        self.befores.push(Cow::Borrowed(""));
    }

    fn close(&mut self, _container: Container) {
        self.steps.pop();
        self.befores.pop();
        self.next();
    }

    fn key(&mut self, key: Token<'a>) {
        self.leaf(&key, Role::Key);
        self.names.push(json::decode(&key));
    }

    fn string(&mut self, string: Token<'a>) {
        self.leaf(&string, Role::Text);
    }

    fn number(&mut self, number: Token<'a>) {
        self.leaf(&number, Role::Number);
    }

    fn literal(&mut self, _literal: Token<'a>) {
        self.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_comes_with_its_surroundings() {
        let text = r#"{"a":[{"b":"x","c":1.0},"y"],"d\n":{"e":null,"f":"z"},"g":[]}"#;
        let mut seen = Vec::new();
        walk(text, &mut |leaf| {
            seen.push(format!(
                "{:?} {} {}|{}",
                leaf.context.role,
                leaf.place(),
                leaf.text,
                leaf.context.before
            ));
        })
        .unwrap();
        let want = [
            "Key  a|",
            "Key a[0] b|",
            "Text a[0].b x|",
            "Key a[0] c|x",
            "Number a[0].c 1.0|x",
            "Text a[1] y|",
            "Key  d\n|",
            "Key d\n e|",
            "Key d\n f|",
            "Text d\n.f z|",
            "Key  g|",
        ];
        assert_eq!(seen, want);
    }
}
