//! Writing rows: one transaction for each batch.

use std::path::Path;

use rusqlite::{Connection, ToSql, Transaction, TransactionBehavior, params, params_from_iter};

use super::{
    calls::{Call, decoded},
    columns::Columns,
    events::Event,
    record::Scan,
    rows::{Action, Entry, Gateway, Running, Server},
    schema::{self, StoreError},
};
use crate::{clock, json};

/// An open store.
pub(super) struct Store {
    connection: Connection,
    columns: Columns,
    gateway: Gateway,
}

impl Store {
    /// Opens the store at `path`, and enters the gateway.
    pub(super) fn open(path: &Path, gateway: &Gateway) -> Result<Self, StoreError> {
        let connection = schema::open(path)?;
        let entered = connection.execute(
            "INSERT OR IGNORE INTO gateways (id, version, pid, started_at, heartbeat_at) VALUES (?, ?, ?, ?, ?)",
            params![
                gateway.id,
                env!("CARGO_PKG_VERSION"),
                std::process::id(),
                gateway.started_at,
                clock::now()
            ],
        );
        entered.map_err(|error| StoreError::Database(path.display().to_string(), error))?;
        Ok(Self {
            connection,
            columns: Columns::default(),
            gateway: gateway.clone(),
        })
    }

    /// Writes all entries or none, and how many records were lost so far.
    pub(super) fn write(&mut self, entries: &[Entry], lost: u64, has_ended: bool) -> rusqlite::Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch {
            transaction: &transaction,
            columns: &mut self.columns,
            gateway: &self.gateway.id,
        };
        let written = batch
            .write(entries, lost, has_ended)
            .and_then(|()| transaction.commit());
        if written.is_err() {
            self.columns.forget();
        }
        written
    }

    /// The connection, for what is not written in batches.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

struct Batch<'b> {
    transaction: &'b Transaction<'b>,
    columns: &'b mut Columns,
    gateway: &'b str,
}

