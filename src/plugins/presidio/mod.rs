//! `presidio`: personal data.
//!
//! The recognizers are our own ([`crate::detect::pii`]). Where a Presidio service is named, it is asked as well:
//! [`service`] says how, [`delegation`] puts both together, [`analyzer`] speaks with it.

mod analyzer;
mod delegation;
mod positions;
mod service;

use std::sync::Arc;

use aes_gcm::aead::{OsRng, rand_core::RngCore};
use serde_json::{Map, Value};

pub(super) use delegation::Delegation;
use service::Service;

use super::{
    BuildError, Built, Filter, Spec,
    masking::{Actions, Masking},
};
use crate::{
    config::typed,
    detect::{
        Finding,
        pii::{Engine, Operators, Options},
    },
    mask::{Masker, Replace},
};

pub(super) const SPEC: Spec = Spec {
    name: "presidio",
    aliases: &["PresidioGuardrailPlugin"],
    about: "masks personal data, such as cards, phone numbers and e-mail addresses, in both directions",
    settings: &[
        "requests",
        "responses",
        "placeholders",
        "masking",
        "flows",
        "entities",
        "threshold",
        "score_threshold",
        "thresholds",
        "allow_list",
        "allow_list_match",
        "deny_list",
        "custom",
        "operators",
        "phone_regions",
        "analyzer_url",
        "native",
        "language",
        "timeout",
        "on_error",
        "concurrency",
    ],
    build,
};

fn build(mut settings: Map<String, Value>) -> Result<Built, BuildError> {
    let actions = Actions::take(&mut settings)?;
    let service = Service::take(&mut settings)?;
    let mut options: Options = typed(Value::Object(settings)).map_err(BuildError)?;
    let service = service.map(|service| service.divide(&mut options));
    // Hashes without a key of their own are comparable within a session, and of no use to whoever sees two of them.
    let mut session_key = [0; 32];
    OsRng.fill_bytes(&mut session_key);
    let operators = Operators::new(&options, session_key).map_err(|error| BuildError(error.to_string()))?;
    let engine = Engine::new(options).map_err(|error| BuildError(error.to_string()))?;
    let filter = match service {
        None => Filter::native(Masker::new(engine, Arc::new(operators))),
        Some(service) => Filter::delegated(Delegation::new(engine, operators, service)?),
    };
    Ok(Built::masker(Masking::new(SPEC.name, filter.clone(), actions), filter))
}

impl Replace for Arc<Operators> {
    fn replacement(&self, finding: &Finding, matched: &str) -> String {
        self.apply(&finding.label, matched)
    }
}
