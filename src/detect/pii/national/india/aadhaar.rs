use crate::detect::pii::checksum::{digits, verhoeff};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian identity number (Aadhaar)",
    patterns: &[
        Pattern::digits(r"\d{12}", 0.01),
        Pattern::digits(r"\d{4}[- :]\d{4}[- :]\d{4}", 0.01),
    ],
    check: Some(|text| Validity::of(starts_above_one(text) && !is_palindrome(text) && verhoeff(text))),
    context: &["aadhaar", "uidai"],
    keys: &["aadhaar", "aadhaar number"],
    matches: &["312345678909", "3998:7654:3211", "Aadhaar ‹3123-4567-8909›"],
    misses: &["1234-5678-9012", "312345678908", "3123456789090", "200000000002"],
    ..Recognizer::named("IN_AADHAAR")
};

fn starts_above_one(text: &str) -> bool {
    digits(text).next() > Some(1)
}

fn is_palindrome(text: &str) -> bool {
    digits(text).eq(digits(text).rev())
}
