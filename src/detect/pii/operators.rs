//! What is put in the place of what was found: Presidio's operators, with a keyed hash and authenticated encryption.

use std::collections::BTreeMap;

use aes_gcm::aead::{Aead, AeadCore, KeyInit, OsRng};
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm, Nonce, aead::consts::U12, aes::Aes192};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha512};

use super::options::{HashType, Operator, Options, OptionsError, nearest};
use super::registry;

/// The key of `operators` that stands for all entities that it does not name.
const DEFAULT: &str = "DEFAULT";
/// Entities that a model of a Presidio service finds.
const OF_MODELS: &[&str] = &["PERSON", "LOCATION", "NRP", "ORGANIZATION", "AGE", "ID", "TITLE"];
/// The bytes of a nonce, and the fewest of a ciphertext: nonce and tag.
const NONCE: usize = 12;
const SHORTEST: usize = NONCE + 16;

/// The operators of the configuration.
#[derive(Clone, Debug)]
pub struct Operators {
    by_entity: BTreeMap<String, Operator>,
    session_key: [u8; 32],
}

impl Operators {
    /// From the settings, and a key that hashes use which have none of their own.
    ///
    /// # Errors
    /// An entity that does not exist, or a key of the wrong length.
    pub fn new(options: &Options, session_key: [u8; 32]) -> Result<Self, OptionsError> {
        let own = options
            .custom
            .iter()
            .map(|custom| custom.entity.as_str())
            .chain(options.deny_list.keys().chain(&options.elsewhere).map(String::as_str));
        let known: Vec<&str> = registry::rows()
            .map(|(row, _)| row.entity)
            .chain(OF_MODELS.iter().copied())
            .chain(own)
            .collect();
        for (entity, operator) in &options.operators {
            if entity != DEFAULT && !known.contains(&entity.as_str()) {
                let nearest = nearest(entity, known.iter().copied().chain([DEFAULT]));
                return Err(OptionsError::NotOn {
                    setting: "operators",
                    entity: entity.clone(),
                    nearest,
                });
            }
            if let Operator::Encrypt { key } = operator {
                Cipher::new(key).ok_or(OptionsError::KeyLength {
                    entity: entity.clone(),
                    length: key.len(),
                })?;
            }
        }
        Ok(Self {
            by_entity: options.operators.clone(),
            session_key,
        })
    }

    /// What is put in the place of `text`, which is of that entity.
    pub fn apply(&self, entity: &str, text: &str) -> String {
        match self.by_entity.get(entity).or_else(|| self.by_entity.get(DEFAULT)) {
            None | Some(Operator::Replace { new_value: None }) => format!("<{entity}>"),
            Some(Operator::Replace { new_value: Some(value) }) => value.clone(),
            Some(Operator::Redact {}) => String::new(),
            Some(Operator::Keep {}) => text.to_owned(),
            Some(Operator::Mask {
                masking_char,
                chars_to_mask,
                from_end,
            }) => mask(text, *masking_char, *chars_to_mask, *from_end),
            Some(Operator::Hash { hash_type, salt }) => {
                let key = salt.as_ref().map_or(self.session_key.as_slice(), String::as_bytes);
                match hash_type {
                    HashType::Sha256 => hex(&digest::<Hmac<Sha256>>(key, text)),
                    HashType::Sha512 => hex(&digest::<Hmac<Sha512>>(key, text)),
                }
            }
            // The key was checked when the settings were; where encrypting fails all the same, nothing is shown.
            Some(Operator::Encrypt { key }) => Cipher::new(key)
                .and_then(|cipher| cipher.encrypt(text))
                .unwrap_or_else(|| format!("<{entity}>")),
        }
    }
}

fn mask(text: &str, with: char, count: usize, from_end: bool) -> String {
    let length = text.chars().count();
    let count = count.min(length);
    let masked = if from_end { length - count..length } else { 0..count };
    text.chars()
        .enumerate()
        .map(|(i, c)| if masked.contains(&i) { with } else { c })
        .collect()
}

fn digest<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <M as Mac>::new_from_slice(key).expect("an HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// AES-GCM with a key of 128, 192 or 256 bits.
enum Cipher {
    Aes128(Box<Aes128Gcm>),
    Aes192(Box<AesGcm<Aes192, U12>>),
    Aes256(Box<Aes256Gcm>),
}

impl Cipher {
    fn new(key: &str) -> Option<Self> {
        let key = key.as_bytes();
        match key.len() {
            16 => Aes128Gcm::new_from_slice(key)
                .ok()
                .map(|cipher| Self::Aes128(Box::new(cipher))),
            24 => AesGcm::new_from_slice(key)
                .ok()
                .map(|cipher| Self::Aes192(Box::new(cipher))),
            32 => Aes256Gcm::new_from_slice(key)
                .ok()
                .map(|cipher| Self::Aes256(Box::new(cipher))),
            _ => None,
        }
    }

    /// A fresh nonce, the ciphertext and its tag, in base64 as URLs take it.
    fn encrypt(&self, text: &str) -> Option<String> {
        let nonce = Aes256Gcm::generate_nonce(&mut OsRng);
        let sealed = match self {
            Self::Aes128(cipher) => cipher.encrypt(&nonce, text.as_bytes()),
            Self::Aes192(cipher) => cipher.encrypt(&nonce, text.as_bytes()),
            Self::Aes256(cipher) => cipher.encrypt(&nonce, text.as_bytes()),
        };
        Some(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed.ok()?].concat()))
    }

    /// `None` where it is not a text that this key encrypted.
    fn decrypt(&self, token: &str) -> Option<String> {
        let sealed = BASE64_URL_SAFE_NO_PAD
            .decode(token)
            .ok()
            .filter(|sealed| sealed.len() >= SHORTEST)?;
        let (nonce, sealed) = sealed.split_at(NONCE);
        let nonce = Nonce::from_slice(nonce);
        let open = match self {
            Self::Aes128(cipher) => cipher.decrypt(nonce, sealed),
            Self::Aes192(cipher) => cipher.decrypt(nonce, sealed),
            Self::Aes256(cipher) => cipher.decrypt(nonce, sealed),
        };
        String::from_utf8(open.ok()?).ok()
    }
}

