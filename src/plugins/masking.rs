//! A masker as a guardrail.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use serde_json::{Map, Value};

use super::{
    Action, BuildError, Filter,
    action::{Lasting, Returning},
    vault::{Flow, Vault},
};
use crate::{
    guard::{GuardError, Guardrail, Reason, Redaction, Restorer, Stage, Verdict},
    json::Fault,
    mask::{Hit, Masker, apply, in_order},
    message::{Direction, Envelope, Kind, Payload, walk},
    sync::lock,
};

/// The settings that every masker has.
const SETTINGS: [&str; 5] = ["requests", "responses", "placeholders", "masking", "flows"];

/// What a masker is told to do.
#[derive(Debug, Default)]
pub(super) struct Actions {
    /// With what goes to servers.
    requests: Action,
    /// With what goes to the client.
    responses: Action,
    /// With placeholders that come back.
    placeholders: Returning,
    /// Where values may go, if they are kept.
    flows: Option<Vec<Flow>>,
}

impl Actions {
    /// Takes its settings out of a plugin's.
    pub(super) fn take(settings: &mut Map<String, Value>) -> Result<Self, BuildError> {
        let actions = "`mask`, `block` or `off`";
        let [requests, responses, placeholders, masking, flows] = SETTINGS;
        let lasting = take(settings, masking, "`forget` or `vault`")?.unwrap_or_default();
        let flows = take(settings, flows, r#"a list of `{"from", "to", "kinds", "tools"?}`"#)?;
        let actions = Self {
            requests: take(settings, requests, actions)?.unwrap_or_default(),
            responses: take(settings, responses, actions)?.unwrap_or_default(),
            placeholders: take(settings, placeholders, "`refuse` or `pass`")?.unwrap_or_default(),
            flows: kept(lasting, flows)?,
        };
        if actions.flows.is_some() && actions.responses != Action::Mask {
            let problem = "`masking` is `vault`, so `responses` has to be `mask`: what is not masked is not kept";
            return Err(BuildError(problem.to_owned()));
        }
        Ok(actions)
    }
}

/// The flows of a vault, or `None` where there is none.
fn kept(lasting: Lasting, flows: Option<Vec<Flow>>) -> Result<Option<Vec<Flow>>, BuildError> {
    match (lasting, flows) {
        (Lasting::Forget, None) => Ok(None),
        (Lasting::Forget, Some(_)) => Err(BuildError("`flows` needs `masking` to be `vault`".to_owned())),
        (Lasting::Vault, flows) => {
            let flows = flows.unwrap_or_default();
            match flows.iter().find_map(Flow::problem) {
                Some(problem) => Err(BuildError(problem)),
                None => Ok(Some(flows)),
            }
        }
    }
}

/// Takes one setting out of a plugin's; `words` say what it is.
pub(super) fn take<T: serde::de::DeserializeOwned>(
    settings: &mut Map<String, Value>,
    name: &str,
    words: &str,
) -> Result<Option<T>, BuildError> {
    let value = settings.remove(name).map(serde_json::from_value).transpose();
    value.map_err(|_| BuildError(format!("`{name}` has to be {words}")))
}

/// Whether a message is looked at for the first time.
#[derive(Clone, Copy)]
enum Seen<'p> {
    /// What is written like a placeholder is not the gateway's.
    First,
    /// A judge changed it since: the gateway's are the placeholders that it had before.
    Again(&'p Payload),
}

/// Masks what it finds, in both directions.
pub(super) struct Masking {
    name: &'static str,
    filter: Filter,
    actions: Actions,
    /// The placeholders that stand for something in what the client was given.
    issued: Mutex<BTreeSet<String>>,
    /// What the others stand for, where that is kept.
    vault: Option<Arc<Vault>>,
}

impl Masking {
    /// The guardrail of this plugin.
    pub(super) fn new(name: &'static str, filter: Filter, mut actions: Actions) -> Self {
        Self {
            vault: actions.flows.take().map(|flows| Vault::new(name, flows)),
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
    async fn hits(&self, envelope: &Envelope, payload: &Payload, seen: Seen<'_>) -> Result<Vec<Hit>, GuardError> {
        let (size, text) = (payload.bytes().len(), payload.clone());
        let arriving = envelope.direction == Direction::ToClient;
        let vault = self.vault.clone().filter(|_| arriving);
        let of_server = !envelope.is_own();
        let before = match seen {
            Seen::First => None,
            Seen::Again(before) => Some(before.clone()),
        };
        let search = move |masker: &Masker| {
            let hits = masker.json(text.text())?;
            let more = match (&vault, &before) {
                (Some(vault), None) => vault.arriving(text.text(), of_server)?,
                (Some(vault), Some(before)) => vault.arriving_changed(before.text(), text.text(), of_server)?,
                (None, _) => Vec::new(),
            };
            Ok::<_, Fault>(if more.is_empty() {
                hits
            } else {
                in_order([hits, more].concat())
            })
        };
        // Asking a service about the gateway's own words would cost the reason why it could not be asked.
        let found = match envelope.is_own() {
            true => self.filter.run_alone(size, search).await?,
            false => self.filter.run(size, search).await?,
        };
        found.map_err(|fault| GuardError(fault.to_string()))
    }

    async fn verdict(&self, envelope: &Envelope, payload: &Payload, seen: Seen<'_>) -> Result<Verdict, GuardError> {
        let action = self.action(envelope);
        if let Some(refusal) = self.refusal(envelope, payload) {
            return Ok(Verdict::Block(Reason(refusal)));
        }
        if action == Action::Off {
            return Ok(Verdict::Allow);
        }
        let mut hits = self.hits(envelope, payload, seen).await?;
        if hits.is_empty() {
            return Ok(Verdict::Allow);
        }
        if action == Action::Block {
            let (side, mend) = match envelope.direction {
                Direction::ToServer => ("requests", "leave that out"),
                Direction::ToClient => ("responses", "it was withheld"),
            };
            let reason = format!(
                "{} found, and the setting `{}.{side}` is `block`: {mend}",
                kinds(&hits),
                self.name
            );
            return Ok(Verdict::Block(Reason(reason)));
        }
        if envelope.direction == Direction::ToClient {
            if let Some(vault) = self.vault.as_ref().filter(|_| !envelope.is_own()) {
                vault.keep(&envelope.server, &mut hits);
            }
            let placeholders = hits.iter().map(|hit| (format!("<{}>", hit.label), &hit.with));
            let issued = placeholders.filter(|(placeholder, with)| with.contains(placeholder));
            self.issued().extend(issued.map(|(placeholder, _)| placeholder));
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

    /// Why a call must not be made with the placeholders in its arguments, if so.
    fn refusal(&self, envelope: &Envelope, payload: &Payload) -> Option<String> {
        if self.actions.placeholders == Returning::Pass {
            return None;
        }
        let of_vault = || self.vault.as_ref()?.refusal(envelope, payload);
        self.returned(envelope, payload).or_else(of_vault)
    }

    /// The same of a placeholder that stands for nothing which is kept, and of a tool that may write it in the place of the
    /// real value.
    fn returned(&self, envelope: &Envelope, payload: &Payload) -> Option<String> {
        let changing = &*envelope.method == "tools/call" && !envelope.hints.read_only;
        if envelope.kind != Kind::Arguments || !changing {
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
        found.map(|placeholder| came_back(self.name, &placeholder))
    }

    fn issued(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        lock(&self.issued)
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

    fn restorer(&self) -> Option<&dyn Restorer> {
        self.vault.as_ref().map(|vault| vault as &dyn Restorer)
    }

    fn reads_strictly(&self, envelope: &Envelope) -> bool {
        self.action(envelope) != Action::Off
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        self.verdict(envelope, payload, Seen::First).await
    }

    async fn inspect_again(
        &self,
        envelope: &Envelope,
        before: &Payload,
        payload: &Payload,
    ) -> Result<Verdict, GuardError> {
        self.verdict(envelope, payload, Seen::Again(before)).await
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
