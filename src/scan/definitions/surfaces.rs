//! Every text of a definition, with the place where it stands.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::{detect::injection::Surface, json::pointer_token};

/// How deep a definition is followed: serde_json reads none that is deeper.
const DEEPEST: usize = 128;

/// A text of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text<'a> {
    /// Its place: a JSON pointer.
    pub(super) pointer: String,
    /// What kind of text it is.
    pub(super) surface: Surface,
    /// What it says.
    pub(super) text: &'a str,
}

/// Every text of a tool, a prompt or a resource at `pointer`, and the names of its parameters.
pub(super) fn texts<'a>(item: &'a Value, pointer: &str) -> (Vec<Text<'a>>, HashSet<&'a str>) {
    let mut walk = Walk::default();
    match item {
        Value::Object(members) => walk.definition(members, pointer),
        other => walk.strings(other, pointer, Surface::Description, 0),
    }
    (walk.texts, walk.parameters)
}

#[derive(Default)]
struct Walk<'a> {
    texts: Vec<Text<'a>>,
    parameters: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn push(&mut self, pointer: String, surface: Surface, text: &'a str) {
        // The names of types and the like can't say anything.
        if !text.is_empty() {
            self.texts.push(Text { pointer, surface, text });
        }
    }

    fn definition(&mut self, members: &'a Map<String, Value>, pointer: &str) {
        for (name, value) in members {
            let place = format!("{pointer}/{}", pointer_token(name));
            match (name.as_str(), value) {
                ("name" | "title", Value::String(text)) => self.push(place, Surface::Name, text),
                ("inputSchema" | "outputSchema", schema) => self.schema(schema, &place, 0),
                ("arguments", Value::Array(arguments)) => self.arguments(arguments, &place),
                (_, value) => self.strings(value, &place, Surface::Description, 0),
            }
        }
    }

    /// Of a prompt: `{name, title, description}` each.
    fn arguments(&mut self, arguments: &'a [Value], pointer: &str) {
        for (at, argument) in arguments.iter().enumerate() {
            let place = format!("{pointer}/{at}");
            if let Some(name) = argument["name"].as_str() {
                self.parameter(format!("{place}/name"), name);
            }
            for key in ["title", "description"] {
                if let Some(text) = argument[key].as_str() {
                    self.push(format!("{place}/{key}"), Surface::Schema, text);
                }
            }
        }
    }

    fn parameter(&mut self, pointer: String, name: &'a str) {
        self.parameters.insert(name);
        self.push(pointer, Surface::Parameter, name);
    }

    fn schema(&mut self, schema: &'a Value, pointer: &str, depth: usize) {
        let Value::Object(members) = schema else {
            return self.strings(schema, pointer, Surface::Schema, depth);
        };
        if depth > DEEPEST {
            return;
        }
        for (keyword, value) in members {
            let place = format!("{pointer}/{}", pointer_token(keyword));
            match (keyword.as_str(), value) {
                ("type" | "format" | "$ref" | "$schema" | "$id" | "required", _) => {}
                (
                    "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
                    Value::Object(named),
                ) => {
                    for (name, schema) in named {
                        let place = format!("{place}/{}", pointer_token(name));
                        self.parameter(place.clone(), name);
                        self.schema(schema, &place, depth + 1);
                    }
                }
                ("default" | "const" | "enum", value) => self.strings(value, &place, Surface::Value, depth + 1),
                ("examples" | "example", value) => self.strings(value, &place, Surface::Schema, depth + 1),
                (_, Value::Array(schemas)) => {
                    for (at, schema) in schemas.iter().enumerate() {
                        self.schema(schema, &format!("{place}/{at}"), depth + 1);
                    }
                }
                (_, value) => self.schema(value, &place, depth + 1),
            }
        }
    }

    /// Every string below a value, names of members too.
    fn strings(&mut self, value: &'a Value, pointer: &str, surface: Surface, depth: usize) {
        match value {
            Value::String(text) => self.push(pointer.to_owned(), surface, text),
            Value::Array(items) if depth <= DEEPEST => {
                for (at, item) in items.iter().enumerate() {
                    self.strings(item, &format!("{pointer}/{at}"), surface, depth + 1);
                }
            }
            Value::Object(members) if depth <= DEEPEST => {
                for (name, value) in members {
                    let place = format!("{pointer}/{}", pointer_token(name));
                    self.push(place.clone(), Surface::Parameter, name);
                    self.strings(value, &place, surface, depth + 1);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_string_of_a_tool_is_found_at_its_place() {
        let tool = json!({
            "name": "n", "title": "t", "description": "d",
            "annotations": {"title": "a"},
            "inputSchema": {"type": "object", "description": "s", "properties": {
                "p/q": {"type": "string", "description": "pd", "default": "x", "enum": ["e1", "e2"]},
                "o": {"anyOf": [{"const": "c"}, {"properties": {"deep": {"examples": [{"k": "v"}]}}}]},
            }, "required": ["p/q"]},
            "outputSchema": {"properties": {"r": {"title": "rt"}}},
        });
        let (texts, parameters) = texts(&tool, "/tools/0");
        for text in &texts {
            let found = tool.pointer(text.pointer.strip_prefix("/tools/0").expect("a pointer below it"));
            let found = found.unwrap_or_else(|| panic!("nothing at {}", text.pointer));
            assert!(text.surface == Surface::Parameter || found == text.text, "{text:?}");
        }
        let said: Vec<&str> = texts.iter().map(|text| text.text).collect();
        for wanted in [
            "n", "t", "d", "a", "s", "p/q", "pd", "x", "e1", "e2", "c", "deep", "v", "r", "rt",
        ] {
            assert!(said.contains(&wanted), "{wanted}: {said:?}");
        }
        assert_eq!(parameters, HashSet::from(["p/q", "o", "deep", "r"]));
        let values = texts.iter().filter(|text| text.surface == Surface::Value);
        let values: Vec<&str> = values.map(|text| text.text).collect();
        assert_eq!(values, ["x", "e1", "e2", "c"]);
    }

    #[test]
    fn a_prompt_has_arguments_and_a_resource_its_uri() {
        let prompt = json!({"name": "n", "arguments": [{"name": "a", "description": "ad"}]});
        let said: Vec<_> = texts(&prompt, "").0.into_iter().map(|text| text.pointer).collect();
        assert_eq!(said, ["/name", "/arguments/0/name", "/arguments/0/description"]);
        let resource = json!({"uri": "file:///x", "description": "d"});
        assert_eq!(texts(&resource, "").0.len(), 2);
    }

    #[test]
    fn whatever_can_be_read_is_followed_to_its_end() {
        let deep = |levels: usize| {
            format!(
                "{{\"inputSchema\": {}{{\"description\": \"end\"}}{}}}",
                "{\"items\": ".repeat(levels),
                "}".repeat(levels)
            )
        };
        let deepest = (0..200)
            .rev()
            .find_map(|levels| serde_json::from_str::<Value>(&deep(levels)).ok());
        let tool = deepest.expect("some depth can be read");
        assert_eq!(texts(&tool, "").0.len(), 1);
    }
}
