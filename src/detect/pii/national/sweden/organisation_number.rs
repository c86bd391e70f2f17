use crate::detect::pii::checksum::{digits, luhn};
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Swedish organisation number (organisationsnummer)",
    patterns: &[Pattern::digits(r"\d{6}-?\d{4}", 0.6).edges(Edges::Digit)],
    check: Some(|text| Validity::of(luhn(text) && !could_start_with_a_date(text))),
    context: &["organisationsnummer", "orgnr", "org nr", "företagsnummer"],
    keys: &["organisationsnummer", "orgnr"],
    matches: &["2120000142", "556703-7485", "orgnr ‹556703-7485›."],
    misses: &["19001309-2393", "556703-7r85", "556703-7486", "811228-9874"],
    ..Recognizer::named("SE_ORGANISATIONSNUMMER")
};

/// The third digit is 2 or more, so that no month is read into it.
fn could_start_with_a_date(text: &str) -> bool {
    digits(text).nth(2).is_none_or(|digit| digit < 2)
}
