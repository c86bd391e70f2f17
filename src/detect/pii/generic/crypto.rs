//! Addresses of crypto-currencies.

use crate::detect::pii::recognizer::{OnByDefault, Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Bitcoin address: Base58Check (P2PKH, P2SH) or Bech32 (SegWit, Taproot)",
    on: OnByDefault::Always,
    patterns: &[
        Pattern::digits("[13][1-9A-HJ-NP-Za-km-z]{25,34}", 0.5),
        Pattern::letters("bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71}", 0.5),
    ],
    check: Some(|address| Validity::of(bech32::decode(address).is_ok() || has_base58_checksum(address))),
    against: &[],
    context: &["wallet", "btc", "bitcoin", "crypto"],
    matches: &[
        "my wallet address is: ‹16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ›",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    ],
    misses: &[
        "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp",
        "",
    ],
    ..Recognizer::named("CRYPTO")
};

/// Do the last four of the decoded bytes repeat those of the double SHA-256 of the others?
fn has_base58_checksum(address: &str) -> bool {
    bs58::decode(address).with_check(None).into_vec().is_ok()
}
