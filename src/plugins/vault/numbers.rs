//! Whether a placeholder that is the whole of a string stands for a number there.
//!
//! A mask is a string, also where a number was masked. Who hands it back would have written the value as the tool's schema
//! asks for it.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::kept::Secret;
use crate::plugins::schema::Schema;

/// Whether the secret is a number where `names` lead, outermost first: where the schema of the arguments takes numbers and no texts it
/// is if it can be, where it takes texts and no numbers it is not, and else it is what it was.
pub(super) fn is_number(schema: &Schema, names: &[Cow<'_, str>], secret: &Secret) -> bool {
    if secret.value.text().parse::<Number>().is_err() {
        return false;
    }
    // The first name is `arguments`, whose schema this is.
    let parts = schema.parts(names.iter().skip(1).map(|name| &**name));
    let takes = |types: &[&str]| parts.iter().any(|part| types.iter().any(|of| is_of_type(part, of)));
    match (takes(&["number", "integer"]), takes(&["string"])) {
        (true, false) => true,
        (false, true) => false,
        _ => secret.number,
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
    use crate::message::Payload;

    fn as_number(schema: &Value, names: &[&str], value: &str, number: bool) -> bool {
        let secret = Secret {
            server: "a".into(),
            kind: "PIN".into(),
            value: value.into(),
            number,
            placeholder: "<PIN_1_x00ff7a>".into(),
        };
        let names: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::from(*name)).collect();
        is_number(&Schema::of(Some(&Payload::from(schema.clone()))), &names, &secret)
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
