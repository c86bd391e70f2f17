//! Lengths of time, whose unit differs between clients.
//!
//! A number counts seconds, as in Cline, Goose and this gateway's own keys; Gemini and OpenCode count milliseconds under
//! the same key. Nobody sets a time-out of more than an hour, nor of less than four seconds in milliseconds, so a number
//! above 3600 is taken as milliseconds (Cline offers 3600, so it must stay an hour). A key that ends in `sec` or `ms`, or
//! text with a unit, leaves no doubt.

use std::time::Duration;

/// The largest number that is taken as seconds where nothing says the unit.
const MOST_SECONDS: f64 = 3600.0;

/// The longest time that is accepted.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Units in text, in seconds.
const UNITS: &[(&str, f64)] = &[
    ("ms", 0.001),
    ("sec", 1.0),
    ("min", 60.0),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

/// A length of time that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Length {
    pub(super) duration: Duration,
    /// Whether its unit was guessed from its size.
    pub(super) is_guess: bool,
}

/// A number under a key, such as `30`. `None` unless it is above 0 and at most 24 hours.
pub(super) fn of_number(number: &str, key: &str) -> Option<Length> {
    let number: f64 = number.parse().ok()?;
    let key = key.to_ascii_lowercase();
    let says_unit = key.ends_with("sec") || key.ends_with("ms");
    let is_guess = !says_unit && number > MOST_SECONDS;
    length(
        if is_guess || key.ends_with("ms") {
            number / 1000.0
        } else {
            number
        },
        is_guess,
    )
}

/// Text with a unit, such as `500ms`, `30s`, `2m` or `1h`; without one, seconds.
pub(super) fn of_text(text: &str) -> Option<Length> {
    let text = text.trim().to_ascii_lowercase();
    let unit = UNITS
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?.trim_end(), *seconds)));
    let (number, seconds) = unit.unwrap_or((&text, 1.0));
    length(number.parse::<f64>().ok()? * seconds, false)
}

fn length(seconds: f64, is_guess: bool) -> Option<Length> {
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    (!duration.is_zero() && duration <= LONGEST).then_some(Length { duration, is_guess })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(length: Option<Length>) -> Option<u128> {
        length.map(|length| length.duration.as_millis())
    }

    #[test]
    fn a_number_is_seconds_until_it_can_only_be_milliseconds() {
        for (number, expected) in [
            ("30", 30_000),
            ("0.5", 500),
            ("600", 600_000),
            ("3600", 3_600_000),
            ("5000", 5_000),
            ("30000", 30_000),
            ("600000", 600_000),
        ] {
            assert_eq!(millis(of_number(number, "timeout")), Some(expected), "{number}");
        }
        assert_eq!(of_number("60000", "timeout").map(|length| length.is_guess), Some(true));
        assert_eq!(of_number("60", "timeout").map(|length| length.is_guess), Some(false));
    }

    #[test]
    fn a_key_may_say_its_unit() {
        assert_eq!(millis(of_number("7200", "tool_timeout_sec")), Some(7_200_000));
        assert_eq!(millis(of_number("500", "startup_timeout_ms")), Some(500));
    }

    #[test]
    fn text_may_say_its_unit() {
        for (text, expected) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("30 sec", 30_000),
            ("2m", 120_000),
            ("2h", 7_200_000),
            ("45", 45_000),
        ] {
            assert_eq!(millis(of_text(text)), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_to_wait_is_refused() {
        for number in ["0", "-1", "1e400", "1e-300", "86400001"] {
            assert_eq!(of_number(number, "timeout"), None, "{number}");
        }
        for text in ["", "soon", "nan", "inf", "-5s", "25h", "ms"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
