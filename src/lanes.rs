//! Bytes that are looked at together: vectors as wide as the processor has them, or machine words where it has none.

use std::ops::BitOr;
use std::sync::LazyLock;

use fearless_simd::{Level, Simd, SimdBase, SimdMask, mask8x16, u8x16};

/// How many bytes are looked at together.
pub const BLOCK: usize = 64;

/// The vectors that the processor has which this runs on; none where it has none.
pub fn vectors() -> Option<Level> {
    static VECTORS: LazyLock<Option<Level>> =
        LazyLock::new(|| Level::try_detect().filter(|level| !level.is_fallback()));
    *VECTORS
}

/// A way to ask something of several bytes at once.
pub trait Lanes: Copy {
    /// How many bytes are looked at with one instruction: a block is so many of them.
    const WIDTH: usize;
    /// So many bytes.
    type Bytes: Copy + BitOr<Output = Self::Bytes>;
    /// What is true of each of them.
    type Answer: Copy + BitOr<Output = Self::Answer>;

    /// The first bytes of `bytes`.
    fn load(self, bytes: &[u8]) -> Self::Bytes;

    /// The same byte everywhere.
    fn splat(self, byte: u8) -> Self::Bytes;

    /// Is each byte this one?
    fn is(self, bytes: Self::Bytes, byte: u8) -> Self::Answer;

    /// Is each byte at least this one, which is below 128?
    fn is_at_least(self, bytes: Self::Bytes, least: u8) -> Self::Answer;

    /// Is each byte one of `first` and the `more` after it, all of them below 128?
    fn is_within(self, bytes: Self::Bytes, first: u8, more: u8) -> Self::Answer;

    /// Is it not so?
    fn is_not(self, answer: Self::Answer) -> Self::Answer;

    /// Is any byte above 127?
    fn is_any_high(self, bytes: Self::Bytes) -> bool;

    /// A bit for each byte, the first one's lowest.
    fn bits(self, answer: Self::Answer) -> u64;

    /// Does `what` with the instructions that these lanes need, as a call of its own.
    fn apart<R>(self, what: impl FnOnce() -> R) -> R;
}

/// Vectors as wide as there are.
#[derive(Clone, Copy)]
pub struct Vectors<S>(pub S);

/// Vectors of 16 bytes, which are one on every processor that has some: for what is short.
#[derive(Clone, Copy)]
pub struct Narrow<S>(pub S);

macro_rules! lanes {
    ($name:ident, $bytes:ty, $answer:ty) => {
        impl<S: Simd> Lanes for $name<S> {
            const WIDTH: usize = <$bytes>::LEN;
            type Bytes = $bytes;
            type Answer = $answer;

            #[inline(always)]
            fn load(self, bytes: &[u8]) -> Self::Bytes {
                <$bytes>::from_slice(self.0, &bytes[..Self::WIDTH])
            }

            #[inline(always)]
            fn splat(self, byte: u8) -> Self::Bytes {
                <$bytes>::splat(self.0, byte)
            }

            #[inline(always)]
            fn is(self, bytes: Self::Bytes, byte: u8) -> Self::Answer {
                bytes.simd_eq(self.splat(byte))
            }

            #[inline(always)]
            fn is_at_least(self, bytes: Self::Bytes, least: u8) -> Self::Answer {
                bytes.simd_ge(self.splat(least))
            }

            #[inline(always)]
            fn is_within(self, bytes: Self::Bytes, first: u8, more: u8) -> Self::Answer {
                (bytes - self.splat(first)).simd_le(self.splat(more))
            }

            #[inline(always)]
            fn is_not(self, answer: Self::Answer) -> Self::Answer {
                !answer
            }

            #[inline(always)]
            fn is_any_high(self, bytes: Self::Bytes) -> bool {
                self.is_at_least(bytes, 0x80).any_true()
            }

            #[inline(always)]
            fn bits(self, answer: Self::Answer) -> u64 {
                answer.to_bitmask()
            }

            #[inline(always)]
            fn apart<R>(self, what: impl FnOnce() -> R) -> R {
                self.0.vectorize(what)
            }
        }
    };
}

lanes!(Vectors, S::u8s, S::mask8s);
lanes!(Narrow, u8x16<S>, mask8x16<S>);

/// Machine words.
#[derive(Clone, Copy)]
pub struct Words;

/// Eight bytes in a machine word, the first one lowest; of an answer the highest bit of each.
#[derive(Clone, Copy)]
pub struct Word(u64);

const HIGHEST: u64 = repeated(0x80);
const OTHERS: u64 = !HIGHEST;

const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

