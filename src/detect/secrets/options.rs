//! What may be set about the search for secrets.

use std::collections::BTreeSet;

use regex::Regex;
use serde::Deserialize;
use thiserror::Error;

/// The settings as they are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Ids of rules that are not looked for.
    pub disable: Vec<String>,
    /// Values that are no secrets: exact ones, or `/regex/` for those that it matches as a whole or in part.
    pub allow: Vec<String>,
    /// Rules of one's own.
    pub rules: Vec<CustomRule>,
    /// How sure a finding has to be.
    pub sensitivity: Sensitivity,
}

/// A rule of one's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomRule {
    /// Its name, unlike that of any other rule.
    pub id: String,
    /// What it matches. Where it has a group, the first one is the secret.
    pub regex: String,
    /// What stands between `<` and `>` in the secret's place: capitals, digits and `_`.
    pub placeholder: String,
    /// The least Shannon entropy of the secret, in bits a character (words have about 3, random base 64 about 5).
    #[serde(default)]
    pub entropy: Option<f32>,
    /// Only texts that hold one of these are searched, in whatever case; all texts if there is none.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// How sure a finding has to be in order to count.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Known token formats, private keys, credentials in URLs, and values that are plainly named as secrets.
    Low,
    /// Those, and values that look random beside a name or a word that speaks of a secret.
    #[default]
    Medium,
    /// Those, and weaker hints: expect the occasional identifier to be masked.
    High,
}

impl Sensitivity {
    /// The lowest score that counts.
    pub(super) fn threshold(self) -> f32 {
        match self {
            Self::Low => 0.8,
            Self::Medium => 0.5,
            Self::High => 0.3,
        }
    }
}

/// What is wrong with [`Options`], named by its key.
#[derive(Debug, Error)]
pub enum OptionsError {
    /// A rule is switched off that doesn't exist.
    #[error("`disable`: there is no rule `{id}`{}; `mcp-gateway rules` lists them", suggest(.near.as_deref()))]
    UnknownRule {
        /// What was written.
        id: String,
        /// The existing id most like it.
        near: Option<String>,
    },
    /// An allowed value is no regular expression.
    #[error(
        "`allow`: `{value}` is no valid regular expression: {reason}; leave out the slashes to allow that exact value"
    )]
    Allow {
        /// What was written.
        value: String,
        /// Why it isn't valid.
        reason: Box<regex::Error>,
    },
    /// The pattern of a rule is no regular expression.
    #[error("`rules`: the `regex` of `{id}` is not valid: {reason}")]
    Regex {
        /// The rule.
        id: String,
        /// Why it isn't valid.
        reason: Box<regex::Error>,
    },
    /// The pattern of a rule matches the empty text.
    #[error("`rules`: the `regex` of `{id}` matches the empty text; ask for at least one character")]
    EmptyMatch {
        /// The rule.
        id: String,
    },
    /// The placeholder of a rule can't be told from text.
    #[error(
        "`rules`: the `placeholder` of `{id}` is `{placeholder}`; write three or more capitals, digits and `_`, a capital first"
    )]
    Placeholder {
        /// The rule.
        id: String,
        /// What was written.
        placeholder: String,
    },
    /// Two rules have one id.
    #[error("`rules`: there is a rule `{id}` already; choose another `id`")]
    Duplicate {
        /// The id.
        id: String,
    },
}

fn suggest(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The ids that are switched off, each of them checked to be one of `known`.
pub(super) fn disabled(options: &Options, known: &[&str]) -> Result<BTreeSet<String>, OptionsError> {
    let check = |id: &String| {
        if known.contains(&id.as_str()) {
            return Ok(id.clone());
        }
        let near = known.iter().map(|known| (strsim::jaro_winkler(id, known), known));
        let near = near
            .filter(|(alike, _)| *alike > 0.8)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        Err(OptionsError::UnknownRule {
            id: id.clone(),
            near: near.map(|(_, known)| (*known).to_owned()),
        })
    };
    options.disable.iter().map(check).collect()
}

/// The values that are no secrets.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    exact: BTreeSet<String>,
    patterns: Vec<Regex>,
}

impl Allowed {
    pub(super) fn new(values: &[String]) -> Result<Self, OptionsError> {
        let mut allowed = Self::default();
        for value in values {
            match value.strip_prefix('/').and_then(|value| value.strip_suffix('/')) {
                Some(pattern) => allowed
                    .patterns
                    .push(Regex::new(pattern).map_err(|reason| OptionsError::Allow {
                        value: value.clone(),
                        reason: Box::new(reason),
                    })?),
                None => drop(allowed.exact.insert(value.clone())),
            }
        }
        Ok(allowed)
    }

    pub(super) fn contains(&self, value: &str) -> bool {
        self.exact.contains(value) || self.patterns.iter().any(|pattern| pattern.is_match(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rule_is_named_with_the_nearest() {
        let options = Options {
            disable: vec!["githb-pat".to_owned()],
            ..Options::default()
        };
        let error = disabled(&options, &["github-pat", "slack-bot"]).expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "`disable`: there is no rule `githb-pat`; did you mean `github-pat`?; `mcp-gateway rules` lists them"
        );
    }

    #[test]
    fn allowed_values_are_exact_or_between_slashes() {
        let allowed = Allowed::new(&["abc".to_owned(), "/^x+$/".to_owned()]).expect("valid");
        assert!(allowed.contains("abc") && allowed.contains("xxx"));
        assert!(!allowed.contains("abcd") && !allowed.contains("xy"));
        assert!(Allowed::new(&["/(/".to_owned()]).is_err());
    }

    #[test]
    fn misspelt_settings_are_refused() {
        assert!(serde_json::from_str::<Options>(r#"{"disabled": []}"#).is_err());
        let options: Options = serde_json::from_str(r#"{"sensitivity": "high"}"#).expect("valid");
        assert_eq!(options.sensitivity, Sensitivity::High);
    }
}
