//! `policy test`: what another policy would have said of the calls on record.

use std::{collections::BTreeMap, fs, time::Duration};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Outcome, options::GatewayOptions, print, trace::store};
use crate::{
    json,
    message::{Envelope, Payload},
    plugins::{Said, Trial},
    text::{counted, visible},
    trace::query::{CallRow, Reader},
};

#[derive(Subcommand)]
pub(super) enum Action {
    /// Replays recorded calls against a policy, and shows what would change
    #[command(after_help = "Example:\n  mcp-gateway policy test policy.json --since 7d")]
    Test(Options),
}

#[derive(Args)]
pub(super) struct Options {
    /// A JSON file with the policy: {"default": …, "rules": […]}, as under `plugins.policy`
    file: String,
    /// The trace store; without it, that of the gateway of the configuration
    #[arg(long, value_name = "FILE")]
    db: Option<String>,
    /// Calls of this age and younger, such as 7d
    #[arg(long, value_name = "AGE", value_parser = store::age)]
    since: Option<Duration>,
    /// How the changes are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// Calls of one tool for which the policy says the same, and something else than what happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Change {
    server: String,
    name: String,
    /// `passed` or `refused`.
    was: &'static str,
    /// `allow`, `deny`, `ask` or `mask`.
    now: &'static str,
    /// The rule that says so; none where no rule counts.
    rule: Option<String>,
}

/// What came of a replay.
#[derive(Default)]
struct Replay {
    calls: usize,
    changes: BTreeMap<Change, usize>,
    /// Calls that a rule can't read, which would be stopped.
    unreadable: usize,
}

/// Prints what would change.
pub(super) fn run(gateway: &GatewayOptions, action: &Action) -> Outcome {
    let Action::Test(options) = action;
    let text = fs::read(&options.file).map_err(|error| format!("{} can't be read: {error}", options.file))?;
    let settings: Map<String, Value> = serde_json::from_slice(&text).map_err(|error| {
        format!(
            "{} is no policy, {{\"default\": …, \"rules\": […]}}: {error}",
            options.file
        )
    })?;
    if let Some(other) = settings
        .keys()
        .find(|key| !["default", "rules"].contains(&key.as_str()))
    {
        return Err(format!(
            "{}: a policy has `default` and `rules`, and no `{other}`",
            options.file
        ));
    }
    let trial = Trial::new(settings).map_err(|error| format!("{}: {error}", options.file))?;
    let path = store::place(gateway, options.db.as_deref())?;
    let reader = Reader::open(&path).map_err(|error| error.to_string())?;
    let mut replay = Replay::default();
    reader
        .each_call(store::since(options.since), |call| {
            replay.take(&trial, &call);
            Ok::<(), rusqlite::Error>(())
        })
        .map_err(|error| store::unreadable(&error))?;
    print(&match options.format {
        Format::Table => replay.table(),
        Format::Json => format!("{:#}\n", replay.json()),
    })
}

impl Replay {
    /// Asks the policy about one call. What a tool says of itself is not on record: it is taken for the worst.
    fn take(&mut self, trial: &Trial, call: &CallRow) {
        let envelope = Envelope::request(&call.server.as_str().into(), &call.method, &call.name);
        let arguments = call.arguments.as_deref().unwrap_or("{}");
        let parameters = format!(r#"{{"name":{},"arguments":{arguments}}}"#, json::quote(&call.name));
        self.calls += 1;
        let Ok(Said { verdict: now, rule }) = trial.say(&envelope, &Payload::from(parameters)) else {
            self.unreadable += 1;
            return;
        };
        let was = if call.outcome == "refused" { "refused" } else { "passed" };
        if (was == "passed") != (now == "allow") {
            let change = Change {
                server: call.server.clone(),
                name: call.name.clone(),
                was,
                now,
                rule,
            };
            *self.changes.entry(change).or_default() += 1;
        }
    }

    fn table(&self) -> String {
        let changed: usize = self.changes.values().sum();
        let mut text = format!(
            "{} on record, {changed} of them would go another way.\n",
            counted(self.calls, "call")
        );
        for (change, count) in &self.changes {
            let Change {
                server,
                name,
                was,
                now,
                rule,
            } = change;
            let rule = rule
                .as_ref()
                .map_or_else(|| "no rule counts".to_owned(), |rule| format!("rule `{rule}`"));
            text.push_str(&visible(&format!(
                "{count:>6} × {server} {name}: {was} → {now} ({rule})"
            )));
            text.push('\n');
        }
        if self.changes.keys().any(|change| change.was == "refused") {
            text.push_str("What was refused may have been refused by another guardrail.\n");
        }
        if self.unreadable > 0 {
            text.push_str(&format!(
                "{} could not be read by a rule, so they would be stopped.\n",
                counted(self.unreadable, "call")
            ));
        }
        text
    }

    fn json(&self) -> Value {
        let changes: Vec<Value> = self
            .changes
            .iter()
            .map(|(change, count)| json!({"change": change, "calls": count}))
            .collect();
        json!({"calls": self.calls, "unreadable": self.unreadable, "changes": changes})
    }
}
