//! Telling names: what the name of a setting, header or member says about the value beside it.

use super::operator;
use super::words::{
    ABOUT, DECORATION, FAINT, FILLERS, FOREIGN_PASSWORDS, HARMLESS, PASSWORDS, SECRET_KEYS, SECRETS, TOKEN_KEYS, TOKENS,
};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// The longest name that is looked at, in bytes; real ones are far shorter.
pub(super) const LONGEST: usize = 80;
/// How many words of a name are looked at, from its end.
const MOST_WORDS: usize = 12;

/// What a name promises of its value, and so how little the value itself has to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Promise {
    /// May hold a secret or an ordinary id (`key`, `auth`, `access`): the value must be plainly random.
    Faint,
    /// A token or an API key: the value must be opaque.
    Token,
    /// A secret a person may have chosen: anything but words and identifiers.
    Secret,
    /// A password, or something else that passes or is passed (`pass`, `pwd`): judged as a secret.
    Pass,
    /// A password: anything but a placeholder, a reference or a sentence.
    Password,
    /// The `Authorization` header and its kin: `Basic x`, `Bearer x` or an opaque value.
    Authorization,
    /// A `Cookie` or `Set-Cookie` header.
    Cookie,
}

/// What the tables say of a word: a bit for each table it is in.
static MEANINGS: LazyLock<HashMap<&'static str, u16, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let tables: [(&[&str], u16); 10] = [
        (PASSWORDS, PASSWORD),
        (SECRETS, SECRET),
        (TOKENS, TOKEN),
        (FAINT, SUSPECT),
        (ABOUT, TOPIC),
        (HARMLESS, BENIGN),
        (DECORATION, NEUTRAL),
        (SECRET_KEYS, SECRET_KEY),
        (TOKEN_KEYS, TOKEN_KEY),
        (super::providers::NAMES, PROVIDER),
    ];
    let mut meanings = HashMap::default();
    for (words, bit) in tables {
        for word in words {
            *meanings.entry(*word).or_insert(0) |= bit;
        }
    }
    meanings
});

const PASSWORD: u16 = 1;
const SECRET: u16 = 1 << 1;
const TOKEN: u16 = 1 << 2;
const SUSPECT: u16 = 1 << 3;
const TOPIC: u16 = 1 << 4;
const BENIGN: u16 = 1 << 5;
const NEUTRAL: u16 = 1 << 6;
const SECRET_KEY: u16 = 1 << 7;
const TOKEN_KEY: u16 = 1 << 8;
const PROVIDER: u16 = 1 << 9;

/// The FNV-1a hash: words are short, and nobody outside chooses what is in the table.
#[derive(Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The bits of the tables that a lower-case word is in.
fn meaning(word: &str) -> u16 {
    MEANINGS.get(word).copied().unwrap_or(0)
}

/// Whether `name` may promise something: cheaper than [`promise`], and true wherever that says something.
pub(super) fn may_promise(name: &str) -> bool {
    name.len() <= LONGEST && (operator::may_promise(name.as_bytes()) || !name.is_ascii())
}

/// Whether `name` may be that of a header that holds a secret behind a scheme or another name.
pub(super) fn may_be_header(name: &str) -> bool {
    let last = name.as_bytes().last_chunk::<3>();
    last.is_some_and(|last| {
        [b"ion", b"kie", b"ies"]
            .iter()
            .any(|end| last.eq_ignore_ascii_case(*end))
    })
}

/// What `name` promises, or `None` where it is no telling name. Linear in the name; long names are none.
pub(super) fn promise(name: &str) -> Option<Promise> {
    if !name.is_ascii() {
        let lower = name.to_lowercase();
        let last = lower.rsplit([' ', '_', '-']).next()?;
        return FOREIGN_PASSWORDS.contains(&last).then_some(Promise::Password);
    }
    let mut buffer = [0_u8; LONGEST];
    let words = split(name, &mut buffer)?;
    let header = words.name.rsplit('\0').next();
    match header {
        Some("authorization" | "proxyauthorization") => return Some(Promise::Authorization),
        Some("cookie" | "cookies") => return Some(Promise::Cookie),
        _ => {}
    }
    let mut trailing = false;
    for (i, word) in words.iter().enumerate().rev() {
        let before = i.checked_sub(1).map_or("", |j| words[j]);
        let after = words.get(i + 1).copied().unwrap_or("");
        let provider = || {
            words[..i]
                .iter()
                .rev()
                .find(|word| !FILLERS.contains(word))
                .is_some_and(|word| is_provider(word))
        };
        if let Some(promise) = words
            .joined(i)
            .and_then(together)
            .or_else(|| carried(word, before, after, provider))
        {
            let plain = promise <= Promise::Token && meaning(before) & (TOKEN_KEY | SECRET_KEY) == 0;
            if plain && words.iter().any(|word| meaning(word) & BENIGN != 0) {
                return None;
            }
            return Some(if trailing { promise.min(Promise::Token) } else { promise });
        }
        let secret_id = *word == "id" && before == "secret";
        match meaning(word) {
            bits if bits & TOPIC != 0 && !secret_id => return None,
            bits => trailing |= bits & NEUTRAL == 0 && !secret_id && !word.bytes().all(|b| b.is_ascii_digit()),
        }
    }
    None
}

