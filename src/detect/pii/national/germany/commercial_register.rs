use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German commercial register number (Handelsregister)",
    patterns: &[Pattern::letters(r"HR[AB]\s?\d{1,6}", 0.5)],
    context: &[
        "handelsregister",
        "amtsgericht",
        "registergericht",
        "hra",
        "hrb",
        "hr-nummer",
        "registerauszug",
        "firma",
        "gesellschaft",
        "gmbh",
        "ag",
        "ug",
        "kg",
        "ohg",
        "einzelkaufmann",
        "einzelkauffrau",
    ],
    matches: &[
        "Amtsgericht München ‹HRB 12345›.",
        "Handelsregisternummer: ‹HRB 123456›",
        "HRA12345",
        "hrb 1",
    ],
    misses: &["HRC 12345", "HRB 1234567", "HRB", "XHRB 12345"],
    ..Recognizer::named("DE_HANDELSREGISTER")
};
