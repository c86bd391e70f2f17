//! The one pass over a text: where could a secret start?
//!
//! 64 bytes at a time, first a coarse look that costs a few instructions (is there a stretch of sixteen bytes without
//! white space? an operator? a flag?), then, for the blocks where something is, a finer one that tells tokens from
//! their surroundings. Everything dearer happens at the few places that this pass names.

use std::ops::Range;

use super::bytes::is_token;
use super::encoded;
use super::look::{Coarse, Fine, Signs, Sum, look, look_at_signs, look_closer};
use crate::detect::terminal::{self, ESCAPE};
use crate::lanes::{BLOCK, Lanes};

/// The shortest run that [`Anchors::run`] is told of, in bytes.
pub(super) const MIN_RUN: usize = 16;

/// What is told of a text, place by place.
pub(super) trait Anchors {
    /// A token starts here: a letter, digit, `_` or `-` after something else (or after an escape such as `\n`), with
    /// at least sixteen bytes before the next white space.
    fn token(&mut self, at: usize);
    /// A longest run of token bytes and `+`, `/`, `.`, `~`, at least [`MIN_RUN`] of them.
    fn run(&mut self, run: Range<usize>);
    /// One of `=`, `:` and `>`, of several in a row the last (or that of each block), or a `,` right behind a quote.
    fn operator(&mut self, at: usize);
    /// A `-` that starts a word, as in ` --password`.
    fn flag(&mut self, at: usize);
}

/// Encodings that the text may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// `%` and two hexadecimal digits.
    pub(super) percent: bool,
    /// `\u` or `\x`.
    pub(super) backslash: bool,
    /// A byte above 127.
    pub(super) non_ascii: bool,
    /// The soft line end of quoted-printable text.
    pub(super) soft_line: bool,
    /// `&`, a zero byte, or the control that starts a terminal's colour codes.
    pub(super) marked: bool,
    /// A line feed.
    pub(super) line_feed: bool,
}

/// Names the places of `text` where a secret could start.
#[inline(always)]
pub(super) fn scan<L: Lanes>(lanes: L, text: &str, anchors: &mut impl Anchors) -> Seen {
    let text = text.as_bytes();
    let mut pass = Pass {
        text,
        open: None,
        seen: Seen::default(),
    };
    let mut sum = Sum::new(lanes);
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let mut blocks = blocks.iter().chain(std::iter::once(&last));
    let mut at = 0;
    let mut block = blocks.next().expect("the rest is a block too");
    let mut coarse = look(lanes, block, &mut sum);
    for next in blocks {
        let ahead = look(lanes, next, &mut sum);
        pass.block(lanes, at, block, coarse, ahead.visible, anchors);
        (block, coarse) = (next, ahead);
        at += BLOCK;
    }
    if at < text.len() {
        pass.block(lanes, at, block, coarse, 0, anchors);
    }
    if let Some(start) = pass.open.filter(|start| text.len() - start >= MIN_RUN) {
        anchors.run(start..text.len());
    }
    Seen {
        non_ascii: lanes.is_any_high(sum.any),
        marked: lanes.bits(sum.marked) != 0,
        line_feed: lanes.bits(sum.line_feed) != 0,
        ..pass.seen
    }
}

struct Pass<'a> {
    text: &'a [u8],
    /// The start of the run that the last block ended in.
    open: Option<usize>,
    seen: Seen,
}

