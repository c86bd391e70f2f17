//! Recovery phrases of wallets (BIP-39), beside a name that tells them, and the passphrase of a wireless network.

use super::{RuleInfo, filler, placeholder};
use crate::detect::{Context, Finding};

/// The rules of this module.
pub(super) const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "recovery-phrase",
        provider: "generic",
        what: "recovery phrase of a wallet, beside a name that tells it",
        label: "RECOVERY_PHRASE",
        example: "mnemonic: \"legal winner thank year wave sausage worth useful legal winner thank yellow\"",
    },
    RuleInfo {
        id: "wireless-passphrase",
        provider: "generic",
        what: "passphrase of a wireless network (wpa_supplicant, NetworkManager)",
        label: "PASSWORD",
        example: "psk=\"Kq7vLp2Zx9d\"",
    },
];

/// How many words a phrase has.
const COUNTS: &[usize] = &[12, 15, 18, 21, 24];
/// How long its words are, in letters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=8;
/// The length of the shortest phrase.
const SHORTEST: usize = 12 * 3 + 11;
/// What names a phrase, in small letters and without what parts its words.
const NAMES: &[&str] = &[
    "mnemonic",
    "seedphrase",
    "seedwords",
    "walletseed",
    "recoveryphrase",
    "recoverywords",
    "backupphrase",
    "secretphrase",
];
/// What may stand between two words, in bytes.
const WIDEST_GAP: usize = 16;
/// How much of a name is read.
const LONGEST_NAME: usize = 40;

/// A whole member of a JSON document.
pub(super) fn leaf(text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
    let trimmed = text.trim_ascii();
    let start = text.len() - text.trim_ascii_start().len();
    if trimmed.len() >= SHORTEST
        && words(trimmed.as_bytes()) == Some(trimmed.len())
        && context.names.last().is_some_and(|name| tells(name))
    {
        found.push(RULES[0].finding(start..start + trimmed.len(), 0.9));
    }
}

/// The phrase behind a name that ends behind `at`, where `nemonic` or `hrase` stands in either case.
pub(super) fn named(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let in_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let end = at + bytes[at..].iter().take(LONGEST_NAME).take_while(in_name).count();
    // `Seed phrase` is of two words.
    let start = end
        - bytes[..end]
            .iter()
            .rev()
            .take(LONGEST_NAME)
            .take_while(|b| in_name(b) || **b == b' ')
            .count();
    let gap = bytes[end..]
        .iter()
        .take(16)
        .take_while(|b| b"\"'`\\*: =>\r\n[".contains(b))
        .count();
    let parted = bytes[end..end + gap].iter().any(|b| matches!(b, b':' | b'='));
    let length = words(&bytes[end + gap..])?;
    (parted && tells(&text[start..end])).then(|| RULES[0].finding(end + gap..end + gap + length, 0.9))
}

/// Whether `name` names a phrase.
pub(super) fn tells(name: &str) -> bool {
    let letters = name
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .map(|b| b.to_ascii_lowercase());
    let letters: Vec<u8> = letters.collect();
    NAMES
        .iter()
        .any(|name| memchr::memmem::find(&letters, name.as_bytes()).is_some())
}

