use crate::detect::pii::national::calendar::this_year;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South African company registration number (CIPC), modern and legacy",
    patterns: &[
        Pattern::digits(r"(?:19|20)\d{2}/\d{6}/\d{2}", 0.4),
        Pattern::letters(r"(?:CK|K|T|W|B|M|NR?)\d{4}/\d{6}", 0.3),
    ],
    check: Some(|text| Validity::unless(!year(text).is_some_and(|year| (1800..=this_year()).contains(&year)))),
    context: &[
        "cipc",
        "company registration",
        "registration number",
        "close corporation",
        "company reg",
        "enterprise number",
    ],
    matches: &[
        "1999/199240/23",
        "Close corporation ‹CK1998/654321› registered.",
        "k1988/123456",
    ],
    misses: &[
        "99/199240/23",
        "2099/199240/07",
        "CK1700/654321",
        "1999/19924/23",
        "X1998/654321",
    ],
    ..Recognizer::named("ZA_COMPANY_REGISTRATION")
};

/// The four digits before the first slash.
fn year(text: &str) -> Option<u32> {
    let (before, _) = text.split_once('/')?;
    before.get(before.len().checked_sub(4)?..)?.parse().ok()
}
