//! What the vault looks for in messages.

use std::sync::Arc;

use super::{
    Vault,
    flow::{Call, Fate},
    schema::Schema,
};
use crate::{
    detect::{Context, Detector, Finding, Role, placeholder},
    mask::Replace,
};

/// The rule of what is written like a placeholder of this session by somebody else.
const LOOK_ALIKE: &str = "placeholder-look-alike";

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
}

impl Detector for Arriving {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let mut here = Vec::new();
        if self.of_server && context.role != Role::Number {
            let alike = placeholder::of_session(text, &self.vault.nonce);
            here.extend(alike.map(|span| Finding {
                rule: LOOK_ALIKE.into(),
                label: "LOOK_ALIKE".into(),
                start: span.start,
                end: span.end,
                score: 1.0,
            }));
        }
        let restored = self.vault.restored();
        let values = restored.find(text).into_iter().map(|(start, secret)| Finding {
            rule: RESTORED.into(),
            label: secret.kind.clone(),
            start,
            end: start + secret.value.text().len(),
            score: 1.0,
        });
        // A number is the value or it is another one.
        here.extend(values.filter(|value| context.role != Role::Number || value.end - value.start == text.len()));
        here.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
        for finding in here {
            match found.last_mut() {
                Some(last) if finding.start < last.end => last.end = last.end.max(finding.end),
                _ => found.push(finding),
            }
        }
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
                    rule == IN_VALUE && span.len() == text.len() && self.schema.as_number(context.names, &secret);
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
