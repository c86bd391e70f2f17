use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Canadian postal code",
    patterns: &[
        Pattern::letters(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d", 0.3),
        Pattern::letters(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d", 0.1),
    ],
    context: &[
        "postal code",
        "postcode",
        "zip",
        "canada",
        "ontario",
        "quebec",
        "alberta",
        "british columbia",
        "code postal",
    ],
    matches: &["K1A 0A1", "k1a 0a1", "K1a 0A1", "V6B1A1", "code postal ‹H2X 1Y4›"],
    misses: &["I1A 1A1", "W1A 1A1", "K1A\n0A1", "XK1A0A1Y", "K1A  0A1", "K1D 0A1"],
    ..Recognizer::named("CA_POSTAL_CODE")
};
