use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK passport number (2015 on)",
    patterns: &[Pattern::letters(r"[A-Z]{2}\d{7}", 0.1)],
    context: &["passport", "travel document", "her majesty", "his majesty", "hmpo"],
    matches: &["ab1234567", "My passport number is ‹CD7654321› and it expires soon"],
    misses: &["AB12345678", "1234567AB", "XYZAB1234567QRS"],
    ..Recognizer::named("UK_PASSPORT")
};
