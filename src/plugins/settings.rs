//! From the names and settings that a person gave to plugins that are ready.

use std::sync::Arc;

use super::{Built, Filter, PLUGINS, Spec};
use crate::{
    config::{PluginSettings, Problem, Settings},
    guard::{Guardrail, Observer},
    text::{did_you_mean, quoted},
};

/// The plugins that were asked for.
#[derive(Default)]
pub struct Chosen {
    /// Their names, in the order of the table.
    pub names: Vec<&'static str>,
    /// What goes into the chain.
    pub guardrails: Vec<Arc<dyn Guardrail>>,
    /// Those that are told of what happens.
    pub observers: Vec<Arc<dyn Observer>>,
    /// Those that mask, as filters for texts.
    pub filters: Vec<Filter>,
}

/// Why the plugins that were asked for can't be had.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// A name that is no plugin's.
    #[error("there is no plugin {}{}; the plugins are {}", quoted(.0), did_you_mean(.0, known()), known().join(", "))]
    Unknown(String),
    /// Settings that can't be used.
    #[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Settings(Vec<Problem>),
}

/// Makes the plugins of these names, with the settings of these layers, of which a later one wins.
///
/// # Errors
/// The first unknown name, or else every setting that can't be used.
pub fn choose(names: &[String], layers: impl IntoIterator<Item = Settings>) -> Result<Chosen, PluginError> {
    if let Some(unknown) = names.iter().find(|name| find(name).is_none()) {
        return Err(PluginError::Unknown(unknown.clone()));
    }
    let settings = layered(layers)?;
    let mut problems = Vec::new();
    let mut chosen = Chosen::default();
    for spec in PLUGINS {
        let enabled = names
            .iter()
            .any(|name| find(name).is_some_and(|named| named.name == spec.name));
        match (enabled, settings.get(spec.name)) {
            (false, Some(unused)) => problems.push(unused.problem(
                "",
                format!("{} has settings, but it is not enabled", quoted(spec.name)),
                format!("enable it with `-p {}`, or remove them", spec.name),
            )),
            (true, settings) => match build(spec, settings) {
                Ok(built) => {
                    chosen.names.push(spec.name);
                    chosen.guardrails.extend(built.guardrail);
                    chosen.observers.extend(built.observer);
                    chosen.filters.extend(built.filter);
                }
                Err(mut unusable) => problems.append(&mut unusable),
            },
            (false, None) => {}
        }
    }
    if problems.is_empty() {
        Ok(chosen)
    } else {
        Err(PluginError::Settings(problems))
    }
}

/// The settings of one plugin in these layers, of which a later one wins, whether it is on or not.
///
/// # Errors
/// Settings of plugins that there are not.
pub fn settings_of(
    plugin: &str,
    layers: impl IntoIterator<Item = Settings>,
) -> Result<serde_json::Map<String, serde_json::Value>, PluginError> {
    Ok(layered(layers)?
        .get(plugin)
        .map(|settings| settings.values.clone())
        .unwrap_or_default())
}

/// The settings of these layers under the plugins' own names; a later layer wins.
///
/// # Errors
/// Every name that is no plugin's.
pub fn layered(layers: impl IntoIterator<Item = Settings>) -> Result<Settings, PluginError> {
    let canonical = |name: &str| find(name).map(|spec| spec.name);
    Settings::layered(layers, canonical, &known()).map_err(PluginError::Settings)
}

fn build(spec: &Spec, settings: Option<&PluginSettings>) -> Result<Built, Vec<Problem>> {
    let Some(settings) = settings else {
        return (spec.build)(serde_json::Map::new()).map_err(|error| {
            let mend = format!("or leave out `-p {}`", spec.name);
            vec![PluginSettings::unwritten(spec.name).problem("", error.to_string(), mend)]
        });
    };
    let known = spec.settings;
    let unknown: Vec<Problem> = settings
        .values
        .keys()
        .filter(|key| !known.is_empty() && !known.contains(&key.as_str()))
        .map(|key| {
            let hint = did_you_mean(key, known.iter().copied());
            let what = format!("{} is no setting of {}{hint}", quoted(key), quoted(spec.name));
            settings.problem(
                &format!("/{key}"),
                what,
                format!("its settings are {}", known.join(", ")),
            )
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mend = format!("correct it, or leave out `-p {}`", spec.name);
    (spec.build)(settings.values.clone()).map_err(|error| vec![settings.problem("", error.to_string(), mend)])
}

fn find(name: &str) -> Option<&'static Spec> {
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    PLUGINS
        .iter()
        .find(|spec| is(&spec.name) || spec.aliases.iter().any(&is))
}

fn known() -> Vec<&'static str> {
    PLUGINS.iter().map(|spec| spec.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings;

    fn chosen(names: &[&str], sets: &[&str]) -> Result<Vec<&'static str>, String> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let layer = settings(&owned(sets)).expect("well-formed");
        choose(&owned(names), [layer])
            .map(|chosen| chosen.names)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn every_plugin_is_unique_and_described() {
        let mut names: Vec<_> = PLUGINS
            .iter()
            .flat_map(|spec| spec.aliases.iter().chain([&spec.name]))
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names.len(),
            PLUGINS.iter().map(|spec| spec.aliases.len() + 1).sum::<usize>()
        );
        assert!(PLUGINS.iter().all(|spec| !spec.about.is_empty()));
    }

    #[test]
    fn a_plugin_goes_by_its_name_in_any_case_and_by_its_class() {
        for name in ["basic", "BASIC", "BasicGuardrailPlugin"] {
            assert_eq!(chosen(&[name], &[]), Ok(vec!["basic"]), "{name}");
        }
    }

    #[test]
    fn what_is_misspelt_is_refused_with_the_nearest_name() {
        assert!(chosen(&["basik"], &[]).unwrap_err().contains("did you mean `basic`?"));
        assert!(
            chosen(&["basic"], &["basic.responces=off"])
                .unwrap_err()
                .contains("did you mean `responses`?")
        );
        assert!(
            chosen(&["basic"], &["basic.responses=never"])
                .unwrap_err()
                .contains("`mask`, `block` or `off`")
        );
        assert!(
            chosen(&[], &["basic.responses=off"])
                .unwrap_err()
                .contains("not enabled")
        );
    }
}
