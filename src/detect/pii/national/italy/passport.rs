use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Italian passport number",
    patterns: &[Pattern::letters(r"[A-Z]{2}\d{7}", 0.01)],
    context: &[
        "passaporto",
        "elettronico",
        "italiano",
        "viaggio",
        "viaggiare",
        "estero",
        "documento",
        "dogana",
    ],
    matches: &["AA1234567", "aa7654321", "passaporto n. ‹YA1234567›"],
    misses: &["AA123456", "AA12345678", "A1234567"],
    ..Recognizer::named("IT_PASSPORT")
};
