//! Rows as text, in columns.

use std::collections::BTreeMap;

use crate::{
    config::visible_line,
    trace::query::{CallRow, CostRow, FindingRow, StatRow, duration, timestamp},
};

/// The widest that a column gets, in characters.
const WIDEST: usize = 60;

/// One column: its head, whether its values are numbers, and the value of a row.
type Column<R> = (&'static str, bool, fn(&R) -> String);

/// A kind of table.
pub(super) struct Table<R: 'static> {
    columns: &'static [Column<R>],
    /// What is said where there are no rows.
    empty: &'static str,
}

/// Calls by tool.
pub(super) const STATS: Table<StatRow> = Table {
    columns: &[
        ("SERVER", false, |row| row.server.clone()),
        ("TOOL", false, |row| row.name.clone()),
        ("CALLS", true, |row| row.calls.to_string()),
        ("ERRORS", true, |row| row.errors.to_string()),
        ("P50", true, |row| duration(row.p50)),
        ("P95", true, |row| duration(row.p95)),
        ("P99", true, |row| duration(row.p99)),
        ("GATEWAY", true, |row| duration(row.overhead)),
        ("BYTES IN", true, |row| row.request_bytes.to_string()),
        ("BYTES OUT", true, |row| row.response_bytes.to_string()),
        ("TOKENS IN", true, |row| row.tokens_in.to_string()),
        ("TOKENS OUT", true, |row| row.tokens_out.to_string()),
    ],
    empty: "No calls were recorded.\n",
};

/// What tools cost.
pub(super) const COSTS: Table<CostRow> = Table {
    columns: &[
        ("SERVER", false, |row| row.server.clone()),
        ("TOOL", false, |row| row.name.clone()),
        ("CALLS", true, |row| row.calls.to_string()),
        ("TOKENS OUT", true, |row| row.tokens_out.to_string()),
        ("COST", true, |row| sums(&row.cost)),
        ("CONTEXT COST", true, |row| sums(&row.context_cost)),
    ],
    empty: "No calls were recorded.\n",
};

/// What guardrails did.
pub(super) const FINDINGS: Table<FindingRow> = Table {
    columns: &[
        ("TIME (UTC)", false, |row| moment(row.at)),
        ("SERVER", false, |row| row.server.clone()),
        ("NAME", false, |row| row.name.clone()),
        ("KIND", false, |row| row.kind.clone()),
        ("PLUGIN", false, |row| row.plugin.clone()),
        ("VERDICT", false, |row| row.verdict.clone()),
        ("COUNT", true, |row| row.count.to_string()),
        ("RULE", false, |row| row.rule.clone().unwrap_or_default()),
        ("PLACE OR REASON", false, |row| {
            row.place.clone().or(row.reason.clone()).unwrap_or_default()
        }),
    ],
    empty: "Nothing was masked or stopped.\n",
};

/// Calls, one by one.
pub(super) const CALLS: Table<CallRow> = Table {
    columns: &[
        ("TIME (UTC)", false, |row| moment(row.started_at)),
        ("SERVER", false, |row| row.server.clone()),
        ("TOOL", false, |row| row.name.clone()),
        ("OUTCOME", false, |row| row.outcome.clone()),
        ("TOOK", true, |row| row.duration.map(duration).unwrap_or_default()),
        ("TOKENS", true, |row| row.tokens_out.to_string()),
        ("ARGUMENTS OR ERROR", false, |row| {
            row.error.clone().or(row.arguments.clone()).unwrap_or_default()
        }),
    ],
    empty: "No calls were recorded.\n",
};

impl<R> Table<R> {
    /// The rows under their heads.
    pub(super) fn text(&self, rows: &[R]) -> String {
        if rows.is_empty() {
            return self.empty.to_owned();
        }
        let heads = self.columns.iter().map(|(head, ..)| (*head).to_owned()).collect();
        self.aligned(Some(heads), rows)
    }

    /// The rows alone.
    pub(super) fn lines(&self, rows: &[R]) -> String {
        self.aligned(None, rows)
    }

    fn aligned(&self, heads: Option<Vec<String>>, rows: &[R]) -> String {
        let cells = |row| self.columns.iter().map(|(_, _, value)| plain(&value(row))).collect();
        let lines: Vec<Vec<String>> = heads.into_iter().chain(rows.iter().map(cells)).collect();
        let width = |at: usize| {
            lines
                .iter()
                .map(|line| line[at].chars().count())
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |cells: &Vec<String>| {
            let cells = cells.iter().zip(&widths).zip(self.columns);
            let cells = cells.map(|((cell, width), (_, is_number, _))| match is_number {
                true => format!("{cell:>width$}"),
                false => format!("{cell:<width$}"),
            });
            let line: Vec<String> = cells.collect();
            format!("{}\n", line.join("  ").trim_end())
        };
        lines.iter().map(line).collect()
    }
}

/// A text in one line, of what a terminal takes for text alone, with nothing hidden in it.
fn plain(text: &str) -> String {
    let beginning: String = text.chars().take(WIDEST + 1).collect();
    let mut shown = visible_line(&beginning.replace(['\n', '\r', '\t'], " ")).into_owned();
    if shown.chars().count() > WIDEST {
        shown = shown.chars().take(WIDEST - 1).chain(['…']).collect();
    }
    shown
}

fn moment(micros: i64) -> String {
    timestamp(micros).chars().take(19).collect()
}

fn sums(sums: &BTreeMap<String, f64>) -> String {
    let sums: Vec<String> = sums
        .iter()
        .map(|(currency, sum)| format!("{sum:.4} {currency}"))
        .collect();
    sums.join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_need_to_be() {
        let row = |name: &str, tokens_out| CostRow {
            server: "files".into(),
            name: name.into(),
            calls: 1,
            tokens_out,
            cost: [("EUR".to_owned(), 0.5)].into(),
            ..CostRow::default()
        };
        let expected = "SERVER  TOOL      CALLS  TOKENS OUT        COST  CONTEXT COST\n\
                        files   read          1           7  0.5000 EUR\n\
                        files   write_it      1        1234  0.5000 EUR\n";
        assert_eq!(COSTS.text(&[row("read", 7), row("write_it", 1234)]), expected);
        assert_eq!(COSTS.text(&[]), "No calls were recorded.\n");
    }

    #[test]
    fn a_terminal_is_steered_by_nobody() {
        assert_eq!(plain("a\x1b[31m\nb\u{202e}c\u{9b}"), "a\\u{1b}[31m b\\u{202e}c\\u{9b}");
        assert_eq!(plain(&"\u{202e}".repeat(100)).chars().count(), WIDEST);
        assert_eq!(plain(&"x".repeat(100)).chars().count(), WIDEST);
    }
}
