use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US health insurance member id",
    patterns: &[Pattern::letters(r"[A-Z]{1,5}-?[A-Z\d]{5,14}", 0.1)],
    check: Some(|text| Validity::unless(!text.bytes().any(|byte| byte.is_ascii_digit()))),
    context: &["member", "subscriber", "insurance", "policy"],
    matches: &["W123456789", "XYZ-12345678", "Member ID: ‹ABC12345678›"],
    misses: &["ABCDEFGH", "12345678", "A1234"],
    ..Recognizer::named("US_HEALTH_INSURANCE_MEMBER_ID")
};
