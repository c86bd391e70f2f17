//! `approve`: a person lets calls pass that wait for them.

use clap::Args;

use super::{DONE, Outcome, dirs, print, terminal::Person};
use crate::gateway::WaitingRoom;

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway approve")]
pub(super) struct Options {}

/// Shows every call that waits and asks about it, in the terminal that controls this process.
pub(super) fn run(_: &Options) -> Outcome {
    let dirs = dirs()?;
    let room = WaitingRoom::new(&dirs.state);
    let mut person = Person::present()?;
    let waiting = room
        .list()
        .map_err(|error| format!("what waits can't be read: {error}"))?;
    if waiting.is_empty() {
        return print("Nothing waits.\n");
    }
    for it in &waiting {
        // What can't be shown is left to run out.
        let Some(shown) = it.shown() else { continue };
        let allow = person.says_yes(&format!("\n{shown}\nAllow it, once?"));
        match room.answer(it, allow) {
            Ok(()) if allow => print("Allowed, once.\n")?,
            Ok(()) => print("Refused.\n")?,
            Err(error) => print(&format!("Too late: {error}.\n"))?,
        };
    }
    Ok(DONE)
}
