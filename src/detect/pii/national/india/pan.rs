use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian Permanent Account Number",
    patterns: &[
        Pattern::letters(r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", 0.5),
        Pattern::letters(r"[A-Z]{5}\d{4}[A-Z]", 0.1),
        Pattern::either(r"[\w@#$%^?~-]{10}", 0.01),
    ],
    check: Some(|text| Validity::unless(!has_letter(text) || !has_four_digits(text))),
    context: &["permanent account number", "pan"],
    matches: &["AAAPA1111R", "ABCND1234Z", "A1111DFSFS", "my PAN is ‹abcpd1234z›"],
    misses: &["ABCD1234", "ABCPD12345Z", "1234567890", "ABCDEF123G"],
    ..Recognizer::named("IN_PAN")
};

fn has_letter(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn has_four_digits(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|window| window.iter().all(u8::is_ascii_digit))
}
