//! Calls by server and tool: how many, how slow, how large, how dear.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Reader;

/// The calls of one tool, prompt or resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StatRow {
    /// The server's name in the configuration.
    pub server: String,
    /// The tool, the prompt or the URI.
    pub name: String,
    /// How many there were.
    pub calls: u64,
    /// How many of them went wrong, in any way.
    pub errors: u64,
    /// The duration that half of them did not exceed, in microseconds.
    pub p50: i64,
    /// The same for 95 of 100.
    pub p95: i64,
    /// The same for 99 of 100.
    pub p99: i64,
    /// The gateway's part that half of them did not exceed, in microseconds.
    pub overhead: i64,
    /// Of all parameters.
    pub request_bytes: i64,
    /// Of all results.
    pub response_bytes: i64,
    /// Of all arguments.
    pub tokens_in: i64,
    /// Of all results.
    pub tokens_out: i64,
}

/// What one tool, prompt or resource cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CostRow {
    /// The server's name in the configuration.
    pub server: String,
    /// The tool, the prompt or the URI.
    pub name: String,
    /// How many calls there were.
    pub calls: u64,
    /// Of all results: what they took from a model's context.
    pub tokens_out: i64,
    /// What the server takes, by currency.
    pub cost: BTreeMap<String, f64>,
    /// What the model takes for the tokens of results, by currency.
    pub context_cost: BTreeMap<String, f64>,
}

/// What calls are summed up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Each tool, prompt or resource.
    Tool,
    /// Each server; the rows have no `name`.
    Server,
    /// Everything in one row, which has neither `server` nor `name`.
    All,
}

impl Per {
    /// The columns `server` and `name`.
    fn columns(self) -> &'static str {
        match self {
            Self::Tool => "server, name",
            Self::Server => "server, '' AS name",
            Self::All => "'' AS server, '' AS name",
        }
    }
}

impl Reader {
    /// The calls of each tool since a moment in microseconds since 1970, those with the most tokens of results first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn stats(&self, since: i64) -> rusqlite::Result<Vec<StatRow>> {
        self.stats_per(Per::Tool, since)
    }

    /// The calls since a moment in microseconds since 1970, those with the most tokens of results first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn stats_per(&self, per: Per, since: i64) -> rusqlite::Result<Vec<StatRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {}, outcome, duration, coalesce(overhead, 0), coalesce(request_bytes, 0), \
             coalesce(response_bytes, 0), coalesce(tokens_in, 0), coalesce(tokens_out, 0) FROM calls \
             WHERE started_at >= ? AND outcome != 'running' ORDER BY 1, 2",
            per.columns()
        ))?;
        let mut rows = statement.query([since])?;
        let mut stats: Vec<StatRow> = Vec::new();
        let (mut durations, mut overheads) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (server, name): (String, String) = (row.get(0)?, row.get(1)?);
            if stats
                .last()
                .is_none_or(|last| (&last.server, &last.name) != (&server, &name))
            {
                finish(stats.last_mut(), &mut durations, &mut overheads);
                stats.push(StatRow {
                    server,
                    name,
                    ..StatRow::default()
                });
            }
            let Some(last) = stats.last_mut() else { continue };
            last.calls += 1;
            last.errors += u64::from(row.get::<_, String>(2)? != "ok");
            durations.push(row.get::<_, Option<i64>>(3)?.unwrap_or_default());
            overheads.push(row.get::<_, i64>(4)?);
            last.request_bytes += row.get::<_, i64>(5)?;
            last.response_bytes += row.get::<_, i64>(6)?;
            last.tokens_in += row.get::<_, i64>(7)?;
            last.tokens_out += row.get::<_, i64>(8)?;
        }
        finish(stats.last_mut(), &mut durations, &mut overheads);
        stats.sort_by_key(|row| std::cmp::Reverse(row.tokens_out));
        Ok(stats)
    }

    /// What calls since a moment cost, those with the most tokens of results first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn costs(&self, since: i64) -> rusqlite::Result<Vec<CostRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT server, name, currency, context_currency, count(*), sum(coalesce(tokens_out, 0)), \
             sum(coalesce(cost, 0)), sum(coalesce(context_cost, 0)) FROM calls WHERE started_at >= ? \
             AND outcome != 'running' GROUP BY server, name, currency, context_currency ORDER BY server, name",
        )?;
        let mut rows = statement.query([since])?;
        let mut costs: Vec<CostRow> = Vec::new();
        while let Some(row) = rows.next()? {
            let (server, name): (String, String) = (row.get(0)?, row.get(1)?);
            if costs
                .last()
                .is_none_or(|last| (&last.server, &last.name) != (&server, &name))
            {
                costs.push(CostRow {
                    server,
                    name,
                    ..CostRow::default()
                });
            }
            let Some(last) = costs.last_mut() else { continue };
            last.calls += row.get::<_, u64>(4)?;
            last.tokens_out += row.get::<_, i64>(5)?;
            if let Some(currency) = row.get::<_, Option<String>>(2)? {
                *last.cost.entry(currency).or_default() += row.get::<_, f64>(6)?;
            }
            if let Some(currency) = row.get::<_, Option<String>>(3)? {
                *last.context_cost.entry(currency).or_default() += row.get::<_, f64>(7)?;
            }
        }
        costs.sort_by_key(|row| std::cmp::Reverse(row.tokens_out));
        Ok(costs)
    }
}

