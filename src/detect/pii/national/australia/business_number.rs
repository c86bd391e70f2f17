use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Australian Business Number",
    patterns: &[
        Pattern::digits(r"\d{2}\s\d{3}\s\d{3}\s\d{3}", 0.1),
        Pattern::digits(r"\d{11}", 0.01),
    ],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &["australian business number", "abn"],
    keys: &["abn"],
    matches: &["51 824 753 556", "51824753556", "our ABN is ‹51 824 753 556›"],
    misses: &["52 824 753 556", "51824753557", "51-824-753-556"],
    ..Recognizer::named("AU_ABN")
};

/// The rule takes one off the first digit, which weighs 10, and asks for a multiple of 89.
fn is_valid(text: &str) -> bool {
    weighted_sum(text, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 == 10
}
