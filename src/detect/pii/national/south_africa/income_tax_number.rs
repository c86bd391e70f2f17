use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African income tax reference number (SARS)",
    patterns: &[Pattern::digits(r"[01239]\d{9}", 0.05)],
    context: &[
        "sars",
        "tax reference",
        "income tax",
        "tax number",
        "itr",
        "taxpayer",
        "tax registration",
    ],
    matches: &["0123456789", "SARS tax reference ‹2987654321› on file."],
    misses: &["4020269678", "298765432", "29876543210"],
    ..Recognizer::named("ZA_INCOME_TAX_NUMBER")
};
