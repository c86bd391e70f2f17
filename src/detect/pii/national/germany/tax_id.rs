use crate::detect::pii::checksum::digits;
use crate::detect::pii::national::checksum::mod11_10;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German tax identification number (Steueridentifikationsnummer)",
    patterns: &[Pattern::digits(r"[1-9]\d{10}", 0.5)],
    check: Some(|text| Validity::of(mod11_10(text) && repeats_at_most_thrice(text))),
    context: &[
        "steueridentifikation",
        "steuer-id",
        "steuerid",
        "steuerliche identifikation",
        "persönliche identifikationsnummer",
        "steuer identifikation",
        "idnr",
        "steuernummer",
        "bzst",
    ],
    keys: &["steuer id", "steuerid", "idnr", "steueridentifikationsnummer"],
    matches: &["12345678903", "Steuer-ID ‹86095742719›"],
    misses: &["12345678901", "02345678901", "11112345678", "1234567890"],
    ..Recognizer::named("DE_TAX_ID")
};

/// Among the first ten digits none stands more than three times.
fn repeats_at_most_thrice(text: &str) -> bool {
    let mut count = [0; 10];
    digits(text).take(10).for_each(|digit| count[digit as usize] += 1);
    count.iter().all(|&times| times <= 3)
}
