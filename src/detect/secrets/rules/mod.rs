//! The table of structured secrets: one row for each kind that a prefix or a fixed place gives away.
//!
//! A new kind is one more row in the file of its family.

mod ai;
mod cloud;
mod commerce;
mod data;
mod developer;
mod generic;
mod identity;
mod messaging;
mod monitoring;
mod payment;
mod productivity;
mod source_control;

use super::RuleInfo;
use super::checksum::Checksum;

/// The kinds of the Python package. They are masked even where what they are made up of looks like a test's, so that who
/// comes from it misses nothing; only what documents write in the place of one is left alone, and what looks made up and
/// can't have been [issued](Rule::issued).
pub(super) const ALWAYS: [&str; 12] = [
    "AZURE_KEY",
    "GITHUB_APP_TOKEN",
    "GITHUB_FINE_GRAINED_TOKEN",
    "GITHUB_OAUTH_TOKEN",
    "GITHUB_PERSONAL_ACCESS_TOKEN",
    "GCP_API_KEY",
    "AWS_ACCESS_KEY",
    "JWT_TOKEN",
    "GITLAB_SESSION_TOKEN",
    "HUGGINGFACE_TOKEN",
    "MICROSOFT_TEAMS_WEBHOOK",
    "SLACK_APP_TOKEN",
];

/// What gives a kind of secret away, and so where it is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    /// One of these starts the token.
    Prefix(&'static [&'static str]),
    /// This stands within the token, behind at least so many and at most so many bytes of it. With a `:` in front
    /// the anchor is looked for at colons, else in runs of token bytes.
    Within(&'static str, usize, usize),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// What people read about it.
    pub(super) info: RuleInfo,
    /// What gives it away.
    pub(super) anchor: Anchor,
    /// Regex notation of what follows the prefix, or of the whole token where the anchor stands within.
    pub(super) shape: &'static str,
    /// Regex notation of the bodies that the provider gives out, where `shape` takes more: one that it can't have given
    /// out need only look made up to be left alone.
    pub(super) issued: Option<&'static str>,
    /// How a token proves itself; raises the score and never lowers it.
    pub(super) checksum: Option<Checksum>,
    /// Has it to hold a digit? Tells short prefixes from words.
    pub(super) needs_digit: bool,
    /// Does the prefix stand in the host of a URL that is secret as a whole?
    pub(super) in_url: bool,
    /// From 0 to 1: how rarely something else has this shape.
    pub(super) score: f32,
    /// Further texts that it must find something in.
    pub(super) hits: &'static [&'static str],
    /// Texts that it must find nothing in.
    pub(super) misses: &'static [&'static str],
}

/// The start of a row: its id, whose it is, what it is, and what stands in its place.
const fn rule(id: &'static str, provider: &'static str, what: &'static str, label: &'static str) -> Rule {
    Rule {
        info: RuleInfo {
            id,
            provider,
            what,
            label,
            example: "",
        },
        anchor: Anchor::Prefix(&[]),
        shape: "",
        issued: None,
        checksum: None,
        needs_digit: false,
        in_url: false,
        score: 0.9,
        hits: &[],
        misses: &[],
    }
}

impl Rule {
    /// The whole row as a regular expression of bytes.
    pub(super) fn pattern(&self) -> String {
        match self.anchor {
            Anchor::Prefix(prefixes) => {
                let prefixes: Vec<_> = prefixes.iter().map(|prefix| regex_syntax::escape(prefix)).collect();
                format!(r"\b(?:{})(?:{})", prefixes.join("|"), self.shape)
            }
            Anchor::Within(..) => format!(r"\b(?:{})", self.shape),
        }
    }

    /// A token that starts with one of `prefixes` and goes on as `shape`.
    const fn prefix(mut self, prefixes: &'static [&'static str], shape: &'static str) -> Self {
        (self.anchor, self.shape) = (Anchor::Prefix(prefixes), shape);
        self
    }

    /// A token of `shape` with `anchor` behind `min` to `max` bytes of it.
    const fn within(mut self, anchor: &'static str, min: usize, max: usize, shape: &'static str) -> Self {
        (self.anchor, self.shape) = (Anchor::Within(anchor, min, max), shape);
        self
    }

    const fn example(mut self, example: &'static str) -> Self {
        self.info.example = example;
        self
    }

    const fn issued(mut self, issued: &'static str) -> Self {
        self.issued = Some(issued);
        self
    }

    const fn checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    const fn with_digit(mut self) -> Self {
        self.needs_digit = true;
        self
    }

    const fn in_url(mut self) -> Self {
        self.in_url = true;
        self
    }

    const fn score(mut self, score: f32) -> Self {
        self.score = score;
        self
    }

    const fn hits(mut self, hits: &'static [&'static str]) -> Self {
        self.hits = hits;
        self
    }

    const fn misses(mut self, misses: &'static [&'static str]) -> Self {
        self.misses = misses;
        self
    }
}

const FAMILIES: &[&[Rule]] = &[
    ai::RULES,
    cloud::RULES,
    commerce::RULES,
    data::RULES,
    developer::RULES,
    generic::RULES,
    identity::RULES,
    messaging::RULES,
    monitoring::RULES,
    payment::RULES,
    productivity::RULES,
    source_control::RULES,
];

/// Every row.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().copied().flatten()
}

#[cfg(test)]
mod tests;
