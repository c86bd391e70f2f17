//! What a check finds, for people and for machines.

use std::path::PathBuf;

use serde::Serialize;

use super::{super::options::GatewayOptions, problems};
use crate::{
    app,
    config::{self, Blocked, Config, Origin, Problem, Settings},
    json::pointer_token,
    plugins::{self, Chosen},
    process,
    text::{quoted, visible_json},
};

/// Everything that a check finds.
#[derive(Serialize)]
pub(super) struct Report {
    /// The configuration.
    pub(super) file: PathBuf,
    /// Whether its servers may be started: a file of the working directory needs a person's leave.
    pub(super) trusted: bool,
    /// The gateway's entry, if the file has one.
    pub(super) gateway: Option<String>,
    pub(super) plugins: Vec<Plugin>,
    /// Programs that plugins start, less what may be secret.
    pub(super) programs: Vec<String>,
    pub(super) servers: Vec<Server>,
    pub(super) problems: Vec<Problem>,
    /// What is worth knowing and no problem.
    pub(super) notes: Vec<Problem>,
}

/// A plugin that would be on.
#[derive(Serialize)]
pub(super) struct Plugin {
    pub(super) name: &'static str,
    /// Where it is enabled.
    pub(super) from: String,
    pub(super) settings: Vec<Setting>,
}

/// A setting that was written somewhere; its value may be secret.
#[derive(Serialize)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) from: Origin,
}

/// A server of the file.
#[derive(Serialize)]
pub(super) struct Server {
    pub(super) name: String,
    pub(super) state: State,
    /// What would be started or spoken to, less what may be secret.
    pub(super) command: Option<String>,
    /// The file that `command` leads to.
    pub(super) program: Option<PathBuf>,
    /// Where its entry stands.
    pub(super) at: Origin,
    /// What it said once it was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offers: Option<Offers>,
}

/// What becomes of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It would be started.
    Starts,
    /// It was started, and answered.
    Started,
    /// A person switched it off.
    Disabled,
    /// A scan found it risky.
    Blocked,
    /// Something is wrong with it.
    Broken,
}

/// What a server that was started offers.
#[derive(Serialize)]
pub(super) struct Offers {
    /// How long it took until it had said all this.
    pub(super) milliseconds: u128,
    /// The tokens of everything below, and of its instructions.
    pub(super) tokens: usize,
    pub(super) tools: Vec<Definition>,
    pub(super) prompts: Vec<Definition>,
    pub(super) resources: Vec<Definition>,
    pub(super) templates: Vec<Definition>,
}

/// One definition.
#[derive(Serialize)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) tokens: usize,
}

impl Report {
    /// That of a file that can't be read.
    pub(super) fn unreadable(file: PathBuf, problem: Problem) -> Self {
        Self {
            file,
            trusted: false,
            gateway: None,
            plugins: Vec::new(),
            programs: Vec::new(),
            servers: Vec::new(),
            problems: vec![problem],
            notes: Vec::new(),
        }
    }

    /// That of a configuration, with the plugins that it and the options ask for.
    pub(super) fn of(config: &Config, gateway: &GatewayOptions, trusted: bool) -> (Self, Chosen) {
        let mut problems = config.problems.clone();
        let options = match &config.gateway {
            Some(entry) => gateway.plugins.or_of_entry(&entry.args),
            None => gateway.plugins.clone(),
        };
        problems.extend(
            config
                .gateway
                .as_ref()
                .and_then(|entry| problems::of_args(config, entry)),
        );
        let sets = config::settings(&options.sets).unwrap_or_else(|mut unusable| {
            problems.append(&mut unusable);
            Settings::default()
        });
        let layers = || [config.plugins.clone(), sets.clone()];
        let chosen = plugins::choose(&options.names(), layers()).unwrap_or_else(|error| {
            problems.extend(problems::of_plugins(error));
            Chosen::default()
        });
        let written = plugins::layered(layers()).unwrap_or_default();
        let from = match &config.gateway {
            Some(entry) if !gateway.plugins.is_typed() => {
                format!(
                    "`args` of {}, {}",
                    quoted(&entry.name),
                    config::origin(&config.path, &entry.pointer)
                )
            }
            _ => "the command line".to_owned(),
        };
        let plugin = |name: &&'static str| Plugin {
            name,
            from: from.clone(),
            settings: written.get(name).map(settings).unwrap_or_default(),
        };
        let programs = plugins::programs(&written).into_iter();
        let programs = programs.map(|(name, line)| format!("{name}: {}", plugins::redactor().masked(&line)));
        let mut report = Self {
            file: config.path.clone(),
            trusted,
            gateway: config.gateway.as_ref().map(|entry| entry.name.clone()),
            plugins: chosen.names.iter().map(plugin).collect(),
            programs: programs.collect(),
            servers: Vec::new(),
            problems,
            notes: config.notes.clone(),
        };
        for server in &config.servers {
            let row = report.server(config, server);
            report.servers.push(row);
        }
        report.add_broken(config);
        report.problems.sort_by_key(|problem| problem.origin.place());
        (report, chosen)
    }

    /// The first problem for which the gateway itself would not start.
    pub(super) fn stops(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.server.is_none())
    }

    pub(super) fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("names and numbers can be written");
        visible_json(&text).into_owned() + "\n"
    }

    /// A valid entry; its program is looked up.
    fn server(&mut self, config: &Config, server: &config::Server) -> Server {
        let mut state = match (server.disabled, server.blocked) {
            (_, Blocked::Blocked) => State::Blocked,
            (true, _) => State::Disabled,
            _ => State::Starts,
        };
        let mut found = None;
        if let Some(command) = process::Command::of(&server.launch).filter(|_| state == State::Starts) {
            match process::locate(&command) {
                Ok(file) => found = Some(file),
                Err(error) => {
                    state = State::Broken;
                    self.problems.push(problems::of_program(config, server, &error));
                }
            }
        }
        Server {
            name: server.name.clone(),
            state,
            command: Some(app::command(server)),
            program: found,
            at: config::origin(&config.path, &server.pointer),
            offers: None,
        }
    }

    /// The servers whose entries are not valid, between the others as they stand in the file.
    fn add_broken(&mut self, config: &Config) {
        for problem in &config.problems {
            let Some(name) = &problem.server else { continue };
            if self.servers.iter().any(|server| server.name == *name) {
                continue;
            }
            self.servers.push(Server {
                name: name.clone(),
                state: State::Broken,
                command: None,
                program: None,
                at: problem.origin.clone(),
                offers: None,
            });
        }
        self.servers.sort_by_key(|server| server.at.place());
    }
}

fn settings(of_plugin: &config::PluginSettings) -> Vec<Setting> {
    let keys = of_plugin.values.keys();
    keys.map(|key| Setting {
        key: key.clone(),
        from: of_plugin.origin(&format!("/{}", pointer_token(key))),
    })
    .collect()
}
