//! What is wrong beyond what the configuration says of itself, each with its place and its mend.

use super::super::options::PluginOptions;
use crate::{
    config::{self, Config, Gateway, Origin, Problem},
    plugins::{PluginError, redactor},
    process::SpawnError,
    text::quoted,
};

/// Arguments of the gateway's entry with which it does not start.
pub(super) fn of_args(config: &Config, entry: &Gateway) -> Option<Problem> {
    let error = PluginOptions::of_entry(&entry.args).err()?.to_string();
    let what = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let pointer = format!("{}/args", entry.pointer);
    Some(Problem {
        origin: config::origin(&config.path, &pointer),
        pointer,
        server: None,
        what: format!(
            "the gateway does not start with these `args`: {}",
            redactor().masked(what)
        ),
        mend: "see `mcp-gateway --help` for its options".into(),
    })
}

/// A file that is not there, or can't be used as a whole.
pub(super) fn of_file(what: String, mend: String) -> Problem {
    Problem {
        origin: Origin::Option {
            option: "--mcp-json-path".into(),
        },
        pointer: String::new(),
        server: None,
        what,
        mend,
    }
}

/// Plugins that can't be had.
pub(super) fn of_plugins(error: PluginError) -> Vec<Problem> {
    match error {
        PluginError::Settings(problems) => problems,
        PluginError::Unknown(ref name) => vec![Problem {
            origin: Origin::Option {
                option: format!("-p {name}"),
            },
            pointer: String::new(),
            server: None,
            what: error.to_string(),
            mend: "correct its name, or remove it".into(),
        }],
    }
}

/// A program that is not there.
pub(super) fn of_program(config: &Config, server: &config::Server, error: &SpawnError) -> Problem {
    let pointer = format!("{}/command", server.pointer);
    Problem {
        origin: config::origin(&config.path, &pointer),
        pointer,
        server: Some(server.name.clone()),
        what: error.what(),
        mend: error.mend(),
    }
}

/// A server that did not come up.
pub(super) fn of_start(config: &Config, server: &config::Server, why: &str) -> Problem {
    Problem {
        origin: config::origin(&config.path, &server.pointer),
        pointer: server.pointer.clone(),
        server: Some(server.name.clone()),
        what: format!("{} did not start: {why}", quoted(&server.name)),
        mend: "run its command in a terminal to see more, or run this with --log-level DEBUG".into(),
    }
}
