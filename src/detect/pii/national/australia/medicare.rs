use crate::detect::pii::checksum::{digits, weighted_sum};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Australian Medicare card number",
    patterns: &[
        Pattern::digits(r"[2-6]\d{3}\s\d{5}\s\d", 0.1),
        Pattern::digits(r"[2-6]\d{9}", 0.01),
    ],
    check: Some(|text| Validity::of(digits(text).nth(8) == Some(weighted_sum(text, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10))),
    context: &["medicare"],
    keys: &["medicare", "medicare number"],
    matches: &["2123 45670 1", "2123456701", "Medicare: ‹2123 45670 1›"],
    misses: &["2123258701", "1123456701", "2123-45670-1"],
    ..Recognizer::named("AU_MEDICARE")
};