impl Pass<'_> {
    #[inline(always)]
    fn block<L: Lanes>(
        &mut self,
        lanes: L,
        at: usize,
        block: &[u8; BLOCK],
        coarse: Coarse,
        ahead: u64,
        anchors: &mut impl Anchors,
    ) {
        let quoted = at
            .checked_sub(1)
            .is_some_and(|before| matches!(self.text[before], b'"' | b'\''));
        // Half of the blocks of running text have no such sign.
        if coarse.sign != 0 || quoted {
            self.signs(at, coarse.visible, ahead, quoted, look_at_signs(lanes, block), anchors);
        }
        let long = long_runs(coarse.visible, ahead);
        if long != 0 || self.open.is_some() {
            lanes.apart(
                #[inline(always)]
                || self.tokens(at, block, long, look_closer(lanes, block), anchors),
            );
        }
    }

    #[inline(always)]
    fn signs(&mut self, at: usize, visible: u64, ahead: u64, quoted: bool, signs: Signs, anchors: &mut impl Anchors) {
        let lists = signs.comma & (signs.quote << 1 | u64::from(quoted));
        let operators = signs.operator & !(signs.operator >> 1);
        each_bit(operators | lists, |bit| {
            self.seen.soft_line |= self.text[at + bit] == b'=' && encoded::ends_softly(self.text, at + bit);
            anchors.operator(at + bit);
        });
        // A hyphen behind white space, a quote or a comma (or at the start of the block, to be looked at) and before
        // something visible.
        let opens = (!visible | signs.quote | signs.comma) << 1 | 1;
        let hyphens = signs.hyphen & opens & (visible >> 1 | ahead << 63);
        each_bit(hyphens, |bit| {
            if starts_flag(self.text, at + bit) {
                anchors.flag(at + bit);
            }
        });
    }

    #[inline(always)]
    fn tokens(&mut self, at: usize, block: &[u8; BLOCK], long: u64, fine: Fine, anchors: &mut impl Anchors) {
        let before = at.checked_sub(1).map_or(0, |before| self.text[before]);
        let starts = fine.token & !(fine.token << 1 | u64::from(is_token(before)));
        each_bit(starts & long, |bit| anchors.token(at + bit));
        each_bit(fine.escape, |bit| match block[bit] {
            b'%' => self.percent(at + bit, anchors),
            _ => self.escape(at + bit, anchors),
        });
        self.runs(at, fine.run, long, anchors);
    }

    /// Tells of the long runs that end in the block, and remembers one that goes on.
    #[inline(always)]
    fn runs(&mut self, at: usize, run: u64, long: u64, anchors: &mut impl Anchors) {
        let carried = self.open;
        if let Some(start) = carried {
            let end = at + run.trailing_ones() as usize;
            if end < at + BLOCK {
                self.open = None;
                if end - start >= MIN_RUN {
                    anchors.run(start..end);
                }
            }
        }
        let ends = long_runs(run, 0) << MIN_RUN & !run;
        each_bit(ends, |bit| {
            let length = (run << (BLOCK - bit)).leading_ones() as usize;
            // One that goes on from the block before has been told of.
            if length < bit || carried.is_none() {
                anchors.run(at + bit - length..at + bit);
            }
        });
        let length = run.leading_ones() as usize;
        if (1..BLOCK).contains(&length) && long >> (BLOCK - length) & 1 == 1 {
            self.open = Some(at + BLOCK - length);
        } else if length == BLOCK && self.open.is_none() {
            self.open = Some(at);
        }
    }

    /// The token after `\n`, `\"`, `\u0022` or a colour code starts behind it, though its letters look like a part.
    fn escape(&mut self, at: usize, anchors: &mut impl Anchors) {
        let rest = &self.text[at..];
        let written = match rest.get(1) {
            Some(b'0' | b'e' | b'x' | b'u') => terminal::written(rest),
            _ => None,
        };
        let length = match rest.get(1) {
            _ if rest[0] == ESCAPE => 1 + terminal::sequence(&rest[1..]).unwrap_or(0),
            Some(b'u') => written.unwrap_or(6),
            Some(b'x') => written.unwrap_or(4),
            _ => written.unwrap_or(2),
        };
        self.seen.backslash |= match rest.get(1) {
            Some(b'u' | b'x') => true,
            Some(b'\\') => rest.starts_with(encoded::DEEP),
            _ => written.is_some(),
        };
        let after = at + length;
        if self.text.get(after).is_some_and(|&byte| is_token(byte)) {
            anchors.token(after);
        }
    }

    fn percent(&mut self, at: usize, anchors: &mut impl Anchors) {
        let digits = self.text.get(at + 1..at + 3);
        if digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            self.seen.percent = true;
            if self.text.get(at + 3).is_some_and(|&byte| is_token(byte)) {
                anchors.token(at + 3);
            }
        }
    }
}

