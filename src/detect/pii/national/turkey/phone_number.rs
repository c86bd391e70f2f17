use super::PHONE_NUMBERING;
use crate::detect::pii::recognizer::{Recognizer, Scanner, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Turkish telephone number",
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find: |site| PHONE_NUMBERING.find(site, |_| true),
    }],
    context: &[
        "telefon",
        "tel",
        "cep",
        "gsm",
        "numara",
        "ara",
        "iletişim",
        "phone",
        "mobile",
        "call",
    ],
    matches: &[
        "+90-532-123-45-67",
        "532 123 45 67",
        "Birinci: ‹+905321234567›, arayın",
        "2121234567",
    ],
    misses: &[
        "53212345678",
        "12345678901",
        "15053212345678",
        "1123456789",
        "hello world",
    ],
    ..Recognizer::named("TR_PHONE_NUMBER")
};
