//! Where string text stops meaning what it is, 64 bytes at a time.
//!
//! Which bytes are escaped is told for a whole block by arithmetic on its backslashes, as in simdjson's `json_escape_scanner`
//! (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019): JSON in a string has an escape every few bytes, and
//! looking at each of them would cost more than all the rest.

use std::ops::ControlFlow;

use wide::u8x16;

const LANES: usize = 16;
/// Blocks that are looked at together: one branch for all of them where they are plain.
const TOGETHER: usize = 4;
/// The bits of the odd positions.
const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
/// What may stand behind a backslash, but for `u`.
const SIMPLE: &[u8; 8] = b"\"\\/bfnrt";

/// Up to so many escapes in a block are looked at one by one: text has one at the end of a line, JSON in a text one every few bytes.
const FEW: u32 = 12;

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

/// How many blocks are looked at for the end of a plain string.
const NEAR: usize = 8;

/// Where a string ends whose text begins `bytes`, if that is near and nothing before it is a stop or escaped: most names and
/// short texts are such.
#[inline]
pub(super) fn plain_end(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<LANES>();
    for (number, block) in blocks.iter().take(NEAR).enumerate() {
        let special = special(block).to_bitmask();
        if special != 0 {
            let at = special.trailing_zeros() as usize;
            return (block[at % LANES] == b'"').then_some(number * LANES + at);
        }
    }
    None
}

/// Calls `met` with the position in `bytes` of each stop, in order, until it breaks; returns what it broke with, and whether there
/// was a backslash before.
#[inline]
pub(super) fn stops<B>(bytes: &[u8], look: Look, met: impl FnMut(usize) -> ControlFlow<B>) -> (Option<B>, bool) {
    let mut walk = Walk {
        bytes,
        look,
        met,
        carry: 0,
        has_escapes: false,
    };
    // Many strings are short: the first block is looked at by itself.
    let first = match bytes.split_first_chunk() {
        Some((first, _)) => walk.block(&[*first], 0, LANES),
        None => walk.tail(0),
    };
    let end = match first {
        ControlFlow::Continue(()) if bytes.len() >= LANES => walk.rest(),
        end => end,
    };
    (end.break_value(), walk.has_escapes)
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
    /// All but the first block.
    fn rest(&mut self) -> ControlFlow<B> {
        let (blocks, _) = self.bytes[LANES..].as_chunks::<LANES>();
        let (groups, few) = blocks.as_chunks::<TOGETHER>();
        let mut at = LANES;
        for group in groups {
            let [a, b, c, d] = group;
            let any = special(a) | special(b) | special(c) | special(d);
            if self.carry != 0 || any.to_bitmask() != 0 {
                self.block(group, at, TOGETHER * LANES)?;
            }
            at += LANES * TOGETHER;
        }
        for block in few {
            self.block(&[*block], at, LANES)?;
            at += LANES;
        }
        self.tail(at)
    }

    /// What is left from `at` on: less than a block.
    fn tail(&mut self, at: usize) -> ControlFlow<B> {
        let rest = &self.bytes[at..];
        let mut block = [b' '; LANES];
        block[..rest.len()].copy_from_slice(rest);
        self.block(&[block], at, rest.len())
    }

    /// Tells of the stops in the first `length` bytes of a block that begins at `at`.
    #[inline]
    fn block<const N: usize>(&mut self, block: &[[u8; LANES]; N], at: usize, length: usize) -> ControlFlow<B> {
        let backslashes = bits(block, |lanes| lanes.simd_eq(u8x16::splat(b'\\')));
        let mut stops = bits(block, |lanes| lanes.simd_eq(u8x16::splat(b'"')));
        if backslashes | self.carry != 0 {
            self.has_escapes = true;
            let escaped = self.escaped(backslashes, N * LANES);
            stops &= !escaped;
            if self.look == Look::Strict {
                stops |= strange(block, escaped);
            }
        }
        if self.look == Look::Strict {
            stops |= bits(block, is_control);
        }
        // What a last backslash escapes is in the next block.
        stops &= u64::MAX.checked_shr(u64::BITS - length as u32).unwrap_or(0);
        while stops != 0 {
            (self.met)(at + stops.trailing_zeros() as usize)?;
            stops &= stops - 1;
        }
        ControlFlow::Continue(())
    }

    /// The bits of the bytes behind a backslash that is not escaped itself, of a block of `width` bytes.
    #[inline]
    fn escaped(&mut self, backslashes: u64, width: usize) -> u64 {
        let begins = backslashes & !self.carry;
        // Subtracting carries through each run of backslashes: what it ends on tells whether the run is odd.
        let ends = ((begins << 1) | ODD).wrapping_sub(begins) ^ ODD;
        let escaped = ends ^ (backslashes | self.carry);
        self.carry = (ends & backslashes) >> (width - 1) & 1;
        escaped
    }
}

/// A bit for each byte of a block of which `is` holds, the lowest for the first.
#[inline]
fn bits<const N: usize>(block: &[[u8; LANES]; N], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let joined = |bits: u64, lanes: &[u8; LANES]| bits << LANES | u64::from(is(u8x16::new(*lanes)).to_bitmask());
    block.iter().rev().fold(0, joined)
}

/// The bits of `escaped` where none of [`SIMPLE`] stands in a block. Seldom needed, and long.
#[inline(never)]
fn strange<const N: usize>(block: &[[u8; LANES]; N], escaped: u64) -> u64 {
    if escaped.count_ones() > FEW {
        return escaped & !bits(block, is_simple);
    }
    let (bytes, mut left, mut strange) = (block.as_flattened(), escaped, 0);
    while left != 0 {
        let at = left.trailing_zeros();
        // What is escaped may stand in the next block, where it is told again.
        let simple = bytes.get(at as usize).is_none_or(|byte| IS_SIMPLE[usize::from(*byte)]);
        strange |= u64::from(!simple) << at;
        left &= left - 1;
    }
    strange
}

fn special(block: &[u8; LANES]) -> u8x16 {
    let lanes = u8x16::new(*block);
    is_control(lanes) | lanes.simd_eq(u8x16::splat(b'"')) | lanes.simd_eq(u8x16::splat(b'\\'))
}

fn is_control(lanes: u8x16) -> u8x16 {
    lanes.min(u8x16::splat(0x1f)).simd_eq(lanes)
}

fn is_simple(lanes: u8x16) -> u8x16 {
    let each = SIMPLE.map(|byte| lanes.simd_eq(u8x16::splat(byte)));
    each.into_iter().fold(u8x16::splat(0), |any, one| any | one)
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
