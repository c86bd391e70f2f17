use crate::detect::pii::national::checksum::mod11_10;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German VAT number (Umsatzsteuer-Identifikationsnummer)",
    patterns: &[
        Pattern::letters(r"DE\d{9}", 0.5),
        Pattern::letters(r"DE[\s.-]?\d{3}[\s.-]?\d{3}[\s.-]?\d{3}", 0.4),
    ],
    // As in Presidio, a wrong check digit does not rule it out: the rule is not official.
    check: Some(|text| {
        if mod11_10(text) {
            Validity::Valid
        } else {
            Validity::Unknown
        }
    }),
    context: &[
        "umsatzsteuer",
        "ust-id",
        "ustid",
        "mehrwertsteuer",
        "vat",
        "steueridentifikation",
        "bzst",
        "finanzamt",
        "invoice",
        "rechnung",
    ],
    matches: &[
        "Bitte angeben: ‹DE129273398› auf der Rechnung.",
        "DE987654321",
        "DE 136 695 976",
        "DE.136.695.976",
        "de-136-695-976",
    ],
    misses: &["FR12345678901", "DE1234567890", "DE12345678", "XDE129273398"],
    ..Recognizer::named("DE_VAT_ID")
};
