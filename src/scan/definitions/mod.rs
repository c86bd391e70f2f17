//! What a server declares: its instructions, tools, prompts and resources.
//!
//! Every text of an item is searched by the rules of [`injection`]; what they find becomes the item's findings, and
//! their score its verdict. Each item is judged by itself. What concerns several servers is [`fleet()`]'s.

mod fleet;
mod judge;
mod read;
mod surfaces;

use serde_json::Value;

use super::{ServerReport, Suppressions};
#[cfg(doc)]
use crate::detect::injection;
use crate::{json, message::Payload, upstream::Declared};

pub use fleet::fleet;
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

impl Definitions {
    /// What a server that runs declared. What serde_json does not read (it nests too deep, a number is too large, half a
    /// surrogate stands in a text), or reads as not everybody does (an object has a name twice), is its text, so that it is
    /// judged, and seen to change, all the same.
    pub(super) fn of(declared: &Declared) -> Self {
        let value = |payload: &Payload| {
            let text = payload.text();
            let read = serde_json::from_str(text).ok();
            let read = read.filter(|_| json::repeated_name(text).is_none());
            read.unwrap_or_else(|| Value::from(text))
        };
        let values = |all: &[Payload]| all.iter().map(value).collect();
        let instructions = declared.instructions.as_ref();
        Self {
            instructions: instructions.map(|payload| match value(payload) {
                Value::String(text) => text,
                other => other.to_string(),
            }),
            tools: declared.tools.iter().map(value).collect(),
            prompts: values(&declared.prompts),
            resources: values(&[declared.resources.as_slice(), &declared.templates].concat()),
        }
    }

    /// The names of its tools.
    pub fn tool_names(&self) -> impl Iterator<Item = &str> {
        self.tools.iter().filter_map(|tool| tool["name"].as_str())
    }
}

/// Judges what the server `server` declares, each item by itself. `others` are the tools of the other servers, as far as
/// they are known: what says "call X" means more where X exists.
pub fn judge<'a>(
    server: &'a str,
    definitions: &'a Definitions,
    others: impl IntoIterator<Item = &'a str>,
    suppressions: &'a Suppressions,
) -> ServerReport {
    judge::Judge::new(server, definitions, others, suppressions).report()
}
