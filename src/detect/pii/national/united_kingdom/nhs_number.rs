use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK National Health Service number",
    on: OnByDefault::Presidio,
    patterns: &[Pattern::digits(r"\d{3}[- ]?\d{3}[- ]?\d{4}", 0.5)],
    check: Some(|text| Validity::of(weighted_sum(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))),
    context: &[
        "national health service",
        "nhs",
        "health services authority",
        "health authority",
    ],
    keys: &["nhs", "nhs number"],
    matches: &["401-023-2137", "221 395 1837", "0032698674"],
    misses: &["401-023-2138", "40102321371", "401.023.2137"],
    ..Recognizer::named("UK_NHS")
};
