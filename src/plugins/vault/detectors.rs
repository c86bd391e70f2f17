//! What the vault looks for in messages.

use std::{collections::HashSet, sync::Arc};

use super::{
    Schema, Vault,
    flow::{Call, Fate},
    numbers::is_number,
};
use crate::{
    detect::{Context, Detector, Finding, Role, placeholder},
    mask::Replace,
};

/// The rule of what is written like a placeholder of this session by somebody else.
pub(super) const LOOK_ALIKE: &str = "placeholder-look-alike";

/// The rule of a value that a server was given back.
const RESTORED: &str = "restored-value";

/// The rules of placeholders in arguments.
const IN_VALUE: &str = "placeholder-in-value";
const AS_NUMBER: &str = "placeholder-as-number";
pub(super) const IN_NAME: &str = "placeholder-in-name";

/// In what goes to the client: look-alikes of placeholders, and values that servers were given back.
#[derive(Clone)]
pub(super) struct Arriving {
    pub(super) vault: Arc<Vault>,
    /// Whether it is a server's: the gateway's own words name placeholders that are right.
    pub(super) of_server: bool,
    /// The placeholders in it that are right all the same.
    pub(super) own: Arc<HashSet<String>>,
}

impl Detector for Arriving {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let mut here = Vec::new();
        if self.of_server && context.role != Role::Number {
            let alike =
                placeholder::of_session(text, &self.vault.nonce).filter(|span| !self.own.contains(&text[span.clone()]));
            here.extend(alike.map(|span| Finding {
                rule: LOOK_ALIKE.into(),
                label: "LOOK_ALIKE".into(),
                start: span.start,
                end: span.end,
                score: 1.0,
            }));
        }
        here.extend(self.vault.restored_in(text, context.role));
        found.extend(in_order(here));
    }

    fn find_across(&self, parts: &[&str], found: &mut Vec<Finding>) {
        let mut all = Vec::new();
        self.find(&parts.concat(), &Context::default(), &mut all);
        let seam = parts[0].len();
        found.extend(
            all.into_iter()
                .filter(|finding| finding.start < seam && finding.end > seam),
        );
    }
}

impl Vault {
    /// The values in a text that servers were given back.
    pub(super) fn restored_in(&self, text: &str, role: Role) -> Vec<Finding> {
        let restored = self.restored();
        if restored.is_empty() {
            return Vec::new();
        }
        let values = restored.find(text).into_iter().map(|(span, secret)| Finding {
            rule: RESTORED.into(),
            label: secret.kind.clone(),
            start: span.start,
            end: span.end,
            score: 1.0,
        });
        // A number is the value or it is another one.
        values
            .filter(|value| role != Role::Number || value.end - value.start == text.len())
            .collect()
    }
}

/// Findings by position; of several that overlap, the first that covers all.
pub(in crate::plugins) fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match kept.last_mut() {
            Some(last) if finding.start < last.end => last.end = last.end.max(finding.end),
            _ => kept.push(finding),
        }
    }
    kept
}

/// A look-alike is told from a placeholder of the gateway's in a way that nobody undoes by unescaping.
impl Replace for Arriving {
    fn replacement(&self, finding: &Finding, matched: &str) -> String {
        let end = format!("{}>", self.vault.nonce);
        match matched.strip_suffix(&end) {
            Some(kind) if finding.rule == LOOK_ALIKE && placeholder::is(matched) => format!("{kind}not_{end}"),
            _ => format!("<{}>", finding.label),
        }
    }
}

/// In the arguments of a call: placeholders that stand for something.
#[derive(Clone)]
pub(super) struct Returning {
    pub(super) vault: Arc<Vault>,
    pub(super) call: Call,
    pub(super) schema: Arc<Schema>,
}

impl Detector for Returning {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let in_arguments = context.names.first().is_some_and(|first| first == "arguments");
        let rule = match context.role {
            Role::Text if in_arguments => IN_VALUE,
            Role::Key if in_arguments => IN_NAME,
            _ => return,
        };
        for span in placeholder::of_session(text, &self.vault.nonce) {
            if let Some(secret) = self.vault.get(&text[span.clone()]) {
                let as_number =
                    rule == IN_VALUE && span.len() == text.len() && is_number(&self.schema, context.names, &secret);
                found.push(Finding {
                    rule: if as_number { AS_NUMBER } else { rule }.into(),
                    label: secret.kind.clone(),
                    start: span.start,
                    end: span.end,
                    score: 1.0,
                });
            }
        }
    }
}

/// The value, where it may go; of the others, nothing is ever put anywhere.
impl Replace for Returning {
    fn replacement(&self, finding: &Finding, matched: &str) -> String {
        let secret = self.vault.get(matched).filter(|_| finding.rule != IN_NAME);
        let restored = secret.filter(|secret| self.call.fate(secret, &self.vault.flows) == Fate::Restored);
        restored.map_or_else(String::new, |secret| secret.value.text().to_owned())
    }

    fn is_number(&self, finding: &Finding) -> bool {
        finding.rule == AS_NUMBER
    }
}
