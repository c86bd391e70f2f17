//! From the first bytes of a token to the rules that it may be of.

use std::ops::Range;
use std::sync::OnceLock;

use super::checksum::{Proof, prove};
use super::filler;
use super::rules::{Anchor, Rule};
use super::shape::Shape;

/// A rule, with its shape parsed when it is first needed: most runs of the program need few of them.
#[derive(Debug)]
struct Indexed {
    rule: &'static Rule,
    shape: OnceLock<Shape>,
}

/// A prefix of this many bytes speaks for itself: what goes on longer than the shape is still such a token.
const TELLING_PREFIX: usize = 4;

/// How far a URL is followed back from within its host, in bytes.
const MAX_HOST: usize = 264;

/// How sure a token is that goes on longer than its shape.
const LONGER_SCORE: f32 = 0.8;

impl Indexed {
    /// The token of this rule that starts at `at` with a prefix of so many bytes.
    fn check(&self, text: &[u8], at: usize, prefix: usize) -> Option<Match> {
        let rule = self.rule;
        let shape = self
            .shape
            .get_or_init(|| Shape::parse(rule.shape).expect("a test parses the shape of each row"));
        let strict = shape.end(text, at + prefix).map(|end| (end, rule.score));
        let longer = || {
            shape
                .end_of_longer(text, at + prefix)
                .map(|end| (end, rule.score.min(LONGER_SCORE)))
        };
        let (end, score) = strict.or_else(|| if prefix >= TELLING_PREFIX { longer() } else { None })?;
        let body = &text[at + prefix..end];
        if filler::is(body) || rule.needs_digit && !body.iter().any(u8::is_ascii_digit) {
            return None;
        }
        let start = if rule.in_url { url_start(text, at) } else { at };
        let proven = rule
            .checksum
            .is_some_and(|checksum| prove(checksum, &text[at..end]) == Proof::Holds);
        Some(Match {
            rule,
            span: start..end,
            score: if proven { 1.0 } else { score },
        })
    }
}

/// A token that a rule recognised.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) rule: &'static Rule,
    pub(super) span: Range<usize>,
    pub(super) score: f32,
}

