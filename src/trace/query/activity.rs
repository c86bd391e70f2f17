//! Calls and findings over time, and calls that repeat each other.

use rusqlite::params;
use serde::Serialize;

use super::Reader;

/// The calls of one server in one stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityRow {
    /// Which stretch it is, from 0.
    pub stretch: usize,
    /// The server's name in the configuration.
    pub server: String,
    /// How many calls began.
    pub calls: u64,
    /// How many of them went wrong, in any way.
    pub errors: u64,
    /// Of all results.
    pub tokens_out: i64,
    /// What they took altogether, in microseconds.
    pub duration: i64,
}

/// What one guardrail found in one stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundRow {
    /// Which stretch it is, from 0.
    pub stretch: usize,
    /// The guardrail.
    pub plugin: String,
    /// How much it masked or stopped.
    pub count: i64,
}

/// The same tool, called with the same arguments again and again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RepeatRow {
    /// The server's name in the configuration.
    pub server: String,
    /// The tool, the prompt or the URI.
    pub name: String,
    /// The arguments as JSON.
    pub arguments: Option<String>,
    /// How often.
    pub calls: u64,
    /// Of all their results.
    pub tokens_out: i64,
    /// The last of them, a UUID.
    pub call_id: String,
}

impl Reader {
    /// The calls since a moment, by stretches of `step`; both in microseconds. Calls that still run count as calls.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn activity(&self, since: i64, step: i64) -> rusqlite::Result<Vec<ActivityRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (started_at - ?1) / ?2 AS stretch, server, count(*), sum(outcome NOT IN ('ok', 'running')), \
             sum(coalesce(tokens_out, 0)), sum(coalesce(duration, 0)) FROM calls WHERE started_at >= ?1 \
             GROUP BY stretch, server ORDER BY stretch, server",
        )?;
        let rows = statement.query_map(params![since, step], |row| {
            Ok(ActivityRow {
                stretch: row.get(0)?,
                server: row.get(1)?,
                calls: row.get(2)?,
                errors: row.get(3)?,
                tokens_out: row.get(4)?,
                duration: row.get(5)?,
            })
        })?;
        rows.collect()
    }

    /// What guardrails masked and stopped since a moment, by stretches of `step`; both in microseconds.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn found(&self, since: i64, step: i64) -> rusqlite::Result<Vec<FoundRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (at - ?1) / ?2 AS stretch, plugin, sum(count) FROM guardrail_actions \
             WHERE at >= ?1 AND verdict != 'allow' GROUP BY stretch, plugin ORDER BY stretch, plugin",
        )?;
        let rows = statement.query_map(params![since, step], |row| {
            Ok(FoundRow {
                stretch: row.get(0)?,
                plugin: row.get(1)?,
                count: row.get(2)?,
            })
        })?;
        rows.collect()
    }

    /// Calls of the same tool with the same arguments, at least so many of each since a moment in microseconds since
    /// 1970; those with the most tokens of results first, `limit` of them.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn repeats(&self, since: i64, least: u32, limit: u32) -> rusqlite::Result<Vec<RepeatRow>> {
        // Of the columns that are not summed up, SQLite gives those of the row with the greatest id.
        let mut statement = self.connection.prepare_cached(
            "SELECT server, name, arguments, count(*) AS calls, sum(coalesce(tokens_out, 0)) AS tokens, call_id, max(id) \
             FROM calls WHERE started_at >= ? AND arguments_digest IS NOT NULL GROUP BY server, name, arguments_digest \
             HAVING calls >= ? ORDER BY tokens DESC, calls DESC LIMIT ?",
        )?;
        let rows = statement.query_map(params![since, least, limit], |row| {
            Ok(RepeatRow {
                server: row.get(0)?,
                name: row.get(1)?,
                arguments: row.get(2)?,
                calls: row.get(3)?,
                tokens_out: row.get(4)?,
                call_id: row.get(5)?,
            })
        })?;
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::query::tests::{call, store};

    #[test]
    fn calls_are_counted_where_they_began() {
        let statements = call(100, "read", "ok", 5) + &call(104, "read", "error", 7) + &call(110, "read", "running", 0);
        let (_root, reader) = store(&statements);
        let rows = reader.activity(100, 5).unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.stretch, row.calls, row.errors, row.duration))
            .collect();
        assert_eq!(shown, [(0, 2, 1, 12), (2, 1, 0, 0)]);
    }

    #[test]
    fn what_was_let_pass_is_no_finding() {
        let action = |verdict: &str| {
            format!(
                "INSERT INTO guardrail_actions (at, gateway, server, method, name, kind, direction, plugin, verdict, count) \
                 VALUES (7, 'g', 's', 'm', 't', 'result', 'to_client', 'basic', '{verdict}', 2);"
            )
        };
        let (_root, reader) = store(&(action("allow") + &action("modify") + &action("block")));
        let expected = FoundRow {
            stretch: 1,
            plugin: "basic".into(),
            count: 4,
        };
        assert_eq!(reader.found(0, 5).unwrap(), [expected]);
    }

    #[test]
    fn a_repeat_has_the_same_arguments() {
        let mut statements: String = (1..=3).map(|id| call(id, "read", "ok", 1)).collect();
        statements += "UPDATE calls SET arguments_digest = 'same', arguments = '{}';";
        statements += &call(4, "read", "ok", 1);
        let (_root, reader) = store(&statements);
        let rows = reader.repeats(0, 3, 10).unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.calls, row.tokens_out, row.call_id.as_str()))
            .collect();
        assert_eq!(shown, [(3, 60, "3")]);
        assert!(reader.repeats(0, 4, 10).unwrap().is_empty());
    }
}
