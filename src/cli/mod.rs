//! The command line: one file for each command.

mod approve;
mod auth;
mod call;
mod check;
mod columns;
mod completions;
mod dashboard;
mod decrypt;
mod demo;
mod demo_server;
mod install;
mod log;
mod mask;
mod options;
mod pins;
mod policy;
mod rules;
mod run;
mod scan;
mod scan_servers;
mod settle;
mod start;
mod terminal;
mod trace;
mod trust;

use std::{io::Write, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    config::Dirs,
    process::{Watchdog, run_watchdog},
    text::visible,
};
use options::GatewayOptions;

/// Done.
const DONE: u8 = 0;
/// Findings, or a failed call.
const FAILED: u8 = 1;
/// The command or the configuration can't be used.
const USAGE: u8 = 2;
/// Nothing was found, but not everything could be looked at.
const INCOMPLETE: u8 = 3;

/// What a command gives back: an exit code, or what a person is told before the exit with [`USAGE`].
type Outcome = Result<u8, String>;

/// A security gateway between an AI client and its MCP servers.
///
/// Started without a command it is the gateway, on standard input and output: put it into your client's configuration.
#[derive(Parser)]
#[command(version, max_term_width = 110)]
#[command(
    after_help = "Examples:\n  mcp-gateway demo  # see it work, with nothing installed\n  mcp-gateway install cursor  # puts your servers behind it\n  mcp-gateway --mcp-json-path ~/.cursor/mcp.json --plugin basic  # the gateway itself"
)]
struct Cli {
    #[command(flatten)]
    gateway: GatewayOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Shows what the gateway is for, on a server that is built in
    #[command(after_help = "Example:\n  mcp-gateway demo")]
    Demo,
    /// Calls one tool through the same chain, from a terminal
    Call(call::Options),
    /// Masks files, or standard input, as the gateway would mask messages
    Mask(mask::Options),
    /// Turns back what `presidio` encrypted
    Decrypt(decrypt::Options),
    /// Judges what servers declare: is one what it says it is?
    Scan(scan::Options),
    /// Shows what `xetrack` recorded: calls, what they took and cost, and what was found in them
    Trace(trace::Options),
    /// Opens a page on this machine that shows what `xetrack` recorded
    Dashboard(dashboard::Options),
    /// Lists what `basic` and `presidio` look for
    Rules(rules::Options),
    /// Signs in to a remote server, or out of it
    Auth(auth::Options),
    /// Shows the calls that wait for a person, and asks whether they may pass
    Approve(approve::Options),
    /// Lets the servers of a configuration file in your working directory be started
    Trust(trust::Options),
    /// Is this configuration right, and what would start?
    Check(check::Options),
    /// Puts the servers of a client behind the gateway
    Install(install::Options),
    /// Puts the servers of a client back
    Uninstall(install::Target),
    /// Prints what a shell needs to complete commands and options
    Completions(completions::Options),
    /// Prints the manual, for `man -l`
    #[command(after_help = "Example:\n  mcp-gateway man | man -l -")]
    Man,
    /// Tries a policy on the calls that were recorded
    #[command(
        subcommand,
        after_help = "Example:\n  mcp-gateway policy test policy.json --since 7d"
    )]
    Policy(policy::Action),
    /// Accepts what changed of a server since it was pinned
    #[command(subcommand, after_help = "Example:\n  mcp-gateway pins accept github create_issue")]
    Pins(pins::Action),
    #[command(hide = true)]
    DemoServer,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // The watchdog lives as long as the gateway and is to be small, so nothing else is set up for it.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == Watchdog::COMMAND)
    {
        return run_watchdog();
    }
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => run::run(cli.gateway),
        Some(Command::Demo) => demo::run(),
        Some(Command::Call(options)) => call::run(cli.gateway, options),
        Some(Command::Mask(options)) => mask::run(cli.gateway.plugins, options),
        Some(Command::Decrypt(options)) => decrypt::run(&options),
        Some(Command::Scan(options)) => scan::run(&cli.gateway, &options),
        Some(Command::Trace(options)) => trace::run(&cli.gateway, &options),
        Some(Command::Dashboard(options)) => dashboard::run(&cli.gateway, &options),
        Some(Command::Rules(options)) => rules::run(&options),
        Some(Command::Auth(options)) => auth::run(&cli.gateway, &options),
        Some(Command::Approve(options)) => approve::run(&options),
        Some(Command::Trust(options)) => trust::run(&cli.gateway, &options),
        Some(Command::Check(options)) => check::run(&cli.gateway, &options),
        Some(Command::Install(options)) => install::install(&cli.gateway, &options),
        Some(Command::Uninstall(target)) => install::uninstall(&cli.gateway, &target),
        Some(Command::Completions(options)) => completions::completions(&options),
        Some(Command::Man) => completions::man(),
        Some(Command::Policy(action)) => policy::run(&cli.gateway, &action),
        Some(Command::Pins(action)) => pins::run(&cli.gateway, &action),
        Some(Command::DemoServer) => demo_server::run(),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            // Nobody is left to be told if standard error is closed.
            let _ = writeln!(std::io::stderr(), "mcp-gateway: {}", visible(&message));
            ExitCode::from(USAGE)
        }
    }
}

/// Writes to standard output; a reader that has gone is no fault.
fn print(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("standard output can't be written: {error}"))
        }
        _ => Ok(DONE),
    }
}

/// The directories of the user.
fn dirs() -> Result<Dirs, String> {
    Dirs::from_env().map_err(|error| error.to_string())
}

/// The runtime of a command: one thread, since what the gateway does for a small message is less than waking another.
fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let made = tokio::runtime::Builder::new_current_thread().enable_all().build();
    made.map_err(|error| format!("the system gives no event queue: {error}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
