//! Secrets: what a fixed shape, a telling name, a URL or an encoding gives away.
//!
//! One pass over the text ([`scan`]) names the few places where a secret could start; the table of [`rules`], the
//! contextual rules, and those of private keys and URLs are asked there only. What is encoded is decoded and goes the
//! same way. Overlaps are settled at the end ([`settle`]).

mod bytes;
mod checksum;
mod context;
mod custom;
mod encoded;
mod filler;
mod index;
mod jwk;
mod literals;
mod look;
mod makeup;
mod masked;
mod options;
mod pass;
mod pem;
mod phrase;
mod rules;
mod scan;
mod settle;
mod shape;
mod url;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use fearless_simd::{Level, dispatch};

pub use options::{CustomRule, Options, OptionsError, Sensitivity};
pub use pem::Strand;

use self::custom::Custom;
use self::index::Index;
use self::literals::Begins;
use self::options::Allowed;
use self::pass::{AWS_SECRET_LENGTH, Pass};
use self::scan::MIN_RUN;
use super::{Context, Detector, Finding, placeholder};
use crate::lanes::{self, Vectors, Words};

/// What people read about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its name in settings and findings.
    pub id: &'static str,
    /// Whose secret it is; `generic` where it is nobody's in particular.
    pub provider: &'static str,
    /// What kind of secret it is.
    pub what: &'static str,
    /// What stands between `<` and `>` in its place.
    pub label: &'static str,
    /// A text that it finds something in. Not a real secret.
    pub example: &'static str,
}

impl RuleInfo {
    /// The finding of this rule at `span`, as sure as `score`.
    fn finding(&self, span: Range<usize>, score: f32) -> Finding {
        Finding {
            rule: Cow::Borrowed(self.id),
            label: Cow::Borrowed(self.label),
            start: span.start,
            end: span.end,
            score,
        }
    }
}

const AWS_KEY_ID: &str = "aws-access-key-id";

/// Rules that are neither in the table nor in a module of their own.
const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "aws-secret-access-key-beside-id",
        provider: "AWS",
        what: "secret access key that stands beside its key id",
        label: "AWS_SECRET_ACCESS_KEY",
        example: "AKIAQ3EGZ7LPOWV2KDRT wJx5rUtnKE2MIqK7MDkbPxRfiDYzGpTvNsQ8aLmC",
    },
    RuleInfo {
        id: "encoded-data",
        provider: "generic",
        what: "text encoded more often than is decoded",
        label: "ENCODED_DATA",
        example: "",
    },
];

/// Every rule that is built in.
pub fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    let table = rules::all().map(|rule| &rule.info);
    table
        .chain(context::RULES)
        .chain(url::RULES)
        .chain(pem::RULES)
        .chain(jwk::RULES)
        .chain(phrase::RULES)
        .chain(RULES)
}

/// The rows of the table as plain regular expressions, by id: for people to read, and for others to compare with.
pub fn patterns() -> impl Iterator<Item = (&'static str, String)> {
    rules::all().map(|rule| (rule.info.id, rule.pattern()))
}

/// The shortest text that holds a secret and what tells of it, in bytes: `pwd=abcd`, `x://:y@z`.
const SHORTEST: usize = 8;

/// How often a decoded text is decoded again.
const MAX_DEPTH: usize = 3;

/// How much is decoded for one text, in bytes.
const MAX_DECODED: usize = 8 << 20;

/// How often a masked text is searched for what its masks uncovered.
const MAX_ROUNDS: usize = 4;

/// How much of each of two adjacent texts is searched for a secret that is split between them, in bytes.
const SEAM: usize = 2048;

/// What is split between two texts has to be at least this sure: their words meet by chance too.
const SEAM_SCORE: f32 = 0.85;

/// Finds secrets.
#[derive(Debug)]
pub struct Engine {
    index: Index,
    disabled: BTreeSet<String>,
    allowed: Allowed,
    custom: Vec<Custom>,
    threshold: f32,
    /// The vectors that are used.
    vectors: Option<Level>,
}

