//! A masker as a guardrail.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;

use super::Action;
use crate::{
    guard::{GuardError, Guardrail, Reason, Redaction, Stage, Verdict},
    mask::{Hit, Masker, apply},
    message::{Direction, Envelope, Kind, Payload},
};

/// Payloads over this many bytes are searched beside the reading of other messages.
const LARGE: usize = 1 << 20;

/// Masks what it finds, in both directions.
pub(super) struct Masking {
    pub(super) name: &'static str,
    pub(super) masker: Arc<Masker>,
    /// For what goes to servers.
    pub(super) requests: Action,
    /// For what goes to the client.
    pub(super) responses: Action,
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

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        let action = match envelope.direction {
            Direction::ToServer => self.requests,
            Direction::ToClient => self.responses,
        };
        if action == Action::Off {
            return Ok(Verdict::Allow);
        }
        let hits = if payload.bytes().len() > LARGE {
            let (masker, payload) = (self.masker.clone(), payload.clone());
            let search = tokio::task::spawn_blocking(move || masker.json(payload.text()));
            search
                .await
                .map_err(|error| GuardError(format!("the search ended early: {error}")))?
        } else {
            self.masker.json(payload.text())
        };
        let hits = hits.map_err(|fault| GuardError(fault.to_string()))?;
        if hits.is_empty() {
            return Ok(Verdict::Allow);
        }
        if action == Action::Block {
            return Ok(Verdict::Block(Reason(format!(
                "it holds {}; the setting `{}.{}` is `block`",
                kinds(&hits),
                self.name,
                side(envelope)
            ))));
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

fn side(envelope: &Envelope) -> &'static str {
    match envelope.direction {
        Direction::ToServer => "requests",
        Direction::ToClient => "responses",
    }
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
