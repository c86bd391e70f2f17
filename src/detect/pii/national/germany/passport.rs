use crate::detect::pii::national::checksum::icao9303;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German passport number (Reisepass)",
    patterns: &[Pattern::letters(r"[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\d]{7}\d", 0.4)],
    check: Some(|text| Validity::of(icao9303(text))),
    context: &[
        "pass",
        "dokumentennummer",
        "bundesrepublik deutschland",
        "ausweisdokument",
        "mrz",
    ],
    keys: &["reisepass", "reisepassnummer", "passnummer"],
    matches: &["C01X00T41", "Reisepass ‹c01x00t41›"],
    misses: &["F12345678", "C01X00T42", "C01X00T4", "CO1X00T41"],
    ..Recognizer::named("DE_PASSPORT")
};
