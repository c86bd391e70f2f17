use super::id_number;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African traffic register number; an identity number is none",
    patterns: &[Pattern::digits(r"\d{13}", 0.05)],
    check: Some(|text| Validity::unless(id_number::is_valid(text))),
    context: &["traffic register", "trn", "natis", "vehicle register"],
    matches: &["1234567890123", "traffic register number ‹8001015009086›"],
    misses: &["9202201234088", "123456789012", "12345678901234"],
    ..Recognizer::named("ZA_TRAFFIC_REGISTER_NUMBER")
};
