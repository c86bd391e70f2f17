//! Decoded forms of a text, or of a part of it, and where each of their bytes came from.

mod dump;
mod escapes;
mod lines;
mod plain;
mod readers;
mod run;
mod unseen;

use std::ops::Range;

pub(super) use self::dump::{of_dump, of_wide_dump};
pub(super) use self::escapes::{Escapes, of_escapes};
pub(super) use self::readers::{DEEP, ends_softly};
pub(super) use self::run::{of_digits, of_run};

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
    /// Byte for byte but for the escapes.
    Exact(Map),
    /// Two digits for each byte, on lines that have more.
    Dump(Dump),
}

/// From a view of a dump back to its lines.
#[derive(Clone, Debug, Default, PartialEq)]
struct Dump {
    /// Where the digits of each byte begin.
    digits: Vec<usize>,
    /// How many bytes there are up to the end of each line, and where it ends.
    ends: Vec<(usize, usize)>,
}

impl Dump {
    /// From the digits of the first byte to the end of the last one's line, where the bytes stand once more.
    fn source(&self, decoded: Range<usize>) -> Range<usize> {
        let last = decoded.end.saturating_sub(1);
        let line = self.ends.partition_point(|(bytes, _)| *bytes <= last);
        let start = self.digits.get(decoded.start).copied().unwrap_or_default();
        start..self.ends.get(line).map_or(start, |(_, end)| *end)
    }
}

/// From a view without escapes back to the text that had them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Map {
    /// Where the view starts in the text.
    start: usize,
    /// What has been undone, in order.
    escapes: Vec<Escape>,
}

/// An escape: the bytes it stands for in the view, if any, and those that it takes in the text.
#[derive(Clone, Debug, PartialEq)]
struct Escape {
    decoded: Range<usize>,
    source: Range<usize>,
}

impl Map {
    /// The last escape that starts at or before `decoded`, and what follows the ones before that byte.
    fn last(&self, decoded: usize) -> Option<&Escape> {
        let past = self.escapes.partition_point(|escape| escape.decoded.start <= decoded);
        past.checked_sub(1).map(|last| &self.escapes[last])
    }

    /// Where what the byte at `decoded` stands for starts.
    fn start(&self, decoded: usize) -> usize {
        match self.last(decoded) {
            Some(escape) if escape.decoded.contains(&decoded) => escape.source.start,
            Some(escape) => escape.source.end + decoded - escape.decoded.end,
            None => self.start + decoded,
        }
    }

    /// Where what the byte before `decoded` stands for ends: what takes no room behind it is no part of it.
    fn end(&self, decoded: usize) -> usize {
        let Some(last) = decoded.checked_sub(1) else {
            return self.start;
        };
        match self.last(last) {
            Some(escape) if escape.decoded.contains(&last) => escape.source.end,
            _ => self.start(last) + 1,
        }
    }
}

impl View {
    /// Where a stretch of the view stands in the text that it was decoded from.
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        match &self.source {
            Source::Whole(range) => range.clone(),
            Source::Dump(dump) => dump.source(decoded),
            Source::Exact(map) => map.start(decoded.start)..map.end(decoded.end),
        }
    }
}

/// The value of a hexadecimal digit.
fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
