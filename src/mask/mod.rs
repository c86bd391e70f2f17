//! Putting something else in the place of what a detector finds, in a JSON text or in plain text.
//!
//! Findings are made on decoded leaves; edits are made on the source. So everything that is not part of a finding stays
//! byte for byte, and JSON stays JSON: also inside strings that hold JSON themselves.

mod apart;
mod known;
mod matched;
mod neighbours;
mod siblings;
mod source;
mod strands;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range};

use crate::{
    detect::{Context, Detector, Finding, Name, Role},
    json::{self, Edit, Fault},
    message::{Leaf, Path, walk_below},
};

use known::Ways;
pub use matched::Matched;
use neighbours::Neighbours;
use siblings::Siblings;
use source::{Source, Written};
use strands::Strands;

/// How many levels of JSON inside strings are walked; what lies deeper is read as plain text.
const MAX_NESTING: usize = 4;

/// One stretch of the source that is to be replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Where it stands in the source, in bytes.
    pub span: Range<usize>,
    /// What the source is to hold instead, escaped as its place demands.
    pub with: String,
    /// The rule that found it.
    pub rule: Name,
    /// What it was found to be.
    pub label: Name,
    /// How sure the rule was, from 0 to 1.
    pub score: f32,
    /// Where it stands, such as `content[0].text`; empty in plain text.
    pub place: String,
    /// What is replaced, decoded; `None` where that is a part of what was found, or more than that.
    pub matched: Option<Matched>,
    /// What becomes of the type of the value that it stands in.
    pub retyped: Retyped,
}

/// What a replacement does to the type of the JSON value that it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retyped {
    /// Nothing.
    #[default]
    No,
    /// A number becomes a string.
    FromNumber,
    /// A string becomes a number, if the whole of it is replaced.
    ToNumber,
}

/// What stands in a finding's place.
pub trait Replace: Send + Sync {
    /// The replacement for `matched`, as plain text.
    fn replacement(&self, finding: &Finding, matched: &str) -> String;

    /// Whether the replacement is to be a JSON number where it takes the place of a whole string. It is one in form, then.
    fn is_number(&self, _finding: &Finding) -> bool {
        false
    }
}

/// `<LABEL>`.
#[derive(Debug, Default)]
pub struct Placeholder;

impl Replace for Placeholder {
    fn replacement(&self, finding: &Finding, _matched: &str) -> String {
        format!("<{}>", finding.label)
    }
}

/// A detector and what it puts in the place of its findings.
pub struct Masker {
    detector: Box<dyn Detector>,
    replace: Box<dyn Replace>,
}

impl Masker {
    /// A masker of what `detector` finds.
    pub fn new(detector: impl Detector + 'static, replace: impl Replace + 'static) -> Self {
        Self {
            detector: Box::new(detector),
            replace: Box::new(replace),
        }
    }

    /// What it finds by.
    pub fn detector(&self) -> &dyn Detector {
        self.detector.as_ref()
    }

    /// What is to be replaced in a JSON text, in order.
    ///
    /// # Errors
    /// A [`Fault`] where `text` is not JSON.
    pub fn json(&self, text: &str) -> Result<Vec<Hit>, Fault> {
        Search {
            masker: self,
            all: false,
        }
        .document(text, &[], 0)
    }

    /// What is to be replaced in a text that may or may not be JSON, in order.
    pub fn text(&self, text: &str) -> Vec<Hit> {
        Search {
            masker: self,
            all: false,
        }
        .any(text, &Context::default(), 0)
    }

    /// Everything that is recognised in a text, also what a stronger finding covers.
    pub fn recognized(&self, text: &str) -> Vec<Hit> {
        Search {
            masker: self,
            all: true,
        }
        .any(text, &Context::default(), 0)
    }

    /// `text` with its hits replaced; borrowed where there are none.
    pub fn masked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let hits = self.text(text);
        if hits.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(apply(text, &hits))
        }
    }

    /// A member's name, masked as where it stands: below its parents.
    fn name<'n>(&self, parents: &[Cow<'_, str>], name: &'n str) -> Cow<'n, str> {
        let context = Context {
            names: parents,
            role: Role::Key,
            ..Context::default()
        };
        let mut found = Vec::new();
        self.detector.find(name, &context, &mut found);
        let hits: Vec<Hit> = found
            .iter()
            .filter_map(|finding| self.hit(finding, &name[finding.start..finding.end]))
            .collect();
        if hits.is_empty() {
            Cow::Borrowed(name)
        } else {
            Cow::Owned(splice(name, &hits))
        }
    }

    /// Where a leaf stands, its names masked.
    fn place(&self, leaf: &Leaf<'_, '_>) -> String {
        leaf.place_with(|parents, name| self.name(parents, name))
    }

    /// What [`Masker::place`] gives of a leaf that is gone.
    fn place_at(&self, path: &Path) -> String {
        path.place_with(|parents, name| self.name(parents, name))
    }

    /// The hit that a finding is; `None` where what it found is to stay.
    fn hit(&self, finding: &Finding, matched: &str) -> Option<Hit> {
        let with = self.replace.replacement(finding, matched);
        (with != matched).then(|| Hit {
            span: finding.start..finding.end,
            with,
            rule: finding.rule.clone(),
            label: finding.label.clone(),
            score: finding.score,
            place: String::new(),
            matched: Some(matched.into()),
            retyped: match self.replace.is_number(finding) {
                true => Retyped::ToNumber,
                false => Retyped::No,
            },
        })
    }
}

