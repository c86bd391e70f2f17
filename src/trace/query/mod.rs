//! Reading the store: what the commands and the dashboard show.

mod activity;
mod calls;
mod findings;
mod fleet;
mod follow;
mod stats;

use std::path::Path;

use rusqlite::Connection;

pub use activity::{ActivityRow, FoundRow, RepeatRow};
pub use calls::{CallRow, Chosen, Event};
pub use findings::{FindingRow, GuardrailRow};
pub use fleet::{ScanRow, ServerRow, ToolRow};
pub use follow::Following;
pub use stats::{CostRow, Per, StatRow};

use super::schema::{self, StoreError};

/// A store that is read. Gateways may write to it all the while.
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the store at `path`.
    ///
    /// # Errors
    /// A [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: schema::open_to_read(path)?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use super::*;
    use crate::trace::open;

    /// A store with these statements run on it.
    pub(super) fn store(statements: &str) -> (tempfile::TempDir, Reader) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("t.db");
        open(&path).unwrap().execute_batch(statements).unwrap();
        let reader = Reader::open(Path::new(&path)).unwrap();
        (root, reader)
    }

    /// The statement that enters a call.
    pub(super) fn call(id: i64, name: &str, outcome: &str, took: i64) -> String {
        format!(
            "INSERT INTO calls (call_id, gateway, started_at, server, method, name, outcome, duration, overhead, \
             request_bytes, response_bytes, tokens_in, tokens_out, cost, currency, context_cost, context_currency) \
             VALUES ('{id}', 'g', {id}, 'files', 'tools/call', '{name}', '{outcome}', {took}, 10, 5, 50, 2, 20, 0.5, 'EUR', 0.1, 'USD');"
        )
    }
}
