use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South Korean driver's licence number",
    patterns: &[Pattern::digits(r"\d{2}[- ]?\d{2}[- ]?\d{6}[- ]?\d{2}", 0.05).edges(Edges::Digit)],
    check: Some(|text| Validity::unless(!is_region(&text[..2]))),
    context: &[
        "운전면허",
        "면허번호",
        "korean driver license",
        "korean driver's license",
    ],
    matches: &["112212345612", "My license is ‹13-22-123456-12›", "28 22 123456 12"],
    misses: &["11-22-123A56-12", "111-22-123456-12", "27-22-123456-12", "102212345612"],
    ..Recognizer::named("KR_DRIVER_LICENSE")
};

/// Where it was issued: Seoul is 11, Sejong 28, and 27 is not used.
fn is_region(text: &str) -> bool {
    matches!(text.parse(), Ok(11..=26 | 28))
}
