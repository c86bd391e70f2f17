//! From the first bytes of a token to the rules that it may be of.

use std::ops::Range;
use std::sync::OnceLock;

use super::bytes::ByteSet;
use super::checksum::{Proof, prove};
use super::filler;
use super::rules::{self, Anchor, Rule};
use super::shape::Shape;

/// A rule, with its shape parsed when it is first needed: most runs of the program need few of them.
#[derive(Debug)]
struct Indexed {
    rule: &'static Rule,
    shape: OnceLock<Shape>,
    issued: OnceLock<Shape>,
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
        let shape = self.shape.get_or_init(|| parsed(rule.shape));
        let strict = shape.end(text, at + prefix).map(|end| (end, rule.score));
        let longer = || {
            shape
                .end_of_longer(text, at + prefix)
                .map(|end| (end, rule.score.min(LONGER_SCORE)))
        };
        let (end, score) = strict.or_else(|| if prefix >= TELLING_PREFIX { longer() } else { None })?;
        let body = &text[at + prefix..end];
        if self.is_made_up(body) || rule.needs_digit && !body.iter().any(u8::is_ascii_digit) {
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

    /// Is `body` no secret, but what stands for one?
    fn is_made_up(&self, body: &[u8]) -> bool {
        let issued = self.rule.issued.is_none_or(|notation| {
            let shape = self.issued.get_or_init(|| parsed(notation));
            shape.end(body, 0) == Some(body.len())
        });
        match (issued, rules::ALWAYS.contains(&self.rule.info.label)) {
            (true, true) => filler::is_blank(body),
            (true, false) => filler::is(body),
            (false, _) => filler::is(body) || filler::comes_again(body),
        }
    }
}

fn parsed(notation: &str) -> Shape {
    Shape::parse(notation).expect("a test parses the shapes of each row")
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
    prefixes: Vec<Prefix>,
    /// Where the prefixes with a hash of three first bytes begin; bits of the hash are left out, so others may too.
    buckets: Box<[u16; BUCKETS]>,
    /// The telling prefixes that end in `_` or `-`, by their three last bytes, and a bit for each hash of those.
    endings: Vec<Prefix>,
    ends: Box<[u64; STARTS / 64]>,
    /// The anchors that stand within runs, by where they do, the nearest first.
    within: Vec<Within>,
    /// The anchors that stand at colons.
    at_colons: Vec<(&'static str, Range<usize>, usize)>,
}

const STARTS: usize = 1 << 16;
const BUCKETS: usize = 1 << 12;

/// A prefix, its first three bytes, and the number of its rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prefix {
    key: u32,
    text: &'static str,
    rule: usize,
}

impl Prefix {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Does it tell by itself what it starts, wherever it stands: no common word, or several words?
    pub(super) fn is_telling(&self) -> bool {
        let mut words = self.text.split(['_', '-']).filter(|word| !word.is_empty());
        self.text.len() >= TELLING_PREFIX
            && (words.clone().nth(1).is_some() || words.all(|word| !COMMON.contains(&word)))
    }
}

/// Prefixes that no word ends in: they may stand behind letters, as where the columns of a table are not parted.
const STRANGE: &[&str] = &[
    "dckr_pat_",
    "dop_v1_",
    "github_pat_",
    "gho_",
    "ghp_",
    "ghr_",
    "ghs_",
    "ghu_",
    "glpat-",
    "shpat_",
    "shpss_",
    "xoxa-",
    "xoxb-",
    "xoxp-",
];

/// Prefixes that other words end in, too.
const COMMON: &[&str] = &[
    "api", "apikey", "app", "cal", "console", "dub", "ext", "ico", "ion", "key", "live", "mint", "mis", "mob", "org",
    "pat", "prf", "private", "sandbox", "sdk", "secret", "test", "tid",
];

/// The anchors that stand behind so many bytes of their tokens.
#[derive(Debug)]
struct Within {
    offset: usize,
    firsts: ByteSet,
    anchors: Vec<(&'static str, usize)>,
}

impl Index {
    /// The index over `rules`.
    pub(super) fn new(rules: impl Iterator<Item = &'static Rule>) -> Self {
        let mut index = Self {
            rules: Vec::new(),
            starts: Box::new([0; STARTS / 64]),
            prefixes: Vec::new(),
            buckets: Box::new([0; BUCKETS]),
            endings: Vec::new(),
            ends: Box::new([0; STARTS / 64]),
            within: Vec::new(),
            at_colons: Vec::new(),
        };
        for rule in rules {
            let number = index.rules.len();
            index.rules.push(Indexed {
                rule,
                shape: OnceLock::new(),
                issued: OnceLock::new(),
            });
            match rule.anchor {
                Anchor::Prefix(prefixes) => prefixes.iter().for_each(|prefix| index.add_prefix(prefix, number)),
                Anchor::Within(anchor, min, max) if anchor.starts_with(':') => {
                    index.at_colons.push((anchor, min..max + 1, number));
                }
                Anchor::Within(anchor, min, max) => index.add_within(anchor, min..max + 1, number),
            }
        }
        index
            .prefixes
            .sort_by_key(|prefix| (bucket(prefix.key), prefix.key, std::cmp::Reverse(prefix.text.len())));
        index.endings.sort_by_key(|prefix| prefix.key);
        for (place, prefix) in index.prefixes.iter().enumerate().rev() {
            index.buckets[bucket(prefix.key)] = u16::try_from(place).expect("there are far fewer prefixes");
        }
        index
    }

