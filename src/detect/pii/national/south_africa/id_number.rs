use crate::detect::pii::checksum::luhn;
use crate::detect::pii::national::calendar::{is_date, this_year};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African identity number",
    patterns: &[Pattern::digits(r"\d{10}[0-2][89]\d", 0.2)],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &["id", "identity", "rsa"],
    matches: &[
        "My South African ID is ‹9202201234088›.",
        "RSA ID: ‹0002294321191›",
        "8001015009087",
    ],
    misses: &["8001015009086", "ID 80010150090", "9213201234084", "8001015009387"],
    ..Recognizer::named("ZA_ID_NUMBER")
};

/// `yymmdd`, four digits, citizenship (0, 1, 2), an 8 or a 9 and the check digit.
pub(super) fn is_valid(text: &str) -> bool {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| pair.parse().ok()).unwrap_or(0);
    let century = if pair(0) > this_year() % 100 { 1900 } else { 2000 };
    matches!(text.as_bytes(), [.., b'0'..=b'2', b'8' | b'9', _])
        && is_date(century + pair(0), pair(2), pair(4))
        && luhn(text)
}