/// The rules, found by how a token starts or by what stands within it.
#[derive(Debug)]
pub(super) struct Index {
    rules: Vec<Indexed>,
    /// A bit for each hash of three first bytes that some prefix has.
    starts: Box<[u64; STARTS / 64]>,
    /// The prefixes by their three first bytes, the longer ones first.
    prefixes: Vec<(u32, &'static str, usize)>,
    /// The anchors that stand within runs, and those at colons.
    within: Vec<(&'static str, Range<usize>, usize)>,
    at_colons: Vec<(&'static str, Range<usize>, usize)>,
}

const STARTS: usize = 1 << 16;

impl Index {
    /// The index over `rules`.
    pub(super) fn new(rules: impl Iterator<Item = &'static Rule>) -> Self {
        let mut index = Self {
            rules: Vec::new(),
            starts: Box::new([0; STARTS / 64]),
            prefixes: Vec::new(),
            within: Vec::new(),
            at_colons: Vec::new(),
        };
        for rule in rules {
            let number = index.rules.len();
            index.rules.push(Indexed {
                rule,
                shape: OnceLock::new(),
            });
            match rule.anchor {
                Anchor::Prefix(prefixes) => prefixes.iter().for_each(|prefix| index.add_prefix(prefix, number)),
                Anchor::Within(anchor, min, max) => {
                    let anchors = if anchor.starts_with(':') {
                        &mut index.at_colons
                    } else {
                        &mut index.within
                    };
                    anchors.push((anchor, min..max + 1, number));
                }
            }
        }
        index
            .prefixes
            .sort_by_key(|&(key, prefix, _)| (key, std::cmp::Reverse(prefix.len())));
        index
    }

    fn add_prefix(&mut self, prefix: &'static str, number: usize) {
        let bytes = prefix.as_bytes();
        let third = match bytes.get(2) {
            Some(&third) => third..=third,
            // A prefix of two bytes stands under each third one.
            None => 0..=127,
        };
        for third in third {
            let key = u32::from_le_bytes([bytes[0], bytes[1], third, 0]);
            let hash = hash(key);
            self.starts[hash / 64] |= 1 << (hash % 64);
            self.prefixes.push((key, prefix, number));
        }
    }

    /// May a rule's token start at `at`?
    #[inline(always)]
    pub(super) fn may_start(&self, text: &[u8], at: usize) -> bool {
        let Some(&[first, second, third]) = text.get(at..at + 3).and_then(<[u8]>::first_chunk) else {
            return false;
        };
        let hash = hash(u32::from_le_bytes([first, second, third, 0]));
        self.starts[hash / 64] >> (hash % 64) & 1 == 1
    }

    /// The best token that starts at `at`; its prefix has at least `min_prefix` bytes.
    pub(super) fn starting(&self, text: &[u8], at: usize, min_prefix: usize) -> Option<Match> {
        let &[first, second, third] = text.get(at..)?.first_chunk()?;
        let key = u32::from_le_bytes([first, second, third, 0]);
        let from = self.prefixes.partition_point(|&(other, ..)| other < key);
        let same = self.prefixes[from..].iter().take_while(|&&(other, ..)| other == key);
        let rest = &text[at..];
        let matches = same
            .filter(|(_, prefix, _)| prefix.len() >= min_prefix && rest.starts_with(prefix.as_bytes()))
            .filter_map(|&(_, prefix, number)| self.rules[number].check(text, at, prefix.len()));
        best(matches)
    }

    /// The best token whose anchor stands within a run.
    pub(super) fn within(&self, text: &[u8], run: &Range<usize>) -> Option<Match> {
        let rest = &text[run.start..];
        let matches = self.within.iter().flat_map(|(anchor, offsets, number)| {
            let (first, anchor) = (anchor.as_bytes()[0], anchor.as_bytes());
            let places = offsets.clone().take_while(|&offset| offset < rest.len());
            let anchored = places.filter(move |&offset| rest[offset] == first && rest[offset..].starts_with(anchor));
            anchored.filter_map(|_| self.rules[*number].check(text, run.start, 0))
        });
        best(matches)
    }

    /// The best token whose anchor is the colon at `colon` and what follows it.
    pub(super) fn around(&self, text: &[u8], colon: usize) -> Option<Match> {
        let anchored = self
            .at_colons
            .iter()
            .filter(|(anchor, ..)| text[colon..].starts_with(anchor.as_bytes()));
        let matches = anchored.flat_map(|(_, offsets, number)| {
            let starts = offsets.clone().filter_map(|offset| colon.checked_sub(offset));
            let starts = starts.filter(|&start| is_start(text, start));
            starts.filter_map(|start| self.rules[*number].check(text, start, 0))
        });
        best(matches)
    }

    /// Does some prefix stand at `at`?
    pub(super) fn meets_prefix(&self, text: &[u8], at: usize) -> bool {
        let Some(&[first, second, third]) = text.get(at..).and_then(<[u8]>::first_chunk) else {
            return false;
        };
        let key = u32::from_le_bytes([first, second, third, 0]);
        let from = self.prefixes.partition_point(|&(other, ..)| other < key);
        let mut same = self.prefixes[from..].iter().take_while(|&&(other, ..)| other == key);
        same.any(|(_, prefix, _)| text[at..].starts_with(prefix.as_bytes()))
    }
}

/// Can a token start at `at`: behind something else, or behind an escape such as `\n`?
fn is_start(text: &[u8], at: usize) -> bool {
    let before = |bytes: usize| at.checked_sub(bytes).map(|at| text[at]);
    before(1).is_none_or(|byte| !byte.is_ascii_alphanumeric()) || before(2) == Some(b'\\')
}

/// Where the URL starts whose host holds `at`.
fn url_start(text: &[u8], at: usize) -> usize {
    let in_url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'/');
    let reach = text[..at]
        .iter()
        .rev()
        .take(MAX_HOST)
        .take_while(|byte| in_url(byte))
        .count();
    let before = &text[at - reach..at];
    let scheme = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| memchr::memmem::rfind(before, scheme.as_bytes()));
    scheme.max().map_or(at, |offset| at - reach + offset)
}

fn best(matches: impl Iterator<Item = Match>) -> Option<Match> {
    matches.max_by(|one, other| {
        one.score
            .total_cmp(&other.score)
            .then(one.span.len().cmp(&other.span.len()))
    })
}

#[inline(always)]
fn hash(key: u32) -> usize {
    // Knuth's multiplicative hash; its high bits are the good ones.
    (key.wrapping_mul(0x9E37_79B1) >> 16) as usize
}
