use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German postal code (Postleitzahl)",
    patterns: &[Pattern::digits(r"0[1-9]\d{3}|[1-9]\d{4}", 0.05)],
    check: Some(|text| Validity::unless(matches!(text, "01000" | "99999"))),
    context: &[
        "plz",
        "postleitzahl",
        "postanschrift",
        "adresse",
        "wohnort",
        "ort",
        "wohnanschrift",
        "straße",
        "strasse",
        "hausnummer",
        "postfach",
        "bundesland",
        "gemeinde",
        "stadt",
        "dorf",
    ],
    matches: &["22085", "Postleitzahl ‹80331› München", "PLZ ‹01067›"],
    misses: &["00000", "01000", "99999", "803311", "8033"],
    ..Recognizer::named("DE_PLZ")
};
