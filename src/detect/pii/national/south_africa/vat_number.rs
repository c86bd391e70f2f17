use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African VAT number",
    patterns: &[Pattern::digits(r"4\d{9}", 0.3)],
    context: &["vat", "tax invoice", "sars", "value added tax"],
    matches: &["4020269678", "SARS vat registration ‹4100168758›"],
    misses: &["402026967", "40202696780", "5020269678"],
    ..Recognizer::named("ZA_VAT_NUMBER")
};
