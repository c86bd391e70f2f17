use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "US Medicare Beneficiary Identifier (letters without S, L, O, I, B, Z)",
    patterns: &[
        Pattern::digits(
            r"\d[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}",
            0.3,
        ),
        Pattern::digits(
            r"\d[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-[AC-HJKMNP-RT-Y]{2}\d{2}",
            0.5,
        ),
    ],
    context: &["medicare", "mbi", "beneficiary", "cms", "medicaid", "hic", "hicn"],
    matches: &["1EG4-TE5-MK73", "1EG4TE5MK73", "my MBI: ‹2eg4-te5-mk73›"],
    misses: &["1EG4-TE5-MI73", "AEG4-TE5-MK73", "1EG4TE5MK7", "1SG4TE5MK73"],
    ..Recognizer::named("US_MBI")
};
