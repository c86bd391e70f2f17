//! What speaks against the texts of a message.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    detect::{
        Role,
        injection::{Context, Evidence, Names, Score, Surface, find, is_unseen, worst},
    },
    guard::Redaction,
    json::Fault,
    message::walk,
};

/// Members whose texts are bytes in base64, by MCP's schema.
const BINARY: [&str; 2] = ["data", "blob"];

/// The texts of a message that something speaks against.
pub(super) struct Reading {
    pub(super) texts: Vec<Text>,
}

/// One of them.
pub(super) struct Text {
    /// Where it stands, such as `content[0].text`.
    pub(super) place: String,
    /// Where it stands in the payload, with its quotes.
    pub(super) span: Range<usize>,
    /// What it says.
    pub(super) text: String,
    /// What speaks against it.
    pub(super) evidence: Vec<Found>,
    /// How much, at the worst of its places.
    pub(super) score: Score,
}

/// One piece of evidence.
pub(super) struct Found {
    /// The rule.
    pub(super) rule: &'static str,
    /// What it means.
    why: &'static str,
    /// Where it stands in the text.
    pub(super) span: Range<usize>,
    /// The sentence around it.
    pub(super) sentence: Range<usize>,
    /// Whether it consists of characters that nobody sees.
    pub(super) is_unseen: bool,
}

impl Reading {
    /// Reads a payload; `tools` are the names of those that exist.
    pub(super) fn of(payload: &str, tools: &BTreeSet<String>) -> Result<Self, Fault> {
        let names = Names {
            tools: tools.iter().map(String::as_str).collect(),
            ..Names::default()
        };
        let context = Context {
            surface: Surface::Result,
            names: &names,
        };
        let mut texts = Vec::new();
        walk(payload, &mut |leaf| {
            let is_binary = leaf.context.names.last().is_some_and(|name| BINARY.contains(&&**name));
            if leaf.context.role != Role::Text || is_binary {
                return;
            }
            let evidence = find(leaf.text, &context);
            if !evidence.is_empty() {
                texts.push(Text {
                    place: leaf.place(),
                    span: leaf.token.span.clone(),
                    text: leaf.text.to_owned(),
                    score: worst(&evidence),
                    evidence: evidence.into_iter().map(Found::from).collect(),
                });
            }
        })?;
        Ok(Self { texts })
    }
}

impl From<Evidence> for Found {
    fn from(evidence: Evidence) -> Self {
        Self {
            rule: evidence.rule.id,
            why: evidence.rule.why,
            is_unseen: is_unseen(evidence.rule),
            span: evidence.span,
            sentence: evidence.sentence,
        }
    }
}

impl Text {
    /// What its evidence means, in words.
    pub(super) fn why(&self) -> String {
        let mut why: Vec<&str> = self
            .evidence
            .iter()
            .map(|found| found.why.trim_end_matches('.'))
            .collect();
        why.dedup();
        why.truncate(3);
        why.join("; ")
    }

    /// The rules that had it fenced.
    pub(super) fn fenced(&self) -> impl Iterator<Item = Redaction> {
        self.evidence.iter().map(|found| Redaction {
            plugin: super::SPEC.name,
            rule: found.rule.into(),
            label: "UNTRUSTED".into(),
            place: self.place.clone(),
        })
    }
}
