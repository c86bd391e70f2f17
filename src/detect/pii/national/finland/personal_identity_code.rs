use crate::detect::pii::checksum::digits;
use crate::detect::pii::national::calendar::is_date;
use crate::detect::pii::national::checksum::number;
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Finnish personal identity code (henkilötunnus)",
    patterns: &[Pattern::digits(r"\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]", 0.5).edges(Edges::Digit)],
    check: Some(|text| Validity::of(is_valid(&text.to_ascii_uppercase()))),
    context: &["hetu", "henkilötunnus", "personbeteckningen", "personal identity code"],
    keys: &["hetu", "henkilotunnus", "henkilötunnus"],
    matches: &["030594W903B", "010516B903X", "131052-308T", "hetu ‹131052-308t›."],
    misses: &[
        "111111-111A",
        "131052:308T",
        "310211-308T",
        "131052-308U",
        "1131052-308T",
    ],
    ..Recognizer::named("FI_PERSONAL_IDENTITY_CODE")
};

/// What the remainder by 31 of date and individual number picks.
const CONTROL_CHARACTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// `ddmmyy`, the sign of the century, the individual number and the control character.
fn is_valid(text: &str) -> bool {
    let century = match text.as_bytes()[6] {
        b'+' => 1800,
        b'-' | b'U'..=b'Y' => 1900,
        _ => 2000,
    };
    let pair = |at: usize| digits(text).skip(at).take(2).fold(0, |pair, digit| pair * 10 + digit);
    let control = CONTROL_CHARACTERS[number(text) as usize % CONTROL_CHARACTERS.len()];
    is_date(century + pair(4), pair(2), pair(0)) && text.as_bytes()[10] == control
}
