//! `check`: is this configuration right, and what would start?

mod problems;
mod report;
mod start;
mod text;

use std::{error::Error, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{DONE, FAILED, Outcome, USAGE, dirs, log, options::GatewayOptions, print, start as gateway_start};
use crate::{
    config::{self, ConfigError, Problem},
    platform::variables::variable,
};
use report::Report;

#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 all is right; 1 a server would not run, or did not start; 2 the gateway would not start.\n\nExamples:\n  mcp-gateway check\n  mcp-gateway check --start --format json --mcp-json-path ~/.cursor/mcp.json"
)]
pub(super) struct Options {
    /// Also starts each server, and lists what it offers, the tokens that its definitions take from a model's context,
    /// and how long it took
    #[arg(long)]
    start: bool,
    /// How the report is shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Reports every problem at once, and what would be started.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let _log = log::start(gateway.log_level);
    let dirs = dirs()?;
    let found = match config::discover(gateway.mcp_json_path.as_deref(), &dirs) {
        Ok(found) => found,
        Err(error) => {
            let named = gateway.mcp_json_path.as_deref().unwrap_or_default();
            let problem = problems::of_file(error.what(), error.mend());
            return refused(options.format, named.into(), problem, &error);
        }
    };
    let config = match config::load(&found.path, gateway.name.as_deref(), &dirs, &variable) {
        Ok(config) => config,
        Err(error) => {
            let problem = match &error {
                ConfigError::Syntax(error) => error.problem(),
                error => problems::of_file(error.what(), error.mend()),
            };
            return refused(options.format, found.path, problem, &error);
        }
    };
    let is_trusted = config::is_trusted(&found, &config.digest, &dirs);
    let (mut report, plugins) = Report::of(&config, gateway, is_trusted);
    if options.start && report.stops().is_none() {
        gateway_start::trusted(&found, &config, &dirs)?;
        start::start(&mut report, &config, plugins, gateway, dirs)?;
    }
    print(&match options.format {
        Format::Text => text::text(&report),
        Format::Json => report.json(),
    })?;
    Ok(match (report.stops(), report.problems.is_empty()) {
        (Some(_), _) => USAGE,
        (None, false) => FAILED,
        (None, true) => DONE,
    })
}

/// A configuration that can't be used at all. Whoever reads JSON gets JSON.
fn refused(format: Format, file: PathBuf, problem: Problem, error: &dyn Error) -> Outcome {
    match format {
        Format::Text => Err(error.to_string()),
        Format::Json => print(&Report::unreadable(file, problem).json()).map(|_| USAGE),
    }
}
