use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK driving licence number (DVLA)",
    patterns: &[Pattern::letters(
        r"[A-Z9]{5}\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z\d][A-Z]{2}",
        0.5,
    )],
    check: Some(|text| Validity::unless(!text.get(..5).is_some_and(is_padded_surname))),
    context: &[
        "driving licence",
        "driving license",
        "driver's licence",
        "driver's license",
        "dvla",
        "dl number",
        "licence number",
        "license number",
    ],
    matches: &["SMITH802290AB1CD", "SMITH862310AB1CD", "licence ‹JON99710230A99AB›"],
    misses: &["MORGA613054SM9IJ", "MORGA65705SM9IJ", "A9B9C802290AB1CD"],
    ..Recognizer::named("UK_DRIVING_LICENCE")
};

/// The first five letters of the surname; 9 fills a shorter one up. The check digits that follow are not public.
fn is_padded_surname(text: &str) -> bool {
    let letters = text.trim_end_matches('9');
    !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
}
