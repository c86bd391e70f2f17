//! The rules, asked of a text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::bare::bare;
use super::encoded::decoded;
use super::index::asked;
use super::links;
use super::names::Names;
use super::normal::normalize;
use super::offsets::Offsets;
use super::rule::{Rule, Surface};
use super::rules::hidden;
use super::visible::visible;

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
    let seen = visible(text, context.surface);
    let back = |range| seen.offsets.source(range, text);
    let hidden = seen.found.iter().map(|(rule, span, said)| Evidence {
        rule,
        span: span.clone(),
        sentence: span.clone(),
        text: said.clone(),
    });
    let mut evidence: Vec<Evidence> = hidden.collect();
    evidence.extend(sentences(&seen.text, context).map(|said| said.found_at(back)));
    if let Some(bare) = bare(&seen.text) {
        let again = visible(&bare.text, context.surface);
        let back = |range| {
            let range = again.offsets.source(range, &bare.text);
            back(bare.offsets.source(range, &seen.text))
        };
        let known = Known::of(&evidence);
        let found = sentences(&again.text, context).map(|said| said.found_at(back));
        let new: Vec<Evidence> = found.filter(|found| !known.has(found)).collect();
        evidence.extend(new);
    }
    let mut told: HashSet<&str> = evidence.iter().map(|evidence| evidence.rule.id).collect();
    for view in decoded(&seen.text) {
        let at = back(view.range.clone());
        let counts = |said: &Said<'_>| !view.ordinary || said.rule.tells_alone();
        let found = sentences(&view.text, context).filter(|said| counts(said) && told.insert(said.rule.id));
        let found: Vec<Evidence> = found.map(|said| said.found_at(|_| at.clone())).collect();
        if !found.is_empty() {
            evidence.push(Evidence {
                rule: &hidden::ENCODED,
                span: at.clone(),
                sentence: at.clone(),
                text: view.text.clone(),
            });
            evidence.extend(found);
        }
    }
    if hidden::CARRYING.surfaces.has(context.surface) {
        evidence.extend(links::carrying(&seen.text).into_iter().map(|at| Evidence {
            rule: &hidden::CARRYING,
            text: seen.text[at.clone()].to_owned(),
            span: back(at.clone()),
            sentence: back(at),
        }));
    }
    evidence.sort_by_key(|evidence| evidence.span.start);
    evidence
}

/// What speaks against texts that are read one after the other, in sentences that go from one into the next: by the place of
/// the text in which such a sentence begins, with spans of that text.
pub fn find_across(texts: &[&str], context: &Context<'_>) -> Vec<(usize, Evidence)> {
    let mut joined = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum());
    // Where each text begins, and where in its source what is read of it does.
    let mut begins = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        begins.push(joined.len());
        joined.push_str(text);
        if at + 1 < texts.len() {
            joined.push('\n');
        }
    }
    let seen = visible(&joined, context.surface);
    let found = sentences(&seen.text, context).map(|said| said.found_at(|range| seen.offsets.source(range, &joined)));
    let across = found.filter_map(|found| {
        let first = begins.partition_point(|begin| *begin <= found.span.start) - 1;
        let (begin, end) = (begins[first], begins[first] + texts[first].len());
        let within = |range: Range<usize>| range.start.saturating_sub(begin)..range.end.min(end) - begin;
        let goes_on = found.span.start < end && found.span.end > end + 1;
        goes_on.then(|| {
            let (span, sentence) = (within(found.span.clone()), within(found.sentence.clone()));
            (
                first,
                Evidence {
                    span,
                    sentence,
                    ..found
                },
            )
        })
    });
    across.collect()
}

/// A sentence in which a rule found something, with places of the text that was read.
struct Said<'t> {
    rule: &'static Rule,
    at: Range<usize>,
    sentence: Range<usize>,
    text: &'t str,
}

impl Said<'_> {
    /// The evidence that it is, with places that `back` leads to.
    fn found_at(self, back: impl Fn(Range<usize>) -> Range<usize>) -> Evidence {
        Evidence {
            rule: self.rule,
            span: back(self.at),
            text: self.text[self.sentence.clone()].trim().to_owned(),
            sentence: back(self.sentence),
        }
    }
}

/// What the rules find in a visible text, sentence by sentence.
fn sentences<'t>(text: &'t str, context: &Context<'_>) -> impl Iterator<Item = Said<'t>> {
    let (mut normal, mut offsets) = (String::with_capacity(text.len() + 64), Offsets::default());
    normalize(text, context.names, &mut normal, &mut offsets);
    let found = asked(&normal, context.surface);
    found.into_iter().map(move |(rule, at, line)| Said {
        rule,
        at: offsets.source(at, text),
        sentence: offsets.source(line, text),
        text,
    })
}

/// Where each rule has found something.
struct Known(HashMap<&'static str, Vec<Range<usize>>>);

impl Known {
    fn of(evidence: &[Evidence]) -> Self {
        let mut known: HashMap<_, Vec<Range<usize>>> = HashMap::new();
        for evidence in evidence {
            known
                .entry(evidence.rule.id)
                .or_default()
                .push(evidence.sentence.clone());
        }
        known
            .values_mut()
            .for_each(|places| places.sort_by_key(|place| place.end));
        Self(known)
    }

    /// Whether the same was found in this sentence before.
    fn has(&self, found: &Evidence) -> bool {
        self.0.get(found.rule.id).is_some_and(|places| {
            let next = places.partition_point(|place| place.end <= found.sentence.start);
            places.get(next).is_some_and(|place| place.start < found.sentence.end)
        })
    }
}
