//! Rows as text, in columns.

use std::collections::BTreeMap;

use crate::{
    cli::columns::{Holds, aligned},
    clock::{duration, moment},
    text::line,
    trace::query::{CallRow, CostRow, FindingRow, StatRow},
};

/// What is shown of a value at most, in characters.
const LONGEST: usize = 60;

/// One column: its head, what it holds, and the value of a row.
type Column<R> = (&'static str, Holds, fn(&R) -> String);

/// A kind of table.
pub(super) struct Table<R: 'static> {
    columns: &'static [Column<R>],
    /// What is said where there are no rows.
    empty: &'static str,
}

/// Calls by tool.
pub(super) const STATS: Table<StatRow> = Table {
    columns: &[
        ("SERVER", Holds::Text, |row| row.server.clone()),
        ("TOOL", Holds::Text, |row| row.name.clone()),
        ("CALLS", Holds::Numbers, |row| row.calls.to_string()),
        ("ERRORS", Holds::Numbers, |row| row.errors.to_string()),
        ("P50", Holds::Numbers, |row| duration(row.p50)),
        ("P95", Holds::Numbers, |row| duration(row.p95)),
        ("P99", Holds::Numbers, |row| duration(row.p99)),
        ("GATEWAY", Holds::Numbers, |row| duration(row.overhead)),
        ("BYTES IN", Holds::Numbers, |row| row.request_bytes.to_string()),
        ("BYTES OUT", Holds::Numbers, |row| row.response_bytes.to_string()),
        ("TOKENS IN", Holds::Numbers, |row| row.tokens_in.to_string()),
        ("TOKENS OUT", Holds::Numbers, |row| row.tokens_out.to_string()),
    ],
    empty: "No calls were recorded.\n",
};

/// What tools cost.
pub(super) const COSTS: Table<CostRow> = Table {
    columns: &[
        ("SERVER", Holds::Text, |row| row.server.clone()),
        ("TOOL", Holds::Text, |row| row.name.clone()),
        ("CALLS", Holds::Numbers, |row| row.calls.to_string()),
        ("TOKENS OUT", Holds::Numbers, |row| row.tokens_out.to_string()),
        ("COST", Holds::Numbers, |row| sums(&row.cost)),
        ("CONTEXT COST", Holds::Numbers, |row| sums(&row.context_cost)),
    ],
    empty: "No calls were recorded.\n",
};

/// What guardrails did.
pub(super) const FINDINGS: Table<FindingRow> = Table {
    columns: &[
        ("TIME (UTC)", Holds::Text, |row| moment(row.at)),
        ("SERVER", Holds::Text, |row| row.server.clone()),
        ("NAME", Holds::Text, |row| row.name.clone()),
        ("KIND", Holds::Text, |row| row.kind.clone()),
        ("PLUGIN", Holds::Text, |row| row.plugin.clone()),
        ("VERDICT", Holds::Text, |row| row.verdict.clone()),
        ("COUNT", Holds::Numbers, |row| row.count.to_string()),
        ("RULE", Holds::Text, |row| row.rule.clone().unwrap_or_default()),
        ("PLACE OR REASON", Holds::Text, |row| {
            row.place.clone().or(row.reason.clone()).unwrap_or_default()
        }),
    ],
    empty: "Nothing was masked or stopped.\n",
};

/// Calls, one by one.
pub(super) const CALLS: Table<CallRow> = Table {
    columns: &[
        ("TIME (UTC)", Holds::Text, |row| moment(row.started_at)),
        ("SERVER", Holds::Text, |row| row.server.clone()),
        ("TOOL", Holds::Text, |row| row.name.clone()),
        ("OUTCOME", Holds::Text, |row| row.outcome.clone()),
        ("TOOK", Holds::Numbers, |row| {
            row.duration.map(duration).unwrap_or_default()
        }),
        ("TOKENS", Holds::Numbers, |row| row.tokens_out.to_string()),
        ("ARGUMENTS OR ERROR", Holds::Text, |row| {
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
        let cells = |row| {
            self.columns
                .iter()
                .map(|(_, _, value)| line(&value(row), LONGEST))
                .collect()
        };
        let lines: Vec<Vec<String>> = heads.into_iter().chain(rows.iter().map(cells)).collect();
        let columns: Vec<Holds> = self.columns.iter().map(|(_, holds, _)| *holds).collect();
        aligned(&columns, &lines)
    }
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
}
