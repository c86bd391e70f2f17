use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Italian driving licence number",
    patterns: &[Pattern::letters(r"[A-Z]{2}\d{7}[A-Z]|U1[B-HJ-NP-Z\d]{7}[A-Z]", 0.2)],
    context: &["patente", "patente di guida", "licenza", "licenza di guida"],
    matches: &["AA0123456B", "U1K711J11M", "la mia patente è ‹u1h00b000c›"],
    misses: &["U1H00A000B", "AA012345B", "A0123456B"],
    ..Recognizer::named("IT_DRIVER_LICENSE")
};