/// Enters the quantiles of the row that is complete.
fn finish(row: Option<&mut StatRow>, durations: &mut Vec<i64>, overheads: &mut Vec<i64>) {
    durations.sort_unstable();
    overheads.sort_unstable();
    if let Some(row) = row {
        row.p50 = quantile(durations, 50);
        row.p95 = quantile(durations, 95);
        row.p99 = quantile(durations, 99);
        row.overhead = quantile(overheads, 50);
    }
    durations.clear();
    overheads.clear();
}

/// The nearest-rank quantile of what is sorted: the least value that so many of a hundred do not exceed.
fn quantile(sorted: &[i64], percent: usize) -> i64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::query::tests::{call, store};

    #[test]
    fn quantiles_are_values_that_occurred() {
        let hundred: Vec<i64> = (1..=100).collect();
        assert_eq!([50, 95, 99].map(|percent| quantile(&hundred, percent)), [50, 95, 99]);
        assert_eq!((quantile(&[7], 99), quantile(&[], 50)), (7, 0));
    }

    #[test]
    fn tools_are_summed_up_the_hungriest_first() {
        let mut statements: String = (1..=4).map(|id| call(id, "write", "ok", id * 100)).collect();
        statements += &call(5, "read", "error", 50);
        statements += &call(6, "read", "running", 0);
        let (_root, reader) = store(&statements);
        let stats = reader.stats(0).unwrap();
        let shown: Vec<_> = stats
            .iter()
            .map(|row| (row.name.as_str(), row.calls, row.errors, row.p50, row.p99))
            .collect();
        assert_eq!(shown, [("write", 4, 0, 200, 400), ("read", 1, 1, 50, 50)]);
        assert_eq!((stats[0].tokens_out, stats[0].response_bytes), (80, 200));
        let costs = reader.costs(0).unwrap();
        assert_eq!((costs[0].cost["EUR"], costs[1].calls), (2.0, 1));
        assert!((costs[0].context_cost["USD"] - 0.4).abs() < 1e-9);
        assert!(reader.stats(7).unwrap().is_empty());
        for per in [Per::Server, Per::All] {
            let rows = reader.stats_per(per, 0).unwrap();
            let shown: Vec<_> = rows
                .iter()
                .map(|row| (row.calls, row.errors, row.p50, row.p99))
                .collect();
            assert_eq!(shown, [(5, 1, 200, 400)], "{per:?}");
        }
    }
}
