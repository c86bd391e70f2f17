//! `trust`: a person lets the servers of a file be started.

use clap::Args;

use super::{Outcome, dirs, options::GatewayOptions, print, terminal::Person};
use crate::{app, config, platform::variables::variable, text::visible_line};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway trust ./mcp.json")]
pub(super) struct Options {
    /// The configuration file
    file: String,
}

/// Shows all that the file lets start, asks the person at the terminal, if there is one, and remembers that it is
/// trusted as it was shown.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let dirs = dirs()?;
    let found = config::discover(Some(&options.file), &dirs).map_err(|error| error.to_string())?;
    let config =
        config::load(&found.path, gateway.name.as_deref(), &dirs, &variable).map_err(|error| error.to_string())?;
    let path = found.path.display().to_string();
    let path = visible_line(&path);
    print(&format!("{path} lets this start:\n{}\n", app::starts(&config)))?;
    if Person::present().is_ok_and(|mut person| !person.says_yes(&format!("Trust {path} as it is now?"))) {
        return Err(format!("{path} is not trusted"));
    }
    config::trust(&found.path, &config.digest, &dirs).map_err(|error| format!("the trust can't be kept: {error}"))?;
    print(&format!("{path} is trusted as it is now.\n"))
}
