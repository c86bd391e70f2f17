//! The scanner: is a server what it says it is?
//!
//! [`definitions`] judges what a server declares. Whatever judges something gives [`Finding`]s, and a [`Report`] holds
//! them all, by server and by what of the server they are about.

mod changes;
pub mod definitions;
mod finding;
mod launch;
pub mod package;
pub mod pins;
pub mod report;
pub mod reputation;
mod rule;
mod ruling;
mod scanner;
mod settings;

pub use finding::{Finding, Severity, Suppression, Suppressions, Verdict};
pub use report::{Item, Report, ServerReport};
pub use rule::Rule;
pub use scanner::{PIN_MISSING, Purpose, Scanner};
pub use settings::Settings;
