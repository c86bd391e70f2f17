//! What the gateway adds to a result: a note of what was masked, never of its value.

use serde_json::{Value, json};

use super::Gateway;
use crate::{
    guard::{Cleared, Redaction},
    message::Kind,
};

/// Where in a result's `_meta` it is said what was masked.
const MASKED: &str = "mcp-gateway/masked";

/// Places that are named at most.
const NAMED: usize = 50;

/// The member of a result that a schema may speak of.
const STRUCTURED: &str = "structuredContent";

impl Gateway {
    /// `result` with a note of what was masked in the arguments, and of the places where its `structured` content may no
    /// longer be what the tool's schema says. What nobody has to know leaves the result as it is.
    pub(super) async fn noted(&self, result: Cleared, arguments: &[Redaction], structured: bool) -> Cleared {
        let arguments: Vec<&Redaction> = arguments.iter().collect();
        let of_schema = |masked: &&Redaction| structured && masked.place.starts_with(STRUCTURED);
        let fields: Vec<&Redaction> = result.redactions().iter().filter(of_schema).collect();
        if arguments.is_empty() && fields.is_empty() {
            return result;
        }
        let masked = json!({"arguments": listed(&arguments), "result": listed(&fields)});
        let mut noted = result.with_meta(MASKED, &self.own_words("tools/call", Kind::Result, masked).await);
        if !arguments.is_empty() {
            let note = json!({"type": "text", "text": note(&arguments)});
            noted = noted.with_item("content", &self.own_words("tools/call", Kind::Result, note).await);
        }
        noted
    }
}

fn listed(redactions: &[&Redaction]) -> Vec<Value> {
    let one = |masked: &&Redaction| json!({"place": masked.place, "label": masked.label, "rule": masked.rule});
    redactions.iter().take(NAMED).map(one).collect()
}

/// For the model, which sees the content and not the `_meta`.
fn note(arguments: &[&Redaction]) -> String {
    let places: Vec<String> = arguments
        .iter()
        .take(NAMED)
        .map(|masked| format!("`{}` (<{}>)", masked.place, masked.label))
        .collect();
    format!(
        "[mcp-gateway] A value in the arguments was masked before the tool saw it, so the tool got a placeholder: {}.",
        places.join(", ")
    )
}
