//! Masks that can be taken off again: a placeholder that comes back to the server which its value came from is that value
//! again.
//!
//! [`kept`] holds the values, [`flow`] says where they may go, [`detectors`] find placeholders and values in messages,
//! [`numbers`] tells whether a tool wants a number.

mod detectors;
mod flow;
mod kept;
mod numbers;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, RwLock, Weak},
};

pub(super) use detectors::in_order;
use detectors::{Arriving, IN_NAME, LOOK_ALIKE, Returning};
pub(super) use flow::Flow;
use flow::{Call, Fate};
use kept::{Kept, Restored, Secret};

use super::schema::Schema;
use crate::{
    detect::{Finding, Role, placeholder::NONCE_DIGITS},
    guard::{Restoration, Restorer, ReturnedPlaceholder},
    json::{self, Edit, Fault},
    mask::{Hit, Masker, Retyped},
    message::{Envelope, Payload},
    sync::{self, lock},
};

/// The vaults of this process, for what no chain sees: its log and its records.
static VAULTS: RwLock<Vec<Weak<Vault>>> = RwLock::new(Vec::new());

/// The values in a text that any server was given back.
pub(super) fn restored_anywhere(text: &str, role: Role) -> Vec<Finding> {
    let vaults = sync::read(&VAULTS);
    let vaults = vaults.iter().filter_map(Weak::upgrade);
    vaults.flat_map(|vault| vault.restored_in(text, role)).collect()
}

/// What one plugin has masked in this session.
pub(super) struct Vault {
    plugin: &'static str,
    /// Tells the placeholders of this session from those of every other.
    nonce: String,
    flows: Vec<Flow>,
    kept: Mutex<Kept>,
    restored: Mutex<Restored>,
}

/// One placeholder in the arguments of a call.
struct Found {
    hit: Hit,
    secret: Arc<Secret>,
    fate: Fate,
}

impl Found {
    /// Whether it stands in a member's name: those are left as they are.
    fn in_name(&self) -> bool {
        self.hit.rule == IN_NAME
    }

    fn is_restored(&self) -> bool {
        self.fate == Fate::Restored && !self.in_name()
    }
}

impl Vault {
    /// An empty one, from which values go to where they came from and by these flows.
    pub(super) fn new(plugin: &'static str, flows: Vec<Flow>) -> Arc<Self> {
        let random = getrandom::u64().expect("the system gives random numbers");
        let digits = format!("{random:016x}");
        let vault = Arc::new(Self {
            plugin,
            nonce: format!("x{}", &digits[..NONCE_DIGITS]),
            flows,
            kept: Mutex::default(),
            restored: Mutex::default(),
        });
        let mut vaults = sync::write(&VAULTS);
        vaults.retain(|vault| vault.strong_count() > 0);
        vaults.push(Arc::downgrade(&vault));
        vault
    }

    /// Keeps what these hits in a server's message replace, and makes their placeholders those that stand for it.
    pub(super) fn keep(&self, server: &Arc<str>, hits: &mut [Hit]) {
        let mut kept = self.kept();
        for hit in hits {
            let plain = format!("<{}>", hit.label);
            // What an operator put there says nothing that could come back.
            let value = hit.matched.as_ref().filter(|_| hit.with.contains(&plain));
            let number = hit.retyped == Retyped::FromNumber;
            let secret = value.and_then(|value| kept.keep(server, &hit.label, (value, number), &self.nonce));
            if let Some(secret) = secret {
                hit.with = hit.with.replacen(&plain, &secret.placeholder, 1);
            }
        }
    }

    /// What is to be replaced in a message to the client, whatever else is found there.
    ///
    /// # Errors
    /// A [`Fault`] where `text` is not JSON.
    pub(super) fn arriving(self: &Arc<Self>, text: &str, of_server: bool) -> Result<Vec<Hit>, Fault> {
        self.arriving_beside(HashSet::new(), text, of_server)
    }

