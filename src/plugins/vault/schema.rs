//! Whether a placeholder that is the whole of a string stands for a number there.
//!
//! A mask is a string, also where a number was masked. Who hands it back would have written the value as the tool's schema
//! asks for it.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::kept::Secret;
use crate::message::Envelope;

/// The most parts of a schema that are looked at for one value: references may lead in circles.
const PARTS: usize = 256;

/// The schema of a tool's arguments; `null` where it is not known.
#[derive(Default)]
pub(super) struct Schema(Value);

impl Schema {
    /// That of the tool which a call is for.
    pub(super) fn of(envelope: &Envelope) -> Self {
        let text = envelope.schema.as_ref().map(|schema| schema.text());
        Self(
            text.and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
        )
    }

    /// Whether the secret is a number where `names` lead, outermost first: where the schema takes numbers and no texts it is
    /// if it can be, where it takes texts and no numbers it is not, and else it is what it was.
    pub(super) fn as_number(&self, names: &[Cow<'_, str>], secret: &Secret) -> bool {
        if secret.value.text().parse::<Number>().is_err() {
            return false;
        }
        // The first name is `arguments`, whose schema this is.
        let mut parts = self.alternatives(vec![&self.0]);
        for name in names.iter().skip(1) {
            let members = parts.iter().filter_map(|part| {
                let property = part.get("properties").and_then(|properties| properties.get(&**name));
                property.or_else(|| part.get("additionalProperties"))
            });
            parts = self.alternatives(members.collect());
        }
        let takes = |types: &[&str]| parts.iter().any(|part| types.iter().any(|of| is_of_type(part, of)));
        match (takes(&["number", "integer"]), takes(&["string"])) {
            (true, false) => true,
            (false, true) => false,
            _ => secret.number,
        }
    }

    /// These parts of the schema and whatever else describes the same value, or an item of it: positions in arrays are not
    /// told apart.
    fn alternatives<'s>(&'s self, mut parts: Vec<&'s Value>) -> Vec<&'s Value> {
        let mut next = 0;
        while let Some(part) = parts.get(next).copied().filter(|_| parts.len() < PARTS) {
            let lists = ["anyOf", "oneOf", "allOf", "prefixItems"].map(|name| part.get(name).and_then(Value::as_array));
            parts.extend(lists.into_iter().flatten().flatten());
            parts.extend(part.get("items"));
            let reference = part.get("$ref").and_then(Value::as_str);
            parts.extend(reference.and_then(|reference| self.0.pointer(reference.strip_prefix('#')?)));
            next += 1;
        }
        parts
    }
}

fn is_of_type(part: &Value, name: &str) -> bool {
    match part.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn as_number(schema: &Value, names: &[&str], value: &str, number: bool) -> bool {
        let secret = Secret {
            server: "a".into(),
            kind: "PIN".into(),
            value: value.into(),
            number,
            placeholder: "<PIN_1_x00ff7a>".into(),
        };
        let names: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::from(*name)).collect();
        Schema(schema.clone()).as_number(&names, &secret)
    }

    #[test]
    fn the_schema_decides_where_it_says_one_of_both() {
        let schema = json!({
            "properties": {
                "text": {"type": "string"},
                "number": {"type": ["integer", "null"]},
                "either": {"type": ["string", "number"]},
                "list": {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
                "card": {"$ref": "#/$defs/Card"},
                "circle": {"$ref": "#/properties/circle"},
            },
            "additionalProperties": {"type": "integer"},
            "$defs": {"Card": {"properties": {"pin": {"type": "integer"}, "name": {"type": "string"}}}},
        });
        for (names, expected) in [
            (["text"].as_slice(), Some(false)),
            (&["number"], Some(true)),
            (&["either"], None),
            (&["list"], Some(true)),
            (&["card", "pin"], Some(true)),
            (&["card", "name"], Some(false)),
            (&["card", "more"], None),
            (&["circle"], None),
            (&["another"], Some(true)),
            (&["text", "deeper"], None),
        ] {
            let names = [&["arguments"], names].concat();
            for was in [true, false] {
                assert_eq!(
                    as_number(&schema, &names, "-1.5e3", was),
                    expected.unwrap_or(was),
                    "{names:?}"
                );
            }
        }
        assert!(as_number(&Value::Null, &["arguments", "n"], "4711", true));
    }

    #[test]
    fn what_is_no_json_number_stays_a_text() {
        let schema = json!({"properties": {"pin": {"type": "integer"}}});
        for value in ["0815", "12 34", "+1", "1.", "NaN", "0x1f", "1,000"] {
            assert!(!as_number(&schema, &["arguments", "pin"], value, false), "{value}");
        }
    }
}
