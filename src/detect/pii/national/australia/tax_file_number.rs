use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Australian Tax File Number",
    patterns: &[
        Pattern::digits(r"\d{3}\s\d{3}\s\d{3}", 0.1),
        Pattern::digits(r"\d{9}", 0.01),
    ],
    check: Some(|text| Validity::of(weighted_sum(text, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11))),
    context: &["tax file number", "tfn"],
    keys: &["tax file number", "tfn"],
    matches: &["876543210", "876 543 210", "my TFN is ‹876543210›"],
    misses: &["824 753 557", "876543211", "87654321"],
    ..Recognizer::named("AU_TFN")
};
