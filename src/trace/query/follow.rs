//! Calls as they come.

use std::collections::BTreeSet;

use super::{CallRow, Chosen, Reader};

/// Calls that still run and are waited for, at most: some were left behind by gateways that were killed.
const RUNNING: u32 = 1000;

/// Gives calls as they are entered and as they end.
pub struct Following {
    chosen: Chosen,
    running: BTreeSet<String>,
}

impl Following {
    /// Follows the calls of a server, a tool or both that are entered after the call `chosen.after`, and those that
    /// still run then; of those that are new at one look, the newest `chosen.limit`. The outcome that was chosen does
    /// not count.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn new(reader: &Reader, chosen: &Chosen) -> rusqlite::Result<Self> {
        let running = Chosen {
            outcome: Some("running".to_owned()),
            after: 0,
            limit: RUNNING,
            ..chosen.clone()
        };
        let running = reader.calls(&running)?;
        let before = running.into_iter().filter(|row| row.number <= chosen.after);
        Ok(Self {
            running: before.map(|row| row.call_id).collect(),
            chosen: Chosen {
                outcome: None,
                ..chosen.clone()
            },
        })
    }

    /// The calls that have ended since the last look, and then those that are new, the oldest first. A new one may still
    /// run: it comes again when it has ended.
    ///
    /// # Errors
    /// Where SQLite can't.
    pub fn news(&mut self, reader: &Reader) -> rusqlite::Result<Vec<CallRow>> {
        let mut rows = Vec::new();
        for id in &self.running {
            rows.extend(reader.call(id)?.filter(|row| row.outcome != "running"));
        }
        self.running.retain(|id| rows.iter().all(|row| row.call_id != *id));
        let new = reader.calls(&self.chosen)?;
        self.chosen.after = new.last().map_or(self.chosen.after, |row| row.number);
        let running = new.iter().filter(|row| row.outcome == "running");
        self.running.extend(running.map(|row| row.call_id.clone()));
        rows.extend(new);
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{
        open,
        query::tests::{call, store},
    };

    #[test]
    fn a_call_comes_when_it_begins_and_when_it_ends() {
        let (root, reader) = store(&(call(1, "old", "ok", 1) + &call(2, "slow", "running", 0)));
        let store = open(&root.path().join("t.db")).unwrap();
        let chosen = Chosen {
            after: 2,
            limit: 100,
            ..Chosen::default()
        };
        let mut following = Following::new(&reader, &chosen).unwrap();
        let mut news = || -> Vec<(String, String)> {
            let rows = following.news(&reader).unwrap();
            rows.into_iter().map(|row| (row.name, row.outcome)).collect()
        };
        let pair = |name: &str, outcome: &str| (name.to_owned(), outcome.to_owned());
        assert_eq!(news(), []);
        store.execute_batch(&call(3, "new", "running", 0)).unwrap();
        assert_eq!(news(), [pair("new", "running")]);
        store.execute_batch("UPDATE calls SET outcome = 'ok'").unwrap();
        assert_eq!(news(), [pair("slow", "ok"), pair("new", "ok")]);
        assert_eq!(news(), []);
    }
}
