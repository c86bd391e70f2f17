//! Deleting what is too old or too much.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::clock;

/// How much of the calls is deleted at a time where the store is too large, in parts of a hundred.
const SHARE: i64 = 10;

/// What is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    /// What is older goes.
    pub age: Option<Duration>,
    /// The oldest goes until the store takes no more than this, in bytes.
    pub size: Option<u64>,
}

/// Deletes what is not kept, and says how many calls that were. Space goes back to the system.
///
/// # Errors
/// Where SQLite can't.
pub fn prune(connection: &Connection, kept: &Kept) -> rusqlite::Result<usize> {
    let mut gone = 0;
    if let Some(age) = kept.age {
        gone += older_than(connection, clock::ago(age))?;
    }
    while let Some(size) = kept.size
        && used(connection)? > size
    {
        let oldest =
            "SELECT started_at FROM calls ORDER BY started_at LIMIT 1 OFFSET (SELECT count(*) * ? / 100 FROM calls)";
        let Ok(before) = connection.query_row(oldest, [SHARE], |row| row.get::<_, i64>(0)) else {
            break;
        };
        // One row at least, or it would never end.
        match older_than(connection, before + 1)? {
            0 => break,
            deleted => gone += deleted,
        }
    }
    if gone > 0 {
        connection.execute_batch("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")?;
    }
    Ok(gone)
}

fn older_than(connection: &Connection, before: i64) -> rusqlite::Result<usize> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute(
        "DELETE FROM events WHERE timestamp < ?",
        params![clock::timestamp(before)],
    )?;
    transaction.execute("DELETE FROM guardrail_actions WHERE at < ?", params![before])?;
    transaction.execute("DELETE FROM scans WHERE at < ?", params![before])?;
    transaction.execute(
        "DELETE FROM servers WHERE gateway IN (SELECT id FROM gateways WHERE heartbeat_at < ?)",
        params![before],
    )?;
    transaction.execute("DELETE FROM gateways WHERE heartbeat_at < ?", params![before])?;
    let calls = transaction.execute("DELETE FROM calls WHERE started_at < ?", params![before])?;
    transaction.commit()?;
    Ok(calls)
}

/// The bytes that hold something.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, u64>(0));
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::open;

    fn store() -> (tempfile::TempDir, Connection) {
        let root = tempfile::tempdir().unwrap();
        let connection = open(&root.path().join("t.db")).unwrap();
        let now = clock::now();
        for number in 0..100_i64 {
            let at = now - (100 - number) * 3_600_000_000;
            connection
                .execute(
                    "INSERT INTO calls (call_id, gateway, started_at, server, method, name, outcome) VALUES (?, 'g', ?, 's', 'm', 'n', 'ok')",
                    params![number.to_string(), at],
                )
                .unwrap();
            connection
                .execute(
                    "INSERT INTO events (timestamp, call_id, content_text) VALUES (?, ?, ?)",
                    params![clock::timestamp(at), number.to_string(), "x".repeat(10_000)],
                )
                .unwrap();
        }
        (root, connection)
    }

    fn counts(connection: &Connection) -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM events)";
        connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
    }

    #[test]
    fn what_is_too_old_goes_with_all_that_belongs_to_it() {
        let (_root, connection) = store();
        let kept = Kept {
            age: Some(Duration::from_secs(50 * 3600 + 1800)),
            size: None,
        };
        assert_eq!(prune(&connection, &kept).unwrap(), 50);
        assert_eq!(counts(&connection), (50, 50));
        assert_eq!(prune(&connection, &Kept::default()).unwrap(), 0);
    }

    #[test]
    fn a_store_that_is_too_large_loses_the_oldest() {
        let (_root, connection) = store();
        let before = used(&connection).unwrap();
        let kept = Kept {
            age: None,
            size: Some(before / 2),
        };
        let gone = prune(&connection, &kept).unwrap();
        assert!((40..80).contains(&gone), "{gone}");
        assert!(used(&connection).unwrap() <= before / 2);
        let oldest: String = connection
            .query_row("SELECT call_id FROM calls ORDER BY started_at LIMIT 1", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(oldest, gone.to_string());
        let tiny = Kept {
            age: None,
            size: Some(1),
        };
        prune(&connection, &tiny).unwrap();
        assert_eq!(counts(&connection).0, 0, "it ends when nothing is left");
    }
}
