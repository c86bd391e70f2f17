//! Decoded forms of a text, or of a part of it, and where each of their bytes came from.

mod escapes;
mod run;

use std::ops::Range;

pub(super) use self::escapes::{Escapes, ends_softly, of_escapes};
pub(super) use self::run::of_run;

/// A decoded form of a stretch of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    /// What was decoded.
    pub(super) text: String,
    source: Source,
}

/// Where a view came from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    /// Characters and bytes don't correspond: all of the stretch.
    Whole(Range<usize>),
    /// For each byte of the view where what it was decoded from starts, and at last where the stretch ends.
    Exact(Vec<usize>),
}

impl View {
    /// Where a stretch of the view stands in the text that it was decoded from.
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        match &self.source {
            Source::Whole(range) => range.clone(),
            Source::Exact(starts) => starts[decoded.start]..starts[decoded.end],
        }
    }
}

/// The value of a hexadecimal digit.
fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
