use crate::detect::pii::checksum::verhoeff;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Nigerian National Identification Number",
    patterns: &[Pattern::digits(r"\d{11}", 0.01)],
    check: Some(|text| Validity::of(verhoeff(text))),
    context: &[
        "nin",
        "national identification number",
        "national identity",
        "nimc",
        "nigeria",
    ],
    keys: &["nin", "national identification number"],
    matches: &["12345678902", "My NIN is ‹55512345672›"],
    misses: &["12345678901", "991234567890288", "1234567890"],
    ..Recognizer::named("NG_NIN")
};
