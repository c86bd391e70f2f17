use crate::detect::pii::checksum::{digits, luhn};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US National Provider Identifier",
    patterns: &[
        Pattern::digits(r"[12]\d{9}", 0.1),
        Pattern::digits(r"[12]\d{3}[ -]\d{3}[ -]\d{3}", 0.4),
    ],
    check: Some(|text| Validity::of(luhn(&format!("{ISSUER}{text}")) && !is_monotonous(text))),
    context: &["npi", "national provider", "provider", "taxonomy"],
    keys: &["npi", "npi number", "national provider identifier"],
    matches: &["1234-567-893", "1245319599", "NPI ‹1234567893› on file"],
    misses: &["3234567893", "9234567893", "1111111112", "1234567890"],
    ..Recognizer::named("US_NPI")
};

/// The ISO issuer number of US health care, which the Luhn digit includes.
const ISSUER: &str = "80840";

fn is_monotonous(text: &str) -> bool {
    let mut body = digits(text).take(9);
    let first = body.next();
    body.all(|digit| Some(digit) == first)
}