    /// The same of a message that a judge changed: the placeholders that it had `before` are the gateway's own, and
    /// others are look-alikes that stood in pieces.
    ///
    /// # Errors
    /// A [`Fault`] where one of the texts is not JSON.
    pub(super) fn arriving_changed(
        self: &Arc<Self>,
        before: &str,
        text: &str,
        of_server: bool,
    ) -> Result<Vec<Hit>, Fault> {
        let hits = self.arriving(before, of_server)?;
        let own = hits.iter().filter(|hit| hit.rule == LOOK_ALIKE);
        let own = own.filter_map(|hit| hit.matched.as_ref().map(|own| own.text().to_owned()));
        self.arriving_beside(own.collect(), text, of_server)
    }

    fn arriving_beside(self: &Arc<Self>, own: HashSet<String>, text: &str, of_server: bool) -> Result<Vec<Hit>, Fault> {
        if self.restored().is_empty() && !(of_server && self.may_hold_placeholders(text)) {
            return Ok(Vec::new());
        }
        let arriving = Arriving {
            vault: self.clone(),
            of_server,
            own: own.into(),
        };
        Masker::new(arriving.clone(), arriving).json(text)
    }

    /// Why a call must not be made with the placeholders in its arguments, if so: its tool would write them in the place
    /// of the real values.
    pub(super) fn refusal(self: &Arc<Self>, envelope: &Envelope, payload: &Payload) -> Option<String> {
        let server = &envelope.server;
        self.returning(envelope, payload).into_iter().find_map(|found| {
            let (placeholder, place) = (&found.secret.placeholder, &found.hit.place);
            let own = found.secret.server == *server;
            if found.in_name() && own && !envelope.hints.read_only {
                return Some(format!(
                    "a name in `{place}` holds {placeholder}, and only in values is it put back. Leave that part out"
                ));
            }
            (found.fate == Fate::NeedsFlow).then(|| {
                let flow = serde_json::json!([{"from": **server, "to": **server, "kinds": [found.secret.kind]}]);
                format!(
                    "`{place}` holds {placeholder}, whose value came from this server. `{}` may destroy something or \
                     reach beyond it, as it says itself or does not deny, so the value is put back only if a person has allowed \
                     that: `--set '{}.flows={flow}'`. Leave that part out, or ask the person",
                    envelope.name, self.plugin
                )
            })
        })
    }

    /// The placeholders in the arguments of a call that stand for something.
    fn returning(self: &Arc<Self>, envelope: &Envelope, payload: &Payload) -> Vec<Found> {
        let Some(call) = Call::of(envelope) else {
            return Vec::new();
        };
        if self.kept().is_empty() || !self.may_hold_placeholders(payload.text()) {
            return Vec::new();
        }
        let returning = Returning {
            vault: self.clone(),
            call: call.clone(),
            schema: Arc::new(Schema::of(envelope.schema.as_ref())),
        };
        // The chain does not clear what is not JSON.
        let hits = Masker::new(returning.clone(), returning).json(payload.text());
        let found = hits.unwrap_or_default().into_iter().filter_map(|hit| {
            let secret = self.get(hit.matched.as_ref()?.text())?;
            let fate = call.fate(&secret, &self.flows);
            Some(Found { hit, secret, fate })
        });
        found.collect()
    }

    /// Whether a text has what a placeholder of this session has, as it is or escaped.
    fn may_hold_placeholders(&self, text: &str) -> bool {
        text.contains(&self.nonce) || text.contains("\\u00")
    }

    fn get(&self, placeholder: &str) -> Option<Arc<Secret>> {
        self.kept().get(placeholder)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        lock(&self.kept)
    }

    fn restored(&self) -> MutexGuard<'_, Restored> {
        lock(&self.restored)
    }
}

impl Restorer for Arc<Vault> {
    fn restore(&self, envelope: &Envelope, payload: &Payload) -> Restoration {
        let mut edits = Vec::new();
        let mut returned = Vec::new();
        for found in self.returning(envelope, payload) {
            returned.push(ReturnedPlaceholder {
                plugin: self.plugin,
                placeholder: found.secret.placeholder.to_string(),
                from: found.secret.server.clone(),
                place: found.hit.place.clone(),
                restored: found.is_restored(),
            });
            if found.is_restored() {
                self.restored().add(&found.secret);
                edits.push(Edit {
                    span: found.hit.span,
                    with: found.hit.with,
                });
            }
        }
        Restoration {
            payload: (!edits.is_empty()).then(|| Payload::from(json::splice(payload.text(), &edits))),
            returned,
        }
    }
}

#[cfg(test)]
mod tests;
