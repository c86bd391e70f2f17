//! The scanner: is a server what it says it is?
//!
//! [`definitions`] judges what a server declares. Whatever judges something gives [`Finding`]s, and a [`Report`] holds
//! them all, by server and by what of the server they are about.

pub mod definitions;
mod finding;
mod launch;
pub mod package;
pub mod report;
pub mod reputation;

pub use finding::{Finding, Severity, Suppression, Suppressions, Verdict, visible};
pub use report::{Item, Report, ServerReport};
