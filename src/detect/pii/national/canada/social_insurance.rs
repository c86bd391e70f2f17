use crate::detect::pii::checksum::luhn;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Canadian Social Insurance Number",
    patterns: &[
        Pattern::digits(r"[1-79]\d{8}", 0.05),
        Pattern::digits(r"[1-79]\d{2}(?: \d{3} \d{3}|-\d{3}-\d{3})", 0.5),
    ],
    check: Some(|text| Validity::unless(!luhn(text))),
    context: &[
        "sin",
        "social insurance",
        "canada",
        "nas",
        "numéro d'assurance sociale",
        "assurance sociale",
    ],
    keys: &["social insurance number"],
    matches: &["130 692 544", "731-530-150", "130692544", "my SIN is ‹435 418 165›"],
    misses: &["111 111 111", "130 692-544", "046 454 286", "846454286"],
    ..Recognizer::named("CA_SIN")
};
