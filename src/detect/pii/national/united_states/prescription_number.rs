use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US prescription number, after its label or with its prefix",
    patterns: &[
        Pattern::either(r"(?:RX-?)?\d{6,12}", 0.6).after(after_label!("rx")),
        Pattern::either(r"(?:RX-?)?\d{6,12}", 0.35).after(after_label!("prescription")),
        Pattern::letters(r"RX-?\d{6,12}", 0.1),
    ],
    context: &["prescription", "pharmacy", "medication"],
    matches: &["RX-1234567", "Rx# ‹7654321›", "prescription number: ‹RX1234567›"],
    misses: &["1234567", "prescribed 1234567", "RX-12345"],
    ..Recognizer::named("US_PRESCRIPTION_NUMBER")
};
