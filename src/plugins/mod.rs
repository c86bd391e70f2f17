//! The plugins. One more is one file and one row of [`PLUGINS`].

mod action;
mod basic;
mod external;
mod filter;
mod http_service;
mod lasso;
mod masking;
mod policy;
mod presidio;
mod settings;
mod terms;
mod vault;

use std::sync::Arc;

use serde_json::{Map, Value};

use action::Action;
pub use basic::redactor;
pub use external::programs;
pub use filter::Filter;
pub use settings::{Chosen, PluginError, choose};

use crate::guard::Guardrail;

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
    /// What is asked of each message.
    pub guardrail: Arc<dyn Guardrail>,
    /// The same as a filter for texts, if it masks.
    pub filter: Option<Filter>,
}

/// A setting that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(pub String);

/// Every plugin. Those of one stage are asked in this order: what `external` changes, `policy` and `lasso` are shown, and what
/// `policy` stops does not leave for Lasso.
pub const PLUGINS: &[Spec] = &[basic::SPEC, presidio::SPEC, external::SPEC, policy::SPEC, lasso::SPEC];
