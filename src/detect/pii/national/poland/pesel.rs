use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Polish personal number (PESEL)",
    patterns: &[
        Pattern::digits(r"\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\d|3[01])\d{5}", 0.4).edges(Edges::Digit),
    ],
    check: Some(|text| Validity::of(weighted_sum(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10))),
    context: &["pesel"],
    keys: &["pesel"],
    matches: &["44051401458", "PESEL: ‹02070803628›", "PESEL‹44051401458›"],
    misses: &["44051401459", "1111321111", "144051401458", "44133101458"],
    ..Recognizer::named("PL_PESEL")
};
