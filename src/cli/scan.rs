//! `scan`: the scanner alone, for people and for CI.

use std::{env, fs, path::Path};

use clap::{Args, ValueEnum};

use super::{
    DONE, FAILED, INCOMPLETE, Outcome,
    options::{GatewayOptions, ScanOptions},
    print, scan_servers, start,
};
use crate::config::{self, read_at_most};
use crate::scan::definitions::{self, Definitions};
use crate::scan::{PIN_MISSING, Purpose, Report, Suppressions, Verdict};

/// The largest file of captured definitions, in bytes.
const LARGEST: u64 = 256 << 20;

#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings, 2 usage, 3 incomplete.\n\nExamples:\n  mcp-gateway scan github\n  mcp-gateway scan --verify --format sarif\n  mcp-gateway scan --tools-json definitions.json --fail-on block"
)]
pub(super) struct Options {
    /// Only this server, as the configuration names it
    server: Option<String>,
    /// Scans captured definitions, and starts nothing: {"servers": {NAME: {"tools": […]}}}, or a server's tools/list
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "verify"])]
    tools_json: Option<String>,
    /// For CI: whatever differs from mcp.lock is a finding, and nothing is written
    #[arg(long)]
    verify: bool,
    /// Also compares the servers with each other; without it each is judged alone
    #[arg(long)]
    fleet: bool,
    #[command(flatten)]
    scanner: ScanOptions,
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
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let purpose = if options.verify {
        Purpose::Verify
    } else {
        Purpose::Report
    };
    let mut report = match &options.tools_json {
        Some(file) => of_captured(file, options, &suppressions(gateway, options)?)?,
        None => scan_servers::report(gateway, options.server.as_deref(), &options.scanner, purpose)?,
    };
    if let Ok(cwd) = env::current_dir().and_then(|cwd| cwd.canonicalize())
        && let Ok(below) = report.file.strip_prefix(cwd)
    {
        report.file = below.to_owned();
    }
    let text = match options.format {
        Format::Table => report.table(),
        Format::Json => report.json(),
        Format::Sarif => report.sarif(),
    };
    print(&text)?;
    Ok(exit_code(&report, options.fail_on))
}

/// What a person found harmless: as the configuration says that is named. One that is only found, such as beside the
/// captured definitions, is nobody's word.
fn suppressions(gateway: &GatewayOptions, options: &Options) -> Result<Suppressions, String> {
    if gateway.mcp_json_path.is_none() {
        return Ok(Suppressions::default());
    }
    let prepared = start::prepare(gateway, start::StartedBy::Person)?;
    Ok(options.scanner.over(&prepared.config)?.suppressions)
}

fn of_captured(file: &str, options: &Options, suppressions: &Suppressions) -> Result<Report, String> {
    let file = Path::new(file);
    // A pipe is fine, and one without end is not.
    let bytes = fs::File::open(file).and_then(|file| read_at_most(file, LARGEST));
    let text = bytes.and_then(config::text);
    let text = text.map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let captured = definitions::read(&text, &name).map_err(|error| format!("{} {error}", file.display()))?;
    let judge = |(name, server): &(String, Definitions)| {
        let others = captured
            .servers
            .iter()
            .filter(|(other, _)| options.fleet && other != name);
        let others = others.flat_map(|(_, other)| other.tool_names());
        definitions::judge(name, server, others, suppressions)
    };
    Ok(Report {
        servers: captured.servers.iter().map(judge).collect(),
        fleet: if options.fleet {
            definitions::fleet(&captured.servers)
        } else {
            Vec::new()
        },
        incomplete: captured.unread.clone(),
        file: file.canonicalize().unwrap_or_else(|_| file.to_owned()),
    })
}

/// Findings weigh more than a scan that is incomplete: they are certain.
fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    let limit = match fail_on {
        FailOn::Review => Verdict::Review,
        FailOn::Block => Verdict::Block,
    };
    let is_unpinned = report.fleet.iter().any(|finding| finding.id == PIN_MISSING);
    if report.worst() >= limit || is_unpinned {
        FAILED
    } else if report.incomplete.is_empty() {
        DONE
    } else {
        INCOMPLETE
    }
}
