//! `completions` and `man`: what shells and readers know of the command line.

use std::io;

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Outcome, print};

#[derive(Args)]
#[command(after_help = "Example:\n  source <(mcp-gateway completions bash)  # for this shell; in ~/.bashrc, for each")]
pub(super) struct Options {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions for a shell.
pub(super) fn completions(options: &Options) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "mcp-gateway", &mut script);
    // clap_complete 4.6 writes the `-` of the program's name in two ways, so that bash would find nothing below a command.
    print(&String::from_utf8_lossy(&script).replace("mcp__subcmd__gateway", "mcp__gateway"))
}

/// Prints the manual: the page of the program, then one of each command, and of those below it.
pub(super) fn man() -> Outcome {
    let mut command = Cli::command();
    command.build();
    let mut pages = Vec::new();
    let written = write_pages(&command, &mut pages);
    written.map_err(|error| format!("the manual can't be made: {error}"))?;
    print(&String::from_utf8_lossy(&pages))
}

fn write_pages(command: &Command, pages: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(pages)?;
    let shown = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help");
    shown.into_iter().try_for_each(|command| write_pages(command, pages))
}
