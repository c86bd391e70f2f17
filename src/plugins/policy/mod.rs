//! `policy`: rules of the operator's, of which the first that counts decides.

mod leaves;
mod pattern;
mod place;
mod readings;
mod reduced;
mod rule;
mod trial;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{BuildError, Built, Spec};
use crate::{
    config::typed,
    detect::Role,
    guard::{GuardError, Guardrail, Reason, Redaction, Stage, Verdict},
    json::{self, Edit, Fault},
    message::{Direction, Envelope, Kind, Payload, walk},
};
use leaves::{MAX_NESTING, leaves, may_hold_json};
use rule::{Rule, Then, is_governed};
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
                    return Err(BuildError("`default` has to be `allow`, `deny` or `ask`".to_owned()));
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
            Some(_) => return Err(BuildError("`rules` has to be a list of rules".to_owned())),
        };
        Ok(Self { default, rules })
    }

    /// What is done with a message, and the rule that says so.
    fn decide(&self, envelope: &Envelope, payload: &Payload) -> Result<(Then, Option<&Rule>), GuardError> {
        let concerned = || self.rules.iter().filter(|rule| rule.concerns(envelope));
        let leaves = match concerned().any(Rule::looks_inside) {
            true => {
                let leaves = leaves(looked_at(envelope, payload)?);
                leaves.map_err(|fault| GuardError(format!("a rule can't read it: {fault}")))?
            }
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
fn looked_at<'p>(envelope: &Envelope, payload: &'p Payload) -> Result<&'p str, GuardError> {
    match inside(envelope, payload.text()) {
        Some(name) => match json::members(payload.text()) {
            Ok(members) => Ok(members.raw(name).unwrap_or("{}")),
            Err(fault) => Err(GuardError(fault.to_string())),
        },
        None => Ok(payload.text()),
    }
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
    let mut mask = Mask {
        rule,
        root: inside(envelope, text),
        redactions: Vec::new(),
    };
    let masked = mask
        .document(text, None, 0)
        .map_err(|fault| GuardError(fault.to_string()))?;
    Ok(match masked {
        // It stands in a `true`, a `false` or a `null`, which nothing can stand for.
        None => Verdict::Block(Reason(format!("{}, and it can't be masked", rule.says()))),
        Some(masked) => Verdict::Modified(Payload::from(masked), mask.redactions),
    })
}

/// One masking by a rule.
struct Mask<'r> {
    rule: &'r Rule,
    /// The member that paths start from, if they do not start at the top.
    root: Option<&'static str>,
    redactions: Vec<Redaction>,
}

impl Mask<'_> {
    /// A JSON text without what the rule names, or `None` where it names nothing in it. It stands at the top, or in a
    /// string at this path and place.
    fn document(&mut self, text: &str, at: Option<(&str, &str)>, nesting: usize) -> Result<Option<String>, Fault> {
        let mut edits = Vec::new();
        walk(text, &mut |leaf| {
            let own = leaf.place();
            let (path, place) = match at {
                None => (self.path(&own), own.clone()),
                Some((path, place)) => (Some(joined(path, &own)), format!("{place} → {own}")),
            };
            let Some(path) = path.filter(|_| leaf.context.role != Role::Key) else {
                return;
            };
            let with = match self.rule.masked(&path, leaf.text, PLACEHOLDER) {
                // Where a number is expected, a number stays.
                Some(_) if leaf.context.role == Role::Number => "0".to_owned(),
                Some(with) => json::quote(&with),
                None => {
                    let holds = nesting < MAX_NESTING && leaf.context.role == Role::Text && may_hold_json(leaf.text);
                    let inner = holds.then(|| self.document(leaf.text, Some((&path, &place)), nesting + 1));
                    // A text that is no JSON after all was looked at as a whole.
                    let Some(Ok(Some(inner))) = inner else { return };
                    edits.push(Edit {
                        span: leaf.token.span.clone(),
                        with: json::quote(&inner),
                    });
                    return;
                }
            };
            edits.push(Edit {
                span: leaf.token.span.clone(),
                with,
            });
            self.redactions.push(Redaction {
                plugin: SPEC.name,
                rule: self.rule.name.clone().into(),
                label: LABEL.into(),
                place,
            });
        })?;
        Ok((!edits.is_empty()).then(|| json::splice(text, &edits)))
    }

    /// The path of a place; `None` where no path of a rule leads.
    fn path(&self, place: &str) -> Option<String> {
        match self.root {
            None => Some(place.to_owned()),
            Some(root) if place == root => Some(String::new()),
            Some(root) => place.strip_prefix(root)?.strip_prefix('.').map(str::to_owned),
        }
    }
}

/// The path of what stands at `inner` in a text at `outer`.
fn joined(outer: &str, inner: &str) -> String {
    let dot = match outer.is_empty() || inner.is_empty() || inner.starts_with('[') {
        true => "",
        false => ".",
    };
    format!("{outer}{dot}{inner}")
}

#[cfg(test)]
mod tests;
