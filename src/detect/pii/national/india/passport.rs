use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian passport number",
    patterns: &[Pattern::letters(r"[A-Z][1-9]\d\s?\d{4}[1-9]", 0.1)],
    context: &["passport"],
    matches: &["A2096457", "my passport number is ‹T1234567›.", "t12 34567"],
    misses: &["b0097650", "A1234560", "A123456", "AA1234567"],
    ..Recognizer::named("IN_PASSPORT")
};