impl Engine {
    /// An engine with these settings.
    ///
    /// # Errors
    /// Names the setting that can't be used and how to mend it.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        let mut known: Vec<&str> = rules().map(|rule| rule.id).collect();
        let mut custom = Vec::with_capacity(options.rules.len());
        for rule in &options.rules {
            custom.push(Custom::new(rule, &known)?);
            known.push(&rule.id);
        }
        let disabled = options::disabled(&options, &known)?;
        let enabled = rules::all().filter(|rule| !disabled.contains(rule.info.id));
        Ok(Self {
            index: Index::new(enabled),
            allowed: Allowed::new(&options.allow)?,
            custom,
            threshold: options.sensitivity.threshold(),
            disabled,
            vectors: lanes::vectors(),
        })
    }

    /// The same engine without vector instructions, as it is on processors that have none. It finds the same; this is to
    /// measure it.
    #[must_use]
    pub fn without_vectors(mut self) -> Self {
        self.vectors = None;
        self
    }

    /// What the rules say of `text` and of what it decodes to. `budget` is how many bytes may still be decoded.
    fn gather(&self, text: &str, depth: usize, budget: &mut usize, found: &mut Vec<Finding>) {
        if is_too_short(text) {
            return;
        }
        let mut pass = Pass::new(&self.index, text, found);
        let seen = match self.vectors {
            Some(level) => dispatch!(level, simd => scan::scan(Vectors(simd), text, &mut pass)),
            None => scan::scan(Words, text, &mut pass),
        };
        let mut views = pass.views;
        if seen.line_feed {
            context::table(text, found);
        }
        if seen.non_ascii {
            context::foreign(text, found);
        }
        for (at, begins) in literals::all(text) {
            match begins {
                Begins::Armour => found.extend(pem::armour(text, at)),
                Begins::ArmourEnd => found.extend(pem::tail(text, at)),
                Begins::Putty => found.extend(pem::find(text, at)),
                Begins::Prose => context::prose(text, at, found),
                Begins::Phrase => {
                    found.extend(phrase::named(text, at));
                    context::passphrase(text, at, found);
                }
                Begins::Dump => views.extend(encoded::of_wide_dump(text, at)),
                Begins::Wireless => found.extend(phrase::wireless(text, at)),
                Begins::WebKey => jwk::object(text, at, found),
                Begins::Token => found.extend(self.index.starting(text.as_bytes(), at).map(Finding::from)),
            }
        }
        let escapes = encoded::Escapes {
            percent: seen.percent,
            backslash_u: seen.backslash,
            non_ascii: seen.non_ascii,
            soft_line: seen.soft_line,
            marked: seen.marked,
        };
        views.extend(encoded::of_escapes(text, escapes));
        for view in views {
            if depth == MAX_DEPTH || view.text.len() > *budget {
                let Range { start, end } = view.source(0..view.text.len());
                found.push(Finding {
                    rule: Cow::Borrowed("encoded-data"),
                    label: Cow::Borrowed("ENCODED_DATA"),
                    start,
                    end,
                    score: 0.5,
                });
                continue;
            }
            *budget -= view.text.len();
            let from = found.len();
            self.gather(&view.text, depth + 1, budget, found);
            for finding in &mut found[from..] {
                let Range { start, end } = view.source(finding.start..finding.end);
                (finding.start, finding.end) = (start, end);
            }
        }
    }

    /// What counts in `text`, in order and without overlaps; the pass is over `windows` of it only.
    fn once(&self, text: &str, context: &Context<'_>, windows: &[Range<usize>]) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut budget = MAX_DECODED;
        for window in windows {
            let from = found.len();
            self.gather(&text[window.clone()], 0, &mut budget, &mut found);
            for finding in &mut found[from..] {
                (finding.start, finding.end) = (finding.start + window.start, finding.end + window.start);
            }
        }
        // Of a value whose names are silent, an option before it may tell.
        if !(context.names.is_empty() || context.silent && !context.before.starts_with('-')) {
            context::leaf(text, context, &mut found);
            jwk::leaf(text, context, &mut found);
            phrase::leaf(text, context, &mut found);
        }
        found.extend(self.beside(text, context.before));
        self.custom.iter().for_each(|rule| rule.find(text, &mut found));
        if found.is_empty() {
            return found;
        }
        found.retain(|finding| self.counts(text, finding));
        settle::settle(text, &mut found);
        found
    }

    fn counts(&self, text: &str, finding: &Finding) -> bool {
        finding.score >= self.threshold
            && !self.disabled.contains(finding.rule.as_ref())
            && !self.allowed.contains(&text[finding.start..finding.end])
    }

    /// The secret key that is all of `text`, if `before`, which is beside it, holds its id.
    fn beside(&self, text: &str, before: &str) -> Option<Finding> {
        if text.len() < AWS_SECRET_LENGTH || before.is_empty() {
            return None;
        }
        let key = is_aws_secret(text.trim_ascii().as_bytes());
        let id = key.then(|| self.index.starting(before.trim_ascii().as_bytes(), 0))??;
        let start = text.len() - text.trim_ascii_start().len();
        (id.rule.info.id == AWS_KEY_ID).then(|| aws_secret(start..start + AWS_SECRET_LENGTH))
    }
}

