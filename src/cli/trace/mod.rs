//! `trace`: what was recorded.

mod export;
mod prune;
pub(super) mod store;
mod table;
mod tail;

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{DONE, Outcome, options::GatewayOptions, print};
use crate::{text::visible_json, trace::query::Reader};
use table::Table;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  mcp-gateway trace tail -f\n  mcp-gateway trace stats --since 24h\n  mcp-gateway trace export --format csv > calls.csv"
)]
pub(super) struct Options {
    /// The store [XETRACK_DB_PATH, the setting `xetrack.db_path`, or the one in your state directory]
    #[arg(long, value_name = "FILE", global = true)]
    db: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the last calls
    #[command(after_help = "Example:\n  mcp-gateway trace tail -f --server github")]
    Tail(tail::Options),
    /// Sums up calls by server and tool: errors, durations, bytes, tokens
    #[command(after_help = "Example:\n  mcp-gateway trace stats --since 7d")]
    Stats(Span),
    /// Shows what calls cost, and what their results took from the model's context
    #[command(after_help = "Example:\n  mcp-gateway trace cost --since 30d")]
    Cost(Span),
    /// Shows what guardrails masked and stopped, never the value
    #[command(after_help = "Example:\n  mcp-gateway trace findings --since 24h")]
    Findings(Span),
    /// Writes every call to standard output
    Export(export::Options),
    /// Deletes what is old
    Prune(prune::Options),
}

/// Which calls, and how they are shown.
#[derive(Args)]
struct Span {
    /// Only what is younger, such as 24h or 7d
    #[arg(long, value_name = "AGE", value_parser = store::age)]
    since: Option<Duration>,
    /// How it is shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    #[default]
    Text,
    /// JSON
    Json,
}

/// Findings that are shown at most.
const FINDINGS: u32 = 10_000;

/// Shows what was recorded.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let path = store::place(gateway, options.db.as_deref())?;
    if let Command::Prune(options) = &options.command {
        return prune::run(&path, options);
    }
    let reader = Reader::open(&path).map_err(|error| error.to_string())?;
    match &options.command {
        Command::Tail(options) => tail::run(&reader, options),
        Command::Stats(span) => show(span, reader.stats(store::since(span.since)), &table::STATS),
        Command::Cost(span) => show(span, reader.costs(store::since(span.since)), &table::COSTS),
        Command::Findings(span) => show(
            span,
            reader.findings(store::since(span.since), FINDINGS),
            &table::FINDINGS,
        ),
        Command::Export(options) => export::run(&reader, options),
        Command::Prune(_) => Ok(DONE),
    }
}

fn show<R: serde::Serialize>(span: &Span, rows: rusqlite::Result<Vec<R>>, table: &Table<R>) -> Outcome {
    let rows = rows.map_err(|error| store::unreadable(&error))?;
    match span.format {
        Format::Text => print(&table.text(&rows)),
        Format::Json => {
            let json = serde_json::to_string_pretty(&rows).map_err(|error| format!("the rows are no JSON: {error}"))?;
            print(&format!("{}\n", visible_json(&json)))
        }
    }
}
