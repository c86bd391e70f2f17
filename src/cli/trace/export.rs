//! `trace export`: every call, for other programs.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    time::Duration,
};

use clap::{Args, ValueEnum};

use super::{DONE, Outcome, store};
use crate::{
    clock::timestamp,
    detect::unseen::is_unseen,
    text::{visible_json, visible_line},
    trace::{
        otlp::{Operation, request, resource, span},
        query::{CallRow, Reader},
    },
};

/// Spans in one line of OTLP.
const SPANS: usize = 1000;

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway trace export --format jsonl --since 24h > calls.jsonl")]
pub(super) struct Options {
    /// What is written: a JSON object a line, a table with commas, or OTLP's JSON as its file exporter writes it
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Only what is younger, such as 24h or 7d
    #[arg(long, value_name = "AGE", value_parser = store::age)]
    since: Option<Duration>,
}

/// The forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    #[default]
    Jsonl,
    Csv,
    Otlp,
}

/// The columns of the table, with the value of a call.
type Column = (&'static str, fn(&CallRow) -> String);

const CSV: &[Column] = &[
    ("timestamp", |row| timestamp(row.started_at)),
    ("call_id", |row| row.call_id.clone()),
    ("track_id", |row| row.gateway.clone()),
    ("server", |row| row.server.clone()),
    ("method", |row| row.method.clone()),
    ("name", |row| row.name.clone()),
    ("outcome", |row| row.outcome.clone()),
    ("duration_us", |row| number(row.duration)),
    ("overhead_us", |row| number(row.overhead)),
    ("request_bytes", |row| row.request_bytes.to_string()),
    ("response_bytes", |row| row.response_bytes.to_string()),
    ("tokens_in", |row| row.tokens_in.to_string()),
    ("tokens_out", |row| row.tokens_out.to_string()),
    ("cost", |row| number(row.cost)),
    ("currency", |row| row.currency.clone().unwrap_or_default()),
    ("context_cost", |row| number(row.context_cost)),
    ("context_currency", |row| {
        row.context_currency.clone().unwrap_or_default()
    }),
    ("error", |row| row.error.clone().unwrap_or_default()),
    ("arguments", |row| row.arguments.clone().unwrap_or_default()),
];

/// Why an export ended early.
enum Fault {
    Store(rusqlite::Error),
    Output(io::Error),
    Form(String),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

pub(super) fn run(reader: &Reader, options: &Options) -> Outcome {
    let mut output = BufWriter::new(io::stdout().lock());
    let written = export(reader, options, &mut output).and_then(|()| Ok(output.flush()?));
    match written {
        // A reader that has gone is no fault.
        Err(Fault::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(DONE),
        Err(Fault::Output(error)) => Err(format!("standard output can't be written: {error}")),
        Err(Fault::Store(error)) => Err(store::unreadable(&error)),
        Err(Fault::Form(what)) => Err(what),
        Ok(()) => Ok(DONE),
    }
}

fn export(reader: &Reader, options: &Options, output: &mut impl Write) -> Result<(), Fault> {
    let since = store::since(options.since);
    match options.format {
        Form::Jsonl => reader.each_call(since, |row| {
            Ok(output.write_all(json_line(&row).map_err(Fault::Form)?.as_bytes())?)
        }),
        Form::Csv => {
            let heads: Vec<&str> = CSV.iter().map(|(head, _)| *head).collect();
            write!(output, "{}\r\n", heads.join(","))?;
            // A file keeps what was said as it was said; a terminal would act on it.
            let cell: fn(&str) -> String = match io::stdout().is_terminal() {
                true => |text| quoted(&visible_line(text)),
                false => quoted,
            };
            reader.each_call(since, |row| {
                let cells: Vec<String> = CSV.iter().map(|(_, value)| cell(&value(&row))).collect();
                Ok(write!(output, "{}\r\n", cells.join(","))?)
            })
        }
        Form::Otlp => {
            let mut rows = Vec::new();
            reader.each_call(since, |row| {
                rows.push(row);
                match rows.len() < SPANS {
                    true => Ok(()),
                    false => otlp_lines(&std::mem::take(&mut rows), output),
                }
            })?;
            otlp_lines(&rows, output)
        }
    }
}

/// The calls of each gateway as one line of OTLP's JSON.
fn otlp_lines(rows: &[CallRow], output: &mut impl Write) -> Result<(), Fault> {
    for calls in rows.chunk_by(|one, other| one.gateway == other.gateway) {
        let ended = calls.iter().filter(|row| row.outcome != "running");
        let spans: Vec<_> = ended.map(|row| span(&operation(row))).collect();
        let line = request(resource(&calls[0].gateway, &[]), spans);
        let line =
            serde_json::to_string(&line).map_err(|error| Fault::Form(format!("the spans are no JSON: {error}")))?;
        writeln!(output, "{}", visible_json(&line))?;
    }
    Ok(())
}

fn operation(row: &CallRow) -> Operation<'_> {
    Operation {
        id: &row.call_id,
        at: row.started_at,
        took: row.duration.unwrap_or_default(),
        overhead: row.overhead.unwrap_or_default(),
        server: &row.server,
        method: &row.method,
        name: &row.name,
        outcome: &row.outcome,
        error: row.error.as_deref(),
        tokens: (row.tokens_in, row.tokens_out),
        parent: None,
    }
}

/// A call as a line of JSON.
pub(super) fn json_line(row: &CallRow) -> Result<String, String> {
    let line = serde_json::to_string(row).map_err(|error| format!("the call is no JSON: {error}"))?;
    Ok(format!("{}\n", visible_json(&line)))
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A cell by RFC 4180. One that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    // Some pass over blanks and what nobody sees before it, and take the full-width forms for the same.
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    let begins_as_one =
        begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\r', '\n']);
    let mark = if begins_as_one && !is_number { "'" } else { "" };
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{mark}{}\"", text.replace('"', "\"\"")),
        false => format!("{mark}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_and_is_no_formula() {
        for (text, cell) in [
            ("plain", "plain"),
            ("a,\"b\"\n", "\"a,\"\"b\"\"\n\""),
            ("=1+1", "'=1+1"),
            ("@cmd, x", "\"'@cmd, x\""),
            ("-5", "-5"),
            ("\t=1", "'\t=1"),
            ("\u{200b} =1", "'\u{200b} =1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(quoted(text), cell);
        }
    }
}
