//! Rules of one's own: regular expressions from the settings.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::options::{CustomRule, OptionsError};
use crate::detect::{Finding, Name};

/// A rule of one's own, ready to use.
#[derive(Debug)]
pub(super) struct Custom {
    id: Name,
    label: Name,
    regex: Regex,
    entropy: f32,
    /// One of these has to be in a text.
    keywords: Option<AhoCorasick>,
}

impl Custom {
    pub(super) fn new(rule: &CustomRule, known: &[&str]) -> Result<Self, OptionsError> {
        let id = || rule.id.clone();
        if known.contains(&rule.id.as_str()) {
            return Err(OptionsError::Duplicate { id: id() });
        }
        let regex = Regex::new(&rule.regex).map_err(|reason| OptionsError::Regex {
            id: id(),
            reason: Box::new(reason),
        })?;
        if regex.is_match("") {
            return Err(OptionsError::EmptyMatch { id: id() });
        }
        if !super::placeholder::is(&format!("<{}>", rule.placeholder)) {
            return Err(OptionsError::Placeholder {
                id: id(),
                placeholder: rule.placeholder.clone(),
            });
        }
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&rule.keywords);
        Ok(Self {
            id: Cow::Owned(id()),
            label: Cow::Owned(rule.placeholder.clone()),
            regex,
            entropy: rule.entropy.unwrap_or_default(),
            keywords: if rule.keywords.is_empty() { None } else { keywords.ok() },
        })
    }

    pub(super) fn find(&self, text: &str, found: &mut Vec<Finding>) {
        if self.keywords.as_ref().is_some_and(|keywords| !keywords.is_match(text)) {
            return;
        }
        let secrets = self
            .regex
            .captures_iter(text)
            .filter_map(|groups| groups.iter().skip(1).flatten().next().or(groups.get(0)));
        let random = secrets.filter(|secret| !secret.is_empty() && entropy(secret.as_str()) >= self.entropy);
        found.extend(random.map(|secret| Finding {
            rule: self.id.clone(),
            label: self.label.clone(),
            start: secret.start(),
            end: secret.end(),
            score: 1.0,
        }));
    }
}

/// Shannon entropy of the bytes of `text`, in bits a byte.
fn entropy(text: &str) -> f32 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let total = text.len() as f32;
    let shares = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| count as f32 / total);
    -shares.map(|share| share * share.log2()).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(regex: &str) -> CustomRule {
        CustomRule {
            id: "mine".to_owned(),
            regex: regex.to_owned(),
            placeholder: "MINE".to_owned(),
            entropy: None,
            keywords: Vec::new(),
        }
    }

    fn spans(rule: &CustomRule, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        Custom::new(rule, &[]).expect("valid").find(text, &mut found);
        found.into_iter().map(|finding| (finding.start, finding.end)).collect()
    }

    #[test]
    fn the_first_group_is_the_secret() {
        assert_eq!(spans(&rule("id-[0-9]{3}"), "id-123 id-45"), vec![(0, 6)]);
        assert_eq!(spans(&rule("id-([0-9]{3})"), "id-123"), vec![(3, 6)]);
    }

    #[test]
    fn keywords_and_entropy_narrow_it() {
        let narrow = CustomRule {
            keywords: vec!["acme".to_owned()],
            entropy: Some(1.0),
            ..rule("[0-9]{4}")
        };
        assert_eq!(spans(&narrow, "1234"), vec![]);
        assert_eq!(spans(&narrow, "ACME 1234 1111"), vec![(5, 9)]);
    }

    #[test]
    fn an_invalid_rule_says_what_to_mend() {
        let error = |rule: &CustomRule, known: &[&str]| Custom::new(rule, known).expect_err("invalid").to_string();
        assert!(error(&rule("("), &[]).starts_with("`rules`: the `regex` of `mine` is not valid"));
        assert!(error(&rule("x*"), &[]).contains("matches the empty text"));
        assert!(error(&rule("x"), &["mine"]).contains("already"));
        assert!(
            error(
                &CustomRule {
                    placeholder: "a b".to_owned(),
                    ..rule("x")
                },
                &[]
            )
            .contains("`a b`")
        );
    }
}
