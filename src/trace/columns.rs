//! The columns of `events`: those that every event has, and one for each argument that can have one.
//!
//! An argument is called as a client pleases, and a column is not: its name is compared without case, there is room for so
//! many, and some names are taken. What can't be a column stands in `arguments`, as JSON.

use std::collections::{HashMap, hash_map::Entry};

use rusqlite::{Connection, params};

/// The columns that every event has, with their types.
pub(super) const FIXED: &[(&str, &str)] = &[
    ("timestamp", "TEXT"),
    ("track_id", "TEXT"),
    ("call_id", "TEXT"),
    ("server_name", "TEXT"),
    ("capability_type", "TEXT"),
    ("capability_name", "TEXT"),
    ("content_type", "TEXT"),
    ("content_text", "TEXT"),
    ("content_annotations", "TEXT"),
    ("response_type", "TEXT"),
    ("isError", "INTEGER"),
    ("meta", "TEXT"),
    ("structuredContent", "TEXT"),
    ("arguments", "TEXT"),
    ("content", "TEXT"),
    ("content_meta", "TEXT"),
    ("content_role", "TEXT"),
    ("content_data", "TEXT"),
    ("content_mimeType", "TEXT"),
    ("content_uri", "TEXT"),
    ("content_name", "TEXT"),
    ("content_title", "TEXT"),
    ("content_description", "TEXT"),
    ("content_size", "TEXT"),
    ("content_resource", "TEXT"),
    ("content_blob", "TEXT"),
];

/// Names under which SQLite knows a row by its number.
const ROW_NUMBERS: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// What begins so belongs to the content of results.
const OF_CONTENT: &str = "content_";

/// Columns at most. SQLite takes 2000, and so do the programs that read the file.
const MOST: usize = 1500;

/// The longest name of a column, in bytes.
const LONGEST: usize = 128;

/// Which columns there are.
#[derive(Default)]
pub(super) struct Columns {
    /// By the name in small letters, the name as it is written.
    known: HashMap<String, String>,
    /// SQLite's count of changes to the schema, as of the last look.
    seen: Option<i64>,
}

/// Makes the table, or gives an older one what it lacks, and the view by which today's xetrack finds it.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    let definitions: Vec<String> = FIXED
        .iter()
        .map(|(name, kind)| format!("{} {kind}", quoted(name)))
        .collect();
    connection.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS events ({})",
        definitions.join(", ")
    ))?;
    let mut columns = Columns::default();
    columns.refresh(connection)?;
    for (name, kind) in FIXED {
        columns.add(connection, name, kind)?;
    }
    connection.execute_batch(
        "CREATE INDEX IF NOT EXISTS events_call_id ON events (call_id);
         CREATE VIEW IF NOT EXISTS \"default\" AS SELECT * FROM events;",
    )
}

impl Columns {
    /// Looks again, if anybody has changed the tables since. To be asked within a transaction that writes.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let now: i64 = connection.pragma_query_value(None, "schema_version", |row| row.get(0))?;
        if self.seen == Some(now) {
            return Ok(());
        }
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info('events')")?;
        let names = statement.query_map(params![], |row| row.get::<_, String>(0))?;
        let names: Result<Vec<String>, _> = names.collect();
        self.known = names?
            .into_iter()
            .map(|name| (name.to_ascii_lowercase(), name))
            .collect();
        self.seen = Some(now);
        Ok(())
    }

    /// Forgets what it has seen: a transaction that added columns did not last.
    pub(super) fn forget(&mut self) {
        self.seen = None;
    }

    /// The column of an argument, which is made if need be; `None` where it can't have one.
    pub(super) fn of_argument(&mut self, connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
        if let Some(known) = self.known.get(&name.to_ascii_lowercase()) {
            return Ok((known == name && !is_taken(name)).then(|| quoted(name)));
        }
        if is_taken(name) || name.is_empty() || name.len() > LONGEST || name.contains('\0') || self.known.len() >= MOST
        {
            return Ok(None);
        }
        self.add(connection, name, "TEXT")?;
        Ok(Some(quoted(name)))
    }

    fn add(&mut self, connection: &Connection, name: &str, kind: &str) -> rusqlite::Result<()> {
        let key = name.to_ascii_lowercase();
        if let Entry::Vacant(vacant) = self.known.entry(key) {
            connection.execute_batch(&format!("ALTER TABLE events ADD COLUMN {} {kind}", quoted(name)))?;
            vacant.insert(name.to_owned());
            self.seen = None;
        }
        Ok(())
    }
}

/// Whether a name means something else already.
fn is_taken(name: &str) -> bool {
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    let of_content = name.get(..OF_CONTENT.len());
    FIXED.iter().any(|(fixed, _)| is(fixed))
        || ROW_NUMBERS.iter().any(is)
        || of_content.is_some_and(|beginning| beginning.eq_ignore_ascii_case(OF_CONTENT))
}

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> (Connection, Columns) {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        let mut columns = Columns::default();
        columns.refresh(&connection).unwrap();
        (connection, columns)
    }

    #[test]
    fn an_argument_has_a_column_unless_its_name_is_taken() {
        let (connection, mut columns) = columns();
        let mut of = |name: &str| columns.of_argument(&connection, name).unwrap();
        assert_eq!(of("path"), Some("\"path\"".into()));
        assert_eq!(of("path"), Some("\"path\"".into()));
        assert_eq!(
            of("a\"; DROP TABLE events; --"),
            Some("\"a\"\"; DROP TABLE events; --\"".into())
        );
        assert_eq!(of("größe"), Some("\"größe\"".into()));
        let long = "x".repeat(LONGEST + 1);
        for taken in [
            "Path",
            "timestamp",
            "ISERROR",
            "content",
            "Content_x",
            "rowid",
            "",
            "a\0b",
            &long,
        ] {
            assert_eq!(of(taken), None, "{taken}");
        }
    }

    #[test]
    fn there_is_room_for_a_thousand_arguments_and_an_end() {
        let (connection, mut columns) = columns();
        let made = (0..2000)
            .filter(|number| {
                columns
                    .of_argument(&connection, &format!("a{number}"))
                    .unwrap()
                    .is_some()
            })
            .count();
        assert_eq!(made, MOST - FIXED.len());
        assert!(made > 1000);
        connection
            .execute_batch("INSERT INTO events (a1) VALUES ('x')")
            .unwrap();
    }

    #[test]
    fn the_columns_of_another_process_are_seen() {
        let (connection, mut columns) = columns();
        connection
            .execute_batch("ALTER TABLE events ADD COLUMN city TEXT")
            .unwrap();
        columns.refresh(&connection).unwrap();
        assert_eq!(
            columns.of_argument(&connection, "city").unwrap(),
            Some("\"city\"".into())
        );
        assert_eq!(columns.of_argument(&connection, "City").unwrap(), None);
    }
}