/// Is it shorter than what is found by itself, or a word and shorter than all tokens?
fn is_too_short(text: &str) -> bool {
    text.len() < SHORTEST
        || text.len() < MIN_RUN && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Has it the shape of an AWS secret access key?
fn is_aws_secret(text: &[u8]) -> bool {
    text.len() == AWS_SECRET_LENGTH
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn aws_secret(span: Range<usize>) -> Finding {
    RULES[0].finding(span, 0.9)
}

impl Detector for Engine {
    fn follow(&self, text: &str, strand: &mut Strand, found: &mut Vec<Finding>) {
        found.extend(strand.follow(text).filter(|finding| self.counts(text, finding)));
    }

    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        // Half of the values of an API's answer are short words below names that say nothing.
        if context.silent && is_too_short(text) && self.custom.is_empty() && !context.before.starts_with('-') {
            return;
        }
        let mut all = self.once(text, context, std::slice::from_ref(&(0..text.len())));
        if all.is_empty() {
            return;
        }
        // A mask ends what stands beside it, and so may uncover what was hidden in a longer word.
        for _ in 0..MAX_ROUNDS {
            let masked = masked::mask(text, &all);
            let mut more = self.once(&masked.text, context, &masked.surroundings());
            if more.is_empty() {
                break;
            }
            for finding in &mut more {
                (finding.start, finding.end) = (masked.source(finding.start), masked.source(finding.end));
            }
            all.append(&mut more);
            settle::settle(text, &mut all);
        }
        found.append(&mut all);
    }

    fn is_silent(&self, names: &[Cow<'_, str>]) -> bool {
        names
            .last()
            .is_none_or(|last| !jwk::tells(last) && !phrase::tells(last))
            && context::is_silent(names)
    }

    fn tells(&self, name: &str) -> bool {
        context::tells(name)
    }

    fn told_by_next(&self, text: &str, next: &str) -> Option<Finding> {
        let finding = self.beside(text, next)?;
        self.counts(text, &finding).then_some(finding)
    }

    fn find_across(&self, parts: &[&str], found: &mut Vec<Finding>) {
        let mut seams = Vec::new();
        let mut start = 0;
        for (number, part) in parts.iter().enumerate() {
            let head = part.len() - tail_of(part, SEAM).len();
            let mut seam = part[head..].to_owned();
            let border = seam.len();
            for next in &parts[number + 1..] {
                let room = SEAM.saturating_sub(seam.len() - border);
                seam.push_str(head_of(next, room));
                if next.len() > room {
                    break;
                }
            }
            let mut across = Vec::new();
            self.find(&seam, &Context::default(), &mut across);
            across.retain(|finding| finding.start < border && finding.end > border && finding.score >= SEAM_SCORE);
            seams.extend(across.into_iter().map(|finding| Finding {
                start: start + head + finding.start,
                end: start + head + finding.end,
                ..finding
            }));
            start += part.len();
        }
        if !seams.is_empty() {
            settle::settle(&parts.concat(), &mut seams);
            found.append(&mut seams);
        }
    }
}

/// The first `length` bytes of `text`, or a few less.
fn head_of(text: &str, length: usize) -> &str {
    let within = (0..=length.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end));
    &text[..within.unwrap_or_default()]
}

/// The last `length` bytes of `text`, or a few less.
fn tail_of(text: &str, length: usize) -> &str {
    let within = (text.len().saturating_sub(length)..=text.len()).find(|&from| text.is_char_boundary(from));
    &text[within.unwrap_or_default()..]
}

#[cfg(test)]
mod tests;
