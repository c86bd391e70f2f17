//! Calls, one by one.

use rusqlite::{Row, params, types::ValueRef};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Reader;

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallRow {
    /// Grows with each call that is entered.
    #[serde(skip)]
    pub number: i64,
    /// A UUID.
    pub call_id: String,
    /// The `track_id` of the gateway.
    pub gateway: String,
    /// In microseconds since 1970.
    pub started_at: i64,
    /// In microseconds; `None` while it runs.
    pub duration: Option<i64>,
    /// The gateway's part of the duration, in microseconds.
    pub overhead: Option<i64>,
    /// The server's name in the configuration.
    pub server: String,
    /// The MCP method.
    pub method: String,
    /// The tool, the prompt or the URI.
    pub name: String,
    /// `running`, `ok`, `error` (the server said so), `failed` (it gave no answer), `refused` (a guardrail stopped it) or
    /// `cancelled`.
    pub outcome: String,
    /// What went wrong.
    pub error: Option<String>,
    /// The arguments as JSON.
    pub arguments: Option<String>,
    /// The same for the same arguments.
    pub arguments_digest: Option<String>,
    /// Of the parameters, as they were sent.
    pub request_bytes: i64,
    /// Of the result.
    pub response_bytes: i64,
    /// Of the arguments.
    pub tokens_in: i64,
    /// Of the result.
    pub tokens_out: i64,
    /// What the server takes for it.
    pub cost: Option<f64>,
    /// The currency of `cost`.
    pub currency: Option<String>,
    /// What the model takes for the tokens of the result.
    pub context_cost: Option<f64>,
    /// The currency of `context_cost`.
    pub context_currency: Option<String>,
}

/// Which calls are wanted.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Of this server.
    pub server: Option<String>,
    /// Of this tool, prompt or URI.
    pub name: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// That began at this moment or later, in microseconds since 1970.
    pub since: i64,
    /// That began before this moment.
    pub until: Option<i64>,
    /// That were entered after the one with this number.
    pub after: i64,
    /// The newest so many.
    pub limit: u32,
}

/// A row of `events`, without the columns that are empty.
pub type Event = Map<String, Value>;

const COLUMNS: &str = "id, call_id, gateway, started_at, duration, overhead, server, method, name, outcome, error, \
                       arguments, arguments_digest, coalesce(request_bytes, 0), coalesce(response_bytes, 0), \
                       coalesce(tokens_in, 0), coalesce(tokens_out, 0), cost, currency, context_cost, context_currency";

impl Reader {
    /// The calls that are wanted, the oldest first.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn calls(&self, chosen: &Chosen) -> rusqlite::Result<Vec<CallRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM calls WHERE id > ?1 AND started_at >= ?2 AND (?3 IS NULL OR server = ?3) \
             AND (?4 IS NULL OR name = ?4) AND (?5 IS NULL OR outcome = ?5) \
             AND (?7 IS NULL OR started_at < ?7) ORDER BY id DESC LIMIT ?6"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let wanted = params![
            chosen.after,
            chosen.since,
            chosen.server,
            chosen.name,
            chosen.outcome,
            chosen.limit,
            chosen.until
        ];
        let mut rows: Vec<CallRow> = statement.query_map(wanted, call)?.collect::<Result<_, _>>()?;
        rows.reverse();
        Ok(rows)
    }

    /// Gives every call that began at `since` or later to `each`, the oldest first, without holding them all.
    ///
    /// # Errors
    /// Where SQLite can't, or `each` does.
    pub fn each_call<E: From<rusqlite::Error>>(
        &self,
        since: i64,
        mut each: impl FnMut(CallRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} FROM calls WHERE started_at >= ? ORDER BY id");
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([since])?;
        while let Some(row) = rows.next()? {
            each(call(row)?)?;
        }
        Ok(())
    }

    /// The call of this number or this UUID.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn call(&self, id: &str) -> rusqlite::Result<Option<CallRow>> {
        let sql = format!("SELECT {COLUMNS} FROM calls WHERE call_id = ?1 OR id = CAST(?1 AS INTEGER)");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query_map([id], call)?;
        rows.next().transpose()
    }

    /// The rows of `events` of one call: what its result held.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn events(&self, call_id: &str) -> rusqlite::Result<Vec<Event>> {
        let mut statement = self
            .connection
            .prepare("SELECT * FROM events WHERE call_id = ? ORDER BY rowid")?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let event = |row: &Row<'_>| {
            let mut event = Event::new();
            for (at, name) in names.iter().enumerate() {
                let value = match row.get_ref(at)? {
                    ValueRef::Null => continue,
                    ValueRef::Integer(number) => Value::from(number),
                    ValueRef::Real(number) => Value::from(number),
                    ValueRef::Text(text) | ValueRef::Blob(text) => Value::from(String::from_utf8_lossy(text)),
                };
                event.insert(name.clone(), value);
            }
            Ok(event)
        };
        statement.query_map([call_id], event)?.collect()
    }
}

fn call(row: &Row<'_>) -> rusqlite::Result<CallRow> {
    Ok(CallRow {
        number: row.get(0)?,
        call_id: row.get(1)?,
        gateway: row.get(2)?,
        started_at: row.get(3)?,
        duration: row.get(4)?,
        overhead: row.get(5)?,
        server: row.get(6)?,
        method: row.get(7)?,
        name: row.get(8)?,
        outcome: row.get(9)?,
        error: row.get(10)?,
        arguments: row.get(11)?,
        arguments_digest: row.get(12)?,
        request_bytes: row.get(13)?,
        response_bytes: row.get(14)?,
        tokens_in: row.get(15)?,
        tokens_out: row.get(16)?,
        cost: row.get(17)?,
        currency: row.get(18)?,
        context_cost: row.get(19)?,
        context_currency: row.get(20)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::query::tests::{call, store};

    #[test]
    fn the_newest_are_found_and_come_in_order() {
        let statements: String = (1..=9)
            .map(|id| call(id, if id % 2 == 0 { "read" } else { "write" }, "ok", 100))
            .collect();
        let (_root, reader) = store(&statements);
        let numbers = |chosen: Chosen| -> Vec<i64> {
            let rows = reader.calls(&chosen).unwrap();
            rows.iter().map(|row| row.number).collect()
        };
        let all = Chosen {
            limit: 100,
            ..Chosen::default()
        };
        assert_eq!(
            numbers(Chosen {
                limit: 3,
                ..all.clone()
            }),
            [7, 8, 9]
        );
        let name = Some("read".to_owned());
        assert_eq!(
            numbers(Chosen {
                name,
                after: 4,
                ..all.clone()
            }),
            [6, 8]
        );
        let until = Some(9);
        assert_eq!(numbers(Chosen { since: 8, until, ..all }), [8]);
    }

    #[test]
    fn a_call_is_found_with_its_events() {
        let statements = call(1, "read", "ok", 100)
            + "INSERT INTO events (timestamp, call_id, isError, content_text) VALUES ('t', '1', 0, 'fine');";
        let (_root, reader) = store(&statements);
        assert_eq!(reader.call("1").unwrap().unwrap().name, "read");
        assert_eq!(reader.call("none").unwrap(), None);
        let expected = serde_json::json!([{"timestamp": "t", "call_id": "1", "content_text": "fine", "isError": 0}]);
        let events: Vec<Value> = reader.events("1").unwrap().into_iter().map(Value::Object).collect();
        assert_eq!(Value::from(events), expected);
    }
}
