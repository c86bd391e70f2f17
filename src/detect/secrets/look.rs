//! What is asked of the bytes of a block: first coarsely, then, where something is, more closely.

use std::hint::black_box;

use crate::detect::terminal::ESCAPE;
use crate::lanes::{BLOCK, Lanes};

/// One bit for each byte of a block.
#[derive(Clone, Copy, Default)]
pub(super) struct Coarse {
    /// Neither white space nor another control.
    pub(super) visible: u64,
    /// An operator, a quote or a hyphen.
    pub(super) sign: u64,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Signs {
    /// `=`, `:` and `>`.
    pub(super) operator: u64,
    pub(super) comma: u64,
    pub(super) quote: u64,
    pub(super) hyphen: u64,
}

/// What is asked of a whole text, collected over its blocks.
pub(super) struct Sum<L: Lanes> {
    /// The bits of all bytes.
    pub(super) any: L::Bytes,
    pub(super) marked: L::Answer,
    pub(super) line_feed: L::Answer,
}

impl<L: Lanes> Sum<L> {
    /// That of no bytes.
    #[inline(always)]
    pub(super) fn new(lanes: L) -> Self {
        let zero = lanes.splat(0);
        Self {
            any: zero,
            marked: lanes.is(zero, b'&'),
            line_feed: lanes.is(zero, b'\n'),
        }
    }
}

#[derive(Clone, Copy, Default)]
pub(super) struct Fine {
    pub(super) token: u64,
    pub(super) run: u64,
    /// Percent signs, backslashes and the control that starts a terminal's colour codes.
    pub(super) escape: u64,
}

/// A coarse look.
#[inline(always)]
pub(super) fn look<L: Lanes>(lanes: L, block: &[u8; BLOCK], sum: &mut Sum<L>) -> Coarse {
    let mut coarse = Coarse::default();
    for shift in (0..BLOCK).step_by(L::WIDTH) {
        let bytes = lanes.load(&block[shift..]);
        sum.any = sum.any | bytes;
        sum.marked = sum.marked | lanes.is(bytes, b'&') | lanes.is(bytes, 0) | lanes.is(bytes, ESCAPE);
        sum.line_feed = sum.line_feed | lanes.is(bytes, b'\n');
        let sign = operators(lanes, bytes) | quotes(lanes, bytes) | lanes.is(bytes, b'-');
        coarse.visible |= lanes.bits(lanes.is_at_least(bytes, b'!')) << shift;
        coarse.sign |= lanes.bits(sign) << shift;
    }
    // LLVM would take the words apart and keep each bit of them in a place of its own from one block to the next.
    black_box(coarse)
}

#[inline(always)]
pub(super) fn look_at_signs<L: Lanes>(lanes: L, block: &[u8; BLOCK]) -> Signs {
    let mut signs = Signs::default();
    for shift in (0..BLOCK).step_by(L::WIDTH) {
        let bytes = lanes.load(&block[shift..]);
        signs.operator |= lanes.bits(operators(lanes, bytes)) << shift;
        signs.comma |= lanes.bits(lanes.is(bytes, b',')) << shift;
        signs.quote |= lanes.bits(quotes(lanes, bytes)) << shift;
        signs.hyphen |= lanes.bits(lanes.is(bytes, b'-')) << shift;
    }
    signs
}

#[inline(always)]
fn operators<L: Lanes>(lanes: L, bytes: L::Bytes) -> L::Answer {
    lanes.is(bytes, b'=') | lanes.is(bytes, b':') | lanes.is(bytes, b'>')
}

#[inline(always)]
fn quotes<L: Lanes>(lanes: L, bytes: L::Bytes) -> L::Answer {
    lanes.is(bytes, b'"') | lanes.is(bytes, b'\'')
}

#[inline(always)]
pub(super) fn look_closer<L: Lanes>(lanes: L, block: &[u8; BLOCK]) -> Fine {
    let mut fine = Fine::default();
    for shift in (0..BLOCK).step_by(L::WIDTH) {
        let bytes = lanes.load(&block[shift..]);
        let letter = lanes.is_within(bytes | lanes.splat(0x20), b'a', 25);
        let digit = lanes.is_within(bytes, b'0', 9);
        let token = letter | digit | lanes.is(bytes, b'_') | lanes.is(bytes, b'-');
        // `.` and `/` differ in the last bit only.
        let path = lanes.is(bytes | lanes.splat(1), b'/');
        let run = token | path | lanes.is(bytes, b'+') | lanes.is(bytes, b'~');
        let escape = lanes.is(bytes, b'%') | lanes.is(bytes, b'\\') | lanes.is(bytes, ESCAPE);
        fine.token |= lanes.bits(token) << shift;
        fine.run |= lanes.bits(run) << shift;
        fine.escape |= lanes.bits(escape) << shift;
    }
    fine
}
