//! From the options to what a gateway is made of: the configuration is found, trusted, read, and its plugins are made.

use std::sync::Arc;

use super::{
    dirs,
    options::{GatewayOptions, PluginOptions},
    terminal::Person,
};
use crate::{
    app,
    config::{self, Config, Dirs, Found, Problem, Settings, verdicts},
    gateway::OwnFiles,
    platform::variables::variable,
    plugins::{self, Chosen},
    scan::pins::Pins,
    text::{did_you_mean, visible_line},
    wire::Limits,
};

/// A configuration that may be started, and the plugins for it.
pub(super) struct Prepared {
    pub(super) config: Config,
    pub(super) plugins: Chosen,
    /// Keeps tools away from the gateway's own files, unless a person allowed them.
    pub(super) own_files: Option<Arc<OwnFiles>>,
    /// The directories of the user.
    pub(super) dirs: Dirs,
}

/// Who starts a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartedBy {
    /// A client, with the options of its entry.
    Client,
    /// A person in a terminal: the options of the entry count where none are typed.
    Person,
}

/// Finds, trusts and reads the configuration, and makes the plugins.
///
/// # Errors
/// What a person has to mend.
pub(super) fn prepare(options: &GatewayOptions, by: StartedBy) -> Result<Prepared, String> {
    let dirs = dirs()?;
    let found = config::discover(options.mcp_json_path.as_deref(), &dirs).map_err(|error| error.to_string())?;
    let mut config =
        config::load(&found.path, options.name.as_deref(), &dirs, &variable).map_err(|error| error.to_string())?;
    verdicts::apply(&config.path, &mut config.servers, &dirs);
    tracing::info!("the configuration is {}", config.path.display());
    trusted(&found, &config, &dirs)?;
    for note in &config.notes {
        tracing::debug!("{note}");
    }
    let (of_servers, of_gateway): (Vec<_>, Vec<_>) =
        config.problems.iter().partition(|problem| problem.server.is_some());
    if !of_gateway.is_empty() {
        return Err(format!("the configuration can't be used:\n{}", told(of_gateway)));
    }
    for problem in of_servers {
        tracing::error!("{problem}");
    }
    let plugins = match (by, &config.gateway) {
        (StartedBy::Person, Some(entry)) => plugins(&options.plugins.or_of_entry(&entry.args), &config)?,
        _ => plugins(&options.plugins, &config)?,
    };
    let own_files = || {
        OwnFiles::new(
            [config.path.clone(), Pins::of(&config.path, &dirs).path()],
            [dirs.state.clone()],
            dirs.home.clone(),
        )
    };
    Ok(Prepared {
        own_files: (!options.allow_own_files).then(|| Arc::new(own_files())),
        config,
        plugins,
        dirs,
    })
}

/// The settings that the options hold, over those in the arguments of the gateway's entry.
pub(super) fn settings(options: &PluginOptions, entry: Option<&config::Gateway>) -> Result<Settings, String> {
    match entry {
        Some(entry) => sets(&options.or_of_entry(&entry.args)),
        None => sets(options),
    }
}

/// The settings that the options hold.
pub(super) fn sets(options: &PluginOptions) -> Result<Settings, String> {
    config::settings(&options.sets).map_err(|problems| told(&problems))
}

/// Problems as a person reads them in a terminal.
fn told<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> String {
    let problems: Vec<String> = problems.into_iter().map(|problem| format!("{problem:#}")).collect();
    problems.join("\n")
}

/// The plugins that the options ask for, with the settings of the file under those of the options.
fn plugins(options: &PluginOptions, config: &Config) -> Result<Chosen, String> {
    let layers = [config.plugins.clone(), sets(options)?];
    plugins::choose(&options.names(), layers).map_err(|error| error.to_string())
}

/// That no server has this name.
pub(super) fn no_server(name: &str, servers: &[config::Server]) -> String {
    let hint = did_you_mean(name, servers.iter().map(|server| server.name.as_str()));
    format!("the configuration has no server `{name}`{hint}")
}

/// How large messages may be.
pub(super) fn limits(options: &GatewayOptions) -> Limits {
    Limits {
        response: options.max_response,
        ..Limits::default()
    }
}

/// A file that came with a cloned repository starts nothing before a person has said so.
pub(super) fn trusted(found: &Found, config: &Config, dirs: &Dirs) -> Result<(), String> {
    if config::is_trusted(found, &config.digest, dirs) {
        return Ok(());
    }
    let path = found.path.display().to_string();
    let path = visible_line(&path);
    let question = format!(
        "{path} lies in the working directory and is not trusted yet. It would start:\n{}\n",
        app::starts(config)
    );
    if Person::present().is_ok_and(|mut person| person.says_yes(&format!("{question}Trust it?"))) {
        return config::trust(&found.path, &config.digest, dirs)
            .map_err(|error| format!("the trust can't be kept: {error}"));
    }
    Err(format!(
        "{question}If that is right, run `mcp-gateway trust {path}`; or name the file you mean with --mcp-json-path."
    ))
}
