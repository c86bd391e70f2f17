//! The walk over the leaves of a JSON text, each with its decoded text and where it stands.

use std::borrow::Cow;

use super::ways::{ROOT, Ways};
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
    /// The containers that it stands in, outermost first, each by its number in the order in which they opened.
    pub containers: &'w [usize],
    /// A number for the names that lead to it and, of a name, itself: where two leaves of a text have the same, all of these are.
    /// 0 where ways are not told apart: in a short text, and below no name.
    pub way: u32,
    steps: &'w [Step],
    /// How many of the names lead to the text that is walked.
    outer: usize,
}

impl Leaf<'_, '_> {
    /// Its place in the container so many levels above its own, if that is an array; 0 is its own.
    pub fn item(&self, above: usize) -> Option<usize> {
        match self.steps.iter().rev().nth(above)? {
            Step::Item(index) => Some(*index),
            Step::Member => None,
        }
    }

    /// Where it stands, as people write it: `content[0].text`. A member's name is shown with its parents only.
    pub fn place(&self) -> String {
        self.place_with(|_, name| Cow::Borrowed(name))
    }

    /// The same with each name as `shown` gives it, which also gets the names that lead to it.
    pub fn place_with<'n>(&'n self, shown: impl Fn(&'n [Cow<'n, str>], &'n str) -> Cow<'n, str>) -> String {
        written(self.context.names, self.outer, self.steps, shown)
    }

    /// The way to it, to be written later.
    pub fn path(&self) -> Path {
        Path {
            names: self
                .context
                .names
                .iter()
                .map(|name| Cow::Owned(name.to_string()))
                .collect(),
            steps: self.steps.into(),
            outer: self.outer,
        }
    }
}

/// The way to a leaf, kept when the leaf is gone.
#[derive(Clone, Debug)]
pub struct Path {
    names: Vec<Cow<'static, str>>,
    steps: Vec<Step>,
    outer: usize,
}

impl Path {
    /// What [`Leaf::place_with`] gives of the leaf.
    pub fn place_with<'n>(&'n self, shown: impl Fn(&'n [Cow<'n, str>], &'n str) -> Cow<'n, str>) -> String {
        written(&self.names, self.outer, &self.steps, shown)
    }
}

fn written<'n>(
    all: &'n [Cow<'n, str>],
    outer: usize,
    steps: &[Step],
    shown: impl Fn(&'n [Cow<'n, str>], &'n str) -> Cow<'n, str>,
) -> String {
    let mut place = String::new();
    let mut names = all.iter().enumerate().skip(outer);
    for step in steps {
        match step {
            Step::Item(index) => place.push_str(&format!("[{index}]")),
            Step::Member => {
                let Some((at, name)) = names.next() else { break };
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(&shown(&all[..at], name));
            }
        }
    }
    place
}

/// Calls `each` for every leaf of `text`, in order.
///
/// # Errors
/// A [`Fault`] where the text stops being JSON; the leaves before it were seen.
pub fn walk<'a>(text: &'a str, mut each: &mut dyn FnMut(&Leaf<'_, 'a>)) -> Result<(), Fault> {
    walk_below(&[], text, &mut each)
}

/// The same for a text that stands below members of these names, such as a string that holds JSON. They are part of each
/// leaf's context, and not of its place.
///
/// # Errors
/// Those of [`walk`].
pub fn walk_below<'a>(
    outer: &'a [Cow<'a, str>],
    text: &'a str,
    each: &mut impl FnMut(&Leaf<'_, 'a>),
) -> Result<(), Fault> {
    json::scan(
        text,
        &mut Walker {
            names: outer.iter().map(|name| Cow::Borrowed(name.as_ref())).collect(),
            outer: outer.len(),
            way: ROOT,
            above: Vec::new(),
            ways: Ways::of(text),
            steps: Vec::new(),
            befores: Vec::new(),
            containers: Vec::new(),
            opened: 0,
            each,
        },
    )
}

/// One level of nesting on the way to a leaf.
#[derive(Clone, Debug)]
enum Step {
    /// Inside an object; its member's name is the next of `names`.
    Member,
    /// The item of an array, counted from 0.
    Item(usize),
}

struct Walker<'e, 'a, F> {
    /// The names of the members that lead here, outermost first. An object whose first name is still to come has none.
    names: Vec<Cow<'a, str>>,
    outer: usize,
    /// The number of the way over these names, and those of the ways over all of them but the last ones.
    way: u32,
    above: Vec<u32>,
    ways: Ways<'a>,
    steps: Vec<Step>,
    /// For each open container the text of its last leaf.
    befores: Vec<Cow<'a, str>>,
    /// The numbers of the open containers, and of the next one.
    containers: Vec<usize>,
    opened: usize,
    each: &'e mut F,
}

impl<'a, F: FnMut(&Leaf<'_, 'a>)> Walker<'_, 'a, F> {
    /// Shows a leaf, and gives what it says.
    fn show(&mut self, token: &Token<'a>, role: Role, way: u32) -> Cow<'a, str> {
        let text = json::decode(token);
        let before = self.befores.last().map_or("", |before| before.as_ref());
        let context = Context {
            names: &self.names,
            role,
            before,
            silent: false,
        };
        (self.each)(&Leaf {
            token,
            text: &text,
            context,
            containers: &self.containers,
            way,
            steps: &self.steps,
            outer: self.outer,
        });
        text
    }

    fn value(&mut self, token: &Token<'a>, role: Role) {
        let text = self.show(token, role, self.way);
        if let Some(last) = self.befores.last_mut() {
            *last = text;
        }
        self.next();
    }

    /// A value ended: the next one is another member or another item.
    fn next(&mut self) {
        match self.steps.last_mut() {
            Some(Step::Item(index)) => *index += 1,
            Some(Step::Member) => {
                self.names.pop();
                self.way = self.above.pop().unwrap_or(ROOT);
            }
            None => {}
        }
    }
}

impl<'a, F: FnMut(&Leaf<'_, 'a>)> Events<'a> for Walker<'_, 'a, F> {
    fn open(&mut self, container: Container) {
        self.steps.push(match container {
            Container::Object => Step::Member,
            Container::Array => Step::Item(0),
        });
        self.befores.push(Cow::Borrowed(""));
        self.containers.push(self.opened);
        self.opened += 1;
    }

    fn close(&mut self, _container: Container) {
        self.steps.pop();
        self.befores.pop();
        self.containers.pop();
        self.next();
    }

    fn key(&mut self, key: Token<'a>) {
        let way = self.ways.below(self.way, key.raw);
        let name = self.show(&key, Role::Key, way);
        self.names.push(name);
        self.above.push(std::mem::replace(&mut self.way, way));
    }

    fn string(&mut self, string: Token<'a>) {
        self.value(&string, Role::Text);
    }

    fn number(&mut self, number: Token<'a>) {
        self.value(&number, Role::Number);
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
