//! A masker as a guardrail.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use serde_json::{Map, Value};

use super::{Action, BuildError, Filter, action::Returning};
use crate::{
    guard::{GuardError, Guardrail, Reason, Redaction, Stage, Verdict},
    mask::{Hit, Masker, apply},
    message::{Direction, Envelope, Kind, Payload, walk},
};

/// The settings that every masker has.
pub(super) const SETTINGS: [&str; 3] = ["requests", "responses", "placeholders"];

/// What a masker is told to do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Actions {
    /// With what goes to servers.
    requests: Action,
    /// With what goes to the client.
    responses: Action,
    /// With placeholders that come back.
    placeholders: Returning,
}

impl Actions {
    /// Takes its settings out of a plugin's.
    pub(super) fn take(settings: &mut Map<String, Value>) -> Result<Self, BuildError> {
        let actions = "`mask`, `block` or `off`";
        let [requests, responses, placeholders] = SETTINGS;
        Ok(Self {
            requests: take(settings, requests, actions)?.unwrap_or_default(),
            responses: take(settings, responses, actions)?.unwrap_or_default(),
            placeholders: take(settings, placeholders, "`refuse` or `pass`")?.unwrap_or_default(),
        })
    }
}

/// Takes one setting out of a plugin's; `words` say what it is.
pub(super) fn take<T: serde::de::DeserializeOwned>(
    settings: &mut Map<String, Value>,
    name: &str,
    words: &str,
) -> Result<Option<T>, BuildError> {
    let value = settings.remove(name).map(serde_json::from_value).transpose();
    value.map_err(|_| BuildError(format!("`{name}` is {words}")))
}

/// Masks what it finds, in both directions.
pub(super) struct Masking {
    name: &'static str,
    filter: Filter,
    actions: Actions,
    /// The placeholders that stand for something in what the client was given.
    issued: Mutex<BTreeSet<String>>,
}

impl Masking {
    /// The guardrail of this plugin.
    pub(super) fn new(name: &'static str, filter: Filter, actions: Actions) -> Self {
        Self {
            name,
            filter,
            actions,
            issued: Mutex::default(),
        }
    }

    fn action(&self, envelope: &Envelope) -> Action {
        match envelope.direction {
            Direction::ToServer => self.actions.requests,
            Direction::ToClient => self.actions.responses,
        }
    }

    /// Finds what is to be replaced.
    async fn hits(&self, envelope: &Envelope, payload: &Payload) -> Result<Vec<Hit>, GuardError> {
        let (size, text) = (payload.bytes().len(), payload.clone());
        let search = move |masker: &Masker| masker.json(text.text());
        // Asking a service about the gateway's own words would cost the reason why it could not be asked.
        let found = match envelope.is_own() {
            true => self.filter.run_alone(size, search).await?,
            false => self.filter.run(size, search).await?,
        };
        found.map_err(|fault| GuardError(fault.to_string()))
    }

    /// A placeholder of this session in the arguments of a tool that may write it in the place of the real value.
    fn returned(&self, envelope: &Envelope, payload: &Payload) -> Option<String> {
        let changing = &*envelope.method == "tools/call" && !envelope.hints.read_only;
        if self.actions.placeholders == Returning::Pass || envelope.kind != Kind::Arguments || !changing {
            return None;
        }
        let issued = self.issued();
        if issued.is_empty() {
            return None;
        }
        let mut found = None;
        // A payload that is not JSON is stopped by the search.
        let _ = walk(payload.text(), &mut |leaf| {
            found = found.take().or_else(|| {
                issued
                    .iter()
                    .find(|placeholder| leaf.text.contains(placeholder.as_str()))
                    .cloned()
            });
        });
        found
    }

    fn issued(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Guardrail for Masking {
    fn name(&self) -> &'static str {
        self.name
    }

    fn stage(&self) -> Stage {
        Stage::Mask
    }

    fn judges(&self, _kind: Kind) -> bool {
        true
    }

    fn reads_strictly(&self, envelope: &Envelope) -> bool {
        self.action(envelope) != Action::Off
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        let action = self.action(envelope);
        if let Some(placeholder) = self.returned(envelope, payload) {
            return Ok(Verdict::Block(Reason(came_back(self.name, &placeholder))));
        }
        if action == Action::Off {
            return Ok(Verdict::Allow);
        }
        let hits = self.hits(envelope, payload).await?;
        if hits.is_empty() {
            return Ok(Verdict::Allow);
        }
        if action == Action::Block {
            let side = if envelope.direction == Direction::ToServer {
                "requests"
            } else {
                "responses"
            };
            let reason = format!(
                "it holds {}; the setting `{}.{side}` is `block`",
                kinds(&hits),
                self.name
            );
            return Ok(Verdict::Block(Reason(reason)));
        }
        if envelope.direction == Direction::ToClient {
            let placeholders = hits.iter().map(|hit| format!("<{}>", hit.label));
            self.issued().extend(placeholders);
        }
        let masked = Payload::from(apply(payload.text(), &hits));
        let redactions = hits
            .into_iter()
            .map(|hit| Redaction {
                plugin: self.name,
                rule: hit.rule,
                label: hit.label,
                place: hit.place,
            })
            .collect();
        Ok(Verdict::Modified(masked, redactions))
    }
}

fn came_back(plugin: &str, placeholder: &str) -> String {
    format!(
        "they hold {placeholder}, which stands for a value that was masked earlier in this session. This tool may change \
         things, and would put the placeholder where the real value belongs. Leave the masked part out: change only the \
         text around it. A person can allow it with the setting `{plugin}.placeholders=pass`"
    )
}

/// What was found, by kind and count, never by value: `2 × AWS_ACCESS_KEY`.
fn kinds(hits: &[Hit]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for hit in hits {
        *counts.entry(&hit.label).or_default() += 1;
    }
    counts
        .iter()
        .map(|(label, count)| format!("{count} × {label}"))
        .collect::<Vec<_>>()
        .join(", ")
}
