use super::with_letters_as_digits;
use crate::detect::pii::checksum::digits;
use crate::detect::pii::national::checksum::weighted_cross_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German pension insurance number (Rentenversicherungsnummer)",
    patterns: &[
        Pattern::digits(
            r"\d{2}(?:0[1-9]|[12]\d|3[01]|5[1-9]|[67]\d|8[01])(?:0[1-9]|1[0-2])\d{2}[A-Z]\d{3}",
            0.5,
        ),
        Pattern::digits(r"\d{8}[A-Z]\d{3}", 0.3),
    ],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &[
        "rentenversicherung",
        "sozialversicherung",
        "versicherungsnummer",
        "rvnr",
        "svnr",
        "sv-nummer",
        "rente",
        "drv",
    ],
    keys: &["rentenversicherungsnummer", "sozialversicherungsnummer", "rvnr", "svnr"],
    matches: &["15070649C103", "20151090b023", "RVNR: ‹38551285K051› laut Ausweis."],
    misses: &[
        "15070649C104",
        "15320649C103",
        "15071349C103",
        "15070649CC03",
        "150706499103",
    ],
    ..Recognizer::named("DE_SOCIAL_SECURITY")
};

/// § 147 SGB VI: the day of birth (50 more for a second number of that day), the month and the check digit.
fn is_valid(text: &str) -> bool {
    let two_digits = |at: usize| {
        digits(text)
            .skip(at)
            .take(2)
            .fold(0, |number, digit| number * 10 + digit)
    };
    let sum = weighted_cross_sum(&with_letters_as_digits(text), &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]);
    matches!(two_digits(2), 1..=31 | 51..=81)
        && matches!(two_digits(4), 1..=12)
        && digits(text).next_back() == Some(sum % 10)
}
