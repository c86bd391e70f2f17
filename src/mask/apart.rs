//! Two names of one object that became the same when they were masked are numbered, so that no reader drops an entry.

use std::{borrow::Cow, collections::HashMap};

use crate::json::{self, Container, Edit, Events, Fault, Token};

/// What to change in a masked document so that each of its objects has its names once.
pub(super) fn edits(masked: &str) -> Result<Vec<Edit>, Fault> {
    let mut objects = Objects::default();
    json::scan(masked, &mut objects)?;
    Ok(objects.edits)
}

#[derive(Default)]
struct Objects<'a> {
    open: Vec<HashMap<Cow<'a, str>, usize>>,
    edits: Vec<Edit>,
}

impl<'a> Events<'a> for Objects<'a> {
    fn open(&mut self, container: Container) {
        if container == Container::Object {
            self.open.push(HashMap::new());
        }
    }

    fn close(&mut self, container: Container) {
        if container == Container::Object {
            self.open.pop();
        }
    }

    fn key(&mut self, key: Token<'a>) {
        // Names that hold no placeholder are as they came, repeated or not.
        if !key.raw.contains('<') {
            return;
        }
        let Some(names) = self.open.last_mut() else { return };
        let count = names.entry(json::decode(&key)).or_default();
        *count += 1;
        if *count > 1 {
            let end = key.span.end - 1;
            self.edits.push(Edit {
                span: end..end,
                with: format!("_{count}"),
            });
        }
    }

    fn string(&mut self, _: Token<'a>) {}
    fn number(&mut self, _: Token<'a>) {}
}
