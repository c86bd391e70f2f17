//! Driver's licence numbers of the states.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US driver's licence number, in the format of any state",
    on: OnByDefault::Presidio,
    patterns: &[
        Pattern::letters(
            r"(?i)[A-Z]\d{1,14}|[A-Z]\d{18}|[A-Z]{2}\d{2,7}|[A-Z]\d{6}R|[A-Z]{2}\d{6}[A-Z]|[A-Z]\d[A-Z]\d[A-Z]",
            0.3,
        ),
        Pattern::digits(
            r"(?i)\d{2}[A-Z]{3}\d{5,6}|\d{9}[A-Z]|\d{8}[A-Z]{2}|\d{3}[A-Z]{2}\d{4}|\d{7,8}[A-Z]",
            0.3,
        ),
        Pattern::digits(r"\d{6,14}|\d{16}", 0.01),
    ],
    context: &[
        "driver",
        "license",
        "licence",
        "permit",
        "lic",
        "identification",
        "dls",
        "cdls",
        "driving",
    ],
    against: &[
        "order",
        "timestamp",
        "ts",
        "phone",
        "mobile",
        "fax",
        "ssn",
        "passport",
        "medical",
    ],
    matches: &["H12234567", "my DrIvEr LiCeNsE is: ‹7774567901234›"],
    misses: &["12345", "ABC1234567"],
    ..Recognizer::named("US_DRIVER_LICENSE")
};
