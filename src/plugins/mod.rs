//! The plugins. One more is one file and one row of [`PLUGINS`].

mod action;
mod basic;
mod external;
mod filter;
mod http_service;
mod injection;
mod lasso;
mod masking;
mod policy;
mod presidio;
mod schema;
mod settings;
mod terms;
mod vault;
mod xetrack;

use std::sync::Arc;

use serde_json::{Map, Value};

use action::Action;
pub use basic::redactor;
pub use external::programs;
pub use filter::Filter;
pub use policy::{Said, Trial};
pub use settings::{Chosen, PluginError, choose, layered, settings_of};

use crate::guard::{Guardrail, Observer};
pub use xetrack::trace_settings;

/// A row of the plugin table.
pub struct Spec {
    /// The name by which it is enabled.
    pub name: &'static str,
    /// Other names that enable it: those of the Python package's classes.
    pub aliases: &'static [&'static str],
    /// What it does, in one line.
    pub about: &'static str,
    /// The names of its settings; none where the person chooses them.
    pub settings: &'static [&'static str],
    /// Makes it of its settings.
    pub build: fn(Map<String, Value>) -> Result<Built, BuildError>,
}

/// A plugin that is ready to be put into the chain.
pub struct Built {
    /// What is asked of each message, if it judges any.
    pub guardrail: Option<Arc<dyn Guardrail>>,
    /// The same as a filter for texts, if it masks.
    pub filter: Option<Filter>,
    /// What is told of each message, if it wants to be.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Built {
    /// A plugin that judges.
    pub fn judge(guardrail: impl Guardrail + 'static) -> Self {
        Self {
            guardrail: Some(Arc::new(guardrail)),
            filter: None,
            observer: None,
        }
    }

    /// A plugin that masks.
    pub fn masker(guardrail: impl Guardrail + 'static, filter: Filter) -> Self {
        Self {
            filter: Some(filter),
            ..Self::judge(guardrail)
        }
    }
}

/// A setting that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(pub String);

/// Every plugin. Those of one stage are asked in this order: what `external` and `injection` change, `policy` and `lasso`
/// are shown, and what `policy` stops does not leave for Lasso.
pub const PLUGINS: &[Spec] = &[
    basic::SPEC,
    presidio::SPEC,
    external::SPEC,
    injection::SPEC,
    policy::SPEC,
    lasso::SPEC,
    xetrack::SPEC,
];

/// The example of docs/plugins.md, which is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../docs/plugins.md")]
pub struct Documentation;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_documentation_has_every_plugin_and_setting() {
        let schema: Value = serde_json::from_str(include_str!("../../docs/mcp.schema.json")).expect("a schema is JSON");
        let described = &schema["$defs"]["gateway"]["properties"]["plugins"]["properties"];
        let names: Vec<&str> = PLUGINS.iter().map(|spec| spec.name).collect();
        assert_eq!(
            described.as_object().expect("plugins").keys().collect::<Vec<_>>(),
            names
        );
        for spec in PLUGINS {
            let settings = described[spec.name]["properties"].as_object().expect("settings");
            assert_eq!(settings.keys().collect::<Vec<_>>(), spec.settings, "{}", spec.name);
        }
    }
}
