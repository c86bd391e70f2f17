//! `approve`: a person lets calls pass that wait for them.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
};

use clap::Args;

use super::{DONE, Outcome, print};
use crate::{
    config::Dirs,
    gateway::{Waiting, WaitingRoom},
};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway approve")]
pub(super) struct Options {}

/// Shows every call that waits and asks about it, in the terminal that controls this process.
pub(super) fn run(_: &Options) -> Outcome {
    let dirs = Dirs::from_env().map_err(|error| format!("the directories of this user can't be told: {error}"))?;
    let room = WaitingRoom::new(&dirs.state);
    // The terminal itself: what another program types for a person is no approval.
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(TERMINAL)
        .map_err(|error| {
            format!(
                "a person has to answer, and this process has no terminal ({error}): run `mcp-gateway approve` in one"
            )
        })?;
    let waiting = room
        .list()
        .map_err(|error| format!("what waits can't be read: {error}"))?;
    if waiting.is_empty() {
        return print("Nothing waits.\n");
    }
    let mut lines = BufReader::new(&terminal);
    for it in &waiting {
        let allow = ask(&terminal, &mut lines, it).map_err(|error| format!("the terminal can't be used: {error}"))?;
        match room.answer(it, allow) {
            Ok(()) if allow => print("Allowed, once.\n")?,
            Ok(()) => print("Refused.\n")?,
            Err(error) => print(&format!("Too late: {error}.\n"))?,
        };
    }
    Ok(DONE)
}

#[cfg(unix)]
const TERMINAL: &str = "/dev/tty";
#[cfg(windows)]
const TERMINAL: &str = "CONIN$";

/// Whether the person says yes; silence is no.
fn ask(mut terminal: &File, lines: &mut impl BufRead, waiting: &Waiting) -> std::io::Result<bool> {
    write!(terminal, "\n{}\nAllow it, once? [y/N] ", waiting.shown())?;
    let mut answer = String::new();
    lines.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
