//! How the scanner is set up: `scan` in the gateway's own entry, under the options of the command line.

use std::{collections::HashMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{
    Suppression, Suppressions,
    reputation::{Rules, THRESHOLD, source_names},
};
use crate::{
    config::{PluginSettings, typed},
    json::pointer_token,
    text::{did_you_mean, quoted},
};

/// How the scanner is set up.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How reputation is judged.
    pub rules: Rules,
    /// What a person looked at and found harmless.
    pub suppressions: Suppressions,
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    threshold: f64,
    compat_score: bool,
    offline: bool,
    /// Seconds.
    timeout: f64,
    sources: HashMap<String, String>,
    suppress: Vec<Suppression>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            threshold: THRESHOLD,
            compat_score: false,
            offline: false,
            timeout: Rules::default().patience.as_secs_f64(),
            sources: HashMap::new(),
            suppress: Vec::new(),
        }
    }
}

impl Settings {
    /// Those that the configuration has.
    ///
    /// # Errors
    /// Says what a person has to mend, and where.
    pub fn read(written: Option<&PluginSettings>) -> Result<Self, String> {
        let Some(section) = written else {
            return Ok(Self::default());
        };
        let problem = |pointer: &str, what: String, mend: &str| format!("{:#}", section.problem(pointer, what, mend));
        let Written {
            threshold,
            compat_score,
            offline,
            timeout,
            sources,
            suppress,
        } = typed(Value::Object(section.values.clone())).map_err(|error| {
            problem(
                "",
                format!("`scan` can't be used: {error}"),
                "see docs/configuration.md#scan",
            )
        })?;
        let patience = Duration::try_from_secs_f64(timeout).ok();
        let patience = patience.filter(|patience| !patience.is_zero()).ok_or_else(|| {
            problem(
                "/timeout",
                format!("{timeout} s is no time-out"),
                "say how many seconds all sources together may take, such as 5",
            )
        })?;
        for (name, address) in &sources {
            check_source(name, address)
                .map_err(|(what, mend)| problem(&format!("/sources/{}", pointer_token(name)), what, &mend))?;
        }
        let reasonless = |suppression: &Suppression| suppression.reason.trim().is_empty();
        if let Some(at) = suppress.iter().position(reasonless) {
            return Err(problem(
                &format!("/suppress/{at}"),
                "a suppression has no reason".into(),
                "say why the finding is no danger",
            ));
        }
        Ok(Self {
            rules: Rules {
                threshold,
                compat: compat_score,
                offline,
                patience,
                addresses: sources,
            },
            suppressions: Suppressions(suppress),
        })
    }
}

/// Checks the name of a source and the address that it is asked at.
///
/// # Errors
/// What is wrong, and what to write instead.
fn check_source(name: &str, address: &str) -> Result<(), (String, String)> {
    if !source_names().any(|source| source == name) {
        let hint = did_you_mean(name, source_names());
        let names: Vec<&str> = source_names().collect();
        let what = format!("{} is no source{hint}", quoted(name));
        return Err((what, format!("the sources are {}", names.join(", "))));
    }
    if !address.starts_with("https://") && !address.starts_with("http://") {
        let what = format!("what stands for {} is no address", quoted(name));
        return Err((what, "write it like \"https://example.com\"".to_owned()));
    }
    Ok(())
}