fn starts_flag(text: &[u8], at: usize) -> bool {
    let opens = at == 0 || matches!(text[at - 1], b'\0'..=b' ' | b'"' | b'\'' | b',');
    opens
        && text
            .get(at + 1)
            .is_some_and(|&next| next == b'-' || next.is_ascii_alphabetic())
}

/// The bits from which on [`MIN_RUN`] bits are set, where `ahead` are the bits of the next block.
#[inline(always)]
fn long_runs(visible: u64, ahead: u64) -> u64 {
    let mut bits = u128::from(ahead) << 64 | u128::from(visible);
    for shift in [1, 2, 4, 8] {
        bits &= bits >> shift;
    }
    bits as u64
}

#[inline(always)]
fn each_bit(mut bits: u64, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        visit(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Vectors, Words, vectors};
    use fearless_simd::dispatch;

    #[derive(Debug, Default, PartialEq)]
    struct Places {
        tokens: Vec<usize>,
        runs: Vec<Range<usize>>,
        operators: Vec<usize>,
        flags: Vec<usize>,
    }

    impl Anchors for Places {
        fn token(&mut self, at: usize) {
            self.tokens.push(at);
        }
        fn run(&mut self, run: Range<usize>) {
            self.runs.push(run);
        }
        fn operator(&mut self, at: usize) {
            self.operators.push(at);
        }
        fn flag(&mut self, at: usize) {
            self.flags.push(at);
        }
    }

    fn places(text: &str) -> (Places, Seen) {
        let mut plainly = Places::default();
        let plain = scan(Words, text, &mut plainly);
        if let Some(level) = vectors() {
            let mut places = Places::default();
            let seen = dispatch!(level, simd => scan(Vectors(simd), text, &mut places));
            assert_eq!((&places, seen), (&plainly, plain), "with and without vectors");
        }
        (plainly, plain)
    }

    #[test]
    fn runs_are_whole_wherever_they_stand() {
        for before in 0..200 {
            for length in [15, 16, 17, 64, 65, 200] {
                let text = format!("{}{} and more", " ".repeat(before), "x".repeat(length));
                let (places, _) = places(&text);
                let run = before..before + length;
                assert_eq!(
                    places.runs,
                    if length < MIN_RUN { vec![] } else { vec![run] },
                    "{before} {length}"
                );
                assert_eq!(
                    places.tokens,
                    if length < MIN_RUN { vec![] } else { vec![before] },
                    "{before} {length}"
                );
            }
        }
    }

    #[test]
    fn a_run_may_end_the_text() {
        for length in 16..150 {
            let text = "y".repeat(length);
            assert_eq!(places(&text).0.runs, vec![0..length]);
        }
    }

    #[test]
    fn operators_and_flags_are_seen_in_short_text() {
        let (places, _) = places("a=b -p c --key=d e-f - g");
        assert_eq!(places.operators, vec![1, 14]);
        assert_eq!(places.flags, vec![4, 9]);
        assert_eq!(self::places(r#"set("a", b, "c")"#).0.operators, vec![7]);
    }

    #[test]
    fn tokens_start_behind_escapes() {
        let (places, seen) = places(r"say\nabcdefghijklmnopqr\u0022abcdefghijklmnopqrst%3Dabcdefghijk");
        for start in [5, 29, 52] {
            assert!(places.tokens.contains(&start), "{start} {places:?}");
        }
        assert_eq!(
            seen,
            Seen {
                percent: true,
                backslash: true,
                ..Seen::default()
            }
        );
    }

    #[test]
    fn tokens_start_behind_colour_codes() {
        let (places, _) = places("\u{1b}[1;93mabcdefghijklmnopqrstuv\u{1b}[0m");
        assert!(places.tokens.contains(&7), "{places:?}");
    }

    #[test]
    fn what_is_seen_is_seen_anywhere() {
        for before in 0..150 {
            let seen = |sign: &str| places(&[&" ".repeat(before), sign].concat()).1;
            assert!(seen("ñ").non_ascii);
            assert!(seen("\n").line_feed && !seen("\r").line_feed);
            assert!(["&", "\0", "\u{1b}"].iter().all(|sign| seen(sign).marked) && !seen("x").marked);
        }
        assert_eq!(places("signal"), (Places::default(), Seen::default()));
    }
}
