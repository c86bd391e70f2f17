//! What a JSON schema says of the value at a place.

use std::borrow::Borrow;

use serde_json::Value;

use crate::message::Payload;

/// The most parts of a schema that are looked at for one value: references may lead in circles.
const PARTS: usize = 256;

/// A JSON schema; `null` where it is not known.
#[derive(Default)]
pub(super) struct Schema(Value);

impl Schema {
    /// The schema that a text is. One that is none says nothing.
    pub(super) fn of(schema: Option<&Payload>) -> Self {
        let value = schema.and_then(|schema| serde_json::from_str(schema.text()).ok());
        Self(value.unwrap_or_default())
    }

    /// The parts of it that describe the value to which `names` lead, outermost first: where several may, all of them. Positions in
    /// arrays are not told apart.
    pub(super) fn parts(&self, names: impl IntoIterator<Item = impl Borrow<str>>) -> Vec<&Value> {
        let mut parts = self.alternatives(vec![&self.0]);
        for name in names {
            let members = parts.iter().filter_map(|part| {
                let property = part
                    .get("properties")
                    .and_then(|properties| properties.get(name.borrow()));
                property.or_else(|| part.get("additionalProperties"))
            });
            parts = self.alternatives(members.collect());
        }
        parts
    }

    /// These parts of the schema and whatever else describes the same value, or an item of it.
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
