//! Where string text stops meaning what it is, 64 bytes at a time.
//!
//! Which bytes are escaped is told for a whole block by arithmetic on its backslashes, as in simdjson's `json_escape_scanner`
//! (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019): JSON in a string has an escape every few bytes, and
//! looking at each of them would cost more than all the rest.

use std::ops::ControlFlow;

use fearless_simd::{Level, dispatch};

use crate::lanes::{self, BLOCK, Lanes, Narrow, Vectors, Words};

/// The bits of the odd positions.
const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
/// What may stand behind a backslash, but for `u`.
const SIMPLE: &[u8; 8] = b"\"\\/bfnrt";

/// Which bytes are [`SIMPLE`].
static IS_SIMPLE: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < SIMPLE.len() {
        table[SIMPLE[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a string is only to be passed over, or also to be checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Stops at each quote that is not escaped.
    Quotes,
    /// Stops also at control characters, and at what is escaped and is not one of `"\/bfnrt`.
    Strict,
}

/// How many bytes are looked at for the end of a string before it counts as long: most names and many texts are short.
const SHORT: usize = 128;

/// Calls `met` with the position in `bytes` of each stop, in order, until it breaks; returns what it broke with, and whether there
/// was a backslash before.
#[inline]
pub(super) fn stops<B>(bytes: &[u8], look: Look, met: impl FnMut(usize) -> ControlFlow<B>) -> (Option<B>, bool) {
    let walk = Walk {
        bytes,
        look,
        met,
        carry: 0,
        has_escapes: false,
    };
    match lanes::vectors() {
        Some(level) => dispatch!(level, simd => walk.all(Vectors(simd))),
        None => walk.all(Words),
    }
}

/// Where a string ends whose text begins `bytes`, if that is near and all before it is plain.
#[inline]
pub(super) fn short_end(bytes: &[u8]) -> Option<usize> {
    dispatch!(Level::baseline(), simd => first_special(Narrow(simd), bytes)).filter(|at| bytes[*at] == b'"')
}

#[inline(always)]
fn first_special<L: Lanes>(lanes: L, bytes: &[u8]) -> Option<usize> {
    let near = &bytes[..bytes.len().min(SHORT)];
    near.chunks_exact(L::WIDTH).enumerate().find_map(|(number, part)| {
        let special = lanes.bits(special(lanes, part));
        (special != 0).then(|| number * L::WIDTH + special.trailing_zeros() as usize)
    })
}

struct Walk<'a, F> {
    bytes: &'a [u8],
    look: Look,
    met: F,
    /// 1 where the first byte of the next block is escaped, else 0.
    carry: u64,
    /// Whether there was a backslash.
    has_escapes: bool,
}

impl<B, F: FnMut(usize) -> ControlFlow<B>> Walk<'_, F> {
    #[inline(always)]
    fn all<L: Lanes>(mut self, lanes: L) -> (Option<B>, bool) {
        let end = self.blocks(lanes);
        (end.break_value(), self.has_escapes)
    }

    #[inline(always)]
    fn blocks<L: Lanes>(&mut self, lanes: L) -> ControlFlow<B> {
        let (blocks, rest) = self.bytes.as_chunks::<BLOCK>();
        let mut at = 0;
        for block in blocks {
            if self.carry != 0 || is_special(lanes, block) {
                self.block(lanes, block, at, BLOCK)?;
            }
            at += BLOCK;
        }
        let mut last = [b' '; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        self.block(lanes, &last, at, rest.len())
    }

    /// Tells of the stops in the first `length` bytes of a block that begins at `at`.
    #[inline(always)]
    fn block<L: Lanes>(&mut self, lanes: L, block: &[u8; BLOCK], at: usize, length: usize) -> ControlFlow<B> {
        let signs = look_at_signs(lanes, block);
        let mut stops = signs.quote;
        if signs.backslash | self.carry != 0 {
            self.has_escapes = true;
            let escaped = self.escaped(signs.backslash);
            stops &= !escaped;
            if self.look == Look::Strict {
                stops |= strange(block, escaped);
            }
        }
        if self.look == Look::Strict {
            stops |= signs.control;
        }
        // What a last backslash escapes is in the next block.
        stops &= u64::MAX.checked_shr(u64::BITS - length as u32).unwrap_or(0);
        while stops != 0 {
            (self.met)(at + stops.trailing_zeros() as usize)?;
            stops &= stops - 1;
        }
        ControlFlow::Continue(())
    }

    /// The bits of the bytes behind a backslash that is not escaped itself.
    #[inline(always)]
    fn escaped(&mut self, backslashes: u64) -> u64 {
        let begins = backslashes & !self.carry;
        // Subtracting carries through each run of backslashes: what it ends on tells whether the run is odd.
        let ends = ((begins << 1) | ODD).wrapping_sub(begins) ^ ODD;
        let escaped = ends ^ (backslashes | self.carry);
        self.carry = (ends & backslashes) >> (BLOCK - 1) & 1;
        escaped
    }
}

/// One bit for each byte of a block.
#[derive(Default)]
struct Signs {
    quote: u64,
    backslash: u64,
    control: u64,
}

#[inline(always)]
fn look_at_signs<L: Lanes>(lanes: L, block: &[u8; BLOCK]) -> Signs {
    let mut signs = Signs::default();
    for shift in (0..BLOCK).step_by(L::WIDTH) {
        let bytes = lanes.load(&block[shift..]);
        signs.quote |= lanes.bits(lanes.is(bytes, b'"')) << shift;
        signs.backslash |= lanes.bits(lanes.is(bytes, b'\\')) << shift;
        signs.control |= lanes.bits(lanes.is_within(bytes, 0, 0x1f)) << shift;
    }
    signs
}

/// Is any byte of a block special?
#[inline(always)]
fn is_special<L: Lanes>(lanes: L, block: &[u8; BLOCK]) -> bool {
    let mut any = special(lanes, block);
    for shift in (L::WIDTH..BLOCK).step_by(L::WIDTH) {
        any = any | special(lanes, &block[shift..]);
    }
    lanes.bits(any) != 0
}

/// Is a byte no plain text: a quote, a backslash or a control?
#[inline(always)]
fn special<L: Lanes>(lanes: L, bytes: &[u8]) -> L::Answer {
    let bytes = lanes.load(bytes);
    lanes.is_within(bytes, 0, 0x1f) | lanes.is(bytes, b'"') | lanes.is(bytes, b'\\')
}

/// The bits of `escaped` where none of [`SIMPLE`] stands in a block. Seldom needed.
#[inline(never)]
fn strange(block: &[u8; BLOCK], escaped: u64) -> u64 {
    let (mut left, mut strange) = (escaped, 0);
    while left != 0 {
        let at = left.trailing_zeros();
        strange |= u64::from(!IS_SIMPLE[usize::from(block[at as usize % BLOCK])]) << at;
        left &= left - 1;
    }
    strange
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn met(bytes: &[u8], look: Look) -> (Vec<usize>, bool) {
        let mut met = Vec::new();
        let (end, escaped) = stops::<()>(bytes, look, |at| {
            met.push(at);
            ControlFlow::Continue(())
        });
        assert_eq!(end, None);
        (met, escaped)
    }

    /// The same, byte by byte.
    fn one_by_one(bytes: &[u8], look: Look) -> (Vec<usize>, bool) {
        let mut met = Vec::new();
        let mut escaped = false;
        for (at, byte) in bytes.iter().enumerate() {
            let strict = look == Look::Strict && (*byte < 0x20 || escaped && !SIMPLE.contains(byte));
            if strict || *byte == b'"' && !escaped {
                met.push(at);
            }
            escaped = *byte == b'\\' && !escaped;
        }
        (met, bytes.contains(&b'\\'))
    }

    #[test]
    fn what_is_behind_a_backslash_belongs_to_it() {
        let text = br#"a\"b"c\\"d\x"#;
        assert_eq!(met(text, Look::Quotes), (vec![4, 8], true));
        assert_eq!(met(text, Look::Strict), (vec![4, 8, 11], true));
        assert_eq!(met(b"plain", Look::Strict), (vec![], false));
        let second = |at| {
            if at > 4 {
                ControlFlow::Break(at)
            } else {
                ControlFlow::Continue(())
            }
        };
        assert_eq!(stops(text, Look::Quotes, second), (Some(8), true));
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![3 => Just(b'\\'), 2 => Just(b'"'), 1 => Just(b'\n'), 2 => Just(b'n'), 1 => any::<u8>()]
    }

    #[test]
    fn short_strings_end_at_their_quote() {
        let space = " ".repeat(SHORT);
        for (text, end) in [
            ("", Some(0)),
            ("name", Some(4)),
            (&space[1..], Some(SHORT - 1)),
            (&space, None),
            (r#"a\"b"#, None),
            (r"a\n", None),
            ("a\n", None),
        ] {
            assert_eq!(short_end(format!("{text}\"{space}").as_bytes()), end, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn blocks_and_single_bytes_say_the_same(clean in 0_usize..150, more in proptest::collection::vec(byte(), 0..200)) {
            let bytes = [vec![b'a'; clean], more].concat();
            for look in [Look::Quotes, Look::Strict] {
                prop_assert_eq!(met(&bytes, look), one_by_one(&bytes, look));
            }
        }
    }
}
