use crate::detect::pii::checksum::{digits, luhn};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Italian VAT number (partita IVA)",
    patterns: &[Pattern::digits(r"(?:\d[ _]?){10}\d", 0.1)],
    check: Some(|text| Validity::of(luhn(text) && digits(text).any(|digit| digit != 0))),
    context: &["piva", "partita iva", "pi"],
    keys: &["partita iva", "piva"],
    matches: &["01333550323", "partita iva ‹013 3355 0323›", "01333550_323"],
    misses: &["00000000000", "01333550324", "0133355032"],
    ..Recognizer::named("IT_VAT_CODE")
};
