//! What a server declares: its instructions, tools, prompts and resources.

mod read;

use serde_json::Value;

use super::{Item, ServerReport, Suppressions};

pub use read::{Captured, ReadError, read};

/// What one server declares, as it wrote it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// `instructions` of its answer to `initialize`.
    pub instructions: Option<String>,
    /// The items of `tools/list`.
    pub tools: Vec<Value>,
    /// The items of `prompts/list`.
    pub prompts: Vec<Value>,
    /// The items of `resources/list` and `resources/templates/list`.
    pub resources: Vec<Value>,
}

/// Judges what the server `name` declares, each item by itself.
pub fn judge(name: &str, definitions: &Definitions, _suppressions: &Suppressions) -> ServerReport {
    let items = |items: &[Value]| {
        let named = items.iter().enumerate().map(|(at, item)| Item {
            name: name_of(at, item),
            ..Item::default()
        });
        named.collect()
    };
    ServerReport {
        name: name.to_owned(),
        tools: items(&definitions.tools),
        prompts: items(&definitions.prompts),
        resources: items(&definitions.resources),
        ..ServerReport::default()
    }
}

/// The name of an item, a resource's URI, or its place for one that has neither.
fn name_of(at: usize, item: &Value) -> String {
    let named = ["name", "uri", "uriTemplate"].iter().find_map(|key| item[key].as_str());
    named.map_or_else(|| format!("#{at}"), str::to_owned)
}
