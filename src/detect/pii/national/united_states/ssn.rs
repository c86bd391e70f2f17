//! Social security numbers.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US social security number",
    on: OnByDefault::Always,
    patterns: &[
        Pattern::digits(r"\d{5}-\d{4}", 0.05),
        Pattern::digits(r"\d{3}-\d{6}", 0.05),
        Pattern::digits(r"\d{9}", 0.05),
        // Scanned documents mistake letters for digits.
        Pattern::either(r"[\dOoIlSB]{3}-[\dOoIlSB]{2}-[\dOoIlSB]{4}", 0.05),
        Pattern::digits(r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{2}\.\d{4}|\d{3} \d{2} \d{4}", 0.5),
    ],
    check: Some(|number| Validity::unless(is_never_issued(number))),
    context: &["social", "security", "ssn", "ssns", "ssid"],
    against: &[
        "order",
        "tracking",
        "invoice",
        "timestamp",
        "ts",
        "epoch",
        "zip",
        "zipcode",
        "ein",
        "phone",
        "version",
    ],
    keys: &["ssn", "ssns", "social security", "social security nr"],
    matches: &[
        "078-05-1123",
        "abc ‹078 05 1123› abc",
        "078.05.1123",
        "SSN ‹212-82-5O01›",
        "‹078-051121› 1",
        "my ssn is ‹078051121›",
    ],
    misses: &[
        "078-05-1120",
        "000-12-3456",
        "666-12-3456",
        "078-00-1123",
        "078-05-0000",
        "0780511201",
        "111-11-1111",
        "078-05.1123",
    ],
    ..Recognizer::named("US_SSN")
};

/// Numbers that the Social Security Administration does not assign, and those it printed as samples.
fn is_never_issued(number: &str) -> bool {
    let number: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let (area, group, serial) = (&number[..3], &number[3..5], &number[5..]);
    let is_sample = ["123456789", "987654320", "078051120"].contains(&number.as_str());
    let is_one_digit = number.bytes().all(|digit| digit == number.as_bytes()[0]);
    area == "000" || area == "666" || group == "00" || serial == "0000" || is_sample || is_one_digit
}
