use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US bank routing number (American Bankers Association)",
    patterns: &[
        Pattern::digits(r"[0-36-8]\d{8}", 0.05),
        Pattern::digits(r"[0-36-8]\d{3}-\d{4}-\d", 0.3),
    ],
    check: Some(|text| Validity::of(weighted_sum(text, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))),
    context: &["aba", "routing", "abarouting", "association", "bankrouting"],
    keys: &["aba", "aba number", "routing number", "aba routing number"],
    matches: &[
        "121000358",
        "121042882",
        "0711-0130-7",
        "routing number is: ‹101205681›",
    ],
    misses: &["1234-0000-0", "421042111", "12100035", "1210003580"],
    ..Recognizer::named("ABA_ROUTING_NUMBER")
};