/// Why a text cannot be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// AES takes no key of that length.
    #[error("the key has {0} bytes; it needs 16, 24 or 32")]
    KeyLength(usize),
}

/// Turns back what the operator `encrypt` made with `key`, wherever it stands in `text`. What this key did not encrypt stays:
/// each piece of AES-GCM proves its key.
///
/// # Errors
/// The length of the key.
pub fn decrypt(text: &str, key: &str) -> Result<String, DecryptError> {
    let cipher = Cipher::new(key).ok_or(DecryptError::KeyLength(key.len()))?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut open = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_token) {
        let (before, token) = rest.split_at(start);
        let (token, after) = token.split_at(token.find(|c| !is_token(c)).unwrap_or(token.len()));
        open.push_str(before);
        open.push_str(cipher.decrypt(token).as_deref().unwrap_or(token));
        rest = after;
    }
    open.push_str(rest);
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(operators: serde_json::Value) -> Result<Operators, OptionsError> {
        Operators::new(
            &serde_json::from_value(serde_json::json!({"operators": operators})).unwrap(),
            [7; 32],
        )
    }

    #[test]
    fn each_operator_does_what_presidios_does() {
        let of = |operator: serde_json::Value| {
            operators(serde_json::json!({"DEFAULT": operator}))
                .unwrap()
                .apply("X", "Jörg 1")
        };
        assert_eq!(of(serde_json::json!({"type": "replace"})), "<X>");
        assert_eq!(of(serde_json::json!({"type": "replace", "new_value": "?"})), "?");
        assert_eq!(of(serde_json::json!({"type": "redact"})), "");
        assert_eq!(of(serde_json::json!({"type": "keep"})), "Jörg 1");
        assert_eq!(of(serde_json::json!({"type": "mask"})), "******");
        assert_eq!(
            of(serde_json::json!({"type": "mask", "masking_char": "#", "chars_to_mask": 2, "from_end": true})),
            "Jörg##"
        );
        assert_eq!(of(serde_json::json!({"type": "mask", "chars_to_mask": 99})), "******");
    }

    #[test]
    fn an_entity_goes_before_the_default() {
        let both =
            operators(serde_json::json!({"DEFAULT": {"type": "redact"}, "PHONE_NUMBER": {"type": "keep"}})).unwrap();
        assert_eq!(
            (
                both.apply("PHONE_NUMBER", "1").as_str(),
                both.apply("US_SSN", "1").as_str()
            ),
            ("1", "")
        );
    }

    #[test]
    fn hashes_are_stable_and_keyed() {
        let hash = |operator: serde_json::Value| {
            operators(serde_json::json!({"DEFAULT": operator}))
                .unwrap()
                .apply("X", "a")
        };
        let session = hash(serde_json::json!({"type": "hash"}));
        assert_eq!(session, hash(serde_json::json!({"type": "hash"})));
        assert_eq!(session.len(), 64);
        assert_ne!(session, hash(serde_json::json!({"type": "hash", "salt": "k"})));
        assert_eq!(
            hash(serde_json::json!({"type": "hash", "hash_type": "sha512"})).len(),
            128
        );
    }

    #[test]
    fn what_was_encrypted_comes_back_with_its_key_only() {
        for key in [
            "0123456789abcdef",
            "0123456789abcdef01234567",
            "0123456789abcdef0123456789abcdef",
        ] {
            let cipher = operators(serde_json::json!({"CRYPTO": {"type": "encrypt", "key": key}})).unwrap();
            let text = format!(
                "call {} or {}, now",
                cipher.apply("CRYPTO", "+1 é"),
                cipher.apply("CRYPTO", "2")
            );
            assert_eq!(decrypt(&text, key).unwrap(), "call +1 é or 2, now");
            assert_eq!(decrypt(&text, &key.replace('0', "x")).unwrap(), text);
        }
        assert_eq!(decrypt("", "short"), Err(DecryptError::KeyLength(5)));
    }

    #[test]
    fn wrong_operators_are_refused() {
        let error = |value| operators(value).unwrap_err().to_string();
        assert_eq!(
            error(serde_json::json!({"PHONE": {"type": "keep"}})),
            "`operators`: `PHONE` is no entity that is on; did you mean `PHONE_NUMBER`?"
        );
        assert_eq!(
            error(serde_json::json!({"DEFAULT": {"type": "encrypt", "key": "k"}})),
            "`operators.DEFAULT.key` has 1 bytes; write a key of 16, 24 or 32 bytes"
        );
        assert!(serde_json::from_value::<Operator>(serde_json::json!({"type": "mask", "char": "*"})).is_err());
    }
}