/// Whether a provider of credentials is named in `name`.
pub(super) fn has_provider(name: &str) -> bool {
    split(name, &mut [0; LONGEST]).is_some_and(|words| words.iter().any(|word| is_provider(word)))
}

/// Whether a lower-case word is the name of a provider of credentials.
fn is_provider(word: &str) -> bool {
    meaning(word) & PROVIDER != 0
}

/// What two words promise that a capital seems to part: `PRIVATEkey`.
fn together(word: &str) -> Option<Promise> {
    match meaning(word) {
        bits if bits & PASSWORD != 0 => Some(Promise::Password),
        bits if bits & SECRET != 0 => Some(Promise::Secret),
        bits if bits & TOKEN != 0 => Some(Promise::Token),
        _ => None,
    }
}

/// What a single word promises, given the words around it.
fn carried(word: &str, before: &str, after: &str, provider: impl Fn() -> bool) -> Option<Promise> {
    if matches!(word, "key" | "keys") {
        return match meaning(before) {
            bits if bits & SECRET_KEY != 0 => Some(Promise::Secret),
            bits if bits & TOKEN_KEY != 0 || provider() => Some(Promise::Token),
            _ => (word == "key").then_some(Promise::Faint),
        };
    }
    if matches!(word, "api" | "access" | "private" | "pat" | "login" | "auth" | "oauth") && provider()
        || (word == "secret" && after == "id")
        || (word == "signature" && before == "amz")
    {
        return Some(Promise::Token);
    }
    match meaning(word) {
        _ if matches!(word, "pass" | "pwd" | "pw") && before.is_empty() => Some(Promise::Pass),
        bits if bits & PASSWORD != 0 => Some(Promise::Password),
        bits if bits & SECRET != 0 => Some(Promise::Secret),
        bits if bits & TOKEN != 0 => Some(Promise::Token),
        bits if bits & SUSPECT != 0 => Some(Promise::Faint),
        bits if bits & (TOPIC | NEUTRAL) != 0 => None,
        // apiKey2
        _ if word.ends_with(|c: char| c.is_ascii_digit()) => {
            let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
            if stem.is_empty() {
                None
            } else {
                carried(stem, before, after, provider)
            }
        }
        _ => ENDINGS
            .iter()
            .find(|(end, _)| word.ends_with(end))
            .map(|row| row.1)
            .or_else(|| {
                let provider = word.strip_suffix("key").or_else(|| word.strip_suffix("access"))?;
                is_provider(provider).then_some(Promise::Token)
            }),
    }
}

/// Ends of words that are written together with what is before them.
const ENDINGS: &[(&str, Promise)] = &[
    ("password", Promise::Password),
    ("passwd", Promise::Password),
    ("passphrase", Promise::Password),
    ("secretkey", Promise::Secret),
    ("privatekey", Promise::Secret),
    ("secret", Promise::Secret),
    ("credential", Promise::Secret),
    ("credentials", Promise::Secret),
    ("apikey", Promise::Token),
    ("accesskey", Promise::Token),
    ("authkey", Promise::Token),
    ("token", Promise::Token),
];

/// The words of a name in lower case, the last ones where there are too many: `HUBSPOT_Api-keyFoo` is hubspot, api,
/// key, foo. They are written into `buffer`.
fn split<'b>(name: &str, buffer: &'b mut [u8; LONGEST]) -> Option<Words<'b>> {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST {
        return None;
    }
    let mut ends = [(0, 0); MOST_WORDS];
    let mut count = 0;
    let mut start = 0;
    for i in 0..=bytes.len() {
        let word = i < bytes.len() && bytes[i].is_ascii_alphanumeric();
        let turn = i > start && word && turns(bytes, i);
        if !word || turn {
            if i > start {
                if count == MOST_WORDS {
                    ends.copy_within(1.., 0);
                    count -= 1;
                }
                ends[count] = (start, i);
                count += 1;
            }
            start = if turn { i } else { i + 1 };
        }
        if word {
            buffer[i] = bytes[i].to_ascii_lowercase();
        }
    }
    Words::new(std::str::from_utf8(&buffer[..bytes.len()]).ok()?, &ends[..count])
}

