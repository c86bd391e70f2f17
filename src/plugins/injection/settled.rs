//! A message without what is taken out of it, read again until nothing is: what was apart may say something together.

use std::{cmp::Reverse, collections::BTreeSet, ops::Range};

use super::{
    SPEC,
    actions::{Action, Actions, Hidden},
    is_prose,
    reading::{Reading, Text, Writing, told},
};
use crate::{
    guard::Redaction,
    json::{self, Edit, Fault},
};

/// What stands in the place of a sentence that was taken out.
pub(super) const PLACEHOLDER: &str = "<INJECTION>";
/// What a redaction calls a sentence that was taken out.
pub(super) const SENTENCE: &str = "INJECTION";
/// What a redaction calls characters that were taken out.
const UNSEEN: &str = "HIDDEN";

/// How often something is taken out of a message. What then still has something is made to have it.
const ROUNDS: usize = 4;

/// What is left of a message.
pub(super) struct Settled {
    /// What it is now, if something was taken out.
    pub(super) changed: Option<String>,
    /// What speaks against that, and against what it was before.
    pub(super) reading: Reading,
    /// What was taken out.
    pub(super) redactions: Vec<Redaction>,
}

impl Settled {
    /// Takes out of a message what the actions say; `declared` is one of definitions. `tools` are the names of those that exist.
    ///
    /// # Errors
    /// A [`Fault`] where it is no JSON.
    pub(super) fn of(payload: &str, tools: &BTreeSet<String>, actions: Actions, declared: bool) -> Result<Self, Fault> {
        let mut settled = Self {
            changed: None,
            reading: Reading::of(payload, tools)?,
            redactions: Vec::new(),
        };
        for round in 0..=ROUNDS {
            let (mut edits, mut before) = (Vec::new(), Vec::new());
            // How far what stands behind what was taken out has moved.
            let mut moved = Moved::default();
            for text in &mut settled.reading.texts {
                let action = actions.on(text);
                if action == Action::Block && !declared {
                    return Ok(settled);
                }
                let taken = taken(text, actions, declared);
                let (kept, was) = (without(&text.text, &taken), text.span.clone());
                let redactions: Vec<Redaction> = told(taken.iter().map(|taken| taken.redaction(text))).collect();
                let has_more = !taken.is_empty();
                drop(taken);
                if has_more && round == ROUNDS {
                    text.endless = true;
                } else if has_more {
                    settled.redactions.extend(redactions);
                    edits.push(Edit {
                        span: was.clone(),
                        with: text.written(&kept),
                    });
                }
                let length = edits.last().filter(|edit| edit.span == was).map(|edit| edit.with.len());
                let now = moved.by(&was, length);
                if action == Action::Warn || (action == Action::Block && declared) {
                    before.push(text.known(now, kept));
                }
            }
            if edits.is_empty() {
                return Ok(settled);
            }
            let text = json::splice(settled.changed.as_deref().unwrap_or(payload), &edits);
            settled.reading = Reading::of(&text, tools)?;
            settled.reading.add_known(before);
            settled.changed = Some(text);
        }
        Ok(settled)
    }
}

/// How far texts have moved, as those before them became shorter or longer.
#[derive(Default)]
struct Moved {
    before: usize,
    behind: usize,
}

impl Moved {
    /// Where a text stands now; `length` is that of what it was replaced by.
    fn by(&mut self, span: &Range<usize>, length: Option<usize>) -> Range<usize> {
        let start = span.start + self.behind - self.before;
        let length = length.unwrap_or(span.len());
        self.before += span.len();
        self.behind += length;
        start..start + length
    }
}

/// What is taken out of a text, in order.
fn taken<'t>(text: &'t Text, actions: Actions, declared: bool) -> Vec<Taken<'t>> {
    let action = actions.on(text);
    // A name is no text to change, and what is withheld is so as a whole.
    if text.writing == Writing::Key || (declared && (!is_prose(text) || action == Action::Block)) {
        return Vec::new();
    }
    let taken = text.evidence.iter().filter_map(|found| {
        let (span, with) = if found.is_unseen && actions.hidden == Hidden::Strip {
            (&found.span, "")
        } else if action == Action::Strip {
            (&found.sentence, PLACEHOLDER)
        } else {
            return None;
        };
        let rule = found.rule;
        Some(Taken { span, with, rule })
    });
    let mut taken: Vec<Taken<'_>> = taken.collect();
    taken.sort_by_key(|taken| (taken.span.start, Reverse(taken.span.end)));
    taken
}

/// A stretch of a text that is taken out.
struct Taken<'t> {
    span: &'t Range<usize>,
    /// What stands in its place.
    with: &'static str,
    rule: &'static str,
}

impl Taken<'_> {
    fn redaction(&self, text: &Text) -> Redaction {
        Redaction {
            plugin: SPEC.name,
            rule: self.rule.into(),
            label: if self.with.is_empty() { UNSEEN } else { SENTENCE }.into(),
            place: text.place.clone(),
        }
    }
}

/// A text without these stretches, which are in order. Of those that overlap, the first says what stands in their place.
fn without(text: &str, taken: &[Taken<'_>]) -> String {
    let (mut kept, mut at) = (String::with_capacity(text.len()), 0);
    for taken in taken {
        if taken.span.start >= at {
            kept.push_str(&text[at..taken.span.start]);
            kept.push_str(taken.with);
        }
        at = at.max(taken.span.end);
    }
    kept.push_str(&text[at..]);
    kept
}
