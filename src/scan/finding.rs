//! What a check found, how bad it is, and what to do about it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    digest::{hex, sha256_of_parts},
    plugins::redactor,
    text::visible_line,
};

/// Most characters of a text that a finding shows.
const EXCERPT: usize = 240;

/// How bad one finding is by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Info,
    /// Seldom a danger by itself.
    Low,
    /// A danger in company.
    Medium,
    /// A danger.
    High,
    /// Nothing honest looks like it.
    Critical,
}

/// What is done about something that was judged. A later one is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may be used.
    #[default]
    Pass,
    /// A person should look at it.
    Review,
    /// It is not to be used.
    Block,
}

impl Verdict {
    /// As reports spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule that found it, such as `instruction-override`.
    pub id: Cow<'static, str>,
    /// How bad it is by itself.
    pub severity: Severity,
    /// What it adds to the score of what it is about.
    pub points: u32,
    /// Where it stands: a JSON pointer into what the server declares, such as `/tools/2/description`, or into the
    /// configuration; empty where it has no one place.
    pub pointer: String,
    /// What was found: decoded, shortened, without secrets, with nothing in it that a terminal would act on.
    pub excerpt: String,
    /// Why it counts.
    pub why: Cow<'static, str>,
    /// What to do about it.
    pub mend: Cow<'static, str>,
    /// By what a [`Suppression`] recognises it: it changes with the text that was judged.
    pub hash: String,
    /// The reason for which a person suppressed it. Its points do not count then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<String>,
}

impl Finding {
    /// A finding of a rule at a place, without points. `shown` is what was found, as it was written; `judged` is all
    /// that the finding depends on: whose it is and the whole text, so that another text is another finding.
    pub fn new(id: impl Into<Cow<'static, str>>, severity: Severity, shown: &str, judged: &[&str]) -> Self {
        let id = id.into();
        Self {
            hash: hash(&id, judged),
            id,
            severity,
            points: 0,
            pointer: String::new(),
            excerpt: excerpt(shown),
            why: Cow::Borrowed(""),
            mend: Cow::Borrowed(""),
            suppressed: None,
        }
    }

    /// The points that count.
    pub fn counted(&self) -> u32 {
        if self.suppressed.is_some() { 0 } else { self.points }
    }
}

/// The first 64 bits of the digest of the parts.
fn hash(id: &str, judged: &[&str]) -> String {
    let parts = [id].into_iter().chain(judged.iter().copied());
    hex(&sha256_of_parts(parts)[..8])
}

/// One line of a text: without secrets, its ends kept where it is too long.
fn excerpt(text: &str) -> String {
    let masked = redactor().masked(text);
    let line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters = line.chars().count();
    if characters <= EXCERPT {
        return visible_line(&line).into_owned();
    }
    let half = EXCERPT / 2;
    let start: String = line.chars().take(half).collect();
    let end: String = line.chars().skip(characters - half).collect();
    visible_line(&format!("{start} … {end}")).into_owned()
}

/// A person's word that a finding is no danger, as it stands in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// The rule's id.
    pub id: String,
    /// The finding's hash.
    pub hash: String,
    /// Why it is no danger. Not empty.
    pub reason: String,
}

/// All suppressions.
#[derive(Clone, Debug, Default)]
pub struct Suppressions(pub Vec<Suppression>);

impl Suppressions {
    /// Marks those findings that are suppressed.
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings {
            let of_it = |it: &&Suppression| it.id == finding.id && it.hash == finding.hash;
            finding.suppressed = self.0.iter().find(of_it).map(|it| it.reason.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(shown: &str, text: &str) -> Finding {
        Finding {
            points: 40,
            ..Finding::new("rule", Severity::High, shown, &["server", "tool", text])
        }
    }

    #[test]
    fn an_excerpt_is_one_line_without_secrets_and_without_anything_unseen() {
        let token = "ghp_EXAMPLEexampleEXAMPLEexampleEXAMPLE1";
        let shown = finding(&format!("a\u{1b}[31m\n b\u{200b} {token}"), "").excerpt;
        assert!(shown.starts_with("a\\u{1b}[31m b\\u{200b} <"), "{shown}");
        assert!(!shown.contains(token) && !shown.contains('\n'), "{shown}");
    }

    #[test]
    fn a_long_excerpt_keeps_both_ends() {
        let shown = finding(&format!("start {} end", "x ".repeat(500)), "").excerpt;
        assert!(shown.starts_with("start x") && shown.ends_with("x end"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT + 3);
    }

    #[test]
    fn a_suppression_holds_for_that_text_of_that_tool_only() {
        let word = Suppression {
            id: "rule".into(),
            hash: finding("x", "text").hash,
            reason: "read it".into(),
        };
        let mut findings = [finding("x", "text"), finding("x", "another text")];
        Suppressions(vec![word]).apply(&mut findings);
        assert_eq!(findings.each_ref().map(Finding::counted), [0, 40]);
        assert_eq!(findings[0].suppressed.as_deref(), Some("read it"));
    }
}
