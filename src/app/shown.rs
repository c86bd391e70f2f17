//! What a person is shown before they let a configuration start anything.

use serde_json::{Map, Value};
use similar::{Change, TextDiff};

use crate::{
    config::{self, Blocked, Config, Part, Problem, Written},
    mask, plugins,
    text::{quoted, visible_line},
};

/// Characters by which a shell runs something that stands within a text.
const OF_SHELLS: &str = "$`;|&<>(){}";

/// Everything that a file lets start, and every setting that it brings, also of entries that can't be used yet: lines
/// without what may be secret, with nothing in them that a terminal would act on.
pub fn starts(config: &Config) -> String {
    let parts = config.written.iter().map(|written| entry(config, written, None));
    let loose = config
        .problems
        .iter()
        .filter(|problem| !config.written.iter().any(|written| is_of(problem, written)));
    let loose: Vec<String> = loose.map(|problem| format!("  ! {}", said(problem))).collect();
    let shown: Vec<String> = parts.chain(loose).collect();
    match shown.is_empty() {
        true => "  nothing".to_owned(),
        false => shown.join("\n"),
    }
}

/// One entry of it, whole. Where it was another one before, its lines are marked: `-` was there, `+` is new.
pub(super) fn entry(config: &Config, written: &Written, before: Option<&Written>) -> String {
    let problems = config.problems.iter().filter(|problem| is_of(problem, written));
    let problems: Vec<String> = problems.map(|problem| format!("! {}", said(problem))).collect();
    let (masked, is_partly_hidden) = masked(&written.json);
    let mut lines = problems.clone();
    // Only an entry that is no object has no lines, and such an entry never starts.
    let now = config::lines(&masked).unwrap_or_default();
    lines.extend(match before {
        Some(before) => marked(before, &now),
        None => now,
    });
    if written.has_env_file {
        lines.extend(environment(config, written));
    }
    if is_partly_hidden {
        lines.push("! what is masked here may be a command for a shell: read it in the file".to_owned());
    }
    let head = format!("{} {}", subject(written.part), quoted(&written.name));
    let state = match written.part {
        Part::Gateway => "",
        Part::Server => state(config, written, !problems.is_empty()),
    };
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("  {head}{state}:\n{}", lines.concat()).trim_end().to_owned()
}

/// The lines of an entry, those marked that are not the same as before.
fn marked(before: &Written, now: &[String]) -> Vec<String> {
    let before = config::lines(&masked(&before.json).0).unwrap_or_default();
    let whole = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let (old, new) = (whole(&before), whole(now));
    let diff = TextDiff::from_lines(&old, &new);
    let line = |change: Change<&str>| format!("{} {}", change.tag(), change.value().trim_end_matches('\n'));
    diff.iter_all_changes().map(line).collect()
}

fn subject(part: Part) -> &'static str {
    match part {
        Part::Gateway => "the gateway's own entry",
        Part::Server => "server",
    }
}

/// What becomes of a server.
fn state(config: &Config, written: &Written, has_problems: bool) -> &'static str {
    let server = config.servers.iter().find(|server| server.pointer == written.pointer);
    match server {
        _ if has_problems => ", which can't be used as things are, and may start once they change",
        Some(server) if server.disabled => ", which is switched off",
        Some(server) if server.blocked == Blocked::Blocked => ", which a scan blocked",
        Some(_) => ", which starts",
        None => ", which starts where the gateway above it is the one that is named",
    }
}

fn is_of(problem: &Problem, written: &Written) -> bool {
    let below = problem.pointer.strip_prefix(&written.pointer);
    // The servers of a gateway stand below it, and are entries themselves.
    let is_other = written.part == Part::Gateway && problem.server.is_some();
    !is_other && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn said(problem: &Problem) -> String {
    visible_line(&format!("{}; {}", problem.what, problem.mend)).into_owned()
}

/// A JSON text without what may be secret, and whether something was masked that a shell might run.
fn masked(json: &str) -> (String, bool) {
    let redactor = plugins::redactor();
    match redactor.json(json) {
        Ok(hits) => {
            let acts = |c: char| c.is_whitespace() || OF_SHELLS.contains(c);
            let hides = hits.iter().any(|hit| json[hit.span.clone()].contains(acts));
            (mask::apply(json, &hits), hides)
        }
        Err(_) => (redactor.masked(json).into_owned(), true),
    }
}

/// The variables that a file adds to those of the entry.
fn environment(config: &Config, written: &Written) -> Vec<String> {
    let of_gateway = config
        .gateway
        .iter()
        .filter(|gateway| gateway.pointer == written.pointer);
    let of_server = config.servers.iter().filter(|server| server.pointer == written.pointer);
    let of_server = of_server.filter_map(|server| match &server.launch {
        config::Launch::Command { env, .. } => Some(env),
        config::Launch::Remote { .. } => None,
    });
    let variables = of_gateway.map(|gateway| &gateway.env).chain(of_server).flatten();
    let variables: Map<String, Value> = variables
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    let whole = Value::from(Map::from_iter([(
        "env, with those of envFile".to_owned(),
        Value::from(variables),
    )]));
    config::lines(&masked(&whole.to_string()).0).unwrap_or_default()
}

/// The command of a server in one line, without what may be secret in it.
pub fn command(server: &config::Server) -> String {
    plugins::redactor()
        .masked(&server.launch.words().join(" "))
        .into_owned()
}
