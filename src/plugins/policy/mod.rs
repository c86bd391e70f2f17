//! `policy`: rules of the operator's, of which the first that counts decides.

mod pattern;
mod rule;
mod trial;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{BuildError, Built, Spec};
use crate::{
    config::typed,
    detect::Role,
    guard::{GuardError, Guardrail, Reason, Redaction, Stage, Verdict},
    json::{self, Edit},
    message::{Direction, Envelope, Kind, Payload, walk},
};
use rule::{Rule, Then, is_governed, leaves};
pub use trial::{Said, Trial};

pub(super) const SPEC: Spec = Spec {
    name: "policy",
    aliases: &[],
    about: "allows, denies, masks or asks the person about calls, by rules of your own",
    settings: &["default", "rules"],
    build,
};

/// What stands in the place of what a rule masks.
const PLACEHOLDER: &str = "<POLICY>";
const LABEL: &str = "POLICY";

struct Policy {
    /// What is done with a request for which no rule counts.
    default: Then,
    rules: Vec<Rule>,
}

fn build(settings: Map<String, Value>) -> Result<Built, BuildError> {
    let policy = Policy::new(settings)?;
    Ok(Built::judge(policy))
}

impl Policy {
    fn new(mut settings: Map<String, Value>) -> Result<Self, BuildError> {
        let default = match settings.remove("default") {
            None => Then::default(),
            Some(default) => match serde_json::from_value(default) {
                Ok(Then::Mask) | Err(_) => {
                    return Err(BuildError("`default` is `allow`, `deny` or `ask`".to_owned()));
                }
                Ok(default) => default,
            },
        };
        let rules = match settings.remove("rules") {
            None => Vec::new(),
            Some(Value::Array(rules)) => rules
                .into_iter()
                .enumerate()
                .map(|(index, written)| {
                    let name = written["name"]
                        .as_str()
                        .map(|name| format!(" (`{name}`)"))
                        .unwrap_or_default();
                    let wrong = |what: String| BuildError(format!("`rules[{index}]`{name}: {what}"));
                    let rule: Rule = typed(written).map_err(wrong)?;
                    rule.check().map_err(wrong)?;
                    Ok(rule)
                })
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(BuildError("`rules` is a list of rules".to_owned())),
        };
        Ok(Self { default, rules })
    }

    /// What is done with a message, and the rule that says so.
    fn decide(&self, envelope: &Envelope, payload: &Payload) -> Result<(Then, Option<&Rule>), GuardError> {
        let concerned = || self.rules.iter().filter(|rule| rule.concerns(envelope));
        let leaves = match concerned().any(Rule::looks_inside) {
            true => leaves(&looked_at(envelope, payload)?),
            false => Vec::new(),
        };
        let rule = concerned().find(|rule| rule.counts(&leaves));
        Ok(match (rule, envelope.direction) {
            (Some(rule), _) => (rule.then, Some(rule)),
            (None, Direction::ToServer) => (self.default, None),
            (None, Direction::ToClient) => (Then::Allow, None),
        })
    }
}

/// What the paths of rules lead into: the arguments of a request, or the whole result.
fn looked_at(envelope: &Envelope, payload: &Payload) -> Result<Value, GuardError> {
    let text = match inside(envelope, payload.text()) {
        Some(name) => match json::members(payload.text()) {
            Ok(members) => members.raw(name).unwrap_or("{}"),
            Err(fault) => return Err(GuardError(fault.to_string())),
        },
        None => payload.text(),
    };
    serde_json::from_str(text).map_err(|error| GuardError(format!("a rule can't read it: {error}")))
}

/// The member of a message that the paths of rules start from, where it is not the whole.
fn inside(envelope: &Envelope, text: &str) -> Option<&'static str> {
    let has_arguments = || json::members(text).is_ok_and(|members| members.span("arguments").is_some());
    let calls = matches!(&*envelope.method, "tools/call" | "prompts/get");
    (envelope.direction == Direction::ToServer && (calls || has_arguments())).then_some("arguments")
}

#[async_trait]
impl Guardrail for Policy {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn stage(&self) -> Stage {
        Stage::Judge
    }

    fn judges(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Arguments | Kind::Result | Kind::Error)
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        if !is_governed(&envelope.method) {
            return Ok(Verdict::Allow);
        }
        let (then, rule) = self.decide(envelope, payload)?;
        let says = || rule.map_or_else(|| "no rule allows it".to_owned(), Rule::says);
        Ok(match (then, rule) {
            (Then::Deny, _) => Verdict::Block(Reason(says())),
            (Then::Ask, _) => Verdict::Ask(Reason(format!("a person has to allow this call ({})", says()))),
            (Then::Mask, Some(rule)) => masked(envelope, payload, rule)?,
            (Then::Mask, None) | (Then::Allow, _) => Verdict::Allow,
        })
    }
}

/// The message without what the rule names.
fn masked(envelope: &Envelope, payload: &Payload, rule: &Rule) -> Result<Verdict, GuardError> {
    let text = payload.text();
    let before = inside(envelope, text).map(|name| format!("{name}."));
    let (mut edits, mut redactions) = (Vec::new(), Vec::new());
    let walked = walk(text, &mut |leaf| {
        let place = leaf.place();
        let path = match &before {
            Some(before) => place.strip_prefix(before.as_str()),
            None => Some(place.as_str()),
        };
        if leaf.context.role == Role::Key {
            return;
        }
        let Some(with) = path.and_then(|path| rule.masked(path, leaf.text, PLACEHOLDER)) else {
            return;
        };
        edits.push(Edit {
            span: leaf.token.span.clone(),
            // Where a number is expected, a number stays.
            with: if leaf.context.role == Role::Number {
                "0".to_owned()
            } else {
                json::quote(&with)
            },
        });
        redactions.push(Redaction {
            plugin: SPEC.name,
            rule: rule.name.clone().into(),
            label: LABEL.into(),
            place,
        });
    });
    walked.map_err(|fault| GuardError(fault.to_string()))?;
    Ok(match edits.is_empty() {
        // It stands in a `true`, a `false` or a `null`, which nothing can stand for.
        true => Verdict::Block(Reason(format!("{}, and it can't be masked", rule.says()))),
        false => Verdict::Modified(Payload::from(json::splice(text, &edits)), redactions),
    })
}

#[cfg(test)]
mod tests;
