use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Turkish identity number (T.C. kimlik numarası)",
    patterns: &[Pattern::digits(r"[1-9]\d{10}", 0.3)],
    check: Some(|text| Validity::of(is_valid(text))),
    context: &["kimlik", "tckn", "tc no", "nüfus cüzdanı", "national id", "turkish id"],
    keys: &["tckn", "tc kimlik no"],
    matches: &["76543210794", "36493665440", "TCKN ‹10000000146›"],
    misses: &["00000000000", "76543210780", "10000000145", "1000000014"],
    ..Recognizer::named("TR_NATIONAL_ID")
};

/// The tenth digit is seven times the odd places less the even ones (9 is -1), the eleventh the sum of those before it.
fn is_valid(text: &str) -> bool {
    weighted_sum(text, &[7, 9, 7, 9, 7, 9, 7, 9, 7, 9]).is_multiple_of(10)
        && weighted_sum(text, &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9]).is_multiple_of(10)
}
