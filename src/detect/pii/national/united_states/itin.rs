//! Individual taxpayer identification numbers.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US individual taxpayer identification number",
    on: OnByDefault::Always,
    patterns: &[
        Pattern::digits(r"9\d{2}[- ](?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}", 0.05),
        Pattern::digits(r"9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]\d{4}", 0.05),
        Pattern::digits(r"9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}", 0.3),
        Pattern::digits(r"9\d{2}[- ](?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]\d{4}", 0.5),
    ],
    context: &["individual", "taxpayer", "itin", "tax", "payer", "taxid", "tin"],
    against: &[
        "order",
        "tracking",
        "invoice",
        "timestamp",
        "ts",
        "epoch",
        "phone",
        "ssn",
        "version",
    ],
    matches: &["911-70-1234", "‹911-701234› ‹91170-1234›", "911701234"],
    misses: &["911-89-1234", "811-70-1234", "9117012345"],
    ..Recognizer::named("US_ITIN")
};
