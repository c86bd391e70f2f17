//! The stretch of time that a page is about.

use std::ops::Range;

use crate::clock::{self, timestamp};

/// The periods: the name in addresses, what a person reads, how many columns a chart of it has, and what one is, in
/// microseconds.
const PERIODS: &[(&str, &str, usize, i64)] = &[
    ("1h", "Hour", 60, MINUTE),
    ("24h", "Day", 48, 30 * MINUTE),
    ("7d", "Week", 56, 180 * MINUTE),
    ("30d", "Month", 60, 720 * MINUTE),
];

const MINUTE: i64 = 60_000_000;

/// The one that is shown where none is asked for.
const USUAL: &str = "24h";

/// A period that ends now, in columns of equal width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// The beginning of the first column, in microseconds since 1970.
    pub(super) since: i64,
    /// How long a column is, in microseconds.
    pub(super) step: i64,
    /// How many columns there are.
    pub(super) columns: usize,
}

impl Period {
    /// The period of this name, or else the usual one.
    pub(super) fn named(name: Option<&str>) -> Self {
        Self::at(name, clock::now())
    }

    fn at(name: Option<&str>, now: i64) -> Self {
        let find = |wanted: &str| PERIODS.iter().find(|(name, ..)| *name == wanted);
        let (name, _, columns, step) = *name
            .and_then(find)
            .or_else(|| find(USUAL))
            .expect("the usual one is in the table");
        // Columns begin at whole steps, so that they keep their numbers from one look to the next.
        let last = now - now.rem_euclid(step);
        Self {
            name,
            since: last - step * (columns as i64 - 1),
            step,
            columns,
        }
    }

    /// Every period: its name in addresses, and what a person reads.
    pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        PERIODS.iter().map(|(name, label, ..)| (*name, *label))
    }

    /// From when to when a column goes, in microseconds since 1970.
    pub(super) fn column(&self, at: usize) -> Range<i64> {
        let start = self.since + self.step * at as i64;
        start..start + self.step
    }

    /// What stands below a column: the time of day, or the date where columns are hours.
    pub(super) fn label(&self, at: usize) -> String {
        let moment = timestamp(self.column(at).start);
        let part = if self.step > 60 * MINUTE { 5..10 } else { 11..16 };
        moment.get(part).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_begin_at_whole_steps_and_the_last_holds_now() {
        let now = 1_745_757_296_123_456;
        for (name, _) in Period::all() {
            let period = Period::at(Some(name), now);
            assert_eq!(period.since % period.step, 0, "{name}");
            assert!(period.column(period.columns - 1).contains(&now), "{name}");
        }
        assert_eq!(Period::at(Some("<script>"), now), Period::at(Some(USUAL), now));
        assert_eq!(Period::at(Some("1h"), now).label(59), "12:34");
        assert_eq!(Period::at(Some("30d"), now).label(59), "04-27");
    }
}
