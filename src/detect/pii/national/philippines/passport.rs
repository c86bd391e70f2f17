use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Philippine passport number",
    patterns: &[Pattern::letters(r"[A-Z]\d{7}[A-Z]|[A-Z]{2}\d{7}", 0.1)],
    context: &["passport", "travel document", "pasaporte", "dfa"],
    matches: &["eb1234567", "P1234567A", "pasaporte ‹EB1234567›"],
    misses: &["P1234567 A", "P123456A", "ABC1234567", "P1234567AB"],
    ..Recognizer::named("PH_PASSPORT")
};
