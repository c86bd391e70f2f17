use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German physician number (lebenslange Arztnummer)",
    patterns: &[Pattern::digits(r"\d{9}", 0.3)],
    check: Some(|text| Validity::of(weighted_sum(text, &[4, 9, 4, 9, 4, 9, 1]).is_multiple_of(10))),
    context: &[
        "arztnummer",
        "lanr",
        "arzt-nr",
        "arzt nr",
        "arzt-nummer",
        "vertragsarzt",
        "kassenarzt",
        "kbv",
        "kassenärztliche",
        "kv-nummer",
        "rezept",
        "verschreibung",
        "behandelnder arzt",
        "hausarzt",
        "facharzt",
    ],
    keys: &["lanr", "arztnummer"],
    matches: &[
        "123456601",
        "987654401",
        "999999901",
        "Arztnummer ‹987654401› auf dem Rezept.",
    ],
    misses: &["123456901", "1234566010", "12345660"],
    ..Recognizer::named("DE_LANR")
};
