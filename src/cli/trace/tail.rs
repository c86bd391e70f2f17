//! `trace tail`: the last calls, and those that come.

use std::{thread, time::Duration};

use clap::Args;

use super::{DONE, Format, Outcome, print, store, table};
use crate::trace::query::{CallRow, Chosen, Following, Reader};

/// How often the store is looked at.
const PERIOD: Duration = Duration::from_millis(300);

#[derive(Args)]
pub(super) struct Options {
    /// Waits for further calls
    #[arg(short, long)]
    follow: bool,
    /// How many of the last calls are shown
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 20)]
    lines: u32,
    /// Only calls of this server
    #[arg(long, value_name = "SERVER")]
    server: Option<String>,
    /// Only calls of this tool
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
    /// How they are shown: a table, or a JSON object a line
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(reader: &Reader, options: &Options) -> Outcome {
    let mut chosen = Chosen {
        server: options.server.clone(),
        name: options.tool.clone(),
        limit: options.lines,
        ..Chosen::default()
    };
    let failed = |error| store::unreadable(&error);
    let rows = reader.calls(&chosen).map_err(failed)?;
    print(&shown(&rows, options.format, true)?)?;
    if !options.follow {
        return Ok(DONE);
    }
    chosen.after = rows.last().map_or(0, |row| row.number);
    chosen.limit = u32::MAX;
    let mut following = Following::new(reader, &chosen).map_err(failed)?;
    loop {
        thread::sleep(PERIOD);
        let mut rows = following.news(reader).map_err(failed)?;
        rows.retain(|row| row.outcome != "running");
        if !rows.is_empty() {
            print(&shown(&rows, options.format, false)?)?;
        }
    }
}

fn shown(rows: &[CallRow], format: Format, with_heads: bool) -> Result<String, String> {
    match format {
        Format::Text if with_heads => Ok(table::CALLS.text(rows)),
        Format::Text => Ok(table::CALLS.lines(rows)),
        Format::Json => rows.iter().map(super::export::json_line).collect(),
    }
}