impl Batch<'_> {
    fn write(&mut self, entries: &[Entry], lost: u64, has_ended: bool) -> rusqlite::Result<()> {
        self.columns.refresh(self.transaction)?;
        for entry in entries {
            match entry {
                Entry::Running(running) => self.running(running)?,
                Entry::Call(call, events) => {
                    self.call(call)?;
                    events.iter().try_for_each(|(at, event)| self.event(*at, event))?;
                }
                Entry::Action(action) => self.action(action)?,
                Entry::Server(server) => self.server(server)?,
                Entry::Scan { at, scan } => self.scan(*at, scan)?,
            }
        }
        let now = clock::now();
        self.execute(
            "UPDATE gateways SET heartbeat_at = ?, lost = ?, ended_at = ? WHERE id = ?",
            params![
                now,
                i64::try_from(lost).unwrap_or(i64::MAX),
                has_ended.then_some(now),
                self.gateway
            ],
        )
    }

    fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<()> {
        self.transaction.prepare_cached(sql)?.execute(values).map(drop)
    }

    fn running(&self, it: &Running) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO calls (call_id, gateway, started_at, server, method, name, outcome) VALUES (?, ?, ?, ?, ?, ?, 'running')",
            params![it.id, self.gateway, it.at, it.server, it.method, it.name],
        )
    }

    fn call(&self, it: &Call) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO calls (call_id, gateway, started_at, server, method, name, outcome, duration, overhead, error, \
             request_bytes, response_bytes, tokens_in, tokens_out, cost, currency, context_cost, context_currency, \
             arguments_digest, arguments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (call_id) DO UPDATE SET outcome = excluded.outcome, duration = excluded.duration, \
             overhead = excluded.overhead, error = excluded.error, request_bytes = excluded.request_bytes, \
             response_bytes = excluded.response_bytes, tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out, \
             cost = excluded.cost, currency = excluded.currency, context_cost = excluded.context_cost, \
             context_currency = excluded.context_currency, arguments_digest = excluded.arguments_digest, \
             arguments = excluded.arguments",
            params![
                it.id,
                self.gateway,
                it.at,
                it.server,
                it.method,
                it.name,
                it.outcome,
                it.took,
                it.overhead,
                it.error,
                it.request_bytes,
                it.response_bytes,
                it.tokens_in,
                it.tokens_out,
                it.charge.cost,
                it.charge.currency,
                it.charge.context,
                it.charge.context_currency,
                it.digest(),
                it.arguments
            ],
        )
    }

    fn event(&mut self, at: i64, event: &Event) -> rusqlite::Result<()> {
        let mut columns = vec!["timestamp".to_owned(), "track_id".to_owned()];
        let mut values = vec![Some(clock::timestamp(at)), Some(self.gateway.to_owned())];
        for (column, value) in &event.fixed {
            columns.push((*column).to_owned());
            values.push(Some(value.clone()));
        }
        let mut others = Vec::new();
        for (name, raw) in &event.arguments {
            match self.columns.of_argument(self.transaction, name)? {
                Some(column) => {
                    columns.push(column);
                    values.push(decoded(raw));
                }
                None => others.push(format!("{}:{raw}", json::quote(name))),
            }
        }
        if !others.is_empty() {
            columns.push("arguments".to_owned());
            values.push(Some(format!("{{{}}}", others.join(","))));
        }
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO events ({}) VALUES ({places})", columns.join(", "));
        self.transaction
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))
            .map(drop)
    }

    fn action(&self, it: &Action) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO guardrail_actions (call_id, gateway, at, server, method, name, kind, direction, plugin, verdict, \
             rule, label, place, count, reason, duration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                it.call_id,
                self.gateway,
                it.at,
                it.server,
                it.method,
                it.name,
                it.kind,
                it.direction,
                it.plugin,
                it.verdict,
                it.rule,
                it.label,
                it.place,
                it.count,
                it.reason,
                it.took
            ],
        )
    }

    fn server(&self, it: &Server) -> rusqlite::Result<()> {
        let starts = i64::from(it.state == "starting");
        self.execute(
            "INSERT INTO servers (gateway, name, state, why, since, starts, title, version, protocol) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (gateway, name) DO UPDATE SET state = excluded.state, \
             why = excluded.why, since = excluded.since, starts = starts + excluded.starts, \
             title = coalesce(excluded.title, title), version = coalesce(excluded.version, version), \
             protocol = coalesce(excluded.protocol, protocol)",
            params![
                self.gateway,
                it.name,
                it.state,
                it.why,
                it.at,
                starts,
                it.title,
                it.version,
                it.protocol
            ],
        )?;
        it.tools.iter().try_for_each(|(name, definition, tokens)| {
            self.execute(
                "INSERT OR REPLACE INTO tools (server, name, definition, tokens, seen_at) VALUES (?, ?, ?, ?, ?)",
                params![it.name, name, definition, tokens, it.at],
            )
        })
    }

    fn scan(&self, at: i64, it: &Scan) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO scans (at, gateway, server, subject, version, verdict, score, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![at, self.gateway, it.server, it.subject, it.version, it.verdict, it.score, it.report],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{
        calls::tests::call,
        events::{Layout, events},
    };

    const LAYOUT: Layout = Layout {
        arguments: true,
        response: true,
        max_text: 1000,
    };

    fn gateway() -> Gateway {
        Gateway {
            id: "calm-otter-0001".into(),
            started_at: 1,
        }
    }

    fn entry(id: &str, arguments: &str) -> Entry {
        let call = Call {
            id: id.into(),
            ..call(arguments, Ok(r#"{"content":[{"type":"text","text":"fine"}]}"#))
        };
        let events = events(&call, LAYOUT).into_iter().map(|event| (7, event)).collect();
        Entry::Call(Box::new(call), events)
    }

    #[test]
    fn an_argument_shadows_nothing() {
        let root = tempfile::tempdir().unwrap();
        let mut store = Store::open(&root.path().join("t.db"), &gateway()).unwrap();
        let arguments = r#"{"path":"a","PATH":"b","timestamp":"c","call_id":{"d":1},"x\"y":null,"n":1.50}"#;
        store.write(&[entry("1", arguments)], 0, false).unwrap();
        let sql = r#"SELECT timestamp, call_id, path, arguments, "x""y", n, content_text FROM events"#;
        let row: Vec<Option<String>> = store
            .connection()
            .query_row(sql, [], |row| (0..7).map(|column| row.get(column)).collect())
            .unwrap();
        let expected = [
            Some("1970-01-01 00:00:00.000007"),
            Some("1"),
            Some("a"),
            Some(r#"{"PATH":"b","timestamp":"c","call_id":{"d":1}}"#),
            None,
            Some("1.50"),
            Some("fine"),
        ];
        assert_eq!(row.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_call_that_ends_takes_the_row_that_it_began_with() {
        let root = tempfile::tempdir().unwrap();
        let mut store = Store::open(&root.path().join("t.db"), &gateway()).unwrap();
        let running = Running {
            id: "1".into(),
            at: 5,
            server: "files".into(),
            method: "tools/call".into(),
            name: "read".into(),
        };
        store.write(&[Entry::Running(running)], 0, false).unwrap();
        let outcomes = |store: &Store| {
            let sql = "SELECT group_concat(outcome) FROM calls";
            store
                .connection()
                .query_row(sql, [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        assert_eq!(outcomes(&store), "running");
        store.write(&[entry("1", "{}")], 3, true).unwrap();
        assert_eq!(outcomes(&store), "ok");
        let sql = "SELECT lost, ended_at IS NOT NULL FROM gateways";
        let gateway = store
            .connection()
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(gateway, Ok((3, true)));
    }

    #[test]
    fn several_gateways_write_into_one_file() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("t.db");
        let threads: Vec<_> = (0..4)
            .map(|writer| {
                let path = path.clone();
                std::thread::spawn(move || {
                    let gateway = Gateway {
                        id: format!("gateway-{writer}"),
                        ..gateway()
                    };
                    let mut store = Store::open(&path, &gateway).unwrap();
                    for number in 0..25 {
                        let arguments = format!(r#"{{"a{writer}_{number}":1,"shared":2}}"#);
                        store
                            .write(&[entry(&format!("{writer}-{number}"), &arguments)], 0, false)
                            .unwrap();
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let store = Store::open(&path, &gateway()).unwrap();
        let counts =
            store
                .connection()
                .query_row("SELECT count(*), count(shared), count(a3_24) FROM events", [], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                });
        assert_eq!(counts, Ok((100, 100, 1)));
    }
}
