//! `auth`: a person signs in to a remote server, or out of it.

use std::io::{IsTerminal, Write, stderr, stdin};

use clap::Args;

use super::{FAILED, Outcome, options::GatewayOptions, print, runtime, start};
use crate::{
    config::{self, Dirs},
    upstream::remote::{
        Endpoint,
        oauth::{Choice, sign_in, sign_out},
    },
};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway auth github")]
pub(super) struct Options {
    /// The server, as the configuration names it
    server: String,
    /// Scopes to ask for, with spaces between them; those that are granted already stay
    #[arg(long, value_name = "SCOPES", conflicts_with = "sign_out")]
    scope: Option<String>,
    /// The port that the browser returns to; for a client that was registered with one [any that is free]
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true,
        conflicts_with = "sign_out"
    )]
    port: u16,
    /// Forgets the tokens
    #[arg(long)]
    sign_out: bool,
}

/// Signs in or out.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let dirs = Dirs::from_env().map_err(|error| format!("the directories of this user can't be told: {error}"))?;
    let servers = start::prepare(gateway, start::StartedBy::Person)?.config.servers;
    let name = &options.server;
    let Some(server) = servers.iter().find(|server| server.name == *name) else {
        let hint = config::did_you_mean(name, servers.iter().map(|server| server.name.as_str()));
        return Err(format!("the configuration has no server `{name}`{hint}"));
    };
    let Some(endpoint) = Endpoint::of(server, &dirs.state) else {
        return Err(format!(
            "`{name}` is a program on this machine: there is nowhere to sign in"
        ));
    };
    if options.sign_out {
        let forgotten = sign_out(&endpoint).map_err(|error| format!("`{name}`: {error}"))?;
        let outcome = if forgotten {
            "Signed out of"
        } else {
            "Nobody was signed in to"
        };
        return print(&format!("{outcome} `{name}`.\n"));
    }
    let choice = Choice {
        scope: options.scope.clone(),
        port: options.port,
    };
    match runtime()?.block_on(sign_in(&endpoint, &choice, show)) {
        Ok(()) => print(&format!("Signed in to `{name}`.\n")),
        Err(error) => {
            // Nobody is left to be told if standard error is closed.
            let _ = writeln!(stderr(), "mcp-gateway: no sign-in to `{name}`: {error}");
            Ok(FAILED)
        }
    }
}

/// Shows a person where to sign in, and opens it if that person is at a terminal.
fn show(address: &str) {
    // Whoever can't see it may still see the browser.
    let _ = writeln!(stderr(), "Open this address to sign in:\n\n  {address}\n");
    if stdin().is_terminal() && stderr().is_terminal() && open::that_detached(address).is_err() {
        let _ = writeln!(
            stderr(),
            "No browser could be opened here: copy the address into one on this machine."
        );
    }
}
