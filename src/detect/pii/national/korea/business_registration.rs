use crate::detect::pii::checksum::{digits, weighted_sum};
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South Korean business registration number",
    patterns: &[
        Pattern::digits(r"\d{3}-\d{2}-\d{5}", 0.1).edges(Edges::Digit),
        Pattern::digits(r"\d{10}", 0.05).edges(Edges::Digit),
    ],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &[
        "사업자",
        "brn",
        "business registration number",
        "business number",
        "tax registration number",
    ],
    keys: &["brn", "사업자등록번호"],
    matches: &["1048656659", "사업자등록번호는 ‹104-86-56659›입니다"],
    misses: &["104-86-56658", "110-81-4127A", "123-45-67890", "10486566590"],
    ..Recognizer::named("KR_BRN")
};

/// The ninth digit's product, five times it, counts once more with its tens.
fn is_valid(text: &str) -> bool {
    let sum = weighted_sum(text, &[1, 3, 7, 1, 3, 7, 1, 3, 5, 1]);
    let tens = digits(text).nth(8).map_or(0, |digit| digit * 5 / 10);
    (sum + tens).is_multiple_of(10)
}
