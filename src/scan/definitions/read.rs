//! Captured definitions, as `--tools-json` takes them.

use serde_json::{Map, Value};

use super::Definitions;
use crate::{json::repeated_name, text::quoted};

/// The definitions of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Captured {
    /// The servers by name, in the order of the file.
    pub servers: Vec<(String, Definitions)>,
    /// What of the file could not be read, each with its place.
    pub unread: Vec<String>,
}

/// Why a file holds no definitions.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON.
    #[error("is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// It is JSON of another shape.
    #[error(
        "holds no definitions; write {{\"servers\": {{\"NAME\": {{\"tools\": […]}}}}}}, or the result of one server's `tools/list`"
    )]
    Shape,
}

/// Reads `{"servers": {NAME: {"instructions", "tools", "prompts", "resources", "resourceTemplates"}}}`, or that of one
/// server, which gets the name `name`.
///
/// # Errors
/// Says what the text is instead. A part of it that has another shape is [`Captured::unread`].
pub fn read(text: &str, name: &str) -> Result<Captured, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Value::Object(document) = serde_json::from_str(text)? else {
        return Err(ReadError::Shape);
    };
    let mut captured = Captured::default();
    if let Some(name) = repeated_name(text) {
        let what = format!(
            "{} stands twice in one object, of which only the last was read",
            quoted(&name)
        );
        captured.unread.push(what);
    }
    match document.get("servers") {
        Some(Value::Object(servers)) => {
            for (name, server) in servers {
                captured.server(name, server);
            }
        }
        None if document.contains_key("tools") => captured.server(name, &Value::Object(document)),
        _ => return Err(ReadError::Shape),
    }
    Ok(captured)
}

impl Captured {
    fn server(&mut self, name: &str, server: &Value) {
        let Value::Object(members) = server else {
            self.unread.push(format!("server `{name}` is no object"));
            return;
        };
        let mut resources = self.list(name, members, "resources");
        resources.extend(self.list(name, members, "resourceTemplates"));
        let instructions = match members.get("instructions") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.unread
                    .push(format!("`instructions` of server `{name}` is no string"));
                None
            }
        };
        let definitions = Definitions {
            instructions,
            tools: self.list(name, members, "tools"),
            prompts: self.list(name, members, "prompts"),
            resources,
        };
        self.servers.push((name.to_owned(), definitions));
    }

    fn list(&mut self, name: &str, members: &Map<String, Value>, key: &str) -> Vec<Value> {
        match members.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            Some(_) => {
                self.unread.push(format!("`{key}` of server `{name}` is no array"));
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn servers_or_the_list_of_one() {
        let tool = json!({"name": "t"});
        let both = read(&json!({"servers": {"a": {"tools": [tool]}}}).to_string(), "file").expect("readable");
        assert_eq!(both.servers[0].0, "a");
        let one = read(&json!({"tools": [tool]}).to_string(), "file").expect("readable");
        assert_eq!(one.servers[0].0, "file");
        assert_eq!(one.servers[0].1, both.servers[0].1);
    }

    #[test]
    fn what_has_another_shape_is_named_and_the_rest_is_read() {
        let text = json!({"servers": {"a": {"tools": 1, "prompts": [{"name": "p"}]}, "b": []}}).to_string();
        let captured = read(&text, "file").expect("readable");
        assert_eq!(
            captured.unread,
            ["`tools` of server `a` is no array", "server `b` is no object"]
        );
        assert_eq!(captured.servers[0].1.prompts.len(), 1);
    }

    #[test]
    fn what_two_readers_may_read_differently_is_named() {
        let text = "\u{feff}{\"tools\": [{\"name\": \"evil\"}], \"tools\": []}";
        let captured = read(text, "file").expect("readable");
        assert_eq!(
            captured.unread,
            ["`tools` stands twice in one object, of which only the last was read"]
        );
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        for text in ["[]", "{}", "{\"servers\": 1}", "nonsense"] {
            assert!(read(text, "file").is_err(), "{text}");
        }
    }
}
