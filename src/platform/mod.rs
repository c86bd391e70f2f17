//! What the systems do differently, a module for each concern. Nothing else asks which system it runs on but
//! `process::platform`, which starts programs and ends them; a test holds the rest to it.

pub mod files;
pub mod folders;
pub mod signals;
pub mod stdio;
pub mod terminal;
pub mod variables;
