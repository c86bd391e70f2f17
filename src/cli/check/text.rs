//! The report as a person reads it.

use super::report::{Definition, Offers, Report, Server, State};
use crate::text::{counted, quoted, visible, visible_line};

/// The report as text.
pub(super) fn text(report: &Report) -> String {
    let mut text = format!("{}\n", report.file.display());
    if !report.trusted {
        text += &format!(
            "  It lies in the working directory and is not trusted, so nothing of it is started: mcp-gateway trust {}\n",
            report.file.display()
        );
    }
    text += &match &report.gateway {
        Some(entry) => format!("  The gateway's entry is {}.\n", quoted(entry)),
        None => "  No entry has `servers`, so all of them are taken for servers.\n".to_owned(),
    };
    text += "\nPlugins\n";
    if report.plugins.is_empty() {
        text += match report.stops() {
            Some(_) => "  none as long as the gateway does not start: see the problems\n",
            None => "  none: nothing is masked or judged; `-p basic` masks secrets\n",
        };
    }
    for plugin in &report.plugins {
        text += &format!("  {}  (from {})\n", plugin.name, plugin.from);
        for setting in &plugin.settings {
            text += &format!("    {}  (from {})\n", setting.key, setting.from);
        }
    }
    for program in &report.programs {
        text += &format!("  starts {}\n", visible_line(program));
    }
    text += "\nServers\n";
    if report.servers.is_empty() {
        text += "  none\n";
    }
    report.servers.iter().for_each(|row| text += &server(row));
    if !report.problems.is_empty() {
        text += "\nProblems\n";
    }
    for problem in &report.problems {
        text += &format!("  {}\n", format!("{problem:#}").replace('\n', "\n  "));
    }
    if !report.notes.is_empty() {
        text += "\nWorth knowing\n";
    }
    for note in &report.notes {
        text += &format!("  {note}\n");
    }
    visible(&(text + "\n" + &summary(report)))
}

fn server(server: &Server) -> String {
    let state = match server.state {
        State::Starts => "starts",
        State::Started => "started",
        State::Disabled => "disabled",
        State::Blocked => "blocked",
        State::Broken => "BROKEN",
    };
    let command = visible_line(server.command.as_deref().unwrap_or("see below"));
    let mut text = format!("  {state:8}  {}  {command}\n", quoted(&server.name));
    if let Some(program) = &server.program {
        text += &format!("            {}  (from {})\n", program.display(), server.at);
    }
    text + &server.offers.as_ref().map(offers).unwrap_or_default()
}

fn offers(offers: &Offers) -> String {
    let kinds = [
        ("tool", &offers.tools),
        ("prompt", &offers.prompts),
        ("resource", &offers.resources),
        ("template", &offers.templates),
    ];
    let mut text = format!(
        "            ready after {} ms; {}\n",
        offers.milliseconds,
        counted(offers.tokens, "token")
    );
    for (kind, definitions) in kinds {
        for Definition { name, tokens } in definitions {
            text += &format!("            {tokens:6} tokens  {kind} {}\n", quoted(name));
        }
    }
    text
}

fn summary(report: &Report) -> String {
    let count = |state: State| report.servers.iter().filter(|server| server.state == state).count();
    let servers = match count(State::Started) {
        0 if !report.trusted => format!("{} would start if the file were trusted", count(State::Starts)),
        0 => format!("{} would start", count(State::Starts)),
        started => format!("{started} started"),
    };
    let left = count(State::Disabled) + count(State::Blocked);
    let broken = count(State::Broken);
    let problems = match report.problems.len() {
        0 => "no problem".to_owned(),
        some => counted(some, "problem"),
    };
    format!("{problems}; servers: {servers}, {left} switched off or blocked, {broken} broken\n")
}
