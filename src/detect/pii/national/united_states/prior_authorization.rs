use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US prior authorization number, after its label or with its prefix",
    patterns: &[
        Pattern::either(r"(?:PA-?)?\d{6,12}", 0.35)
            .after(after_label!(r"prior\s+auth|preauthorization|pre-auth|authorization")),
        Pattern::letters(r"PA-?\d{6,12}", 0.1),
    ],
    context: &["authorization", "auth", "preauthorization", "approval"],
    matches: &[
        "PA-12345678",
        "prior authorization number: ‹PA1234567›",
        "Pre-auth #‹7654321›",
    ],
    misses: &["12345678", "author 12345678", "PA-12345"],
    ..Recognizer::named("US_PRIOR_AUTHORIZATION_NUMBER")
};
