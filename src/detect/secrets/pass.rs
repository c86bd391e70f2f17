//! What is done at the places that the scan names.

use std::borrow::Cow;
use std::ops::Range;

use super::bytes::is_token;
use super::index::{Index, Match, Prefix};
use super::makeup::Makeup;
use super::scan::Anchors;
use super::{context, encoded, url};
use crate::detect::Finding;

/// The shortest run that may hold something encoded, but for the lines of what is wrapped.
const MIN_ENCODED: usize = 24;

/// The shortest run that is looked at though it holds no digit: a value of letters alone has to be as long.
const MIN_LETTERS: usize = 20;

/// The shortest run that is searched for tokens with an anchor within, and for all prefixes within words.
const MIN_ANCHORED: usize = 36;

/// The shortest run that is searched for the telling ones of them.
const MIN_GLUED: usize = 20;

/// A prefix within a word, as in `TOKEN_ghp_…`, has to be at least this long.
const MIN_INNER_PREFIX: usize = 4;

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
    pub(super) found: &'a mut Vec<Finding>,
    /// What has to be looked at once more in a decoded form.
    pub(super) views: Vec<encoded::View>,
    /// Where tokens have been found, as far as it matters.
    tokens: Vec<Range<usize>>,
    /// The end of the last AWS access key id.
    aws_id: Option<usize>,
    /// The last run that may be the secret key of an id behind it.
    aws_secret: Option<Range<usize>>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(index: &'a Index, text: &'a str, found: &'a mut Vec<Finding>) -> Self {
        Self {
            index,
            text,
            found,
            views: Vec::new(),
            tokens: Vec::new(),
            aws_id: None,
            aws_secret: None,
        }
    }

    fn push(&mut self, found: Match) {
        if found.rule.info.id == super::AWS_KEY_ID {
            self.aws_id = Some(found.span.end);
            let secret = self.aws_secret.take();
            let near = secret.filter(|secret| found.span.start.saturating_sub(secret.end) <= PAIR_REACH);
            self.found.extend(near.map(super::aws_secret));
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
        let mut prefixes = self.index.prefixes(bytes, at).peekable();
        if prefixes.peek().is_none() {
            return;
        }
        let token = match self.index.prefixed(bytes, at, prefixes) {
            Some(token) if may_go_on(&bytes[token.span.end..]) => Some(
                self.wrapped(at)
                    .filter(|longer| longer.span.end > token.span.end)
                    .unwrap_or(token),
            ),
            Some(token) => Some(token),
            None => self.wrapped(at),
        };
        if let Some(token) = token {
            self.push(token);
        }
    }

    /// A token with line ends in it: its line is full, and the next one goes on with it.
    fn wrapped(&self, at: usize) -> Option<Match> {
        let unwrapped = Unwrapped::new(self.text.as_bytes(), at)?;
        // The last line may be one too many.
        let mut token = unwrapped
            .lines
            .iter()
            .rev()
            .find_map(|&end| self.index.starting(&unwrapped.text[..end], 0))?;
        token.span = at..unwrapped.places[token.span.end - 1] + 1;
        Some(token)
    }

    /// Tokens that are told by what stands within them, and those that begin within a word.
    fn parts(&mut self, run: &Range<usize>) {
        let anchored = (run.len() >= MIN_ANCHORED).then(|| self.index.within(self.text.as_bytes(), run));
        match anchored.flatten() {
            Some(token) => self.push(token),
            None => self.inner(run),
        }
    }

    /// Prefixes within a word, as in `TOKEN_ghp_…` and `1ghp_…`.
    fn inner(&mut self, run: &Range<usize>) {
        let bytes = self.text.as_bytes();
        for joint in memchr::memchr2_iter(b'_', b'-', &bytes[run.clone()]) {
            let at = run.start + joint + 1;
            let resume = self.resume();
            // A hyphen joins the words of ids more often than it parts a token from its name.
            if run.len() < MIN_ANCHORED && bytes[at - 1] == b'-' {
                continue;
            }
            let token = match at >= resume && self.index.may_start(bytes, at) {
                true => self.index.prefixed(bytes, at, self.long_prefixes(at, run.len())),
                false => None,
            };
            if let Some(token) = token.or_else(|| self.index.glued(bytes, run.start.max(resume), at)) {
                self.push(token);
            }
        }
    }

    /// The prefixes at `at` that are long enough to count within a word; within a short one they have to tell by themselves.
    fn long_prefixes(&self, at: usize, run: usize) -> impl Iterator<Item = Prefix> {
        let prefixes = self.index.prefixes(self.text.as_bytes(), at);
        prefixes.filter(move |prefix| prefix.len() >= MIN_INNER_PREFIX && (run >= MIN_ANCHORED || prefix.is_telling()))
    }

    fn aws_secret(&self, run: &Range<usize>) -> Option<Finding> {
        let beside = |id: usize| match run.start.checked_sub(id) {
            Some(gap) => gap <= PAIR_REACH,
            // The tokens of a block are told before its runs.
            None => is_mixed(&self.text.as_bytes()[run.clone()]),
        };
        let near = run.len() == AWS_SECRET_LENGTH && self.aws_id.is_some_and(beside);
        near.then(|| super::aws_secret(run.clone()))
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
        let bytes = self.text.as_bytes();
        let run = behind_escape(bytes, run);
        let makeup = Makeup::of(&bytes[run.clone()]);
        // So few letters without a digit are words.
        if run.len() < MIN_LETTERS && !makeup.digit {
            return;
        }
        // No anchor is made up of the digits of a digest, and no prefix within a word.
        let is_uuid = is_uuid(&bytes[run.clone()]);
        if !(makeup.digest || is_uuid)
            && (run.len() >= MIN_ANCHORED || run.len() >= MIN_GLUED && makeup.digit)
            && !self.is_taken(&run)
        {
            self.parts(&run);
        }
        let ends_line = matches!(bytes.get(run.end), Some(b'\n' | b'\r'));
        if run.len() >= MIN_ENCODED || ends_line {
            let view = match makeup.both_cases() {
                true => encoded::of_run(self.text, run.clone()),
                false => encoded::of_digits(self.text, &run),
            };
            self.views.extend(view);
        }
        if !self.is_taken(&run) {
            match self.aws_secret(&run) {
                Some(secret) => self.found.push(secret),
                None => {
                    if run.len() == AWS_SECRET_LENGTH && is_mixed(&bytes[run.clone()]) {
                        self.aws_secret = Some(run.clone());
                    }
                    context::value(self.text, run, makeup.digit && !is_uuid, self.found);
                }
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
                Some(b' ') if at > 0 && bytes[at - 1] == b'0' => self.views.extend(encoded::of_dump(self.text, at)),
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

/// Has it the shape of an AWS secret access key, with letters of both cases and digits?
fn is_mixed(run: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| run.iter().any(is);
    super::is_aws_secret(run) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

/// Is this a UUID, the letters among its digits small ones?
fn is_uuid(run: &[u8]) -> bool {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let is_digit = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    run.len() == 36
        && HYPHENS.iter().all(|&at| run[at] == b'-')
        && run.iter().filter(|b| is_digit(b)).count() == 36 - HYPHENS.len()
}

/// May a token go on in the next line, where `rest` is what follows it? A word of text holds no digit.
fn may_go_on(rest: &[u8]) -> bool {
    let line = rest.trim_ascii_start();
    matches!(rest.first(), Some(b'\r' | b'\n'))
        && line.iter().take_while(|&&byte| is_token(byte)).any(u8::is_ascii_digit)
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

/// The end of a full line and the lines behind it, without line ends and indentation.
struct Unwrapped {
    text: Vec<u8>,
    /// Where each byte of the text stood.
    places: Vec<usize>,
    /// Where each line behind the first ends in the text.
    lines: Vec<usize>,
}

impl Unwrapped {
    /// What starts at `at`, up to white space within a line; `None` if it isn't the end of a full line.
    fn new(bytes: &[u8], at: usize) -> Option<Self> {
        let first = bytes[at..]
            .iter()
            .take(MIN_FULL_LINE * 4)
            .position(|byte| !byte.is_ascii_graphic())?;
        let end = at + first;
        let line = &bytes[end.saturating_sub(MIN_FULL_LINE)..end];
        if !matches!(bytes[end], b'\r' | b'\n') || line.len() < MIN_FULL_LINE || line.contains(&b'\n') {
            return None;
        }
        let mut unwrapped = Self {
            text: Vec::new(),
            places: Vec::new(),
            lines: Vec::new(),
        };
        let mut here = at;
        while here < bytes.len() && unwrapped.text.len() < MAX_WRAPPED {
            if bytes[here].is_ascii_graphic() {
                unwrapped.text.push(bytes[here]);
                unwrapped.places.push(here);
                here += 1;
                continue;
            }
            if here > end {
                unwrapped.lines.push(unwrapped.text.len());
            }
            if !matches!(bytes[here], b'\r' | b'\n') {
                return Some(unwrapped);
            }
            here += if bytes[here..].starts_with(b"\r\n") { 2 } else { 1 };
            here += bytes[here..]
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
        }
        unwrapped.lines.push(unwrapped.text.len());
        Some(unwrapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_line_goes_on_in_the_next() {
        let text = format!("{} abc\n  def ghi", "x".repeat(60));
        let unwrapped = Unwrapped::new(text.as_bytes(), 61).expect("a full line");
        assert_eq!(unwrapped.text, b"abcdef");
        assert_eq!(unwrapped.places[5], 61 + 3 + 1 + 2 + 2);
        assert_eq!(unwrapped.lines, [6]);
        assert!(Unwrapped::new(b"abc\ndef", 0).is_none(), "a short line is not wrapped");
    }

    #[test]
    fn an_escape_is_no_part_of_a_run() {
        assert_eq!(behind_escape(br"\nabc", 1..5), 2..5);
        assert_eq!(behind_escape(br"\u0022abc", 1..9), 6..9);
        assert_eq!(behind_escape(b"%3Dabc", 1..6), 3..6);
        assert_eq!(behind_escape(b" abc", 1..4), 1..4);
    }
}
