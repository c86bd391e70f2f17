use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian voter id (EPIC)",
    patterns: &[
        Pattern::letters(r"[A-Z][ABCDGHJKMNPRSY][A-Z]\d{7}", 0.4),
        Pattern::letters(r"[A-Z]{3}\d{7}", 0.3),
    ],
    context: &["voter", "epic", "elector photo identity card"],
    matches: &["my voter: ‹DBJ2289013›", "uzb2345117", "this ‹MUP5632811›"],
    misses: &["zxdf8923q1", "AB1234567", "ABC12345678"],
    ..Recognizer::named("IN_VOTER")
};
