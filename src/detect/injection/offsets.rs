//! Where a text that was made out of another came from.

use std::ops::Range;

/// The way back from a made text to its source, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offsets {
    /// Where the distance of the two changes: a position in the made text, and the one in the source.
    pieces: Vec<(usize, usize)>,
    /// Stretches of the made text that each stand for the whole of a stretch of the source.
    wholes: Vec<(Range<usize>, Range<usize>)>,
}

impl Offsets {
    /// What stands at `made` came from `source`. Positions of the made text come in order.
    pub(super) fn note(&mut self, made: usize, source: usize) {
        let same = self.pieces.last().is_some_and(|(m, s)| made - m + s == source);
        if !same {
            self.pieces.push((made, source));
        }
    }

    /// The whole of `made` stands for the whole of `source`. Such stretches come in order, too.
    pub(super) fn note_whole(&mut self, made: Range<usize>, source: Range<usize>) {
        self.wholes.push((made, source));
    }

    /// Where a stretch of the made text came from, in `source`, of which these are the offsets.
    pub(super) fn source(&self, made: Range<usize>, source: &str) -> Range<usize> {
        // Like the pieces, they were noted in order.
        let after = self.wholes.partition_point(|(inner, _)| inner.end <= made.start);
        if let Some((_, whole)) = self.wholes.get(after).filter(|(inner, _)| inner.contains(&made.start)) {
            return whole.clone();
        }
        let start = source.floor_char_boundary(self.position(made.start).min(source.len()));
        if made.is_empty() {
            return start..start;
        }
        let mut end = (self.position(made.end - 1) + 1).clamp(start, source.len());
        while !source.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    fn position(&self, made: usize) -> usize {
        let after = self.pieces.partition_point(|(m, _)| *m <= made);
        match after.checked_sub(1).map(|at| self.pieces[at]) {
            Some((m, s)) => s + (made - m),
            None => made,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dropped_or_changed_leads_back() {
        // "aé\u{200b}b" became "aeb".
        let source = "aé\u{200b}b";
        let mut offsets = Offsets::default();
        for (made, from) in [(0, 0), (1, 1), (2, 6)] {
            offsets.note(made, from);
        }
        assert_eq!(&source[offsets.source(0..2, source)], "aé");
        assert_eq!(&source[offsets.source(1..3, source)], "é\u{200b}b");
        assert_eq!(offsets.source(1..1, source), 1..1);
    }

    #[test]
    fn what_was_decoded_leads_to_the_whole_of_it() {
        let mut offsets = Offsets::default();
        offsets.note_whole(10..20, 2..6);
        assert_eq!(offsets.source(12..15, "0123456789"), 2..6);
    }
}
