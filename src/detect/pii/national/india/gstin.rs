use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Indian goods and services tax number (GSTIN)",
    patterns: &[
        Pattern::digits(r"(?:0[1-9]|[1-3][0-7])[A-Z\d]{11}Z[A-Z\d]", 0.8),
        Pattern::digits(r"\d{2}[A-Z\d]{11}Z[A-Z\d]", 0.1),
    ],
    check: Some(|text| Validity::of(has_state(text) && holds_pan(text))),
    context: &["gst", "goods and services tax", "tax identification"],
    matches: &[
        "My GSTIN number is ‹27ABCDE1234F1Z5› for business registration",
        "01abcde1234f1z5",
        "18ABCDE1234F1Z5",
    ],
    misses: &[
        "38ABCDE1234F1Z5",
        "00ABCDE1234F1Z5",
        "27ABCDE1234F1Y5",
        "123456789012345",
        "27ABCDE12X4F1Z5",
    ],
    ..Recognizer::named("IN_GSTIN")
};

/// The first two digits are the code of a state or territory.
fn has_state(text: &str) -> bool {
    text[..2].parse().is_ok_and(|state: u8| (1..=37).contains(&state))
}

/// The next ten are the owner's permanent account number. Of its first five, Presidio asks for three letters.
fn holds_pan(text: &str) -> bool {
    let (name, rest) = text.as_bytes()[2..12].split_at(5);
    name.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= 3
        && rest[..4].iter().all(u8::is_ascii_digit)
        && rest[4].is_ascii_alphabetic()
}
