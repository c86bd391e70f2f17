//! The settings of the detector, as people write them, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The settings, by Presidio's names where it has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What to look for: names of entities, `all`, `default`, `presidio` (what Presidio has on for English), countries by name
    /// or code. Entities of [`Options::custom`] and of [`Options::deny_list`] are always on.
    pub entities: Entities,
    /// The least score that counts, from 0 to 1.
    #[serde(alias = "score_threshold")]
    pub threshold: f32,
    /// Other thresholds for some entities.
    pub thresholds: BTreeMap<String, f32>,
    /// What is never personal data.
    pub allow_list: Vec<String>,
    /// How [`Options::allow_list`] is meant.
    pub allow_list_match: AllowListMatch,
    /// By entity: words that always are that entity (whole words, in any case).
    pub deny_list: BTreeMap<String, Vec<String>>,
    /// Recognizers of one's own.
    pub custom: Vec<Custom>,
    /// By entity, or `DEFAULT`: what is put in the place of what was found.
    pub operators: BTreeMap<String, Operator>,
    /// Regions (ISO 3166-1 alpha-2) whose national phone formats count without context.
    pub phone_regions: Vec<String>,
    /// Entities that a service finds, beside or instead of this detector: the settings may name them.
    #[serde(skip)]
    pub elsewhere: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            entities: Entities::default(),
            threshold: 0.4,
            thresholds: BTreeMap::new(),
            allow_list: Vec::new(),
            allow_list_match: AllowListMatch::Exact,
            deny_list: BTreeMap::new(),
            custom: Vec::new(),
            operators: BTreeMap::new(),
            phone_regions: ["US", "GB", "DE", "FR", "IL", "IN", "CA", "BR", "JP", "CN"]
                .map(str::to_owned)
                .to_vec(),
            elsewhere: BTreeSet::new(),
        }
    }
}

/// One word, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "it has to be a word, or a list of words")]
pub enum Entities {
    /// `"all"`
    One(String),
    /// `["US_SSN", "germany"]`
    Several(Vec<String>),
}

impl Default for Entities {
    fn default() -> Self {
        Self::One("default".to_owned())
    }
}

impl Entities {
    /// The words.
    pub fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Several(words) => words,
        }
    }
}

/// How a text is looked up in the allow list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AllowListMatch {
    /// It is one of the words.
    #[default]
    Exact,
    /// One of the regular expressions matches somewhere in it.
    Regex,
}

/// A recognizer of one's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    /// The name of the entity.
    pub entity: String,
    /// What it looks like, in the syntax of the `regex` crate.
    pub regex: String,
    /// How sure a match is, from 0 to 1.
    #[serde(default = "certain")]
    pub score: f32,
    /// Words near a match that make it surer.
    #[serde(default)]
    pub context: Vec<String>,
    /// The check digits that a match has to have.
    #[serde(default)]
    pub validator: Option<Validator>,
}

fn certain() -> f32 {
    1.0
}

/// A check-digit scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validator {
    /// ISO/IEC 7812-1, of cards.
    Luhn,
    /// ISO 7064 MOD 97-10, of IBANs.
    Mod97,
    /// Verhoeff's dihedral scheme.
    Verhoeff,
}

/// What is put in the place of what was found: Presidio's operators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Operator {
    /// `new_value`, or `<ENTITY>` without one.
    Replace {
        /// The text itself.
        #[serde(default)]
        new_value: Option<String>,
    },
    /// Nothing.
    Redact {},
    /// As many of the same character.
    Mask {
        /// Which character.
        #[serde(default = "asterisk")]
        masking_char: char,
        /// How many characters; all of them where the text is shorter.
        #[serde(default = "all")]
        chars_to_mask: usize,
        /// Those at the end rather than at the start.
        #[serde(default)]
        from_end: bool,
    },
    /// A keyed digest in hexadecimal: the same for the same text, so that joins work.
    Hash {
        /// Which digest the HMAC is made with.
        #[serde(default)]
        hash_type: HashType,
        /// The key. Without one it is the session's.
        #[serde(default, alias = "key")]
        salt: Option<String>,
    },
    /// AES-GCM in base64, which `mcp-gateway decrypt` turns back.
    Encrypt {
        /// 16, 24 or 32 bytes.
        key: String,
    },
    /// The text as it is.
    Keep {},
}

fn asterisk() -> char {
    '*'
}

fn all() -> usize {
    usize::MAX
}

/// A digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HashType {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

/// What is wrong with the settings. Each names the setting and the mend.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// A word of `entities` means nothing.
    #[error("`entities`: `{word}` is no entity, set or country{}", did_you_mean(.nearest))]
    UnknownEntity {
        /// As it was written.
        word: String,
        /// The most similar word that means something.
        nearest: Option<String>,
    },
    /// A key of `thresholds` or of `operators` is no entity.
    #[error("`{setting}`: `{entity}` is no entity that is on{}", did_you_mean(.nearest))]
    NotOn {
        /// Which setting.
        setting: &'static str,
        /// As it was written.
        entity: String,
        /// The most similar entity that is on.
        nearest: Option<String>,
    },
    /// A score is not between 0 and 1.
    #[error("`{setting}` is {value}; write a number from 0 to 1")]
    OutOfRange {
        /// Which setting.
        setting: String,
        /// As it was written.
        value: f32,
    },
    /// A regular expression does not compile.
    #[error("`{setting}`: the regular expression `{regex}` does not compile: {reason}")]
    Regex {
        /// Which setting.
        setting: String,
        /// As it was written.
        regex: String,
        /// What the compiler says.
        reason: String,
    },
    /// A key of an operator has the wrong length.
    #[error("`operators.{entity}.key` has {length} bytes; write a key of 16, 24 or 32 bytes")]
    KeyLength {
        /// The entity, or `DEFAULT`.
        entity: String,
        /// The length that it has, in bytes.
        length: usize,
    },
    /// A region is not one of libphonenumber's.
    #[error("`phone_regions`: `{region}` is no region; write a two-letter code of ISO 3166-1, such as `US`")]
    Region {
        /// As it was written.
        region: String,
    },
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}

/// The word most like `word`, if any is like it at all.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let word = word.to_lowercase();
    let likeness = |candidate: &str| strsim::jaro_winkler(&word, &candidate.to_lowercase());
    let scored = known
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7);
    scored
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}
