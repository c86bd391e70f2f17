use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US health insurance claim number, after its label or with its prefix",
    patterns: &[
        Pattern::either(r"(?:CLM-?)?\d{6,15}", 0.35).after(after_label!("claim")),
        Pattern::letters(r"CLM-?\d{6,15}", 0.1),
    ],
    context: &["claim", "billing"],
    matches: &[
        "CLM-123456789",
        "claim number: ‹987654321›",
        "Medical claim #‹CLM12345678›",
        "claim id ‹1234567›",
    ],
    misses: &["123456789", "claimed 123456789", "CLM-12345"],
    ..Recognizer::named("US_CLAIM_NUMBER")
};
