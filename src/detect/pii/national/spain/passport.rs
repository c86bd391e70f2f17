use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Spanish passport number",
    patterns: &[Pattern::letters(r"[A-Z]{3}\d{6}", 0.05)],
    context: &["pasaporte", "passport"],
    matches: &[
        "XYZ987654",
        "Mi pasaporte es ‹aaa123456›",
        "‹AaA123456› es mi número de pasaporte",
    ],
    misses: &["AA123456", "AAAA123456", "AAA1234567"],
    ..Recognizer::named("ES_PASSPORT")
};
