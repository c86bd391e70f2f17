use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Italian identity card number: paper, CIE 2.0 and CIE 3.0",
    patterns: &[
        Pattern::letters(r"[A-Z]{2}\s?\d{7}", 0.01),
        Pattern::digits(r"\d{7}[A-Z]{2}", 0.01),
        Pattern::letters(r"[A-Z]{2}\d{5}[A-Z]{2}", 0.01),
    ],
    context: &[
        "carta",
        "identità",
        "elettronica",
        "cie",
        "documento",
        "riconoscimento",
        "espatrio",
    ],
    matches: &["AA 1234567", "aa1234567", "1234567Aa", "AA12345aa"],
    misses: &["AA123456", "A1234567", "AAA12345AA"],
    ..Recognizer::named("IT_IDENTITY_CARD")
};
