//! Certificates of the Drug Enforcement Administration.

use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US medical licence (DEA certificate number)",
    on: OnByDefault::Always,
    patterns: &[Pattern::letters(
        r"(?i)[abcdefghjklmprstux][a-z]\d{7}|[abcdefghjklmprstux]9\d{7}",
        0.4,
    )],
    check: Some(|number| Validity::of(has_check_digit(number))),
    context: &["medical", "certificate", "dea"],
    matches: &["K92993548", "DEA ‹BB1388568›"],
    misses: &["K92993549", "QB1388568", "BB13885681"],
    ..Recognizer::named("MEDICAL_LICENSE")
};

/// The sum of the odd places plus twice that of the even ones ends in the check digit.
fn has_check_digit(number: &str) -> bool {
    let digits = &number[2..];
    let sum = weighted_sum(&digits[..6], &[1, 2, 1, 2, 1, 2]);
    digits.ends_with(&(sum % 10).to_string())
}
