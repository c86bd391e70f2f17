use super::PHONE_NUMBERING;
use crate::detect::pii::national::phone_number::Kind;
use crate::detect::pii::recognizer::{Recognizer, Scanner, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African telephone number that is no mobile one",
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find: |site| PHONE_NUMBERING.find(site, is_wanted),
    }],
    context: super::PHONE_WORDS,
    matches: &[
        "011 262 5500",
        "021 447 1234",
        "H‹(011)3909872›",
        "landline ‹+27 11 262 5500›",
    ],
    misses: &["063 211 8258", "+14155550132", "hello world", "0112625500123"],
    ..Recognizer::named("ZA_TELEPHONE_NUMBER")
};

fn is_wanted(kind: Kind) -> bool {
    !matches!(kind, Kind::Mobile | Kind::FixedLineOrMobile)
}
