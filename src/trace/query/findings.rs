//! What the guardrails did.

use rusqlite::{Row, params};
use serde::Serialize;

use super::Reader;

/// Something that a guardrail masked or stopped: never its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingRow {
    /// In microseconds since 1970.
    pub at: i64,
    /// The call that it belongs to, if it does to one.
    pub call_id: Option<String>,
    /// The server's name in the configuration.
    pub server: String,
    /// The MCP method.
    pub method: String,
    /// The tool, the prompt or the URI.
    pub name: String,
    /// What was inspected: `arguments`, `result`, `definition` …
    pub kind: String,
    /// `to_server` or `to_client`.
    pub direction: String,
    /// The guardrail.
    pub plugin: String,
    /// `allow`, `modify`, `block`, or `fail` where it could not tell.
    pub verdict: String,
    /// The rule that found it.
    pub rule: Option<String>,
    /// What it was found to be.
    pub label: Option<String>,
    /// Where it stood.
    pub place: Option<String>,
    /// How often.
    pub count: i64,
    /// Why it was stopped.
    pub reason: Option<String>,
    /// What the inspection took, in microseconds; at the first finding of several.
    pub duration: Option<i64>,
}

/// What one guardrail did altogether.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuardrailRow {
    /// The guardrail.
    pub plugin: String,
    /// The messages that it inspected.
    pub inspected: i64,
    /// The findings that it masked.
    pub masked: i64,
    /// The messages that it stopped.
    pub stopped: i64,
    /// What an inspection took on average, in microseconds.
    pub duration: f64,
}

const COLUMNS: &str = "at, call_id, server, method, name, kind, direction, plugin, verdict, rule, label, place, count, \
                       reason, duration";

impl Reader {
    /// What was masked or stopped since a moment in microseconds since 1970: the newest so many, the oldest first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn findings(&self, since: i64, limit: u32) -> rusqlite::Result<Vec<FindingRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM guardrail_actions WHERE verdict != 'allow' AND at >= ? ORDER BY id DESC LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![since, limit], finding)?;
        let mut rows: Vec<FindingRow> = rows.collect::<Result<_, _>>()?;
        rows.reverse();
        Ok(rows)
    }

    /// What each guardrail did with the messages of one call, in order; those that it let pass as well.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn actions(&self, call_id: &str) -> rusqlite::Result<Vec<FindingRow>> {
        let sql = format!("SELECT {COLUMNS} FROM guardrail_actions WHERE call_id = ? ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map([call_id], finding)?.collect()
    }

    /// What each guardrail did since a moment.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn guardrails(&self, since: i64) -> rusqlite::Result<Vec<GuardrailRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT plugin, count(duration), sum(iif(verdict = 'modify', count, 0)), \
             sum(verdict IN ('block', 'fail')), coalesce(avg(duration), 0.0) FROM guardrail_actions WHERE at >= ? \
             GROUP BY plugin ORDER BY plugin",
        )?;
        let rows = statement.query_map([since], |row| {
            Ok(GuardrailRow {
                plugin: row.get(0)?,
                inspected: row.get(1)?,
                masked: row.get(2)?,
                stopped: row.get(3)?,
                duration: row.get(4)?,
            })
        })?;
        rows.collect()
    }
}

fn finding(row: &Row<'_>) -> rusqlite::Result<FindingRow> {
    Ok(FindingRow {
        at: row.get(0)?,
        call_id: row.get(1)?,
        server: row.get(2)?,
        method: row.get(3)?,
        name: row.get(4)?,
        kind: row.get(5)?,
        direction: row.get(6)?,
        plugin: row.get(7)?,
        verdict: row.get(8)?,
        rule: row.get(9)?,
        label: row.get(10)?,
        place: row.get(11)?,
        count: row.get(12)?,
        reason: row.get(13)?,
        duration: row.get(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::query::tests::store;

    fn action(at: i64, verdict: &str, count: i64) -> String {
        format!(
            "INSERT INTO guardrail_actions (at, call_id, gateway, server, method, name, kind, direction, plugin, verdict, count, duration) \
             VALUES ({at}, 'c', 'g', 's', 'tools/call', 't', 'result', 'to_client', 'basic', '{verdict}', {count}, 10);"
        )
    }

    #[test]
    fn findings_are_what_was_not_let_pass() {
        let statements = action(1, "allow", 1) + &action(2, "modify", 3) + &action(3, "block", 1);
        let (_root, reader) = store(&statements);
        let verdicts = |rows: Vec<FindingRow>| rows.into_iter().map(|row| row.verdict).collect::<Vec<_>>();
        assert_eq!(verdicts(reader.findings(0, 10).unwrap()), ["modify", "block"]);
        assert_eq!(verdicts(reader.findings(0, 1).unwrap()), ["block"]);
        assert_eq!(verdicts(reader.actions("c").unwrap()), ["allow", "modify", "block"]);
        let expected = GuardrailRow {
            plugin: "basic".into(),
            inspected: 3,
            masked: 3,
            stopped: 1,
            duration: 10.0,
        };
        assert_eq!(reader.guardrails(0).unwrap(), [expected]);
    }
}
