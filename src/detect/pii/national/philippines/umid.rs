use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Philippine Unified Multi-Purpose ID (common reference number)",
    patterns: &[Pattern::digits(r"\d{4}-\d{7}-\d", 0.5), Pattern::digits(r"\d{12}", 0.3)],
    context: &[
        "umid",
        "unified multi-purpose id",
        "unified multipurpose id",
        "crn",
        "common reference number",
        "sss",
        "gsis",
        "philhealth",
        "pag-ibig",
    ],
    matches: &[
        "0111-1234567-8",
        "001112345678",
        "gsis ‹0111-1234567-8›",
        "crn ‹0000-0000000-0› and more",
    ],
    misses: &[
        "0111-12345678-8",
        "011-1234567-8",
        "0111-1234567-89",
        "-1234567-8",
        "0111.1234567.8",
    ],
    ..Recognizer::named("PH_UMID")
};
