//! The patterns of the chosen recognizers, compiled: one automaton for each feed tells which of them match at a candidate,
//! and only those are then asked where they end.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, PatternID, PatternSet};

use super::recognizer::{Edges, Feed, Match, Pattern};
use super::text;

/// How far back a look-behind sees, in bytes.
const LOOK_BEHIND: usize = 64;

/// The patterns of a feed do not make an automaton.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PatternError(Box<regex_automata::meta::BuildError>);

/// The patterns of one feed.
#[derive(Debug)]
pub(crate) struct Patterns {
    automaton: Regex,
    entries: Vec<Entry>,
    /// May any start inside a word?
    may_start_inside: bool,
}

#[derive(Debug)]
struct Entry {
    row: usize,
    score: f32,
    edges: Edges,
    after: Option<regex::Regex>,
    /// The length of every match, where all have the same: it saves asking where one ends.
    length: Option<usize>,
}

impl Patterns {
    /// Those of `rows` (each with its index) that `feed` feeds.
    pub(crate) fn new<'a>(feed: Feed, rows: impl Iterator<Item = (usize, &'a Pattern)>) -> Result<Self, PatternError> {
        let (mut entries, mut regexes) = (Vec::new(), Vec::new());
        for (row, pattern) in rows.filter(|(_, pattern)| pattern.feed == feed || pattern.feed == Feed::Either) {
            let after = (!pattern.after.is_empty()).then(|| regex::Regex::new(&format!("(?i)(?:{})$", pattern.after)));
            let after = after.transpose().expect("a test compiles the look-behind of each row");
            let regex = compilable(pattern);
            entries.push(Entry {
                row,
                score: pattern.score,
                edges: pattern.edges,
                after,
                length: only_length(&regex),
            });
            regexes.push(regex);
        }
        // All matches, or the automaton would stop at the first pattern that does.
        let automaton = Regex::builder()
            .configure(Regex::config().match_kind(MatchKind::All))
            .build_many(&regexes)
            .map_err(|error| PatternError(Box::new(error)))?;
        let may_start_inside = entries.iter().any(|entry| entry.edges == Edges::Digit);
        Ok(Self {
            automaton,
            entries,
            may_start_inside,
        })
    }

    /// Are there none?
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Room for what [`Patterns::find`] needs to remember within one call.
    pub(crate) fn scratch(&self) -> PatternSet {
        PatternSet::new(self.entries.len())
    }

    /// Reports `(row, match)` for each pattern that matches in `text` at `at`.
    pub(crate) fn find(&self, text: &str, at: usize, scratch: &mut PatternSet, mut report: impl FnMut(usize, Match)) {
        let is_inside = !self.may_start_inside && text::before(text, at).is_some_and(text::is_word);
        if self.is_empty() || is_inside {
            return;
        }
        scratch.clear();
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        self.automaton.which_overlapping_matches(&input, scratch);
        for pattern in scratch.iter() {
            let entry = &self.entries[pattern.as_usize()];
            let end = entry
                .length
                .map(|length| at + length)
                .or_else(|| self.end(pattern, text, at));
            if let Some(end) = end.filter(|&end| entry.stands(text, at, end)) {
                report(
                    entry.row,
                    Match {
                        start: at,
                        end,
                        score: entry.score,
                    },
                );
            }
        }
    }

    fn end(&self, pattern: PatternID, text: &str, at: usize) -> Option<usize> {
        let input = Input::new(text).range(at..).anchored(Anchored::Pattern(pattern));
        self.automaton.search_half(&input).map(|end| end.offset())
    }
}

impl Entry {
    /// Do the surroundings of a match allow it?
    fn stands(&self, text: &str, start: usize, end: usize) -> bool {
        let (before, after) = (text::before(text, start), text::after(text, end));
        let digit = |c: char| c.is_ascii_digit();
        if is_part_of_decimal(text, start, end) {
            return false;
        }
        let free = match self.edges {
            Edges::Digit => !before.is_some_and(digit) && !after.is_some_and(digit),
            Edges::Word => text::is_whole(text, start, end),
            Edges::WordOrDash => before != Some('-') && text::is_whole(text, start, end),
        };
        free && self
            .after
            .as_ref()
            .is_none_or(|after| after.is_match(&text[text::floor(text, start.saturating_sub(LOOK_BEHIND))..start]))
    }
}

/// The length in bytes that all matches of a regular expression have, if they have one.
fn only_length(regex: &str) -> Option<usize> {
    let lengths = syntax::parse(regex).ok()?;
    let lengths = lengths.properties();
    lengths
        .minimum_len()
        .filter(|length| lengths.maximum_len() == Some(*length))
}

/// Is it all digits, with the point of a decimal (or a dotted number) and more digits beside it?
fn is_part_of_decimal(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let has_point = (start >= 2 && bytes[start - 1] == b'.' && is_digit(bytes.get(start - 2)))
        || (bytes.get(end) == Some(&b'.') && is_digit(bytes.get(end + 1)));
    has_point && bytes[start..end].iter().all(u8::is_ascii_digit)
}

/// The regular expression to compile: in any case (as Presidio's) and ASCII (so that what matches `[A-Z]` is one byte), its
/// end at the end of a word, if that is an edge, so that an alternative that stops inside a word gives way to another.
fn compilable(pattern: &Pattern) -> String {
    let edge = match pattern.edges {
        Edges::Word | Edges::WordOrDash => r"(?-u:\b)",
        Edges::Digit => "",
    };
    format!("(?i-u:{}){edge}", pattern.regex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::pii::registry;

    #[test]
    fn every_pattern_has_a_longest_match() {
        for (row, _) in registry::rows() {
            for pattern in row.patterns {
                let parsed = syntax::parse(&compilable(pattern)).unwrap();
                assert!(
                    parsed.properties().maximum_len().is_some(),
                    "{}: `{}`",
                    row.entity,
                    pattern.regex
                );
            }
        }
    }

    #[test]
    fn tells_which_patterns_match_and_where_they_end() {
        let rows = [
            Pattern::digits(r"\d{3}-\d{2}", 0.1),
            Pattern::digits(r"\d{3}(?:-\d{2,4})?", 0.2),
        ];
        let patterns = Patterns::new(Feed::Digits, rows.iter().enumerate()).unwrap();
        let mut found = Vec::new();
        patterns.find("a 123-45 b", 2, &mut patterns.scratch(), |row, found_one| {
            found.push((row, found_one.end))
        });
        assert_eq!(found, [(0, 8), (1, 8)]);
    }
}
