//! Codex names the variables that it passes to a server, and those that hold a header; the gateway fills them in.

use serde_json::{Map, Value};

use crate::config::edit::{Style, value};

/// Codex's key for variables to pass on, and the gateway's for variables with their values.
const VARIABLES: (&str, &str) = ("env_vars", "env");

/// Codex's key for headers whose values are in variables, and the one for headers with their values.
const HEADERS: (&str, &str) = ("env_http_headers", "http_headers");

/// An entry in words that the gateway reads.
pub(super) fn translate(source: &str) -> String {
    with_members(source, |entry| {
        for (named, filled) in [VARIABLES, HEADERS] {
            let names = names(entry.remove(named));
            if names.is_empty() {
                continue;
            }
            let values = entry.entry(filled).or_insert_with(|| Value::Object(Map::new()));
            for (key, variable) in names {
                values[key] = format!("${{{variable}}}").into();
            }
        }
    })
}

/// The same in words that Codex reads.
pub(super) fn restore(source: &str) -> String {
    with_members(source, |entry| {
        for (named, filled) in [VARIABLES, HEADERS] {
            let Some(Value::Object(values)) = entry.get_mut(filled) else {
                continue;
            };
            let variable = |value: &Value| Some(value.as_str()?.strip_prefix("${")?.strip_suffix('}')?.to_owned());
            let passed: Vec<(String, String)> = values
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), variable(value)?)))
                .filter(|(key, variable)| named == HEADERS.0 || key == variable)
                .collect();
            for (key, _) in &passed {
                values.shift_remove(key);
            }
            if values.is_empty() {
                entry.shift_remove(filled);
            }
            if !passed.is_empty() {
                let listed = match named == HEADERS.0 {
                    true => passed
                        .into_iter()
                        .map(|(key, variable)| (key, Value::from(variable)))
                        .collect(),
                    false => Value::from(passed.into_iter().map(|(key, _)| key).collect::<Vec<_>>()),
                };
                entry.insert(named.to_owned(), listed);
            }
        }
    })
}

/// The variables that a server needs, which Codex must pass to the gateway from now on.
pub(super) fn passes(entry: &Value) -> Vec<String> {
    let named = [VARIABLES.0, HEADERS.0]
        .into_iter()
        .flat_map(|key| names(entry.get(key).cloned()));
    let bearer = entry
        .get("bearer_token_env_var")
        .and_then(Value::as_str)
        .map(str::to_owned);
    named.map(|(_, variable)| variable).chain(bearer).collect()
}

/// Keys with the variables that hold their values; in a list a variable is its own key.
fn names(listed: Option<Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match listed {
        Some(Value::Array(names)) => names.iter().filter_map(text).map(|name| (name.clone(), name)).collect(),
        Some(Value::Object(named)) => named
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), text(value)?)))
            .collect(),
        _ => Vec::new(),
    }
}

/// What becomes of a source when its members are changed; as it is where nothing was.
fn with_members(source: &str, change: impl FnOnce(&mut Map<String, Value>)) -> String {
    let Ok(Value::Object(before)) = value(source) else {
        return source.to_owned();
    };
    let mut after = before.clone();
    change(&mut after);
    match after == before {
        true => source.to_owned(),
        false => Style::default().source(&after.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn variables_are_filled_in_by_the_gateway_and_named_again() {
        let entry = json!({"command": "x", "env": {"A": "1"}, "env_vars": ["TOKEN"], "env_http_headers": {"X": "KEY"}});
        let translated = translate(&entry.to_string());
        let filled = json!({"command": "x", "env": {"A": "1", "TOKEN": "${TOKEN}"}, "http_headers": {"X": "${KEY}"}});
        assert_eq!(value(&translated).expect("JSON"), filled);
        assert_eq!(value(&restore(&translated)).expect("JSON"), entry);
        assert_eq!(passes(&entry), ["TOKEN", "KEY"]);
        assert_eq!(passes(&json!({"bearer_token_env_var": "B"})), ["B"]);
    }

    #[test]
    fn other_entries_stay_as_they_are_written() {
        let source = r#"{"command":"x", "env": {"A": "${B}"}}"#;
        assert_eq!(
            (translate(source), restore(source)),
            (source.to_owned(), source.to_owned())
        );
    }
}
