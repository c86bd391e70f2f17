//! What is done at the places that the scan names.

use std::borrow::Cow;
use std::ops::Range;

use super::index::{Index, Match};
use super::scan::Anchors;
use super::{context, encoded, url};
use crate::detect::{Context, Finding};

/// The shortest run that may hold something encoded.
const MIN_ENCODED: usize = 24;

/// A prefix within a word, as in `TOKEN_ghp_…`, has to be at least this long.
const MIN_INNER_PREFIX: usize = 4;

/// The longest run that is searched for prefixes within words.
const MAX_INNER_RUN: usize = 512;

/// How many tokens may stand in one run before the earlier ones are forgotten.
const MAX_TOKENS_IN_RUN: usize = 16;

/// How far behind an AWS access key id its secret key may stand, in bytes.
const PAIR_REACH: usize = 256;

/// The length of an AWS secret access key.
pub(super) const AWS_SECRET_LENGTH: usize = 40;

/// The pass of one text through the rules.
pub(super) struct Pass<'a> {
    pub(super) index: &'a Index,
    pub(super) text: &'a str,
    pub(super) context: &'a Context<'a>,
    pub(super) found: &'a mut Vec<Finding>,
    /// What has to be looked at once more in a decoded form.
    pub(super) views: Vec<encoded::View>,
    /// Where tokens have been found, as far as it matters.
    tokens: Vec<Range<usize>>,
    /// The end of the last AWS access key id.
    aws_id: Option<usize>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(index: &'a Index, text: &'a str, context: &'a Context<'a>, found: &'a mut Vec<Finding>) -> Self {
        Self {
            index,
            text,
            context,
            found,
            views: Vec::new(),
            tokens: Vec::new(),
            aws_id: None,
        }
    }

    fn push(&mut self, found: Match) {
        if found.rule.info.id == super::AWS_KEY_ID {
            self.aws_id = Some(found.span.end);
        }
        self.tokens.push(found.span.clone());
        self.found.push(found.into());
    }

    /// The end of the last token: nothing starts before it.
    fn resume(&self) -> usize {
        self.tokens.last().map_or(0, |token| token.end)
    }

    fn is_taken(&self, run: &Range<usize>) -> bool {
        let late = self.tokens.iter().rev().take(MAX_TOKENS_IN_RUN);
        late.into_iter()
            .any(|token| token.start < run.end && run.start < token.end)
    }

    #[cold]
    fn start(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let token = match self.index.starting(bytes, at, 0) {
            Some(token) if matches!(bytes.get(token.span.end), Some(b'\r' | b'\n')) => {
                let goes_on = |longer: &Match| {
                    bytes
                        .get(token.span.end..longer.span.end)
                        .is_some_and(|more| more.iter().any(u8::is_ascii_digit))
                };
                Some(self.wrapped(at).filter(goes_on).unwrap_or(token))
            }
            Some(token) => Some(token),
            None => self.wrapped(at),
        };
        if let Some(token) = token {
            self.push(token);
        }
    }

    /// A token with line ends in it: its line is full, and the next one goes on with it.
    fn wrapped(&self, at: usize) -> Option<Match> {
        let bytes = self.text.as_bytes();
        if !self.index.meets_prefix(bytes, at) {
            return None;
        }
        let (unwrapped, places) = unwrap_lines(bytes, at)?;
        let mut token = self.index.starting(&unwrapped, 0, 0)?;
        let end = places[token.span.end - 1] + 1;
        token.span = at..end;
        Some(token)
    }

    fn inner(&mut self, run: &Range<usize>) {
        let bytes = self.text.as_bytes();
        for at in run.start + 1..run.end.saturating_sub(MIN_INNER_PREFIX) {
            if at >= self.resume()
                && matches!(bytes[at - 1], b'_' | b'-')
                && self.index.may_start(bytes, at)
                && let Some(token) = self.index.starting(bytes, at, MIN_INNER_PREFIX)
            {
                self.push(token);
            }
        }
    }

    fn aws_secret(&self, run: &Range<usize>) -> Option<Finding> {
        let near = self
            .aws_id
            .is_some_and(|id| run.start - id.min(run.start) <= PAIR_REACH);
        (near && run.len() == AWS_SECRET_LENGTH).then(|| super::aws_secret(run.clone()))
    }
}

