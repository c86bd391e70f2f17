//! `completions` and `man`: what shells and readers know of the command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Outcome, print};

#[derive(Args)]
#[command(
    after_help = "Example:\n  mcp-gateway completions bash > ~/.local/share/bash-completion/completions/mcp-gateway"
)]
pub(super) struct Options {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions for a shell.
pub(super) fn completions(options: &Options) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "mcp-gateway", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual: the page of the program, then one of each command.
pub(super) fn man() -> Outcome {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    let shown = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help");
    let pages = std::iter::once(command.clone()).chain(shown.cloned());
    for command in pages {
        let rendered = clap_mangen::Man::new(command).render(&mut page);
        rendered.map_err(|error| format!("the manual can't be made: {error}"))?;
    }
    print(&String::from_utf8_lossy(&page))
}
