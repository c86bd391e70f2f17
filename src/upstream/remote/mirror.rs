//! Headers that repeat what a message of 2026-07-28 says, so that what stands between can route it without reading it:
//! its version, its method, the name of what it is about, and those arguments for which the tool's schema wants that by
//! `x-mcp-header`.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::{
    json::{self, Members},
    sync::lock,
    wire::era::meta,
};

/// What marks a parameter in a schema.
pub(in crate::upstream) const MARK: &str = "x-mcp-header";

const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// Marked parameters that are known at once, besides those of one page.
const MOST: usize = 10_000;

/// The parameter that a method is about.
const NAMED: [(&str, &str); 3] = [
    ("tools/call", "name"),
    ("prompts/get", "name"),
    ("resources/read", "uri"),
];

/// The types of parameters that can be marked. A number need not look the same everywhere.
const TYPES: [&str; 3] = ["string", "integer", "boolean"];

/// Keywords of JSON Schema whose values hold schemas: one, a list of them, or an object of them.
const SCHEMAS: [&str; 11] = [
    "items",
    "contains",
    "unevaluatedItems",
    "additionalProperties",
    "propertyNames",
    "unevaluatedProperties",
    "not",
    "if",
    "then",
    "else",
    "contentSchema",
];
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const OBJECTS: [&str; 4] = ["patternProperties", "dependentSchemas", "$defs", "definitions"];

/// A parameter that a header repeats.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::upstream) struct Mirrored {
    /// The names of the properties that lead to it.
    path: Vec<String>,
    header: HeaderName,
}

/// The names of the properties that lead to a schema; `None` where others than properties do.
type Path = Option<Vec<String>>;

/// The parameters that a tool's schema marks.
///
/// # Errors
/// Why a mark can't be followed; the tool must not be called then.
pub(in crate::upstream) fn mirrored(schema: &Value) -> Result<Vec<Mirrored>, &'static str> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut open: Vec<(Path, &Value)> = vec![(Some(Vec::new()), schema)];
    while let Some((path, schema)) = open.pop() {
        let Some(members) = schema.as_object() else { continue };
        if let Some(mark) = members.get(MARK) {
            let path = path.clone().filter(|path| !path.is_empty());
            let path = path.ok_or("a mark stands elsewhere than at a property")?;
            let header = header_of(mark, members)?;
            if !seen.insert(header.clone()) {
                return Err("two marks have one name");
            }
            found.push(Mirrored { path, header });
        }
        members
            .iter()
            .for_each(|(keyword, value)| open.extend(schemas_in(keyword, value, &path)));
    }
    Ok(found)
}

/// The header that a mark names at a schema with these members.
fn header_of(mark: &Value, members: &Map<String, Value>) -> Result<HeaderName, &'static str> {
    let name = mark
        .as_str()
        .filter(|name| !name.is_empty())
        .ok_or("a mark is no name")?;
    let kind = members.get("type").and_then(Value::as_str);
    if !kind.is_some_and(|kind| TYPES.contains(&kind)) {
        return Err("a marked property is neither a string nor an integer nor a boolean");
    }
    HeaderName::try_from(format!("mcp-param-{name}")).map_err(|_| "a mark is no header's name")
}

/// The schemas in the value of a keyword of the schema at `path`.
fn schemas_in<'v>(keyword: &str, value: &'v Value, path: &Path) -> Vec<(Path, &'v Value)> {
    match value {
        Value::Object(properties) if keyword == "properties" => {
            let below = |name: &String| Some([path.as_deref()?, std::slice::from_ref(name)].concat());
            properties.iter().map(|(name, schema)| (below(name), schema)).collect()
        }
        Value::Object(_) if SCHEMAS.contains(&keyword) => vec![(None, value)],
        Value::Object(schemas) if OBJECTS.contains(&keyword) => schemas.values().map(|schema| (None, schema)).collect(),
        Value::Array(schemas) if LISTS.contains(&keyword) => schemas.iter().map(|schema| (None, schema)).collect(),
        _ => Vec::new(),
    }
}

/// The tools of a server that mark parameters.
#[derive(Default)]
pub(super) struct Mirrors(Mutex<HashMap<String, Vec<Mirrored>>>);

impl Mirrors {
    /// Takes note of what a page of `tools/list` says.
    pub(super) fn learn(&self, result: &str) {
        if !result.contains(MARK) {
            return;
        }
        let page: Value = serde_json::from_str(result).unwrap_or_default();
        let mut tools = lock(&self.0);
        // What was listed once may be gone, and a server may list others every time.
        if tools.values().map(Vec::len).sum::<usize>() > MOST {
            tools.clear();
        }
        for tool in page["tools"].as_array().into_iter().flatten() {
            let marked = mirrored(&tool["inputSchema"]).unwrap_or_default();
            match tool["name"].as_str() {
                Some(name) if marked.is_empty() => drop(tools.remove(name)),
                Some(name) => drop(tools.insert(name.to_owned(), marked)),
                None => {}
            }
        }
    }

