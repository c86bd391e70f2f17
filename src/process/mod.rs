//! The processes of servers and of plugins: started with a clean environment and a process group of their own, and ended together
//! with everything that they started, however the gateway itself ends.
//!
//! Three things find the descendants of a server. Its process group holds most of them. A variable of the
//! environment, the *mark*, is inherited by those that left the group (`setsid`, a daemon's double fork). And whatever
//! descends from a process that was found belongs to it as well. [`Child::shut`] ends them in the ordinary course of
//! things; where the gateway was killed, the [`Watchdog`] does, a process that outlives it for as long as that takes.
//! What escapes is a daemon that wiped its environment and whose ancestors had left before anyone looked.

mod backoff;
mod child;
mod environment;
mod error;
mod exit;
mod platform;
mod program;
#[cfg(all(test, unix))]
mod scripts;
mod stderr;
mod watchdog;

use std::path::PathBuf;

pub use backoff::Backoff;
pub use child::{Child, Pipes, locate, spawn};
pub use environment::clean as environment;
pub use error::SpawnError;
pub use exit::Exit;
pub use program::find;
pub use stderr::LastWords;
pub use watchdog::{Watchdog, run as run_watchdog};

use crate::config::Launch;

/// The variable of the environment that holds the mark: the gateway's session, a dot, and the server's number.
const MARK: &str = "MCP_GATEWAY_SESSION";

/// How a server's program is started. Its arguments and its environment may hold secrets: it has no `Debug`.
#[derive(Clone)]
pub struct Command {
    /// The program: a name that `PATH` is searched for, or a path, relative to `cwd`.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// What its environment holds beside the few variables that every server gets.
    pub env: Vec<(String, String)>,
    /// Where it runs; in the gateway's own working directory if not given.
    pub cwd: Option<PathBuf>,
}

impl Command {
    /// That of a local server; `None` for one elsewhere.
    pub fn of(launch: &Launch) -> Option<Self> {
        let Launch::Command {
            program,
            args,
            env,
            cwd,
        } = launch
        else {
            return None;
        };
        Some(Self {
            program: program.to_string_lossy().into_owned(),
            args: args.clone(),
            env: env.clone(),
            cwd: Some(cwd.clone()),
        })
    }
}
