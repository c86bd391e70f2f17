//! Which store, and which part of it.

use std::{path::PathBuf, time::Duration};

use crate::{
    cli::{dirs, options::GatewayOptions, start},
    clock,
    config::{self, Settings},
    platform::variables::variable,
    plugins::{settings_of, trace_settings},
    trace::{self, advice},
};

/// The plugin whose settings name the store.
const PLUGIN: &str = "xetrack";

/// Where the store is: where the option says, or else where the gateway of the configuration writes it.
///
/// # Errors
/// Settings that can't be used.
pub(in crate::cli) fn place(gateway: &GatewayOptions, db: Option<&str>) -> Result<PathBuf, String> {
    let dirs = dirs()?;
    if let Some(db) = db {
        return Ok(dirs.resolve(db, &dirs.cwd));
    }
    let found = config::discover(gateway.mcp_json_path.as_deref(), &dirs);
    // A store can be read where no configuration is: it is then the one in the state directory.
    let config = match (found, &gateway.mcp_json_path) {
        (Ok(found), _) => config::load(&found.path, gateway.name.as_deref(), &dirs, &variable).map(Some),
        (Err(_), None) => Ok(None),
        (Err(error), Some(_)) => return Err(error.to_string()),
    };
    let config = config.map_err(|error| error.to_string())?;
    let (entry, written) = match config {
        Some(config) => (config.gateway, config.plugins),
        None => (None, Settings::default()),
    };
    let sets = start::settings(&gateway.plugins, entry.as_ref())?;
    let of_entry = entry.map(|entry| entry.env).unwrap_or_default();
    // The client gives the gateway these variables; a terminal has none of them.
    let read = |name: &str| {
        let given = of_entry.iter().find(|(variable, _)| variable == name);
        variable(name).or_else(|| given.map(|(_, value)| value.clone()))
    };
    let settings = settings_of(PLUGIN, [written, sets]).map_err(|error| error.to_string())?;
    trace_settings(settings, &read).map(|settings| settings.db_path)
}

/// An age as an option takes it.
pub(in crate::cli) fn age(text: &str) -> Result<Duration, String> {
    trace::age(text).ok_or_else(|| "an age is a number and a unit, such as 30m, 24h or 7d".to_owned())
}

/// The moment so long ago, in microseconds since 1970; the beginning of all where there is none.
pub(in crate::cli) fn since(age: Option<Duration>) -> i64 {
    age.map_or(0, clock::ago)
}

/// What to say of a store that can't be read.
pub(in crate::cli) fn unreadable(error: &rusqlite::Error) -> String {
    format!("the trace store can't be read: {error}{}", advice(error))
}
