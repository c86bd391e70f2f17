use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Turkish licence plate (plaka), by province 01 to 81",
    patterns: &[
        Pattern::digits(r"(?:0[1-9]|[1-7]\d|8[01])\s?[A-PR-VYZ]{1,3}\s?\d{2,4}", 0.3),
        Pattern::digits(r"(?:0[1-9]|[1-7]\d|8[01])-[A-PR-VYZ]{1,3}-\d{2,4}", 0.3),
    ],
    context: &["plaka", "plate", "kayıt"],
    matches: &[
        "35 JK 12",
        "01 A 12",
        "34abc1234",
        "06-A-123",
        "License plate ‹34 ABC 1234›",
    ],
    misses: &[
        "82 ABC 123",
        "99 ABC 123",
        "34 QWX 123",
        "34 ABCD 123",
        "34 ABC 1",
        "00 A 123",
    ],
    ..Recognizer::named("TR_LICENSE_PLATE")
};
