use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK postcode",
    patterns: &[
        Pattern::letters(r"GIR\s?0AA", 0.1),
        Pattern::letters(
            concat!(
                r"[A-PR-UWYZ](?:\d[A-HJKPSTUW]?|\d{2}|[A-HK-Y]\d[ABEHMNPRVWXY]?|[A-HK-Y]\d{2})",
                r"\s?\d[ABD-HJLNP-UW-Z]{2}"
            ),
            0.1,
        ),
    ],
    context: &[
        "postcode",
        "post code",
        "postal code",
        "zip",
        "address",
        "delivery",
        "mailing",
        "shipping",
        "correspondence",
    ],
    matches: &[
        "M1 1AA", "M60 1NW", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "sw1a2aa", "GIR 0AA",
    ],
    misses: &["1A1 1AA", "QA1 1AA", "M1 1CA", "M1  1AA", "XM1 1AAX"],
    ..Recognizer::named("UK_POSTCODE")
};
