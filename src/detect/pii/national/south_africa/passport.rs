use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African passport number",
    patterns: &[Pattern::letters(r"[ADMT]\d{8}", 0.2)],
    context: &["passport", "travel document", "dha"],
    matches: &[
        "M87654321",
        "Passport number ‹A19299317› on file.",
        "DHA travel document ‹T99887766›",
    ],
    misses: &["B12345678", "X12345678", "A1234567", "A123456789"],
    ..Recognizer::named("ZA_PASSPORT")
};
