use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US tax id (employer identification number) of a health care provider",
    patterns: &[
        Pattern::digits(EIN, 0.35).after(after_label!(
            r"provider(?:\s+organization)?\s+(?:tax\s*(?:id|number|identification\s+number)|tin|ein)|billing\s+provider"
        )),
        Pattern::digits(EIN, 0.1),
    ],
    context: &["tax", "tin", "ein", "billing"],
    matches: &[
        "12-3456789",
        "billing provider tax ID: ‹45-1234567›",
        "Provider EIN ‹98-7654321›",
    ],
    misses: &["07-1234567", "123456789", "12-345678", "97-1234567"],
    ..Recognizer::named("US_PROVIDER_TAX_ID")
};

/// The prefixes are those that the Internal Revenue Service assigns.
const EIN: &str = r"(?:0[1-6]|1[0-6]|2[0-7]|3\d|4[0-8]|5\d|6[0-8]|7[1-7]|8[0-8]|9[0-589])-\d{7}";
