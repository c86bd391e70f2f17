use super::has_check_letter;
use crate::detect::pii::national::checksum::number;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Spanish foreigner's identity number (número de identidad de extranjero)",
    patterns: &[Pattern::letters(r"[X-Z]\d{7}-?[A-Z]", 0.5)],
    check: Some(|text| Validity::of(has_check_letter(text, with_prefix_as_digit(text)))),
    context: &["número de identificación de extranjero", "nie"],
    keys: &["nie"],
    matches: &[
        "Z8078221M",
        "x9613851n",
        "Mi Número de identificación de extranjero es ‹Y8063915-Z›",
    ],
    misses: &["Y8063915Q", "58063915Q", "x9613851q", "XY8063915Z"],
    ..Recognizer::named("ES_NIE")
};

/// X, Y and Z stand for 0, 1 and 2 before the seven digits.
fn with_prefix_as_digit(text: &str) -> u32 {
    let prefix = text
        .bytes()
        .next()
        .map_or(0, |byte| byte.to_ascii_uppercase().saturating_sub(b'X'));
    u32::from(prefix) * 10_000_000 + number(text)
}
