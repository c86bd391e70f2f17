use super::PHONE_NUMBERING;
use crate::detect::pii::national::phone_number::Kind;
use crate::detect::pii::recognizer::{Recognizer, Scanner, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African mobile phone number",
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find: |site| PHONE_NUMBERING.find(site, is_wanted),
    }],
    context: super::PHONE_WORDS,
    matches: &["063 211 8258", "+27 82 123 4567", "whatsapp ‹0821234567›."],
    misses: &["011 262 5500", "021 447 1234", "+14155550132", "hello world"],
    ..Recognizer::named("ZA_MOBILE_NUMBER")
};

fn is_wanted(kind: Kind) -> bool {
    matches!(kind, Kind::Mobile | Kind::FixedLineOrMobile)
}
