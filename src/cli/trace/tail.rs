//! `trace tail`: the last calls, and those that come.

use std::{collections::BTreeSet, thread, time::Duration};

use clap::Args;

use super::{DONE, Format, Outcome, print, store, table};
use crate::trace::query::{CallRow, Chosen, Reader};

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
    let mut running = Running::default();
    chosen.after = running.see(&rows, chosen.after);
    chosen.limit = u32::MAX;
    if !options.follow {
        return Ok(DONE);
    }
    loop {
        thread::sleep(PERIOD);
        let mut rows = running.ended(reader).map_err(failed)?;
        let new = reader.calls(&chosen).map_err(failed)?;
        chosen.after = running.see(&new, chosen.after);
        rows.extend(new.into_iter().filter(|row| row.outcome != "running"));
        if !rows.is_empty() {
            print(&shown(&rows, options.format, false)?)?;
        }
    }
}

/// Calls that were seen before they ended.
#[derive(Default)]
struct Running(BTreeSet<String>);

impl Running {
    /// Remembers those of the rows that still run; the number of the last row, which is at least `after`.
    fn see(&mut self, rows: &[CallRow], after: i64) -> i64 {
        let running = rows.iter().filter(|row| row.outcome == "running");
        self.0.extend(running.map(|row| row.call_id.clone()));
        rows.iter().map(|row| row.number).max().unwrap_or(after).max(after)
    }

    /// Those that have ended since.
    fn ended(&mut self, reader: &Reader) -> rusqlite::Result<Vec<CallRow>> {
        let mut ended = Vec::new();
        for id in &self.0 {
            ended.extend(reader.call(id)?.filter(|row| row.outcome != "running"));
        }
        self.0.retain(|id| ended.iter().all(|row| row.call_id != *id));
        Ok(ended)
    }
}

fn shown(rows: &[CallRow], format: Format, with_heads: bool) -> Result<String, String> {
    match format {
        Format::Text if with_heads => Ok(table::CALLS.text(rows)),
        Format::Text => Ok(table::CALLS.lines(rows)),
        Format::Json => rows.iter().map(super::export::json_line).collect(),
    }
}