    /// The headers for a message; none for one of an earlier version.
    pub(super) fn headers(&self, method: &str, message: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let members = json::members(message).unwrap_or_default();
        let params = members.raw("params").and_then(|raw| json::members(raw).ok());
        let params = params.unwrap_or_default();
        let said = params.raw("_meta").and_then(|raw| json::members(raw).ok());
        let Some(version) = said.and_then(|said| said.string(meta::VERSION)) else {
            return headers;
        };
        headers.insert(VERSION, value(&version));
        headers.insert(METHOD, value(method));
        let name = NAMED.iter().find(|(of, _)| *of == method);
        if let Some(name) = name.and_then(|(_, member)| params.string(member)) {
            headers.insert(NAME, value(&name));
            if method == "tools/call" {
                headers.extend(self.arguments(&name, &params));
            }
        }
        headers
    }

    fn arguments(&self, tool: &str, params: &Members<'_>) -> HeaderMap {
        let tools = lock(&self.0);
        let marked = tools.get(tool).map(Vec::as_slice).unwrap_or_default();
        let arguments = params.raw("arguments").unwrap_or("{}");
        let given = marked.iter().filter_map(|marked| {
            let mut at = arguments;
            for name in &marked.path {
                at = json::members(at).ok()?.raw(name)?;
            }
            let text = match at.as_bytes().first()? {
                b'"' => serde_json::from_str(at).ok()?,
                b'{' | b'[' | b'n' => return None,
                _ => at.to_owned(),
            };
            Some((marked.header.clone(), value(&text)))
        });
        given.collect()
    }
}

/// A text as a header can carry it: as it is, or else as base64 of which it says so.
fn value(text: &str) -> HeaderValue {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim() == text;
    let looks_encoded = text.starts_with("=?base64?") && text.ends_with("?=");
    let encoded = match plain && !looks_encoded {
        true => text.to_owned(),
        false => format!("=?base64?{}?=", STANDARD.encode(text)),
    };
    let mut value = HeaderValue::try_from(encoded).expect("it is printable ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_repeated_where_it_is_of_this_version() {
        let mirrors = Mirrors::default();
        let schema = json!({"type": "object", "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "deep": {"type": "object", "properties": {"n": {"type": "integer", "x-mcp-header": "N"}}},
            "on": {"type": "boolean", "x-mcp-header": "On"},
            "none": {"type": "string", "x-mcp-header": "None"},
        }});
        mirrors.learn(&json!({"tools": [{"name": "t", "inputSchema": schema}]}).to_string());
        let about = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28"});
        let arguments = json!({"region": " Zürich", "deep": {"n": 42}, "on": false, "none": null});
        let message = json!({"params": {"name": "t", "arguments": arguments, "_meta": about}}).to_string();
        let headers = mirrors.headers("tools/call", &message);
        let all: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")))
            .collect();
        for wanted in [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "t"),
            ("mcp-param-region", "=?base64?IFrDvHJpY2g=?="),
            ("mcp-param-n", "42"),
            ("mcp-param-on", "false"),
        ] {
            assert!(all.contains(&wanted), "{wanted:?} is not among {all:?}");
        }
        assert_eq!(all.len(), 6);
        assert!(mirrors.headers("tools/call", r#"{"params":{"name":"t"}}"#).is_empty());
    }

    #[test]
    fn tools_that_are_named_anew_every_time_take_bounded_memory() {
        let mirrors = Mirrors::default();
        let schema = |marks: u32| {
            let property = |n: u32| {
                (
                    n.to_string(),
                    json!({"type": "string", "x-mcp-header": format!("h{n}")}),
                )
            };
            json!({"properties": (0..marks).map(property).collect::<serde_json::Map<_, _>>()})
        };
        let known = || mirrors.0.lock().unwrap().values().map(Vec::len).sum::<usize>();
        for page in 0..30 {
            let tool = |n: u32| json!({"name": format!("t{page}-{n}"), "inputSchema": schema(100)});
            let plain = json!({"name": format!("plain{page}"), "inputSchema": {}, "x-mcp-header": ""});
            let tools: Vec<Value> = (0..10).map(tool).chain([plain]).collect();
            mirrors.learn(&json!({"tools": tools}).to_string());
            assert!(known() >= 1000 && known() <= MOST + 1000, "{}", known());
        }
        assert!(mirrors.0.lock().unwrap().keys().all(|name| !name.starts_with("plain")));
    }

    #[test]
    fn a_mark_that_can_not_be_followed_is_refused() {
        let at = |property: Value| json!({"type": "object", "properties": {"p": property}});
        for (schema, fine) in [
            (at(json!({"type": "string", "x-mcp-header": "A"})), true),
            (at(json!({"type": "number", "x-mcp-header": "A"})), false),
            (at(json!({"type": "string", "x-mcp-header": ""})), false),
            (at(json!({"type": "string", "x-mcp-header": "a b"})), false),
            (at(json!({"type": "string", "x-mcp-header": 1})), false),
            (
                at(json!({"type": "array", "items": {"type": "string", "x-mcp-header": "A"}})),
                false,
            ),
            (json!({"type": "object", "x-mcp-header": "A"}), false),
            (at(json!({"type": "string", "default": {"x-mcp-header": 1}})), true),
            (
                json!({"properties": {
                    "a": {"type": "string", "x-mcp-header": "A"},
                    "b": {"type": "string", "x-mcp-header": "a"},
                }}),
                false,
            ),
        ] {
            assert_eq!(mirrored(&schema).is_ok(), fine, "{schema}");
        }
    }
}
