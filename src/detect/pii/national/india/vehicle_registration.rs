use std::ops::RangeInclusive;

use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian vehicle registration: of a state, diplomatic, Bharat series and military",
    patterns: &[
        Pattern::letters(r"(?:[A-Z]{1,2}\d{4}|I\d{5})", 0.01),
        Pattern::letters(r"[A-Z]{3}\d{4}", 0.2),
        Pattern::digits(r"\d{1,3}(?:CD|CC|UN)[1-9]\d{1,3}", 0.4),
        Pattern::letters(r"[A-Z]{2}(?:\d[A-Z]{1,3}|\d{2}[A-Z]{1,2})\d{4}", 0.5),
        Pattern::digits(r"[2-9][1-9]BH\d{4}[A-HJ-NP-Z]{2}", 0.85),
        Pattern::digits(r"(?:0[1-9]|[1-9]\d)[A-FHKPRX]\d{6}[A-Z]", 0.85),
    ],
    check: Some(check),
    context: &["rto", "vehicle", "plate", "registration"],
    matches: &[
        "KA53ME3456",
        "KA99ME3456",
        "DL01CA1234",
        "22BH1234AA",
        "my plate is ‹mh12ab1234›",
        "77CD55",
    ],
    misses: &["KA53ME0000", "ABCD1234", "KA53MEX3456", "00A123456X", "22BH1234IO"],
    ..Recognizer::named("IN_VEHICLE_REGISTRATION")
};

/// The districts that a state or union territory numbers.
const DISTRICTS: &[(&str, RangeInclusive<u8>)] = &[
    ("AN", 1..=1),
    ("AP", 39..=40),
    ("AR", 1..=22),
    ("AS", 1..=34),
    ("BR", 1..=56),
    ("CG", 1..=30),
    ("CH", 1..=4),
    ("DD", 1..=3),
    ("DL", 1..=13),
    ("DN", 9..=9),
    ("GA", 1..=12),
    ("GJ", 1..=39),
    ("HP", 1..=99),
    ("HR", 1..=99),
    ("JH", 1..=24),
    ("JK", 1..=22),
    ("KA", 1..=71),
    ("KL", 1..=99),
    ("LA", 1..=2),
    ("LD", 1..=9),
    ("MH", 1..=51),
    ("ML", 1..=10),
    ("MN", 1..=7),
    ("MP", 1..=71),
    ("MZ", 1..=8),
    ("NL", 1..=10),
    ("OD", 1..=35),
    ("OR", 1..=31),
    ("PB", 1..=99),
    ("PY", 1..=5),
    ("RJ", 1..=58),
    ("SK", 1..=8),
    ("TN", 1..=99),
    ("TR", 1..=8),
    ("TS", 1..=38),
    ("UK", 1..=20),
    ("UP", 11..=96),
    ("WB", 1..=98),
];

/// The number 0000 is not given out; a district that exists makes sure.
fn check(text: &str) -> Validity {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if number.ends_with("0000") {
        Validity::Invalid
    } else if text.len() >= 8 && district(text).is_some_and(|(state, district)| exists(state, district)) {
        Validity::Valid
    } else {
        Validity::Unknown
    }
}

/// The two letters of the state and the one or two digits behind them.
fn district(text: &str) -> Option<(&str, u8)> {
    let (state, rest) = text.split_at_checked(2)?;
    let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    Some((state, rest[..digits].parse().ok()?))
}

fn exists(state: &str, district: u8) -> bool {
    DISTRICTS
        .iter()
        .any(|(name, districts)| name.eq_ignore_ascii_case(state) && districts.contains(&district))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_that_exists_makes_sure() {
        assert_eq!(check("ka53me3456"), Validity::Valid);
        assert_eq!(check("DL1CA1234"), Validity::Valid);
        assert_eq!(check("KA99ME3456"), Validity::Unknown);
        assert_eq!(check("XX01ME3456"), Validity::Unknown);
        assert_eq!(check("KA53ME0000"), Validity::Invalid);
    }
}
