use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African driving licence number (eNaTIS)",
    patterns: &[Pattern::digits(r"\d{6,10}[A-Z\d]{2,5}", 0.3)],
    check: Some(|text| Validity::unless(!is_plausible(text))),
    context: &["licence", "license", "natis"],
    matches: &[
        "Driving licence number ‹114500482HFF› on file.",
        "eNaTIS licence ‹40260039Y068›",
        "12345678ab",
    ],
    misses: &["ABCDEFGHIJK", "114500482123", "123456AB", "1145004821HFFABC"],
    ..Recognizer::named("ZA_DRIVER_LICENSE")
};

/// Ten to fourteen digits and letters, one letter at least.
fn is_plausible(text: &str) -> bool {
    (10..=14).contains(&text.len()) && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}
