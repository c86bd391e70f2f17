//! One rule of a policy: when it counts, and what then.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{leaves::Leaf, pattern::Patterns, place::Place};
use crate::message::{Direction, Envelope};

/// What is done with a message.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Then {
    /// It passes.
    #[default]
    Allow,
    /// It is stopped.
    Deny,
    /// It passes if the person says so.
    Ask,
    /// It passes without what its `arguments` or its `result` name.
    Mask,
}

impl Then {
    /// The word for it in a policy.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Ask => "ask",
            Self::Mask => "mask",
        }
    }
}

/// A rule as a person writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// What it is called in refusals, questions and logs.
    pub(super) name: String,
    #[serde(default)]
    pub(super) when: When,
    pub(super) then: Then,
    /// What the model or the person is told.
    pub(super) message: Option<String>,
}

/// What has to hold. What is not written holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct When {
    server: Option<Patterns>,
    tool: Option<Patterns>,
    prompt: Option<Patterns>,
    resource: Option<Patterns>,
    direction: Option<Way>,
    read_only: Option<bool>,
    destructive: Option<bool>,
    open_world: Option<bool>,
    /// Paths into the arguments, and what stands there.
    arguments: Paths,
    /// Paths into the result, and what stands there.
    result: Paths,
}

/// Globs over places, and what stands there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "BTreeMap<String, Patterns>")]
struct Paths(Vec<(Place, Patterns)>);

impl From<BTreeMap<String, Patterns>> for Paths {
    fn from(written: BTreeMap<String, Patterns>) -> Self {
        let compiled = written
            .into_iter()
            .map(|(path, patterns)| (Place::new(&path), patterns));
        Self(compiled.collect())
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Way {
    Request,
    Response,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Tool,
    Prompt,
    Resource,
    /// A prompt or a resource template, of which an argument is completed.
    Either,
}

/// The methods that reach what a server does. The others are the protocol's own.
const METHODS: &[(&str, About)] = &[
    ("tools/call", About::Tool),
    ("prompts/get", About::Prompt),
    ("resources/read", About::Resource),
    ("resources/subscribe", About::Resource),
    ("completion/complete", About::Either),
];

/// Whether a policy has a say in this method.
pub(super) fn is_governed(method: &str) -> bool {
    METHODS.iter().any(|(name, _)| *name == method)
}

impl Rule {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// What does not.
    pub(super) fn check(&self) -> Result<(), String> {
        let When {
            direction,
            arguments,
            result,
            ..
        } = &self.when;
        match (direction, self.then) {
            (Some(Way::Response), _) if !arguments.0.is_empty() => {
                Err("`arguments` are of requests; what a response holds is `result`".to_owned())
            }
            (Some(Way::Request), _) if !result.0.is_empty() => Err("`result` is of responses".to_owned()),
            _ if !arguments.0.is_empty() && !result.0.is_empty() => {
                Err("a rule looks at `arguments` or at `result`, not at both".to_owned())
            }
            (_, Then::Mask) if arguments.0.is_empty() && result.0.is_empty() => {
                Err("`mask` needs `arguments` or `result`, which say what is masked".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether it may count for this message, as far as can be told without looking inside.
    pub(super) fn concerns(&self, envelope: &Envelope) -> bool {
        let when = &self.when;
        when.way() == envelope.direction && when.is_about(envelope, self.then) && when.hints_fit(envelope)
    }

    /// Whether it looks inside of messages.
    pub(super) fn looks_inside(&self) -> bool {
        !self.when.paths().is_empty()
    }

    /// Whether it counts for a message that it concerns, with these leaves.
    pub(super) fn counts(&self, leaves: &[Leaf]) -> bool {
        self.when.paths().iter().all(|(place, patterns)| {
            let mut covered = leaves
                .iter()
                .filter(|leaf| place.covers(&leaf.path) || place.covers(&leaf.exact));
            match self.then {
                // One harmless value must not let the others pass, nor one that the server will not take for this.
                Then::Allow => {
                    leaves.iter().any(|leaf| !leaf.inside && place.is(&leaf.exact))
                        && covered.all(|leaf| patterns.fit_safely(&leaf.text))
                }
                Then::Deny | Then::Ask | Then::Mask => covered.any(|leaf| patterns.fit_generously(&leaf.text)),
            }
        })
    }

    /// What stands at `place` without what the rule names; `None` where it names nothing there.
    pub(super) fn masked(&self, place: &str, text: &str, with: &str) -> Option<String> {
        let at = self.when.paths().iter().filter(|(path, _)| path.covers(place));
        let mut masked = None::<String>;
        for (_, patterns) in at {
            masked = patterns.replaced(masked.as_deref().unwrap_or(text), with).or(masked);
        }
        masked
    }

    /// The words that follow its verdict.
    pub(super) fn says(&self) -> String {
        match &self.message {
            Some(message) => format!("the rule `{}` says: {message}", self.name),
            None => format!("the rule `{}`", self.name),
        }
    }
}

impl When {
    fn way(&self) -> Direction {
        match self.direction {
            Some(Way::Response) => Direction::ToClient,
            None if !self.result.0.is_empty() => Direction::ToClient,
            Some(Way::Request) | None => Direction::ToServer,
        }
    }

    fn paths(&self) -> &[(Place, Patterns)] {
        match self.way() {
            Direction::ToServer => &self.arguments.0,
            Direction::ToClient => &self.result.0,
        }
    }

    fn is_about(&self, envelope: &Envelope, then: Then) -> bool {
        if self.server.as_ref().is_some_and(|server| !server.fit(&envelope.server)) {
            return false;
        }
        let Some((_, about)) = METHODS.iter().find(|(name, _)| *name == &*envelope.method) else {
            return false;
        };
        let named = [
            (&self.tool, About::Tool),
            (&self.prompt, About::Prompt),
            (&self.resource, About::Resource),
        ];
        let mut named = named
            .iter()
            .filter_map(|(patterns, of)| Some((patterns.as_ref()?, of)))
            .peekable();
        // A rule that names a tool and a prompt is about either.
        named.peek().is_none()
            || named.any(|(patterns, of)| {
                let same = of == about || (*about == About::Either && *of != About::Tool);
                let fit = match (of, then) {
                    (About::Resource, Then::Allow) => Patterns::fit_safely,
                    (About::Resource, _) => Patterns::fit_generously,
                    _ => Patterns::fit,
                };
                same && fit(patterns, &envelope.name)
            })
    }

    fn hints_fit(&self, envelope: &Envelope) -> bool {
        let hints = &envelope.hints;
        [
            (self.read_only, hints.read_only),
            (self.destructive, hints.destructive),
            (self.open_world, hints.open_world),
        ]
        .into_iter()
        .all(|(wanted, is)| wanted.is_none_or(|wanted| wanted == is))
    }
}
