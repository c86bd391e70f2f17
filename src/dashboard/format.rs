//! Numbers and JSON as a person reads them best.

use std::collections::BTreeMap;

use crate::text::{visible, visible_json};

/// A number in at most five characters or so: `950`, `1.2k`, `34M`.
pub(super) fn count(number: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "G"), (1e6, "M"), (1e3, "k")];
    match UNITS.iter().find(|(unit, _)| number.abs() >= *unit) {
        Some((unit, letter)) => format!("{}{letter}", short(number / unit)),
        None => short(number),
    }
}

/// Bytes in their unit.
pub(super) fn bytes(number: i64) -> String {
    let text = count(number as f64);
    match text.strip_suffix(['k', 'M', 'G']) {
        Some(digits) => format!("{digits} {}B", &text[digits.len()..]),
        None => format!("{text} B"),
    }
}

/// One digit behind the point where it says something.
fn short(number: f64) -> String {
    let text = if number.abs() < 10.0 {
        format!("{number:.1}")
    } else {
        format!("{number:.0}")
    };
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// How many of a hundred; a dash where there are none at all.
pub(super) fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{} %", short(part as f64 * 100.0 / whole as f64)),
    }
}

/// Sums of money by currency; a dash where there are none.
pub(super) fn money(sums: &BTreeMap<String, f64>) -> String {
    let sums: Vec<String> = sums.iter().map(|(currency, sum)| amount(*sum, currency)).collect();
    match sums.is_empty() {
        true => "–".to_owned(),
        false => sums.join(" + "),
    }
}

/// An amount of money: cents are enough for what is a unit and more.
pub(super) fn amount(sum: f64, currency: &str) -> String {
    match sum.abs() < 1.0 {
        true => format!("{sum:.4} {currency}"),
        false => format!("{sum:.2} {currency}"),
    }
}

/// JSON laid out over lines; what is no JSON as [`visible`] shows it.
pub(super) fn json(text: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.map_or_else(
        |_| visible(text),
        |value| visible_json(&format!("{value:#}")).into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, 7.0, 0.25, 999.0, 1000.0, 1250.0, 45_600.0, 3.2e6, 7e9].map(count);
        assert_eq!(shown, ["0", "7", "0.2", "999", "1k", "1.2k", "46k", "3.2M", "7G"]);
        assert_eq!([43, 12_300, 5_000_000].map(bytes), ["43 B", "12 kB", "5 MB"]);
        assert_eq!([share(1, 3), share(5, 5), share(0, 0)], ["33 %", "100 %", "–"]);
        assert_eq!(
            [amount(0.0312, "USD"), amount(12.5, "EUR")],
            ["0.0312 USD", "12.50 EUR"]
        );
    }

    #[test]
    fn numbers_in_json_stay_as_they_are() {
        assert_eq!(
            json(r#"{"b":12345678901234567890.0,"a":1}"#),
            "{\n  \"b\": 12345678901234567890.0,\n  \"a\": 1\n}"
        );
        assert_eq!(json("{broken"), "{broken");
        assert_eq!(json("\"\u{202e}\""), "\"\\u202e\"");
    }
}
