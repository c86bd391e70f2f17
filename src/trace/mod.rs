//! Every call on record: what observers are told goes through a bounded queue to a thread that masks it, and writes it
//! to an SQLite store, to daily files and to an OpenTelemetry collector. [`query`] reads the store.
//!
//! A call never waits for any of that. What is kept has passed the chain and, once more, the engine of `basic`.

mod calls;
mod columns;
mod events;
mod logs;
mod measure;
pub mod otlp;
mod prices;
mod prune;
pub mod query;
mod queue;
mod record;
mod recorder;
mod rows;
mod schema;
mod settings;
mod store;
pub mod tokens;
mod translate;
mod writer;

pub use measure::{age, size};
pub use prices::{Price, Prices};
pub use prune::{Kept, prune};
pub use record::Scan;
pub use recorder::{Recorder, Unopened};
pub use schema::{StoreError, VERSION, advice, open};
pub use settings::{SETTINGS, Settings, VARIABLES};
