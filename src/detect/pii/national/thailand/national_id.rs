use crate::detect::pii::checksum::{digits, weighted_sum};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Thai national identity number; its second and third digit are a province",
    patterns: &[Pattern::digits(
        r"[1-9](?:[134]\d|2[0-7]|5[0-8]|[67][0-7]|[89][0-6])\d{10}",
        0.5,
    )],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &[
        "thai national id",
        "thai id number",
        "tnin",
        "เลขประจำตัวประชาชน",
        "เลขบัตรประชาชน",
        "รหัสปชช",
    ],
    keys: &["tnin"],
    matches: &["1234567890121", "1520000000004", "TNIN ‹1580000000004›"],
    misses: &[
        "123456789012a",
        "0034567890124",
        "1794567890124",
        "1974567890124",
        "1234567890122",
    ],
    ..Recognizer::named("TH_TNIN")
};

fn is_valid(text: &str) -> bool {
    let sum = weighted_sum(text, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    digits(text).nth(12) == Some((11 - sum % 11) % 10)
}