/// How long the words are that `bytes` start with, if they are as many as of a phrase and the same stands between each two: a
/// blank, the end of a line and a number, what parts the items of an array.
fn words(bytes: &[u8]) -> Option<usize> {
    let (mut count, mut end, mut at) = (0, 0, number(bytes));
    let (numbered, mut parting) = (at > 0, None);
    loop {
        let length = bytes[at..]
            .iter()
            .take(9)
            .take_while(|b| b.is_ascii_lowercase())
            .count();
        if !LENGTHS.contains(&length) || bytes.get(at + length).is_some_and(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        (count, end) = (count + 1, at + length);
        let parts = bytes[end..].iter().take(WIDEST_GAP);
        let gap = parts.take_while(|b| b" ,;\r\n\t\"'\\|".contains(b)).count();
        let parts = &bytes[end..end + gap];
        let number = number(&bytes[end + gap..]);
        if count > 24 || gap == 0 || (number > 0) != numbered || *parting.get_or_insert(parts) != parts {
            break;
        }
        at = end + gap + number;
    }
    COUNTS.contains(&count).then_some(end)
}

/// How long the number is that a word of a phrase may have: `7. `, `7) `.
fn number(bytes: &[u8]) -> usize {
    let digits = bytes.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    match bytes[digits..] {
        _ if digits == 0 => 0,
        [b'.' | b')' | b':', b' ', ..] => digits + 2,
        [b'.' | b')' | b' ', ..] => digits + 1,
        _ => 0,
    }
}

/// The passphrase behind `psk=` at `at`, which begins a line.
pub(super) fn wireless(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let start = at + "psk=".len();
    let length = memchr::memchr2(b'\n', b'\r', &bytes[start..]).unwrap_or(bytes.len() - start);
    let value = text[start..start + length].trim_ascii_end();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let held = quoted.unwrap_or(value);
    let mixed = held.bytes().any(|b| b.is_ascii_digit()) && held.bytes().any(|b| b.is_ascii_alphabetic());
    // IEEE 802.11: 8 to 63 printable characters, or 64 hexadecimal digits.
    let fits = (8..=64).contains(&held.len()) && held.bytes().all(|b| (b' '..=b'~').contains(&b));
    let made_up = filler::is_blank(held.as_bytes())
        || placeholder::first(held).is_some()
        || held.starts_with(['$', '<', '{', '%']);
    let opens = bytes[line..at].iter().all(|b| matches!(b, b' ' | b'\t'));
    (opens && fits && !made_up && (quoted.is_some() || mixed && !held.contains(['(', '.', ' ']))).then(|| {
        let start = start + usize::from(quoted.is_some());
        RULES[1].finding(start..start + held.len(), 0.9)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    fn phrases(text: &str) -> Vec<&str> {
        let literals = ["nemonic", "NEMONIC", "hrase", "HRASE"];
        let places = literals.iter().flat_map(|literal| text.match_indices(literal));
        let found = places.filter_map(|(at, _)| named(text, at));
        found.map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn phrases_beside_their_names() {
        for name in [
            "mnemonic: \"",
            "MNEMONIC=",
            "export WALLET_MNEMONIC='",
            r#"{\"mnemonic\":\""#,
            "Seed phrase: ",
            "SEED_PHRASE=",
            "recoveryPhrase => \"",
            "**Recovery phrase:** ",
        ] {
            assert_eq!(phrases(&format!("{name}{PHRASE}\"\nand so on")), [PHRASE], "{name}");
        }
        for (parts, open) in [
            ("\n", "mnemonic:\n"),
            ("\", \"", "mnemonic = [\""),
            (", ", "seed phrase: "),
            ("\\n", "mnemonic: \""),
        ] {
            let phrase = PHRASE.replace(' ', parts);
            assert_eq!(phrases(&format!("{open}{phrase}\"]\nKeep")), [&phrase], "{open}");
        }
        let words = PHRASE.split(' ').enumerate();
        let numbered: Vec<String> = words.map(|(i, word)| format!("{}. {word}", i + 1)).collect();
        let text = format!("Your recovery phrase:\n\n{}\nkeep them safe", numbered.join("\n"));
        assert_eq!(phrases(&text), [numbered.join("\n")]);
        for text in [
            "mnemonic: a word that helps people to remember something".to_owned(),
            format!("phrase: {PHRASE}"),
            format!("mnemonic {PHRASE}"),
            format!("mnemonic: {PHRASE} and"),
            format!("mnemonic: {}", PHRASE.replace("winner ", "")),
            format!("mnemonic: {}", PHRASE.to_ascii_uppercase()),
            "MNEMONIC=".to_owned(),
        ] {
            assert_eq!(phrases(&text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn phrases_of_a_document() {
        let found = |name: &'static str, text: &str| {
            let names = [Cow::Borrowed(name)];
            let context = Context {
                names: &names,
                ..Context::default()
            };
            let mut found = Vec::new();
            leaf(text, &context, &mut found);
            found.len()
        };
        assert_eq!(found("seed_phrase", PHRASE), 1);
        assert_eq!(found("walletMnemonic", &format!("{PHRASE}\n")), 1);
        assert_eq!(found("description", PHRASE), 0);
        assert_eq!(found("mnemonic", "three words only"), 0);
    }

    #[test]
    fn wireless_networks() {
        let found = |text: &str| {
            let at = text.find("psk=").expect("there");
            wireless(text, at).map(|finding| text[finding.start..finding.end].to_owned())
        };
        for (text, expected) in [
            (
                "network={\n  ssid=\"home\"\n  psk=\"correct horse\"\n}",
                "correct horse",
            ),
            ("[wifi-security]\npsk=Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
        ] {
            assert_eq!(found(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "psk=$WIFI_PSK",
            "psk=<your passphrase 1>",
            "connect(psk=\"Kq7vLp2Zx9d\")",
            "psk=self.config2.psk",
            "psk=\"short\"",
            "psk=none",
            "psk=\"xxxxxxxxxxxx\"",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
