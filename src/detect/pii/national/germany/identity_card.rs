use crate::detect::pii::national::checksum::icao9303;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German identity card number (Personalausweis)",
    patterns: &[
        Pattern::letters(r"[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\d]{7}\d", 0.4),
        Pattern::letters(r"T\d{8}", 0.5),
    ],
    check: Some(check),
    context: &[
        "ausweis",
        "dokumentennummer",
        "seriennummer",
        "npa",
        "pauwsg",
        "identity card",
        "national id",
    ],
    keys: &["personalausweis", "personalausweisnummer", "ausweisnummer"],
    matches: &["T99999999", "t22000129", "Personalausweis: ‹L01X00T44›"],
    misses: &["T2200012", "L01X00T47A", "A12345678", "L01X00T45"],
    ..Recognizer::named("DE_ID_CARD")
};

/// A T before digits marks the cards that had no check digit.
fn check(text: &str) -> Validity {
    if text.starts_with(['T', 't']) && text[1..].bytes().all(|byte| byte.is_ascii_digit()) {
        Validity::Unknown
    } else {
        Validity::of(icao9303(text))
    }
}
