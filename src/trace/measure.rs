//! Ages and sizes as a person writes them.

use std::time::Duration;

/// Units of an age, in seconds.
const AGES: &[(&str, f64)] = &[
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
    ("w", 604_800.0),
];

/// Units of a size, in bytes.
const SIZES: &[(&str, f64)] = &[("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1.0)];

/// An age such as `12h`, `90d` or `2w`; `None` where it is none.
pub fn age(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(quantity(text, AGES)?).ok()
}

/// A size such as `500MB` or `1GB`, in bytes; `None` where it is none.
pub fn size(text: &str) -> Option<u64> {
    quantity(&text.to_ascii_uppercase(), SIZES).map(|bytes| bytes as u64)
}

fn quantity(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim();
    let (number, unit) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let number: f64 = number.trim().parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_has_a_unit() {
        assert_eq!(age("90d"), Some(Duration::from_secs(90 * 86_400)));
        assert_eq!(age(" 1.5 h"), Some(Duration::from_secs(5400)));
        assert_eq!(size("500MB"), Some(500_000_000));
        assert_eq!(size("1gb"), Some(1_000_000_000));
        for none in ["", "90", "d", "-1d", "nand", "infd"] {
            assert_eq!(age(none), None, "{none}");
        }
    }
}
