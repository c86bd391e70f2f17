//! The patterns of the chosen recognizers, compiled: one automaton for each feed tells which of them match at a candidate,
//! and only those are then asked where they end.

use regex_automata::meta::Regex;
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
}

#[derive(Debug)]
struct Entry {
    row: usize,
    score: f32,
    edges: Edges,
    after: Option<regex::Regex>,
}

impl Patterns {
    /// Those of `rows` (each with its index) that `feed` feeds.
    pub(crate) fn new<'a>(feed: Feed, rows: impl Iterator<Item = (usize, &'a Pattern)>) -> Result<Self, PatternError> {
        let (mut entries, mut regexes) = (Vec::new(), Vec::new());
        for (row, pattern) in rows.filter(|(_, pattern)| pattern.feed == feed || pattern.feed == Feed::Either) {
            let after = (!pattern.after.is_empty()).then(|| regex::Regex::new(&format!("(?i)(?:{})$", pattern.after)));
            let after = after.transpose().expect("a test compiles the look-behind of each row");
            entries.push(Entry {
                row,
                score: pattern.score,
                edges: pattern.edges,
                after,
            });
            regexes.push(compilable(pattern));
        }
        // All matches, or the automaton would stop at the first pattern that does.
        let automaton = Regex::builder()
            .configure(Regex::config().match_kind(MatchKind::All))
            .build_many(&regexes)
            .map_err(|error| PatternError(Box::new(error)))?;
        Ok(Self { automaton, entries })
    }

    /// Room for what [`Patterns::find`] needs to remember within one call.
    pub(crate) fn scratch(&self) -> PatternSet {
        PatternSet::new(self.entries.len())
    }

    /// Reports `(row, match)` for each pattern that matches in `text` at `at`.
    pub(crate) fn find(&self, text: &str, at: usize, scratch: &mut PatternSet, mut report: impl FnMut(usize, Match)) {
        if self.entries.is_empty() {
            return;
        }
        scratch.clear();
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        self.automaton.which_overlapping_matches(&input, scratch);
        for pattern in scratch.iter() {
            let entry = &self.entries[pattern.as_usize()];
            if let Some(end) = self.end(pattern, text, at).filter(|&end| entry.stands(text, at, end)) {
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
        let free = match self.edges {
            Edges::Open => true,
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

/// The regular expression to compile: in any case (as Presidio's) and ASCII (so that what matches `[A-Z]` is one byte), its
/// end at the end of a word, if that is an edge, so that an alternative that stops inside a word gives way to another.
fn compilable(pattern: &Pattern) -> String {
    let edge = match pattern.edges {
        Edges::Word | Edges::WordOrDash => r"(?-u:\b)",
        Edges::Digit | Edges::Open => "",
    };
    format!("(?i-u:{}){edge}", pattern.regex)
}
