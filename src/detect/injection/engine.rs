//! The rules, asked of a text.

use std::ops::Range;

use super::encoded::decoded;
use super::index::asked;
use super::names::Names;
use super::normal::normalize;
use super::offsets::Offsets;
use super::rule::{Rule, Surface};
use super::rules::hidden;
use super::unseen::visible;

/// Where a text stands, and which names mean something in it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What kind of text it is.
    pub surface: Surface,
    /// The names.
    pub names: &'a Names<'a>,
}

/// What speaks against a text.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// The sentence around it.
    pub sentence: Range<usize>,
    /// The sentence as a model reads it: decoded, without anything unseen.
    pub text: String,
}

/// Everything that speaks against `text`, in the order of its places; of one rule at most one piece a sentence.
pub fn find(text: &str, context: &Context<'_>) -> Vec<Evidence> {
    let seen = visible(text);
    let mut evidence: Vec<Evidence> = Vec::new();
    for (rule, span, said) in &seen.found {
        if rule.surfaces.has(context.surface) {
            evidence.push(Evidence {
                rule,
                span: span.clone(),
                sentence: span.clone(),
                text: said.clone(),
            });
        }
    }
    let (mut normal, mut offsets) = (String::with_capacity(seen.text.len() + 64), Offsets::default());
    normalize(&seen.text, context.names, &mut normal, &mut offsets);
    let back = |range| seen.offsets.source(range, text);
    for (rule, at, line) in asked(&normal, context.surface) {
        let sentence = offsets.source(line, &seen.text);
        evidence.push(Evidence {
            rule,
            span: back(offsets.source(at, &seen.text)),
            text: seen.text[sentence.clone()].trim().to_owned(),
            sentence: back(sentence),
        });
    }
    for view in decoded(&seen.text) {
        let (mut normal, mut offsets) = (String::new(), Offsets::default());
        normalize(&view.text, context.names, &mut normal, &mut offsets);
        let plain: Vec<&str> = evidence.iter().map(|evidence| evidence.rule.id).collect();
        let hits = asked(&normal, context.surface);
        let mut new = hits
            .into_iter()
            .filter(|(rule, ..)| !plain.contains(&rule.id))
            .peekable();
        let at = back(view.range.clone());
        let of = |rule| Evidence {
            rule,
            span: at.clone(),
            sentence: at.clone(),
            text: view.text.clone(),
        };
        if new.peek().is_some() {
            let found: Vec<Evidence> = new.map(|(rule, ..)| of(rule)).collect();
            evidence.push(of(&hidden::ENCODED));
            evidence.extend(found);
        }
    }
    evidence.sort_by_key(|evidence| evidence.span.start);
    evidence
}