impl BitOr for Word {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Lanes for Words {
    const WIDTH: usize = 8;
    type Bytes = Word;
    type Answer = Word;

    #[inline(always)]
    fn load(self, bytes: &[u8]) -> Word {
        Word(u64::from_le_bytes(
            *bytes.first_chunk().expect("blocks are whole words"),
        ))
    }

    #[inline(always)]
    fn splat(self, byte: u8) -> Word {
        Word(repeated(byte))
    }

    #[inline(always)]
    fn is(self, bytes: Word, byte: u8) -> Word {
        let difference = bytes.0 ^ repeated(byte);
        // No sum of seven bits carries into the next byte, so this is exact.
        Word(!(((difference & OTHERS) + OTHERS) | difference) & HIGHEST)
    }

    #[inline(always)]
    fn is_at_least(self, bytes: Word, least: u8) -> Word {
        Word((((bytes.0 & OTHERS) + repeated(0x80 - least)) | bytes.0) & HIGHEST)
    }

    #[inline(always)]
    fn is_within(self, bytes: Word, first: u8, more: u8) -> Word {
        let beyond = self.is_at_least(bytes, first + more + 1).0;
        Word(self.is_at_least(bytes, first).0 & !beyond)
    }

    #[inline(always)]
    fn is_not(self, answer: Word) -> Word {
        Word(!answer.0 & HIGHEST)
    }

    #[inline(always)]
    fn is_any_high(self, bytes: Word) -> bool {
        bytes.0 & HIGHEST != 0
    }

    #[inline(always)]
    fn bits(self, answer: Word) -> u64 {
        // Gathers the bits in the highest byte.
        (answer.0 >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }

    #[inline(always)]
    fn apart<R>(self, what: impl FnOnce() -> R) -> R {
        what()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::dispatch;

    /// What `ask` says of each byte value.
    fn answers<L: Lanes>(lanes: L, ask: impl Fn(L, L::Bytes) -> L::Answer) -> Vec<bool> {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let bits = bytes
            .chunks(L::WIDTH)
            .map(|bytes| lanes.bits(ask(lanes, lanes.load(bytes))));
        bits.flat_map(|bits| (0..L::WIDTH).map(move |bit| bits >> bit & 1 == 1))
            .collect()
    }

    /// What each kind of lanes says of each byte.
    macro_rules! same {
        ($lanes:ident, $bytes:ident, $ask:expr, $plain:expr) => {
            let expected: Vec<bool> = (0..=u8::MAX).map($plain).collect();
            assert_eq!(answers(Words, |$lanes, $bytes| $ask), expected);
            if let Some(level) = vectors() {
                let wide = dispatch!(level, simd => answers(Vectors(simd), |$lanes, $bytes| $ask));
                let narrow = dispatch!(level, simd => answers(Narrow(simd), |$lanes, $bytes| $ask));
                assert_eq!((&wide, &narrow), (&expected, &expected));
            }
        };
    }

    #[test]
    fn each_byte_is_judged_by_itself() {
        for byte in (0..=u8::MAX).step_by(3).chain([b'=', 0x80, 0xFF]) {
            same!(lanes, bytes, lanes.is(bytes, byte), |b| b == byte);
        }
        for (first, more) in [(b'a', 25), (b'0', 9), (b'!', 0), (0, 100)] {
            same!(lanes, bytes, lanes.is_within(bytes, first, more), |b| (first
                ..=first + more)
                .contains(&b));
            same!(lanes, bytes, lanes.is_at_least(bytes, first), |b| b >= first);
            let either = |b: u8| b >= first || b == b'\t';
            same!(
                lanes,
                bytes,
                lanes.is_at_least(bytes, first) | lanes.is(bytes, b'\t'),
                either
            );
        }
        same!(lanes, bytes, lanes.is_not(lanes.is(bytes, b'a')), |b| b != b'a');
        same!(lanes, bytes, lanes.is(bytes | lanes.splat(0x20), b'a'), |b| b | 0x20
            == b'a');
    }

    #[test]
    fn one_high_byte_is_any() {
        fn is_any<L: Lanes>(lanes: L, at: usize) -> bool {
            let mut bytes = [b'~'; BLOCK];
            bytes[at] = 0x80;
            lanes.is_any_high(lanes.load(&bytes))
        }
        for at in 0..BLOCK {
            assert_eq!(is_any(Words, at), at < Words::WIDTH);
            if let Some(level) = vectors() {
                let (any, width) = dispatch!(level, simd => (is_any(Vectors(simd), at), width(Vectors(simd))));
                assert_eq!(any, at < width);
            }
        }
    }

    fn width<L: Lanes>(_: L) -> usize {
        L::WIDTH
    }
}
