use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German medical practice number (Betriebsstättennummer); it has no check digit",
    patterns: &[Pattern::digits(r"\d{9}", 0.2)],
    check: Some(|text| Validity::unless(text == "000000000")),
    context: &[
        "betriebsstätte",
        "bsnr",
        "praxis",
        "kassenärztliche",
        "kv-nummer",
        "kv nummer",
        "behandlungsort",
    ],
    matches: &["521234567", "351234567", "Betriebsstättennummer: ‹021234568›"],
    misses: &["000000000", "5212345678", "52123456"],
    ..Recognizer::named("DE_BSNR")
};
