//! Servers, what they offer, and what was scanned.

use serde::Serialize;

use super::Reader;

/// A gateway that gave no sign of life for so long is taken to be gone, in microseconds: three times its heartbeat.
const SILENCE: i64 = 30_000_000;

/// One server of one gateway.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServerRow {
    /// The `track_id` of the gateway.
    pub gateway: String,
    /// The server's name in the configuration.
    pub name: String,
    /// `off`, `starting`, `ready`, `down`, or `gone` where its gateway is.
    pub state: String,
    /// Why it is off or down.
    pub why: Option<String>,
    /// Since when, in microseconds since 1970.
    pub since: i64,
    /// How often it was started again.
    pub restarts: i64,
    /// What it calls itself.
    pub title: Option<String>,
    /// The version that it says it is.
    pub version: Option<String>,
    /// The protocol version agreed on.
    pub protocol: Option<String>,
}

/// One tool, whether it was called or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToolRow {
    /// The server's name in the configuration.
    pub server: String,
    /// The tool's name.
    pub name: String,
    /// What its definition takes from a model's context.
    pub definition_tokens: i64,
    /// When it was last offered, in microseconds since 1970.
    pub seen_at: i64,
    /// How often it was called since the moment that was asked for.
    pub calls: i64,
}

/// What a scan said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScanRow {
    /// In microseconds since 1970.
    pub at: i64,
    /// The server's name in the configuration.
    pub server: String,
    /// What was scanned.
    pub subject: String,
    /// Its version.
    pub version: Option<String>,
    /// `pass`, `review` or `block`.
    pub verdict: String,
    /// The risk from 0 to 100.
    pub score: Option<f64>,
    /// The whole report as JSON.
    pub report: String,
}

impl Reader {
    /// The servers of every gateway that is known, those of the latest gateway first; `now` is in microseconds since 1970.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn servers(&self, now: i64) -> rusqlite::Result<Vec<ServerRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT gateway, name, iif(ended_at IS NULL AND heartbeat_at >= ?, state, 'gone'), why, since, \
             max(starts - 1, 0), title, servers.version, protocol FROM servers JOIN gateways ON gateways.id = gateway \
             ORDER BY started_at DESC, name",
        )?;
        let rows = statement.query_map([now.saturating_sub(SILENCE)], |row| {
            Ok(ServerRow {
                gateway: row.get(0)?,
                name: row.get(1)?,
                state: row.get(2)?,
                why: row.get(3)?,
                since: row.get(4)?,
                restarts: row.get(5)?,
                title: row.get(6)?,
                version: row.get(7)?,
                protocol: row.get(8)?,
            })
        })?;
        rows.collect()
    }

    /// Every tool that was offered, with its calls since a moment in microseconds since 1970.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn tools(&self, since: i64) -> rusqlite::Result<Vec<ToolRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT tools.server, tools.name, tokens, seen_at, count(calls.id) FROM tools LEFT JOIN calls \
             ON calls.server = tools.server AND calls.name = tools.name AND started_at >= ? \
             GROUP BY tools.server, tools.name ORDER BY tokens DESC",
        )?;
        let rows = statement.query_map([since], |row| {
            Ok(ToolRow {
                server: row.get(0)?,
                name: row.get(1)?,
                definition_tokens: row.get(2)?,
                seen_at: row.get(3)?,
                calls: row.get(4)?,
            })
        })?;
        rows.collect()
    }

    /// What was scanned, the latest first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn scans(&self) -> rusqlite::Result<Vec<ScanRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, server, subject, version, verdict, score, report FROM scans ORDER BY id DESC",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(ScanRow {
                at: row.get(0)?,
                server: row.get(1)?,
                subject: row.get(2)?,
                version: row.get(3)?,
                verdict: row.get(4)?,
                score: row.get(5)?,
                report: row.get(6)?,
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
    fn a_server_of_a_gateway_that_is_silent_is_gone() {
        let (_root, reader) = store(
            "INSERT INTO gateways (id, version, pid, started_at, heartbeat_at) VALUES ('g', '2', 1, 0, 1000);
             INSERT INTO servers (gateway, name, state, since, starts) VALUES ('g', 'files', 'ready', 5, 3);",
        );
        let state = |now| reader.servers(now).unwrap()[0].clone();
        assert_eq!((state(2000).state.as_str(), state(2000).restarts), ("ready", 2));
        assert_eq!(state(1001 + SILENCE).state, "gone");
    }

    #[test]
    fn tools_that_nobody_calls_are_listed_too() {
        let statements = call(1, "read", "ok", 1)
            + "INSERT INTO tools VALUES ('files', 'read', '{}', 10, 1), ('files', 'erase', '{}', 90, 1);";
        let (_root, reader) = store(&statements);
        let tools = reader.tools(0).unwrap();
        let shown: Vec<_> = tools.iter().map(|tool| (tool.name.as_str(), tool.calls)).collect();
        assert_eq!(shown, [("erase", 0), ("read", 1)]);
    }
}
