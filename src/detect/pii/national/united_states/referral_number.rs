use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US medical referral number, after its label or with its prefix",
    patterns: &[
        Pattern::either(r"(?:(?:REF|INF)-?)?\d{6,12}", 0.35).after(after_label!("referral")),
        Pattern::letters(r"(?:REF|INF)-?\d{6,12}", 0.1),
    ],
    context: &["referral", "infusion", "specialty", "referring"],
    matches: &[
        "REF-1234567",
        "INF7654321",
        "infusion referral no. ‹INF-1234567›",
        "Referral: ‹1234567›",
    ],
    misses: &["1234567", "referrals 1234567", "REF-12345"],
    ..Recognizer::named("US_REFERRAL_NUMBER")
};