/// One search of a masker's.
struct Search<'m> {
    masker: &'m Masker,
    /// Whether what a stronger finding covers counts as well.
    all: bool,
}

impl Search<'_> {
    fn document<'a>(&self, text: &'a str, outer: &'a [Cow<'a, str>], nesting: usize) -> Result<Vec<Hit>, Fault> {
        let mut hits = Vec::new();
        let (mut neighbours, mut strands) = (Neighbours::default(), Strands::default());
        let mut siblings = Siblings::new(self.masker, text);
        let mut ways = Ways::default();
        walk_below(outer, text, &mut |leaf| {
            if leaf.context.role == Role::Key {
                if !ways.is_clean(leaf) && !self.leaf(leaf, &leaf.context, nesting, &mut hits) {
                    ways.set_clean(leaf);
                }
                return;
            }
            let known = ways.to(leaf, self.masker);
            let context = Context {
                silent: known.silent,
                ..leaf.context
            };
            self.leaf(leaf, &context, nesting, &mut hits);
            neighbours.leaf(leaf);
            strands.leaf(self.masker, leaf, &mut hits);
            siblings.leaf(leaf, known.dull, &mut hits);
        })?;
        neighbours.find(self.masker, &mut hits);
        Ok(if self.all { hits } else { in_order(hits) })
    }

    /// Appends the hits in one leaf, moved to the source of the text that the leaf stands in; true where there are some.
    fn leaf(&self, leaf: &Leaf<'_, '_>, context: &Context<'_>, nesting: usize, hits: &mut Vec<Hit>) -> bool {
        let found = self.any(leaf.text, context, nesting);
        if found.is_empty() {
            return false;
        }
        let place = self.masker.place(leaf);
        let here = Source::new(leaf.token, Written::of(&leaf.context));
        hits.extend(found.into_iter().map(|hit| Hit {
            place: beneath(&place, &hit.place),
            ..here.hit(hit)
        }));
        true
    }

    /// The hits in a decoded text, in its own positions.
    fn any(&self, text: &str, context: &Context<'_>, nesting: usize) -> Vec<Hit> {
        if context.role == Role::Text
            && nesting < MAX_NESTING
            && looks_like_json(text)
            && let Ok(hits) = self.document(text, context.names, nesting + 1)
        {
            return hits;
        }
        let mut found = Vec::new();
        match self.all {
            true => self.masker.detector.recognize(text, context, &mut found),
            false => self.masker.detector.find(text, context, &mut found),
        }
        if found.is_empty() {
            return Vec::new();
        }
        found
            .iter()
            .filter_map(|finding| self.masker.hit(finding, &text[finding.start..finding.end]))
            .collect()
    }
}

/// `text` with every hit replaced. Names of one object that became the same are kept apart by a number.
pub fn apply(text: &str, hits: &[Hit]) -> String {
    let masked = splice(text, hits);
    match apart::edits(&masked) {
        Ok(edits) if !edits.is_empty() => json::splice(&masked, &edits),
        _ => masked,
    }
}

fn splice(text: &str, hits: &[Hit]) -> String {
    let edit = |hit: &Hit| Edit {
        span: hit.span.clone(),
        with: hit.with.clone(),
    };
    json::splice(text, &hits.iter().map(edit).collect::<Vec<_>>())
}

/// Hits by position; of two that overlap, one that covers both.
pub fn in_order(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| hit.span.start);
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.span.start < last.span.end => {
                if hit.span.end > last.span.end {
                    last.span.end = hit.span.end;
                    last.matched = None;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

fn looks_like_json(text: &str) -> bool {
    // Most texts are dismissed by what they end with.
    if !matches!(text.as_bytes().last(), Some(b'}' | b']' | b' ' | b'\t'..=b'\r')) {
        return false;
    }
    let inner = text.trim_ascii();
    matches!(
        (inner.as_bytes().first(), inner.as_bytes().last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    )
}

fn beneath(place: &str, inner: &str) -> String {
    if inner.is_empty() {
        place.to_owned()
    } else {
        format!("{place} → {inner}")
    }
}