    fn add_prefix(&mut self, text: &'static str, rule: usize) {
        let bytes = text.as_bytes();
        let third = match bytes.get(2) {
            Some(&third) => third..=third,
            // A prefix of two bytes stands under each third one.
            None => 0..=127,
        };
        for third in third {
            let key = u32::from_le_bytes([bytes[0], bytes[1], third, 0]);
            let hash = hash(key);
            self.starts[hash / 64] |= 1 << (hash % 64);
            self.prefixes.push(Prefix { key, text, rule });
        }
        if let [.., one, two, last @ (b'_' | b'-')] = *bytes {
            let key = u32::from_le_bytes([one, two, last, 0]);
            let prefix = Prefix { key, text, rule };
            if prefix.is_telling() {
                let hash = hash(key);
                self.ends[hash / 64] |= 1 << (hash % 64);
                self.endings.push(prefix);
            }
        }
    }

    fn add_within(&mut self, anchor: &'static str, offsets: Range<usize>, rule: usize) {
        for offset in offsets {
            let place = match self.within.binary_search_by_key(&offset, |within| within.offset) {
                Ok(place) => place,
                Err(place) => {
                    let (firsts, anchors) = (ByteSet::default(), Vec::new());
                    self.within.insert(
                        place,
                        Within {
                            offset,
                            firsts,
                            anchors,
                        },
                    );
                    place
                }
            };
            let within = &mut self.within[place];
            within.firsts.insert(anchor.as_bytes()[0]);
            within.anchors.push((anchor, rule));
        }
    }

    /// May a rule's token start at `at`?
    #[inline(always)]
    pub(super) fn may_start(&self, text: &[u8], at: usize) -> bool {
        let hash = first_bytes(text, at).map_or(0, hash);
        self.starts[hash / 64] >> (hash % 64) & 1 == 1
    }

    /// The prefixes that stand at `at`, the longer ones first.
    pub(super) fn prefixes(&self, text: &[u8], at: usize) -> impl Iterator<Item = Prefix> {
        let rest = &text[at..];
        let key = first_bytes(text, at).unwrap_or_default();
        let from = usize::from(self.buckets[bucket(key)]);
        let near = self.prefixes[from..]
            .iter()
            .take_while(move |prefix| bucket(prefix.key) == bucket(key));
        near.filter(move |prefix| prefix.key == key && rest.starts_with(prefix.text.as_bytes()))
            .copied()
    }

    /// The best token that starts at `at`.
    pub(super) fn starting(&self, text: &[u8], at: usize) -> Option<Match> {
        self.prefixed(text, at, self.prefixes(text, at))
    }

    /// The best token that starts at `at` with one of `prefixes`.
    pub(super) fn prefixed(&self, text: &[u8], at: usize, prefixes: impl Iterator<Item = Prefix>) -> Option<Match> {
        best(prefixes.filter_map(|prefix| self.rules[prefix.rule].check(text, at, prefix.text.len())))
    }

    /// The best token whose prefix ends before `end` in the middle of a word that starts at `from` or behind it.
    pub(super) fn glued(&self, text: &[u8], from: usize, end: usize) -> Option<Match> {
        let key = first_bytes(text, end.checked_sub(3)?)?;
        let hash = hash(key);
        if self.ends[hash / 64] >> (hash % 64) & 1 == 0 {
            return None;
        }
        let from_key = self.endings.partition_point(|prefix| prefix.key < key);
        let prefixes = self.endings[from_key..].iter().take_while(|prefix| prefix.key == key);
        let prefixes = prefixes.filter(|prefix| text[..end].ends_with(prefix.text.as_bytes()));
        best(prefixes.filter_map(|prefix| {
            let start = end.checked_sub(prefix.len()).filter(|start| *start > from)?;
            let before = text[start - 1];
            let in_word = before.is_ascii_digit() || before.is_ascii_alphabetic() && STRANGE.contains(&prefix.text);
            in_word.then(|| self.rules[prefix.rule].check(text, start, prefix.len()))?
        }))
    }

    /// The best token that starts with `run` and whose anchor stands within it.
    pub(super) fn within(&self, text: &[u8], run: &Range<usize>) -> Option<Match> {
        let body = &text[run.clone()];
        let mut found = None;
        // Loops rather than iterators: this is done for every long run, and nearly always ends at the first test.
        for within in &self.within {
            let Some(&first) = body.get(within.offset) else {
                break;
            };
            if !within.firsts.contains(first) {
                continue;
            }
            for &(anchor, rule) in &within.anchors {
                if body[within.offset..].starts_with(anchor.as_bytes()) {
                    found = best(found.into_iter().chain(self.rules[rule].check(text, run.start, 0)));
                }
            }
        }
        found
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
}

/// The three bytes from `at` on.
#[inline(always)]
fn first_bytes(text: &[u8], at: usize) -> Option<u32> {
    let &[first, second, third] = text.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([first, second, third, 0]))
}

#[inline(always)]
fn bucket(key: u32) -> usize {
    hash(key) % BUCKETS
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::secrets::shape::dice;

    #[test]
    fn nothing_is_told_by_digits_within() {
        let index = Index::new(rules::all());
        let is_digits = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let endings = index.endings.iter().map(|prefix| prefix.text);
        let anchors = index.within.iter().flat_map(|within| &within.anchors);
        let mut told = endings.chain(anchors.map(|anchor| anchor.0));
        assert_eq!(told.find(|text| is_digits(text)), None);
    }

    #[test]
    fn nothing_that_a_provider_gives_out_looks_made_up() {
        let mut dice = dice();
        for indexed in Index::new(rules::all()).rules {
            let rule = indexed.rule;
            let shape = parsed(rule.issued.unwrap_or(rule.shape));
            for _ in 0..200 {
                let body = shape.sample(&mut dice);
                let shown = String::from_utf8_lossy(&body);
                assert!(!indexed.is_made_up(&body), "{}: {shown}", rule.info.id);
            }
        }
    }
}
