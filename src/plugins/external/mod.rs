//! `external`: judges of the user's own, without a fork of ours: a program that is kept running, or a service.

mod companion;
mod judge;
mod kept;
mod question;

use async_trait::async_trait;
use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::{BuildError, Built, Spec};
use crate::{
    config::Settings,
    guard::{GuardError, Guardrail, Reason, Stage, Verdict},
    message::{Envelope, Kind, Payload},
    text::quoted,
};
use judge::{Judge, OF_PROGRAM};
use question::Answer;

pub(super) const SPEC: Spec = Spec {
    name: "external",
    aliases: &[],
    about: "asks programs and services of your own, which allow, modify or block a message",
    settings: &[],
    build,
};

/// The longest answer that is read, in bytes: a whole message.
const LONGEST: usize = 128 << 20;

struct External(Vec<Judge>);

fn build(settings: Map<String, Value>) -> Result<Built, BuildError> {
    if settings.is_empty() {
        let example = r#""external": {"my-rules": {"command": "./my-rules.py"}}"#;
        return Err(BuildError(format!(
            "no external plugin is described; write one into `plugins` of the gateway's entry, such as {example}"
        )));
    }
    let judges = settings.into_iter().map(|(name, settings)| {
        let of_it = |error: BuildError| BuildError(format!("{}: {error}", quoted(&name)));
        match settings {
            Value::Object(settings) => Judge::new(&name, settings).map_err(of_it),
            _ => Err(of_it(BuildError("it has to be an object of settings".to_owned()))),
        }
    });
    Ok(Built::judge(External(judges.collect::<Result<_, _>>()?)))
}

/// What settings of this plugin start, each as its name and a command line: a person who trusts a file trusts that too.
pub fn programs(settings: &Settings) -> Vec<(String, String)> {
    let of_it = settings
        .0
        .iter()
        .filter(|plugin| plugin.name.eq_ignore_ascii_case(SPEC.name));
    let programs = of_it.flat_map(|plugin| &plugin.values).filter_map(|(name, judge)| {
        let mut judge = judge.as_object()?.clone();
        judge.retain(|key, _| OF_PROGRAM.contains(&key.as_str()));
        let program = judge::read(judge).ok()?;
        Some((name.clone(), [vec![program.command], program.args].concat().join(" ")))
    });
    programs.collect()
}

#[async_trait]
impl Guardrail for External {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn stage(&self) -> Stage {
        Stage::Judge
    }

    fn judges(&self, kind: Kind) -> bool {
        self.0.iter().any(|judge| judge.kinds.contains(&kind))
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        if envelope.is_of_protocol() {
            return Ok(Verdict::Allow);
        }
        let mut changed: Option<Payload> = None;
        for judge in self.0.iter().filter(|judge| judge.kinds.contains(&envelope.kind)) {
            match judge.judge(envelope, changed.as_ref().unwrap_or(payload)).await {
                Ok(Answer::Allow) => {}
                Ok(Answer::Modify(text)) => {
                    tracing::info!(server = %envelope.server, name = %envelope.name, plugin = SPEC.name, "{} changed the {}", quoted(&judge.name), envelope.kind.word());
                    changed = Some(Payload::from(text));
                }
                Ok(Answer::Block(reason)) => {
                    return Ok(Verdict::Block(Reason(format!(
                        "{} says: {reason}",
                        quoted(&judge.name)
                    ))));
                }
                Err(why) => judge.terms.on_error.settle(SPEC.name, why)?,
            }
        }
        Ok(changed.map_or(Verdict::Allow, |payload| Verdict::Modified(payload, Vec::new())))
    }

    async fn end(&self) {
        join_all(self.0.iter().map(Judge::end)).await;
    }
}
