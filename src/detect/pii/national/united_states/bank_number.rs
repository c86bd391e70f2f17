//! Bank account numbers.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US bank account number",
    on: OnByDefault::Presidio,
    patterns: &[Pattern::digits(r"\d{8,17}", 0.05)],
    context: &["checking", "account", "acct", "bank", "save", "savings", "debit"],
    against: &[
        "id",
        "order",
        "routing",
        "timestamp",
        "ts",
        "phone",
        "ssn",
        "card",
        "fax",
        "mobile",
    ],
    matches: &["my banking account number is ‹912803456›", "Account: ‹5473163692›"],
    misses: &["1234567", "123456789012345678"],
    ..Recognizer::named("US_BANK_NUMBER")
};
