//! The tables of the store, and how an older store becomes one of today.

use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::columns;
use crate::config::private;

/// How long one process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it pauses where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// What each version adds to the one before it; `user_version` counts them. A version that was released never changes.
const MIGRATIONS: &[&str] = &["
CREATE TABLE gateways (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL,
    ended_at INTEGER,
    lost INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE servers (
    gateway TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT,
    since INTEGER NOT NULL,
    starts INTEGER NOT NULL DEFAULT 0,
    title TEXT,
    version TEXT,
    protocol TEXT,
    PRIMARY KEY (gateway, name)
) WITHOUT ROWID;
CREATE TABLE tools (
    server TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (server, name)
) WITHOUT ROWID;
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL UNIQUE,
    gateway TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    duration INTEGER,
    overhead INTEGER,
    server TEXT NOT NULL,
    method TEXT NOT NULL,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    error TEXT,
    request_bytes INTEGER,
    response_bytes INTEGER,
    tokens_in INTEGER,
    tokens_out INTEGER,
    cost REAL,
    currency TEXT,
    context_cost REAL,
    context_currency TEXT,
    arguments_digest TEXT,
    arguments TEXT
);
CREATE INDEX calls_started_at ON calls (started_at);
CREATE TABLE guardrail_actions (
    id INTEGER PRIMARY KEY,
    call_id TEXT,
    gateway TEXT NOT NULL,
    at INTEGER NOT NULL,
    server TEXT NOT NULL,
    method TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    direction TEXT NOT NULL,
    plugin TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rule TEXT,
    label TEXT,
    place TEXT,
    count INTEGER NOT NULL,
    reason TEXT,
    duration INTEGER
);
CREATE INDEX guardrail_actions_call ON guardrail_actions (call_id);
CREATE INDEX guardrail_actions_at ON guardrail_actions (at);
CREATE TABLE scans (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    server TEXT NOT NULL,
    subject TEXT NOT NULL,
    version TEXT,
    verdict TEXT NOT NULL,
    score REAL,
    report TEXT NOT NULL
);
"];

/// The version of the tables that this program writes.
pub const VERSION: usize = MIGRATIONS.len();

/// A store that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system does not give the file.
    #[error("{0} can't be used: {1}")]
    File(String, io::Error),
    /// SQLite does not take it.
    #[error("{file} can't be used: {error}{advice}", file = .0, error = .1, advice = advice(.1))]
    Database(String, rusqlite::Error),
    /// A program of later made it.
    #[error(
        "{file} was made by a newer mcp-gateway (its tables are of version {found}, these of {VERSION}): use that one"
    )]
    Newer {
        /// The file.
        file: String,
        /// The version of its tables.
        found: usize,
    },
    /// There is none yet.
    #[error(
        "there is no trace store at {0}: start the gateway with `-p xetrack`, or name yours with --db or XETRACK_DB_PATH"
    )]
    Missing(String),
}

/// What a person can do about an error of SQLite's, to be set behind it; empty where nothing is known.
pub fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "; it is damaged, or no trace store: move it away, and the gateway makes a new one"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "; another program holds it: end that one",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "; check the permissions of the file and of its folder"
        }
        Some(ErrorCode::DiskFull) => "; make room on the disk",
        _ => "",
    }
}

/// Opens a store to write to it; makes it where there is none, for this user alone.
///
/// # Errors
/// A [`StoreError`].
pub fn open(path: &Path) -> Result<Connection, StoreError> {
    let file = path.display().to_string();
    private::touch(path).map_err(|error| StoreError::File(file.clone(), error))?;
    let failed = |error| StoreError::Database(file.clone(), error);
    let mut connection = Connection::open(path).map_err(failed)?;
    prepare_in_turn(&mut connection).map_err(failed)?;
    let found = migrate(&mut connection).map_err(failed)?;
    if found > VERSION {
        return Err(StoreError::Newer { file, found });
    }
    Ok(connection)
}

