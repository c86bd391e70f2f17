//! `trust`: a person lets the servers of a file be started.

use clap::Args;

use super::{Outcome, print};
use crate::{
    app,
    config::{self, Dirs},
};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway trust ./mcp.json")]
pub(super) struct Options {
    /// The configuration file
    file: String,
}

/// Remembers that the file, as it is now, is trusted, and says what it starts.
pub(super) fn run(options: &Options) -> Outcome {
    let dirs = Dirs::from_env().map_err(|error| format!("the directories of this user can't be told: {error}"))?;
    let found = config::discover(Some(&options.file), &dirs).map_err(|error| error.to_string())?;
    let read = |name: &str| std::env::var(name).ok();
    let config = config::load(&found.path, None, &dirs, &read).map_err(|error| error.to_string())?;
    config::trust(&found.path, &config.digest, &dirs).map_err(|error| format!("the trust can't be kept: {error}"))?;
    print(&format!(
        "{} is trusted as it is now. It starts:\n{}\n",
        found.path.display(),
        app::starts(&config).join("\n")
    ))
}
