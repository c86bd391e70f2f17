use crate::detect::pii::checksum::{digits, luhn};
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Swedish personal identity or coordination number (personnummer, samordningsnummer)",
    patterns: &[Pattern::digits(r"(?:\d{2})?\d{6}[-+]?\d{4}", 0.5).edges(Edges::Digit)],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &[
        "personnummer",
        "svensk id",
        "ssn",
        "personal identity number",
        "samordningsnummer",
    ],
    keys: &["personnummer", "samordningsnummer"],
    matches: &[
        "189004119807",
        "871220-2384",
        "20110925-2385",
        "personnummer: ‹811228+9874›",
    ],
    misses: &["19001309-2393", "200504422381", "871220-2385", "8712202384000"],
    ..Recognizer::named("SE_PERSONNUMMER")
};

/// The century counts for nothing; a coordination number has 60 more for its day.
fn is_valid(text: &str) -> bool {
    let century = digits(text).count() - 10;
    let pair = |at: usize| {
        digits(text)
            .skip(century + at)
            .take(2)
            .fold(0, |pair, digit| pair * 10 + digit)
    };
    let without_century = &text[century..];
    matches!(pair(2), 1..=12) && matches!(pair(4), 1..=31 | 61..=91) && luhn(without_century)
}
