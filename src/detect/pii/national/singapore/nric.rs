use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Singaporean identity card or foreign identification number (NRIC, FIN)",
    patterns: &[
        Pattern::letters(r"[STFGM]\d{7}[A-Z]", 0.5),
        Pattern::letters(r"[A-Z]\d{7}[A-Z]", 0.3),
    ],
    context: &["fin", "nric"],
    matches: &["S2740116C", "NRIC ‹S2740116C› was processed", "a1234567z"],
    misses: &["PA12348L", "S274011C", "SS2740116C", "S2740116CC"],
    ..Recognizer::named("SG_NRIC_FIN")
};
