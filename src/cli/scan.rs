//! `scan`: the scanner alone, for people and for CI.

use std::{fs, path::Path};

use clap::{Args, ValueEnum};

use super::{DONE, FAILED, INCOMPLETE, Outcome, print};
use crate::scan::definitions::{self, Definitions};
use crate::scan::{Report, Suppressions, Verdict};

#[derive(Args)]
#[command(
    after_help = "Example:\n  mcp-gateway scan --tools-json definitions.json --fail-on block\n\nExit codes: 0 clean, 1 findings, 2 usage, 3 incomplete."
)]
pub(super) struct Options {
    /// Scans captured definitions, and starts nothing: {"servers": {NAME: {"tools": […]}}}, or a server's tools/list
    #[arg(long, value_name = "FILE")]
    tools_json: String,
    /// Also compares the servers with each other; without it each is judged alone
    #[arg(long)]
    fleet: bool,
    /// Asks no service about packages
    #[arg(long)]
    offline: bool,
    /// How the report is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// What counts as a finding for the exit code
    #[arg(long, value_enum, value_name = "VERDICT", default_value_t)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum FailOn {
    /// Whatever a person should look at
    #[default]
    Review,
    /// Only what is not to be used
    Block,
}

/// Scans, prints the report, and says by the exit code how it went.
pub(super) fn run(options: &Options) -> Outcome {
    let report = of_captured(options)?;
    let text = match options.format {
        Format::Table => report.table(),
        Format::Json => report.json(),
        Format::Sarif => report.sarif(),
    };
    print(&text)?;
    Ok(exit_code(&report, options.fail_on))
}

fn of_captured(options: &Options) -> Result<Report, String> {
    let file = Path::new(&options.tools_json);
    let text = fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let captured = definitions::read(&text, &name).map_err(|error| format!("{} {error}", file.display()))?;
    let suppressions = Suppressions::default();
    let judge = |(name, server): &(String, Definitions)| {
        let others = captured
            .servers
            .iter()
            .filter(|(other, _)| options.fleet && other != name);
        let others = others.flat_map(|(_, other)| other.tool_names());
        definitions::judge(name, server, others, &suppressions)
    };
    Ok(Report {
        servers: captured.servers.iter().map(judge).collect(),
        fleet: if options.fleet {
            definitions::fleet(&captured.servers)
        } else {
            Vec::new()
        },
        incomplete: captured.unread.clone(),
    })
}

/// Findings weigh more than a scan that is incomplete: they are certain.
fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    let limit = match fail_on {
        FailOn::Review => Verdict::Review,
        FailOn::Block => Verdict::Block,
    };
    if report.worst() >= limit {
        FAILED
    } else if report.incomplete.is_empty() {
        DONE
    } else {
        INCOMPLETE
    }
}
