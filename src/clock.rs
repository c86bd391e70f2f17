//! Moments and lengths of time as numbers, and as people read them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// As xetrack writes it: `2025-04-27 12:34:56.123456`, here in UTC.
const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:6]");

/// The moment now, in whole seconds since 1970.
pub fn seconds() -> u64 {
    since_1970(SystemTime::now()).as_secs()
}

/// The moment now, in whole milliseconds since 1970.
pub fn milliseconds() -> u64 {
    u64::try_from(since_1970(SystemTime::now()).as_millis()).unwrap_or(u64::MAX)
}

/// A moment in microseconds since 1970, as the store keeps times.
pub fn micros(at: SystemTime) -> i64 {
    in_micros(since_1970(at))
}

fn since_1970(at: SystemTime) -> Duration {
    at.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// A length of time in microseconds.
pub fn in_micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

/// The moment now, in microseconds since 1970.
pub fn now() -> i64 {
    micros(SystemTime::now())
}

/// The moment so long ago, in microseconds since 1970.
pub fn ago(length: Duration) -> i64 {
    now().saturating_sub(in_micros(length))
}

/// A moment in microseconds since 1970 as a date and a time, in UTC.
pub fn date(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The moment as a person reads it, in UTC: `2025-04-27 12:34:56.123456`.
pub fn timestamp(micros: i64) -> String {
    date(micros).format(TIMESTAMP).unwrap_or_default()
}

/// The same to the second: `2025-04-27 12:34:56`.
pub fn moment(micros: i64) -> String {
    timestamp(micros).chars().take(19).collect()
}

/// The time of day of a moment, in UTC: `12:34:56`.
pub fn time_of_day(micros: i64) -> String {
    timestamp(micros).chars().skip(11).take(8).collect()
}

/// Microseconds in the unit in which a person reads them best.
pub fn duration(micros: i64) -> String {
    match micros {
        ..1000 => format!("{micros} µs"),
        1000..1_000_000 => format!("{:.1} ms", micros as f64 / 1e3),
        _ => format!("{:.1} s", micros as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_their_unit() {
        assert_eq!([999, 1500, 2_500_000].map(duration), ["999 µs", "1.5 ms", "2.5 s"]);
    }

    #[test]
    fn a_moment_is_written_as_xetrack_does() {
        assert_eq!(timestamp(1_745_757_296_123_456), "2025-04-27 12:34:56.123456");
        assert_eq!(timestamp(0), "1970-01-01 00:00:00.000000");
        assert_eq!(moment(1_745_757_296_123_456), "2025-04-27 12:34:56");
        assert_eq!(time_of_day(1_745_757_296_123_456), "12:34:56");
    }
}
