use super::with_letters_as_digits;
use crate::detect::pii::checksum::digits;
use crate::detect::pii::national::checksum::weighted_cross_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German health insurance number (Krankenversichertennummer)",
    patterns: &[Pattern::letters(r"[A-Z]\d{9}", 0.3)],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &[
        "krankenversicher",
        "versichertennummer",
        "versichertenausweis",
        "versichertenkarte",
        "kvnr",
        "krankenkasse",
        "gesundheitskarte",
        "egk",
        "gkv",
        "aok",
        "tkk",
        "barmer",
        "dak",
    ],
    keys: &[
        "kvnr",
        "krankenversichertennummer",
        "krankenversicherungsnummer",
        "versichertennummer",
    ],
    matches: &["A123456780", "B123456782", "KVNR ‹a000500015›"],
    misses: &["1123456780", "A1234567890", "A123456781", "A12345678"],
    ..Recognizer::named("DE_HEALTH_INSURANCE")
};

/// Anlage 1 to § 290 SGB V: the cross sum of the letter's and the eight digits, modulo 10.
fn is_valid(text: &str) -> bool {
    let sum = weighted_cross_sum(&with_letters_as_digits(text), &[1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
    digits(text).next_back() == Some(sum % 10)
}
