//! `pins`: a person accepts what changed of a server.

use clap::Subcommand;

use super::{FAILED, Outcome, options::GatewayOptions, print, terminal::Person};
use crate::{
    config::{self, Dirs},
    scan::pins::Pins,
    text::did_you_mean,
};

#[derive(Subcommand)]
pub(super) enum Action {
    /// Shows what changed since it was pinned, and pins it as it is now
    #[command(after_help = "Example:\n  mcp-gateway pins accept github create_issue")]
    Accept {
        /// The server, as the configuration names it
        server: String,
        /// The tool, as the server names it; without it, everything of the server
        tool: Option<String>,
    },
}

/// Shows the changes, and pins them if a person at a terminal says so.
pub(super) fn run(gateway: &GatewayOptions, action: &Action) -> Outcome {
    let Action::Accept { server, tool } = action;
    let dirs = Dirs::from_env().map_err(|error| format!("the directories of this user can't be told: {error}"))?;
    let found = config::discover(gateway.mcp_json_path.as_deref(), &dirs).map_err(|error| error.to_string())?;
    let pins = Pins::of(&found.path, &dirs);
    let changes = pins
        .pending(server, tool.as_deref())
        .map_err(|error| error.to_string())?;
    if changes.is_empty() {
        let environment = |name: &str| std::env::var(name).ok();
        let config = config::load(&found.path, gateway.name.as_deref(), &dirs, &environment);
        if let Ok(config) = config
            && !config.servers.iter().any(|known| known.name == *server)
        {
            let hint = did_you_mean(server, config.servers.iter().map(|known| known.name.as_str()));
            return Err(format!("the configuration has no server `{server}`{hint}"));
        }
        return print(&format!(
            "Nothing of `{server}` waits to be accepted. Changes are seen by `mcp-gateway scan` and by a gateway with `--scan`.\n"
        ));
    }
    let shown: String = changes
        .iter()
        .map(|change| format!("{}\n{}\n", change.subject(), change.diff()))
        .collect();
    print(&shown)?;
    if !Person::present()?.says_yes("Pin this as it is now?") {
        print("Nothing was changed.\n")?;
        return Ok(FAILED);
    }
    pins.accept(server, tool.as_deref())
        .map_err(|error| error.to_string())?;
    print(&format!("Pinned in {}.\n", pins.path().display()))
}
