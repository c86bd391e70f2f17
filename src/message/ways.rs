//! The ways to the leaves of a JSON text, numbered: the records of an answer have the same names in the same places, and what
//! was learnt of one of them need not be learnt again.

/// In how many places ways are remembered, two in each.
const PLACES: usize = 256;

/// The parent's number, the name as it is written, and the number of both.
type Row<'a> = (u32, &'a str, u32);

/// Texts under this many bytes have few leaves, of which hardly any stand in the same place.
const LEAST_TEXT: usize = 1 << 10;

/// The number of the way to what stands below no name, and of all ways of a short text.
pub(super) const ROOT: u32 = 0;

/// The numbers that were given out last.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    /// By parent and name, in each place the latest first. Empty for short texts.
    rows: Vec<[Row<'a>; 2]>,
    last: u32,
}

impl<'a> Ways<'a> {
    /// The ways of `text`.
    pub(super) fn of(text: &str) -> Self {
        let rows = match text.len() < LEAST_TEXT {
            true => Vec::new(),
            false => vec![[(ROOT, "", ROOT); 2]; PLACES],
        };
        Self { rows, last: ROOT }
    }

    /// The number of the way that leads over `parent` to the member `name`, as it is written. The same number is the same way; the same
    /// way gets another number when it was forgotten.
    pub(super) fn below(&mut self, parent: u32, name: &'a str) -> u32 {
        let Some([late, early]) = self.rows.get_mut(place(parent, name)) else {
            return ROOT;
        };
        for row in [&*late, &*early] {
            if row.2 != ROOT && (row.0, row.1) == (parent, name) {
                return row.2;
            }
        }
        // A text is shorter than 4 GiB, so no number comes again.
        self.last = self.last.wrapping_add(1);
        *early = std::mem::replace(late, (parent, name, self.last));
        self.last
    }
}

fn place(parent: u32, name: &str) -> usize {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return parent as usize % PLACES;
    };
    let middle = bytes[bytes.len() / 2];
    let signs = u32::from_le_bytes([*first, middle, *last, bytes.len() as u8]);
    // Knuth's multiplicative hash; its high bits are the good ones.
    ((signs ^ parent.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0x9E37_79B1) >> 24) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn long() -> Ways<'static> {
        Ways::of(&" ".repeat(LEAST_TEXT))
    }

    #[test]
    fn the_same_way_has_the_same_number() {
        let mut ways = long();
        let (a, b) = (ways.below(ROOT, "a"), ways.below(ROOT, "b"));
        assert_eq!(ways.below(ROOT, "a"), a);
        let inner = ways.below(a, "a");
        assert_ne!(inner, ways.below(b, "a"));
        assert_eq!(inner, ways.below(a, "a"));
        assert_ne!(ways.below(ROOT, ""), ROOT);
        assert_eq!(Ways::of("short").below(ROOT, "a"), ROOT);
    }

    proptest! {
        #[test]
        fn a_number_is_one_way(steps in proptest::collection::vec((0_usize..8, "[a-e]{0,3}"), 1..2000)) {
            let mut ways = long();
            let mut known: HashMap<u32, (u32, &str)> = HashMap::new();
            let mut parents = vec![ROOT];
            for (parent, name) in &steps {
                let parent = parents[parent % parents.len()];
                let way = ways.below(parent, name);
                prop_assert_eq!(*known.entry(way).or_insert((parent, name)), (parent, name.as_str()));
                prop_assert_ne!(way, ROOT);
                parents.push(way);
            }
        }
    }
}
