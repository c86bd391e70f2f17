//! `xetrack`: every call on record.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{BuildError, Built, Spec, redactor};
use crate::{
    config::Dirs,
    guard::{GuardError, Guardrail, Reason, Stage, Verdict},
    message::{Envelope, Kind, Payload},
    platform::variables::variable,
    trace::{Recorder, SETTINGS, Settings},
};

pub(super) const SPEC: Spec = Spec {
    name: "xetrack",
    aliases: &["XetrackTracingPlugin"],
    about: "records every call: what was asked and answered, how long it took, what it cost, what was masked",
    settings: SETTINGS,
    build,
};

fn build(settings: Map<String, Value>) -> Result<Built, BuildError> {
    let settings = trace_settings(settings, &variable).map_err(BuildError)?;
    let required = settings.required;
    let recorder = Recorder::new(settings, redactor()).map_err(|error| BuildError(error.to_string()))?;
    let required = required.then(|| Arc::new(Required(recorder.failing())) as Arc<dyn Guardrail>);
    Ok(Built {
        guardrail: required,
        filter: None,
        observer: Some(Arc::new(recorder)),
    })
}

/// The settings of the trace: these, over the variables that `read` gives.
///
/// # Errors
/// What can't be used, in words for a person.
pub fn trace_settings(settings: Map<String, Value>, read: &dyn Fn(&str) -> Option<String>) -> Result<Settings, String> {
    let dirs = Dirs::from_env().map_err(|error| error.to_string())?;
    Settings::read(settings, &dirs, read)
}

/// Stops calls while they can't be recorded, where a person requires the record.
struct Required(Arc<AtomicBool>);

#[async_trait]
impl Guardrail for Required {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn stage(&self) -> Stage {
        Stage::Judge
    }

    fn judges(&self, kind: Kind) -> bool {
        kind == Kind::Arguments
    }

    async fn inspect(&self, _: &Envelope, _: &Payload) -> Result<Verdict, GuardError> {
        if !self.0.load(Ordering::Relaxed) {
            return Ok(Verdict::Allow);
        }
        let why = "calls can't be recorded now, and the setting `xetrack.required` lets none pass without. A person has \
                   to make room on the disk or free the trace store; the gateway's log says what is wrong";
        Ok(Verdict::Block(Reason(why.to_owned())))
    }
}