impl Anchors for Pass<'_> {
    #[inline(always)]
    fn token(&mut self, at: usize) {
        if self.index.may_start(self.text.as_bytes(), at) && at >= self.resume() {
            self.start(at);
        }
    }

    fn run(&mut self, run: Range<usize>) {
        let run = behind_escape(self.text.as_bytes(), run);
        if run.len() >= MIN_ENCODED {
            if !self.is_taken(&run) {
                if let Some(token) = self.index.within(self.text.as_bytes(), &run) {
                    self.push(token);
                } else if run.len() <= MAX_INNER_RUN {
                    self.inner(&run);
                }
            }
            self.views.extend(encoded::of_run(self.text, run.clone()));
        }
        if !self.is_taken(&run) {
            match self.aws_secret(&run) {
                Some(secret) => self.found.push(secret),
                None => context::value(self.text, self.context, run, self.found),
            }
        }
    }

    #[inline(always)]
    fn operator(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        if bytes[at] == b':' {
            match bytes.get(at + 1) {
                Some(b'/') if bytes.get(at + 2) == Some(&b'/') => url::find(self.text, at, self.found),
                Some(b'A') if at >= self.resume() => {
                    if let Some(token) = self.index.around(bytes, at) {
                        self.push(token);
                    }
                }
                _ => {}
            }
        }
        context::assignment(self.text, at, self.found);
    }

    #[inline(always)]
    fn flag(&mut self, at: usize) {
        context::flag(self.text, at, self.found);
    }
}

impl From<Match> for Finding {
    fn from(found: Match) -> Self {
        let info = &found.rule.info;
        Self {
            rule: Cow::Borrowed(info.id),
            label: Cow::Borrowed(info.label),
            start: found.span.start,
            end: found.span.end,
            score: found.score,
        }
    }
}

/// `run` without the letters of an escape that it seems to start with, as in `\nabc`.
fn behind_escape(bytes: &[u8], run: Range<usize>) -> Range<usize> {
    let letters = match run.start.checked_sub(1).map(|before| bytes[before]) {
        Some(b'\\') if bytes[run.start] == b'u' => 5,
        Some(b'\\') => 1,
        Some(b'%') if bytes[run.start..run.start + 2].iter().all(u8::is_ascii_hexdigit) => 2,
        _ => 0,
    };
    run.start + letters..run.end
}

/// The fewest columns that a full line has: what ends earlier was not wrapped.
const MIN_FULL_LINE: usize = 60;

/// The longest token that is put together from lines.
const MAX_WRAPPED: usize = 4096;

/// What starts at `at`, with its line ends (and the indentation behind them) taken out, and where each byte of it
/// stood. `None` if it isn't the end of a full line.
fn unwrap_lines(bytes: &[u8], at: usize) -> Option<(Vec<u8>, Vec<usize>)> {
    let first = bytes[at..].iter().take(MIN_FULL_LINE * 4).position(|byte| !byte.is_ascii_graphic())?;
    let end = at + first;
    let line = &bytes[end.saturating_sub(MIN_FULL_LINE)..end];
    if !matches!(bytes[end], b'\r' | b'\n') || line.len() < MIN_FULL_LINE || line.contains(&b'\n') {
        return None;
    }
    let (mut unwrapped, mut places) = (Vec::new(), Vec::new());
    let mut here = at;
    while here < bytes.len() && unwrapped.len() < MAX_WRAPPED {
        if bytes[here].is_ascii_graphic() {
            unwrapped.push(bytes[here]);
            places.push(here);
            here += 1;
            continue;
        }
        let end = if bytes[here..].starts_with(b"\r\n") { here + 2 } else { here + 1 };
        if !matches!(bytes[here], b'\r' | b'\n') {
            break;
        }
        here = end + bytes[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }
    Some((unwrapped, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_line_goes_on_in_the_next() {
        let text = format!("{} abc\n  def ghi", "x".repeat(60));
        let (unwrapped, places) = unwrap_lines(text.as_bytes(), 61).expect("wrapped");
        assert_eq!(unwrapped, b"abcdef");
        assert_eq!(places[5], 61 + 3 + 1 + 2 + 2);
        assert_eq!(unwrap_lines(b"abc\ndef", 0), None);
    }

    #[test]
    fn an_escape_is_no_part_of_a_run() {
        assert_eq!(behind_escape(br"\nabc", 1..5), 2..5);
        assert_eq!(behind_escape(br"\u0022abc", 1..9), 6..9);
        assert_eq!(behind_escape(b"%3Dabc", 1..6), 3..6);
        assert_eq!(behind_escape(b" abc", 1..4), 1..4);
    }
}