/// Opens a store to read it.
///
/// # Errors
/// A [`StoreError`].
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let file = path.display().to_string();
    if !path.exists() {
        return Err(StoreError::Missing(file));
    }
    let failed = |error| StoreError::Database(file.clone(), error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    // Damage shows where the tables are looked for; the version stands before them.
    let tables = "SELECT count(*) FROM sqlite_schema";
    connection
        .query_row(tables, [], |row| row.get::<_, i64>(0))
        .map_err(failed)?;
    match settled_version(&connection).map_err(failed)? {
        0 => Err(StoreError::Missing(file)),
        found if found > VERSION => Err(StoreError::Newer { file, found }),
        _ => Ok(connection),
    }
}

/// The version of a store that a gateway may be making at this moment.
fn settled_version(connection: &Connection) -> rusqlite::Result<usize> {
    let started = Instant::now();
    loop {
        match version(connection)? {
            0 if started.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            found => return Ok(found),
        }
    }
}

/// Prepares a store that others may prepare at this moment: SQLite does not wait where two want to change its journal.
fn prepare_in_turn(connection: &mut Connection) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        match prepare(connection) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && started.elapsed() < PATIENCE =>
            {
                std::thread::sleep(PAUSE);
            }
            prepared => return prepared,
        }
    }
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    // What is deleted is given back to the system piece by piece. It has to be said before the first table.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A killed process loses nothing that was committed; a machine without power may lose the last moments.
    connection.pragma_update(None, "synchronous", "normal")?;
    // What was deleted can't be found in the file any more.
    connection.pragma_update(None, "secure_delete", "fast")
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the tables to today's version; the version that they have then.
fn migrate(connection: &mut Connection) -> rusqlite::Result<usize> {
    if version(connection)? >= VERSION {
        return version(connection);
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another gateway may have been first.
    let from = version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(from) {
        transaction.execute_batch(migration)?;
    }
    columns::create(&transaction)?;
    transaction.pragma_update(None, "user_version", VERSION.max(from))?;
    transaction.commit()?;
    version(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_opened_as_often_as_one_likes() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/trace.db");
        let first = open(&path).unwrap();
        let second = open(&path).unwrap();
        assert_eq!(
            (version(&first).unwrap(), version(&second).unwrap()),
            (VERSION, VERSION)
        );
        assert!(open_to_read(&path).is_ok());
    }

    #[test]
    fn a_store_is_opened_by_many_at_once() {
        for _ in 0..20 {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("trace.db");
            std::thread::scope(|scope| {
                let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&path).map(drop))).collect();
                opened.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
            });
        }
    }

    #[test]
    fn a_store_of_the_future_and_a_file_that_is_none_are_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("trace.db");
        open(&path)
            .unwrap()
            .pragma_update(None, "user_version", VERSION + 1)
            .unwrap();
        assert!(open(&path).unwrap_err().to_string().contains("newer"));
        let other = root.path().join("notes.txt");
        std::fs::write(
            &other,
            "Notes that are no database, long enough to look like one.".repeat(40),
        )
        .unwrap();
        assert!(matches!(open(&other), Err(StoreError::Database(..))));
        assert!(std::fs::read_to_string(&other).unwrap().starts_with("Notes"));
        assert!(matches!(
            open_to_read(&root.path().join("none")),
            Err(StoreError::Missing(_))
        ));
    }

    #[test]
    fn a_store_that_is_being_made_is_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("trace.db");
        private::touch(&path).unwrap();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| open_to_read(&path).map(drop));
            std::thread::sleep(PAUSE * 10);
            open(&path).unwrap();
            reader.join().unwrap().unwrap();
        });
    }

    #[test]
    fn what_the_python_package_left_behind_stays() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("tracing.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(
            "CREATE TABLE events (timestamp VARCHAR, track_id VARCHAR, path TEXT, PRIMARY KEY (timestamp, track_id));
             INSERT INTO events VALUES ('2025-04-27 12:34:56.123456', 'calm-otter-0001', 'notes.txt')",
        )
        .unwrap();
        let store = open(&path).unwrap();
        let row = store.query_row("SELECT path, content_text FROM events", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        });
        assert_eq!(row.unwrap(), ("notes.txt".to_owned(), None));
    }
}