/// Whether a new word begins at `i`: `aB`, `ABc` (before the `B`), and between letters and digits.
fn turns(bytes: &[u8], i: usize) -> bool {
    let (before, here) = (bytes[i - 1], bytes[i]);
    let next_is_lower = bytes.get(i + 1).is_some_and(u8::is_ascii_lowercase);
    (before.is_ascii_lowercase() && here.is_ascii_uppercase())
        || (before.is_ascii_uppercase() && here.is_ascii_uppercase() && next_is_lower)
}

/// The words of one name.
struct Words<'b> {
    list: [&'b str; MOST_WORDS],
    count: usize,
    /// The name they are words of, in lower case and with zero bytes between them, and where they stand in it.
    name: &'b str,
    ends: [(usize, usize); MOST_WORDS],
}

impl<'b> Words<'b> {
    fn new(name: &'b str, ends: &[(usize, usize)]) -> Option<Self> {
        let mut words = Self {
            list: [""; MOST_WORDS],
            count: ends.len(),
            name,
            ends: [(0, 0); MOST_WORDS],
        };
        for (i, &(from, to)) in ends.iter().enumerate() {
            words.list[i] = name.get(from..to)?;
            words.ends[i] = (from, to);
        }
        Some(words)
    }

    /// The word at `i` with the one before it, where nothing but a capital parts them.
    fn joined(&self, i: usize) -> Option<&'b str> {
        let (start, end) = (self.ends[i.checked_sub(1)?], self.ends[i]);
        (start.1 == end.0).then(|| &self.name[start.0..end.1])
    }
}

impl<'b> std::ops::Deref for Words<'b> {
    type Target = [&'b str];

    fn deref(&self) -> &[&'b str] {
        &self.list[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_names() {
        for (name, expected) in [
            ("password", Promise::Password),
            ("DB_PASSWORD", Promise::Password),
            ("dbPassword", Promise::Password),
            ("ldap_pwd", Promise::Password),
            ("cloudant_pw", Promise::Password),
            ("rootpassword", Promise::Password),
            ("client_secret", Promise::Secret),
            ("AWSSecretKey", Promise::Secret),
            ("SECRET_KEY_BASE", Promise::Secret),
            ("privateKey", Promise::Secret),
            ("HUBSPOT_TOKEN", Promise::Token),
            ("COMToken", Promise::Token),
            ("X-Api-Key", Promise::Token),
            ("apiKey2", Promise::Token),
            ("some_api_token_123", Promise::Token),
            ("secret_id", Promise::Token),
            ("spotify_key", Promise::Token),
            ("boxKEY", Promise::Token),
            ("todo_secret_do_not_commit", Promise::Token),
            ("ANY_key", Promise::Faint),
            ("auth", Promise::Faint),
            ("Proxy-Authorization", Promise::Authorization),
            ("Set-Cookie", Promise::Cookie),
            ("Contraseña", Promise::Password),
        ] {
            assert_eq!(promise(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn what_is_told_of_a_name_may_be_told() {
        let tables = [
            PASSWORDS,
            SECRETS,
            TOKENS,
            FAINT,
            &["authorization", "cookies", "signature", "login", "api"],
        ];
        let ends = ENDINGS.iter().map(|row| row.0);
        let dull: Vec<_> = tables
            .into_iter()
            .flatten()
            .copied()
            .chain(ends)
            .filter(|word| !may_promise(word))
            .collect();
        assert_eq!(dull, Vec::<&str>::new());
    }

    #[test]
    fn names_that_only_sound_secret() {
        #[rustfmt::skip]
        let names = [
            "nextPageToken", "next_token", "token_count", "max_tokens", "tokenizer", "tokens", "integrity",
            "public_key", "publicKey", "password_hash", "password_policy", "secretName", "token_type", "expires",
            "cacheKey", "primary_key", "sort_key", "key_length", "keyPressed", "KeyPair", "authors", "author",
            "compass", "bypass", "monkey", "password_id", "pwdump", "", "x",
        ];
        for name in names {
            assert_eq!(promise(name), None, "{name}");
        }
    }
}
