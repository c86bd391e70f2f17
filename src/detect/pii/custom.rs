//! What people add: recognizers of their own, and words that are always personal data.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::checksum;
use super::conflicts::Hit;
use super::options::{Custom, OptionsError, Validator};
use super::text;

/// A recognizer of the configuration, compiled. It is the only kind that reads the whole text.
#[derive(Debug)]
pub(crate) struct CustomRecognizer {
    row: usize,
    regex: Regex,
    score: f32,
    validator: Option<fn(&str) -> bool>,
}

impl CustomRecognizer {
    /// Compiles `custom`, whose row has that index.
    pub(crate) fn new(row: usize, custom: &Custom) -> Result<Self, OptionsError> {
        let setting = format!("custom.{}", custom.entity);
        if !(0.0..=1.0).contains(&custom.score) {
            return Err(OptionsError::OutOfRange {
                setting: format!("{setting}.score"),
                value: custom.score,
            });
        }
        let validator: Option<fn(&str) -> bool> = custom.validator.map(|validator| match validator {
            Validator::Luhn => checksum::luhn as fn(&str) -> bool,
            Validator::Mod97 => checksum::mod97,
            Validator::Verhoeff => checksum::verhoeff,
        });
        let regex = compile(&setting, &custom.regex)?;
        Ok(Self {
            row,
            regex,
            score: custom.score,
            validator,
        })
    }

    /// The index of its entity's row.
    pub(crate) fn row(&self) -> usize {
        self.row
    }

    /// Appends its matches in `text`: certain where the check digits hold, none where they do not.
    pub(crate) fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.regex.find_iter(text).filter(|found| !found.is_empty()) {
            let score = match self.validator {
                Some(validator) if validator(found.as_str()) => 1.0,
                Some(_) => continue,
                None => self.score,
            };
            hits.push(Hit {
                row: self.row,
                start: found.start(),
                end: found.end(),
                score,
                has_context: false,
            });
        }
    }
}

/// Compiles a regular expression of the configuration.
pub(crate) fn compile(setting: &str, regex: &str) -> Result<Regex, OptionsError> {
    Regex::new(regex).map_err(|error| OptionsError::Regex {
        setting: setting.to_owned(),
        regex: regex.to_owned(),
        reason: error.to_string(),
    })
}

/// Words that are always some entity.
#[derive(Debug)]
pub(crate) struct DenyList {
    words: AhoCorasick,
    /// By word: the row of its entity.
    rows: Vec<usize>,
}

impl DenyList {
    /// From pairs of a row's index and one of its words. `None` where there are none.
    pub(crate) fn new<'a>(words: impl Iterator<Item = (usize, &'a str)>) -> Option<Self> {
        let (rows, words): (Vec<_>, Vec<_>) = words.filter(|(_, word)| !word.is_empty()).unzip();
        let builder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words);
        builder
            .ok()
            .filter(|_| !rows.is_empty())
            .map(|words| Self { words, rows })
    }

    /// Appends the words that stand whole in `text`.
    pub(crate) fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        let whole = self
            .words
            .find_iter(text)
            .filter(|word| text::is_whole(text, word.start(), word.end()));
        hits.extend(whole.map(|word| Hit {
            row: self.rows[word.pattern().as_usize()],
            start: word.start(),
            end: word.end(),
            score: 1.0,
            has_context: false,
        }));
    }
}
