//! The rules, asked of a text.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::encoded::decoded;
use super::fragments::expand;
use super::literals::required;
use super::names::Names;
use super::normal::normalize;
use super::offsets::Offsets;
use super::rule::{Rule, Surface};
use super::rules::{hidden, table};
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

/// The rules with patterns, and the literals by which those are chosen that are asked of a sentence at all.
struct Index {
    literals: AhoCorasick,
    /// The rules, by position in the table, that need each literal.
    wanted_by: Vec<Vec<usize>>,
    /// The patterns, compiled when first asked.
    patterns: Vec<OnceLock<Regex>>,
    /// What speaks for a sentence, rule by rule, compiled when first asked.
    unless: Vec<OnceLock<Option<Regex>>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut by_literal = std::collections::BTreeMap::<String, Vec<usize>>::new();
    for (at, rule) in table().iter().enumerate() {
        let hir = regex_syntax::parse(&pattern(rule)).expect("the table is tested");
        for literal in required(&hir).expect("a test holds every pattern to it") {
            let rules = by_literal.entry(literal).or_default();
            if rules.last() != Some(&at) {
                rules.push(at);
            }
        }
    }
    let literals = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(by_literal.keys())
        .expect("the table is small");
    Index {
        literals,
        wanted_by: by_literal.into_values().collect(),
        patterns: table().iter().map(|_| OnceLock::new()).collect(),
        unless: table().iter().map(|_| OnceLock::new()).collect(),
    }
});

/// The patterns of a rule as one.
pub(super) fn pattern(rule: &Rule) -> String {
    one_of(rule.patterns)
}

fn one_of(patterns: &[&str]) -> String {
    let expanded = patterns.iter().map(|pattern| format!("(?:{})", expand(pattern)));
    expanded.collect::<Vec<_>>().join("|")
}

/// What the table finds in a normalised text: the rule, where, and the line around it.
fn asked(normal: &str, surface: Surface) -> Vec<(&'static Rule, Range<usize>, Range<usize>)> {
    let index = &*INDEX;
    let mut found = Vec::new();
    // The end of the line of which each rule has been asked last.
    let mut asked_to = vec![0; table().len()];
    let mut line = 0..0;
    for literal in index.literals.find_overlapping_iter(normal) {
        if literal.start() >= line.end {
            line = line_around(normal, literal.start());
        }
        for &at in &index.wanted_by[literal.pattern().as_usize()] {
            let rule = table()[at];
            if asked_to[at] == line.end || !rule.surfaces.has(surface) {
                continue;
            }
            asked_to[at] = line.end;
            let compile = || Regex::new(&pattern(rule)).expect("the table is tested");
            let sentence = &normal[line.clone()];
            let excused = || {
                let compile = || Regex::new(&one_of(rule.unless)).expect("the table is tested");
                let unless = index.unless[at].get_or_init(|| (!rule.unless.is_empty()).then(compile));
                unless.as_ref().is_some_and(|unless| unless.is_match(sentence))
            };
            let hit = index.patterns[at].get_or_init(compile).find(sentence);
            if let Some(hit) = hit.filter(|_| !excused()) {
                found.push((rule, line.start + hit.start()..line.start + hit.end(), line.clone()));
            }
        }
    }
    found
}

fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
    start..end
}
