use super::PHONE_NUMBERING;
use crate::detect::pii::national::phone_number::Kind;
use crate::detect::pii::recognizer::{Recognizer, Scanner, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Philippine mobile phone number",
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find: |site| PHONE_NUMBERING.find(site, is_wanted),
    }],
    context: &[
        "phone", "mobile", "cell", "contact", "number", "call", "text", "sms", "viber", "globe", "smart",
    ],
    matches: &[
        "+63 917 123 4567",
        "+63 (917) 123 4567",
        "0917-123-4567",
        "text ‹09191234567› now",
    ],
    misses: &[
        "917 123 4567",
        "917-123-4567",
        "12345678901",
        "091712345678",
        "hello world",
    ],
    ..Recognizer::named("PH_MOBILE_NUMBER")
};

fn is_wanted(kind: Kind) -> bool {
    matches!(kind, Kind::Mobile | Kind::FixedLineOrMobile)
}
