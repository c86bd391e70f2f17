//! What the gateway adds to a result: a note of what was masked or not put back, never of its value.

use serde_json::{Value, json};

use super::Gateway;
use crate::{
    guard::{Cleared, Redaction, ReturnedPlaceholder},
    message::Kind,
};

/// Where in a result's `_meta` it is said what was masked.
const MASKED: &str = "mcp-gateway/masked";

/// Places that are named at most.
const NAMED: usize = 50;

/// The member of a result that a schema may speak of.
const STRUCTURED: &str = "structuredContent";

impl Gateway {
    /// `result` with a note of what was masked in the arguments that were `sent` and of the placeholders that the server got,
    /// and of the places where its `structured` content may no longer be what the tool's schema says. What nobody has to
    /// know leaves the result as it is.
    pub(super) async fn noted(&self, result: Cleared, sent: &Cleared, structured: bool) -> Cleared {
        let arguments: Vec<&Redaction> = sent.redactions().iter().collect();
        let withheld: Vec<&ReturnedPlaceholder> = sent.placeholders().iter().filter(|it| !it.restored).collect();
        let of_schema = |masked: &&Redaction| structured && masked.place.starts_with(STRUCTURED);
        let fields: Vec<&Redaction> = result.redactions().iter().filter(of_schema).collect();
        if arguments.is_empty() && fields.is_empty() && withheld.is_empty() {
            return result;
        }
        let mut noted = result.clone();
        if !(arguments.is_empty() && fields.is_empty()) {
            let masked = json!({"arguments": listed(&arguments), "result": listed(&fields)});
            noted = noted.with_meta(MASKED, &self.own_words("tools/call", Kind::Result, masked).await);
        }
        let texts = [
            (!arguments.is_empty()).then(|| of_masked(&arguments)),
            (!withheld.is_empty()).then(|| of_withheld(&withheld)),
        ];
        for text in texts.into_iter().flatten() {
            let note = json!({"type": "text", "text": text});
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
fn of_masked(arguments: &[&Redaction]) -> String {
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

/// For the model as well.
fn of_withheld(withheld: &[&ReturnedPlaceholder]) -> String {
    let places: Vec<String> = withheld
        .iter()
        .take(NAMED)
        .map(|it| {
            format!(
                "{} at `{}` (its value is of the server `{}`)",
                it.placeholder, it.place, it.from
            )
        })
        .collect();
    format!(
        "[mcp-gateway] The tool got these placeholders as they are, since their values may not go there: {}.",
        places.join(", ")
    )
}
