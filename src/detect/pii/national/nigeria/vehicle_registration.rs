use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Nigerian vehicle registration (2011 on)",
    patterns: &[Pattern::letters(r"[A-Z]{3}[- ]?\d{3}[A-Z]{2}", 0.5)],
    context: &["plate", "vehicle", "registration"],
    matches: &["KJA-999PZ", "APP 456CV", "APP456CV", "plate number ‹abc-123de›"],
    misses: &["AB-1234CD", "ABCD-123DE", "ABC-123D", "ABC--123DE"],
    ..Recognizer::named("NG_VEHICLE_REGISTRATION")
};
