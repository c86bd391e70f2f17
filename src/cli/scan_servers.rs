//! `scan` over the servers of a configuration: each that may be started is, and says what it offers.

use std::{
    io::{IsTerminal, stderr},
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    options::{GatewayOptions, ScanOptions},
    settle::{Settled, Under, settle},
    start,
};
use crate::{
    config::{self, Blocked, Config},
    scan::{Finding, Purpose, Report, Rule, Scanner, ServerReport, Severity, definitions},
    upstream::State,
};

/// What was found of the servers, or of the one that is named.
///
/// # Errors
/// What a person has to mend.
pub(super) fn report(
    gateway: &GatewayOptions,
    only: Option<&str>,
    options: &ScanOptions,
    purpose: Purpose,
) -> Result<Report, String> {
    let start::Prepared { mut config, dirs, .. } = start::prepare(gateway, start::StartedBy::Person)?;
    if let Some(name) = only {
        keep_only(&mut config, name)?;
    }
    let left_out = left_out(&config);
    config.servers.retain(|server| reason_to_leave_out(server).is_none());
    for server in &mut config.servers {
        // What a scan once said is asked anew.
        server.blocked = Blocked::No;
    }
    let scanner = Arc::new(Scanner::new(
        options.over(&config)?,
        purpose,
        config.path.clone(),
        dirs.clone(),
    ));
    let rule = Rule {
        scanner: scanner.clone(),
        observers: Vec::new(),
    };
    let under = Under {
        guardrails: Vec::new(),
        gate: Some(Arc::new(rule)),
        state: dirs.state,
    };
    let bar = bar(config.servers.len() as u64);
    let settled = settle(&config, gateway, under, || bar.inc(1))?;
    bar.finish_and_clear();
    let names: Vec<String> = config.servers.iter().map(|server| server.name.clone()).collect();
    let mut report = scanner.report(&names);
    report.file = config.path.canonicalize().unwrap_or_else(|_| config.path.clone());
    report.fleet.extend(definitions::fleet(&scanner.definitions()));
    report.servers.extend(left_out);
    report.incomplete.extend(settled.into_iter().filter_map(unready));
    report
        .incomplete
        .extend(config.problems.iter().map(ToString::to_string));
    Ok(report)
}

/// Leaves out every server but one.
fn keep_only(config: &mut Config, name: &str) -> Result<(), String> {
    config
        .problems
        .retain(|problem| problem.server.as_deref() == Some(name));
    if config.problems.is_empty() && !config.servers.iter().any(|server| server.name == name) {
        return Err(start::no_server(name, &config.servers));
    }
    config.servers.retain(|server| server.name == name);
    Ok(())
}

/// Why a person wants a server left out, if so.
fn reason_to_leave_out(server: &config::Server) -> Option<&'static str> {
    match server.blocked {
        Blocked::Skipped => Some("The configuration says `skipped`."),
        _ if server.disabled => Some("It is disabled in the configuration."),
        _ => None,
    }
}

fn left_out(config: &Config) -> Vec<ServerReport> {
    let reasons = config
        .servers
        .iter()
        .filter_map(|server| Some((server, reason_to_leave_out(server)?)));
    let reports = reasons.map(|(server, why)| ServerReport {
        name: server.name.clone(),
        findings: vec![Finding {
            why: why.into(),
            mend: "Change its entry to have it scanned.".into(),
            ..Finding::new("not-scanned", Severity::Info, &server.name, &[&server.name])
        }],
        ..ServerReport::default()
    });
    reports.collect()
}

/// That a server told nothing, if so.
fn unready(Settled { name, state, .. }: Settled) -> Option<String> {
    match state {
        State::Down { why, .. } => Some(format!("server `{name}` told nothing of its tools: {why}")),
        _ => None,
    }
}

/// A progress bar, where somebody looks.
fn bar(servers: u64) -> ProgressBar {
    let target = if stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style =
        ProgressStyle::with_template("scanning {bar:30} {pos} of {len} servers").expect("the template is right");
    ProgressBar::with_draw_target(Some(servers), target).with_style(style)
}
