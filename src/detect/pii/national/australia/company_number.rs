use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Australian Company Number",
    patterns: &[
        Pattern::digits(r"\d{3}\s\d{3}\s\d{3}", 0.1),
        Pattern::digits(r"\d{9}", 0.01),
    ],
    check: Some(|text| Validity::of(weighted_sum(text, &[8, 7, 6, 5, 4, 3, 2, 1, 1]).is_multiple_of(10))),
    context: &["australian company number", "acn"],
    keys: &["acn"],
    matches: &["000 000 019", "005 499 981", "006249976", "ACN ‹000000180›"],
    misses: &["824 753 557", "006249977", "0062499760"],
    ..Recognizer::named("AU_ACN")
};
