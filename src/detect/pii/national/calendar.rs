//! Dates inside national numbers.

use std::time::{SystemTime, UNIX_EPOCH};

/// Whether the Gregorian calendar has that day.
pub(crate) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// The year it is, in UTC, give or take a day around New Year's Eve.
pub(crate) fn this_year() -> u32 {
    /// The mean length of a year of the Gregorian calendar.
    const SECONDS: u64 = 31_556_952;
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs() / SECONDS);
    1970 + since_1970 as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn february_has_a_29th_in_leap_years_only() {
        let leap = [2000, 2024, 1996];
        let common = [1800, 1900, 2023];
        assert!(leap.iter().all(|&year| is_date(year, 2, 29)));
        assert!(!common.iter().any(|&year| is_date(year, 2, 29)));
    }

    #[test]
    fn days_and_months_start_at_one() {
        assert!(is_date(2024, 12, 31) && is_date(2024, 4, 30));
        assert!(!is_date(2024, 0, 1) && !is_date(2024, 13, 1) && !is_date(2024, 1, 0) && !is_date(2024, 4, 31));
    }

    #[test]
    fn this_year_is_not_before_this_was_written() {
        assert!((2025..2200).contains(&this_year()));
    }
}
