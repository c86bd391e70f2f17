//! `pins`: a person accepts what changed of a server.

use clap::Subcommand;

use super::{FAILED, Outcome, dirs, options::GatewayOptions, print, start, terminal::Person};
use crate::{config, platform::variables::variable, scan::pins::Pins};

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
    let dirs = dirs()?;
    let found = config::discover(gateway.mcp_json_path.as_deref(), &dirs).map_err(|error| error.to_string())?;
    let pins = Pins::of(&found.path, &dirs);
    let changes = pins
        .pending(server, tool.as_deref())
        .map_err(|error| error.to_string())?;
    if changes.is_empty() {
        let config = config::load(&found.path, gateway.name.as_deref(), &dirs, &variable);
        if let Ok(config) = config
            && !config.servers.iter().any(|known| known.name == *server)
        {
            return Err(start::no_server(server, &config.servers));
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
