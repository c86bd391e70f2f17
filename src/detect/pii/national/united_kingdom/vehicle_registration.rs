use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK vehicle registration: current (2001 on), prefix and suffix style",
    patterns: &[
        Pattern::letters(r"[A-HJ-PR-Y]{2}(?:0[1-9]|[1-7]\d)[- ]?[A-HJ-PR-Z]{3}", 0.3),
        Pattern::letters(r"[A-HJ-NPR-TV-Y]\d{1,3}[- ]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}", 0.2),
        Pattern::letters(r"[A-HJ-PR-Z]{3}[- ]?\d{1,3}[- ]?[A-HJ-NPR-TV-Y]", 0.15),
    ],
    check: Some(|text| Validity::unless(age(text).is_some_and(|age| !matches!(age, 2..=29 | 51..=79)))),
    context: &[
        "vehicle",
        "registration",
        "number plate",
        "licence plate",
        "license plate",
        "reg",
        "vrn",
        "dvla",
        "v5c",
        "logbook",
        "mot",
        "car",
    ],
    matches: &[
        "My car reg is ‹AB51 ABC› and it expires",
        "BD62XYZ",
        "A123 BCD",
        "M456DEF",
        "ABC 123D",
    ],
    misses: &["AB00 ABC", "AB49 ABC", "O123 BCD", "ABC 123Z", "hello world"],
    ..Recognizer::named("UK_VEHICLE_REGISTRATION")
};

/// The half-year of registration, which only the current style has: 02…29 for March, 51…79 for September.
fn age(text: &str) -> Option<u8> {
    let (area, rest) = text.split_at_checked(2)?;
    area.bytes()
        .all(|byte| byte.is_ascii_alphabetic())
        .then(|| rest.get(..2)?.parse().ok())?
}
