use super::has_check_letter;
use crate::detect::pii::national::checksum::number;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Spanish tax and identity number (NIF, DNI)",
    patterns: &[Pattern::digits(r"\d{7,8}-?[A-Z]", 0.5)],
    check: Some(|text| Validity::of(has_check_letter(text, number(text)))),
    context: &["documento nacional de identidad", "dni", "nif", "identificación"],
    keys: &["dni", "nif"],
    matches: &["12345678z", "55555555-K", "mi DNI es ‹12345678Z›"],
    misses: &["12345678a", "123456789Z", "401-023-2138"],
    ..Recognizer::named("ES_NIF")
};
