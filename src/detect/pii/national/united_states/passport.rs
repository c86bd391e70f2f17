//! Passport numbers.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US passport number",
    on: OnByDefault::Always,
    patterns: &[
        Pattern::digits(r"\d{9}", 0.05),
        Pattern::letters(r"(?i)[A-Z]\d{8}", 0.1),
    ],
    context: &["passport", "travel document"],
    matches: &["912803456", "Z12803456", "my passport number is ‹912803456›"],
    misses: &["9128034567", "ZZ12803456", "91280345"],
    ..Recognizer::named("US_PASSPORT")
};
