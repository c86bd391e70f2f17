use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UK National Insurance number",
    patterns: &[Pattern::letters(
        r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]",
        0.5,
    )],
    check: Some(|text| Validity::unless(text.get(..2).is_none_or(is_unused))),
    context: &["national insurance", "ni number", "nino"],
    matches: &["hh 01 02 03 d", "tw987654a", "my nino is ‹AB123456C›"],
    misses: &["AB 12 34 56 1", "BG123612A", "my nk 123612a", "DA123456A", "AO123456A"],
    ..Recognizer::named("UK_NINO")
};

/// Prefixes that are never given out.
const UNUSED: &[&str] = &["BG", "GB", "NK", "KN", "NT", "TN", "ZZ"];

fn is_unused(prefix: &str) -> bool {
    UNUSED.iter().any(|unused| unused.eq_ignore_ascii_case(prefix))
}
