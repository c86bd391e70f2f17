//! Bytes that are looked at together: a vector, or a machine word where the processor has no vectors.

use std::ops::BitOr;

use wide::u8x16;

/// Does the processor that this is compiled for have vectors, as the `wide` crate uses them?
pub(super) const HAS_VECTORS: bool = cfg!(any(
    target_feature = "sse2",
    target_feature = "neon",
    target_feature = "simd128"
));

/// Some bytes. What a comparison yields has the highest bit of each byte that it holds for.
pub(super) trait Lane: Copy + BitOr<Output = Self> {
    /// How many bytes there are.
    const WIDTH: usize;

    /// The first bytes of `bytes`.
    fn of(bytes: &[u8]) -> Self;

    /// The same byte everywhere.
    fn splat(byte: u8) -> Self;

    /// Is each byte this one?
    fn is(self, byte: u8) -> Self;

    /// Is each byte at least this one, which is below 128?
    fn is_at_least(self, least: u8) -> Self;

    /// Is each byte one of `first` and the `more` after it, all of them below 128?
    fn is_within(self, first: u8, more: u8) -> Self;

    /// The highest bit of each byte, the first one's lowest.
    fn highest(self) -> u64;
}

impl Lane for u8x16 {
    const WIDTH: usize = 16;

    #[inline(always)]
    fn of(bytes: &[u8]) -> Self {
        Self::new(*bytes.first_chunk().expect("blocks are whole lanes"))
    }

    #[inline(always)]
    fn splat(byte: u8) -> Self {
        Self::splat(byte)
    }

    #[inline(always)]
    fn is(self, byte: u8) -> Self {
        self.simd_eq(Self::splat(byte))
    }

    #[inline(always)]
    fn is_at_least(self, least: u8) -> Self {
        let least = Self::splat(least);
        self.min(least).simd_eq(least)
    }

    #[inline(always)]
    fn is_within(self, first: u8, more: u8) -> Self {
        let offset = self - Self::splat(first);
        offset.min(Self::splat(more)).simd_eq(offset)
    }

    #[inline(always)]
    fn highest(self) -> u64 {
        u64::from(self.to_bitmask())
    }
}

/// Eight bytes in a machine word, the first one lowest.
#[derive(Clone, Copy)]
pub(super) struct Word(u64);

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

impl Lane for Word {
    const WIDTH: usize = 8;

    #[inline(always)]
    fn of(bytes: &[u8]) -> Self {
        Self(u64::from_le_bytes(
            *bytes.first_chunk().expect("blocks are whole lanes"),
        ))
    }

    #[inline(always)]
    fn splat(byte: u8) -> Self {
        Self(repeated(byte))
    }

    #[inline(always)]
    fn is(self, byte: u8) -> Self {
        let difference = self.0 ^ repeated(byte);
        // No sum of seven bits carries into the next byte, so this is exact.
        Self(!(((difference & OTHERS) + OTHERS) | difference) & HIGHEST)
    }

    #[inline(always)]
    fn is_at_least(self, least: u8) -> Self {
        Self((((self.0 & OTHERS) + repeated(0x80 - least)) | self.0) & HIGHEST)
    }

    #[inline(always)]
    fn is_within(self, first: u8, more: u8) -> Self {
        let beyond = ((self.0 & OTHERS) + repeated(0x80 - (first + more + 1))) | self.0;
        Self(self.is_at_least(first).0 & !beyond)
    }

    #[inline(always)]
    fn highest(self) -> u64 {
        // Gathers the bits in the highest byte.
        (self.0 >> 7 & repeated(1)).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `ask` says of each byte value.
    fn answers<L: Lane>(ask: impl Fn(L) -> L) -> Vec<bool> {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let lanes = bytes.chunks(L::WIDTH).map(|lane| ask(L::of(lane)).highest());
        lanes
            .flat_map(|bits| (0..L::WIDTH).map(move |bit| bits >> bit & 1 == 1))
            .collect()
    }

    fn same(vector: impl Fn(u8x16) -> u8x16, word: impl Fn(Word) -> Word, plain: impl Fn(u8) -> bool) {
        let expected: Vec<bool> = (0..=u8::MAX).map(plain).collect();
        assert_eq!(answers(vector), expected);
        assert_eq!(answers(word), expected);
    }

    #[test]
    fn each_byte_is_judged_by_itself() {
        for byte in (0..=u8::MAX).step_by(3).chain([b'=', 0x80, 0xFF]) {
            same(|lane| lane.is(byte), |lane| lane.is(byte), |b| b == byte);
        }
        for (first, more) in [(b'a', 25), (b'0', 9), (b'!', 0), (0, 100)] {
            same(
                |lane| lane.is_within(first, more),
                |lane| lane.is_within(first, more),
                |b| (first..=first + more).contains(&b),
            );
            same(
                |lane| lane.is_at_least(first),
                |lane| lane.is_at_least(first),
                |b| b >= first,
            );
        }
        same(|lane| lane, |lane| lane, |b| b >= 0x80);
        same(
            |lane| u8x16::splat(0x80) | lane,
            |lane| Word::splat(0x80) | lane,
            |_| true,
        );
    }
}
