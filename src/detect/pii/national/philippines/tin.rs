use crate::detect::pii::checksum::{digits, weighted_sum};
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Philippine Taxpayer Identification Number, with or without the branch",
    patterns: &[
        Pattern::digits(r"\d{3}-\d{3}-\d{3}(?:-\d{3})?", 0.05),
        Pattern::digits(r"\d{9}(?:\d{3})?", 0.01),
    ],
    check: Some(|text| Validity::unless(digits(text).nth(8) != Some(check_digit(text)))),
    context: &[
        "tin",
        "taxpayer identification number",
        "bir",
        "taxpayer id",
        "tax id",
        "rdo",
        "revenue district office",
    ],
    matches: &[
        "My TIN is ‹000-123-456-000›",
        "TIN ‹000-123-456›",
        "000123456",
        "000123456000",
    ],
    misses: &["123456789", "000-123-457", "000-123-4560", "0001234560"],
    ..Recognizer::named("PH_TIN")
};

/// The ninth digit; a remainder of 10 is not given out.
fn check_digit(text: &str) -> u32 {
    weighted_sum(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11
}
