use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African licence plate, with its province",
    patterns: &[
        Pattern::letters(r"[A-Z]{2,4}\d{2,4}[A-Z]{0,4}(?:GP|ZN|WP|EC|NC|FS|LP|MP|NW)", 0.3),
        Pattern::letters(r"[A-Z]{2}\s?\d{2}\s?[A-Z]{2}\s?(?:GP|ZN|WP|EC|NC|FS|LP|MP|NW)", 0.3),
        Pattern::letters(r"[A-Z]{2,3}\s?\d{2,3}\s?(?:GP|ZN|WP|EC|NC|FS|LP|MP|NW)", 0.3),
        Pattern::digits(r"\d{2,3}\s?[A-Z]{2,3}\s?EC", 0.3),
    ],
    context: &["plate", "registration", "natis"],
    matches: &[
        "BJ47HRZN",
        "DK 28 LF GP",
        "GET 103 WP",
        "015 SBZ EC",
        "Licence plate ‹MT77GJGP› registered.",
    ],
    misses: &["hello world", "BJ47HRZX", "DK 28 LF", "GETS 103 WP", "1015 SBZ EC"],
    ..Recognizer::named("ZA_LICENSE_PLATE")
};
