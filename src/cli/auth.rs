//! `auth`: a person signs in to a remote server, or out of it.

use std::io::{IsTerminal, Write, stderr, stdin};

use clap::Args;
use tokio::sync::mpsc;

use super::{FAILED, Outcome, dirs, options::GatewayOptions, print, runtime, start};
use crate::upstream::remote::{
    Endpoint,
    oauth::{Choice, Granting, News, Page, SignOut, sign_in, sign_out},
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
    /// Forgets the tokens, and has them revoked where they were granted
    #[arg(long)]
    sign_out: bool,
}

/// Signs in or out.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let dirs = dirs()?;
    let servers = start::prepare(gateway, start::StartedBy::Person)?.config.servers;
    let name = &options.server;
    let Some(server) = servers.iter().find(|server| server.name == *name) else {
        return Err(start::no_server(name, &servers));
    };
    let Some(endpoint) = Endpoint::of(server, &dirs.state) else {
        return Err(format!(
            "`{name}` is a program on this machine: there is nowhere to sign in"
        ));
    };
    if options.sign_out {
        let ended = runtime()?.block_on(sign_out(&endpoint));
        return print(&match ended.map_err(|error| format!("`{name}`: {error}"))? {
            SignOut::Nobody => format!("Nobody was signed in to `{name}`.\n"),
            SignOut::Revoked => format!("Signed out of `{name}`: its tokens are forgotten here, and revoked.\n"),
            SignOut::Unreadable => {
                format!("Signed out of `{name}`: the file of its tokens could not be read, and is removed.\n")
            }
            SignOut::Irrevocable(host) => format!(
                "Signed out of `{name}`: its tokens are forgotten here. {host} has no way to revoke them (RFC 7009), so a copy would be good until \
                 it runs out.\n"
            ),
            SignOut::NotRevoked(error) => format!(
                "Signed out of `{name}`: its tokens are forgotten here, but were not revoked, so a copy would be good until it runs out: {error}\n"
            ),
        });
    }
    let choice = Choice {
        scope: options.scope.clone(),
        port: options.port,
    };
    let signing_in = sign_in(&endpoint, &choice, typed(), |news| match news {
        News::Open(page) => show(name, page),
        News::Stray => say(
            "What came now does not belong to this sign-in (`state`): it may be another page, or somebody else. Nothing was done with it, and the \
             answer is waited for.\n",
        ),
    });
    match runtime()?.block_on(signing_in) {
        Ok(Granting::Taken) => print(&format!("Signed in to `{name}`.\n")),
        Ok(Granting::NotTaken) => {
            say(&format!(
                "mcp-gateway: signed in, but `{name}` does not take the token that was given for it: the token may be meant for another server. \
                 Only its operator can mend that.\n"
            ));
            Ok(FAILED)
        }
        Err(error) => {
            say(&format!("mcp-gateway: no sign-in to `{name}`: {error}\n"));
            Ok(FAILED)
        }
    }
}

/// The lines that a person types. Nothing waits for the thread that reads them: it ends with the process.
fn typed() -> mpsc::UnboundedReceiver<String> {
    let (typing, typed) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        stdin()
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| typing.send(line))
    });
    typed
}

/// Shows a person who is to get what, and where to sign in, and opens that if the person is at a terminal.
fn show(name: &str, page: &Page) {
    let Page {
        address,
        issuer,
        server,
        scope,
        ..
    } = page;
    let good_for = scope
        .as_ref()
        .map_or_else(String::new, |scope| format!(", good for: {scope}"));
    say(&format!(
        "`{name}` at {server} asks for a token of {issuer}{good_for}\n"
    ));
    if page.foreign {
        say(&format!(
            "{server} and {issuer} may have different owners: sign in only if {server} is to act in your name at {issuer}.\n"
        ));
    }
    say(&format!(
        "If a browser on this machine can't open it, open it elsewhere, and paste here the address where that ends ({}?…).\n\
         Open this address to sign in:\n\n  {address}\n\n",
        page.back
    ));
    if stdin().is_terminal() && stderr().is_terminal() && open::that_detached(address).is_err() {
        say("No browser could be opened here: copy the address into one.\n");
    }
}

/// Nobody is left to be told if standard error is closed, who may still see the browser.
fn say(text: &str) {
    let _ = stderr().write_all(text.as_bytes());
}
