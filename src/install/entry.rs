//! The gateway's own entry, in a client's file or in the file of its servers.

use serde_json::Value;

use crate::config::edit::{Document, EditError, Member, Style};

/// The key of the servers in it.
pub(super) const SERVERS: &str = "servers";

/// Keys of other spellings that the ones written now stand for.
const REPLACED: [&str; 1] = ["cmd"];

/// The source of an entry that says what is wanted, and keeps what it says beside that.
pub(super) fn updated(existing: Option<&str>, wanted: &Value, style: &Style) -> Result<Document, EditError> {
    let mut entry = Document::within(style, existing.unwrap_or("{}"))?;
    entry.change(&[], |object, _, _| {
        for key in REPLACED {
            object.take(key);
        }
    })?;
    let now = entry.value();
    for (key, value) in wanted.as_object().into_iter().flatten() {
        if now.get(key) != Some(value) {
            let source = style.source(value);
            entry.set(&[key], &source)?;
        }
    }
    Ok(entry)
}

/// Adds variables to the entry's environment.
pub(super) fn add_environment(entry: &mut Document, key: &str, env: &[(String, String)]) -> Result<(), EditError> {
    for (name, value) in env {
        entry.set(&[key, name], &Value::from(value.as_str()).to_string())?;
    }
    Ok(())
}

/// Adds servers to those that stand in the entry.
pub(super) fn add_servers(entry: &mut Document, way: &[&str], servers: Vec<Member>) -> Result<(), EditError> {
    if servers.is_empty() && entry.get(way)?.is_some() {
        return Ok(());
    }
    entry.change(way, |object, style, indent| {
        for server in servers {
            object.push(server, style, indent);
        }
    })
}

/// The servers that stand in the entry with this source.
pub(super) fn servers(entry: &str) -> Result<Vec<Member>, EditError> {
    Ok(Document::parse(entry)?.object(&[SERVERS])?.members().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_it_says_already_stays_as_it_is_written() {
        let entry = "{\n  \"command\": \"x\", // why\n  \"args\": [ \"a\" ],\n  \"env\": {\"K\": \"v\"}\n}";
        let same = updated(Some(entry), &json!({"command": "x", "args": ["a"]}), &Style::default());
        assert_eq!(same.expect("an entry").text(), entry);
        let other = updated(Some(entry), &json!({"command": "y"}), &Style::default());
        assert_eq!(other.expect("an entry").text(), entry.replace("\"x\"", "\"y\""));
    }

    #[test]
    fn an_older_spelling_goes() {
        let entry = updated(Some(r#"{"cmd": "x"}"#), &json!({"command": "y"}), &Style::default());
        assert_eq!(entry.expect("an entry").value(), json!({"command": "y"}));
    }

    #[test]
    fn servers_are_added_and_found_again() {
        let mut entry = updated(None, &json!({"command": "x"}), &Style::default()).expect("an entry");
        add_servers(&mut entry, &[SERVERS], vec![Member::new("a", "{}")]).expect("an object");
        add_environment(&mut entry, "env", &[("K".into(), "v".into())]).expect("an object");
        let text = entry.text();
        assert_eq!(servers(&text).expect("an entry")[0].name, "a");
        assert_eq!(entry.value()["env"]["K"], "v");
        assert!(servers(r#"{"servers": null}"#).expect("an entry").is_empty());
        assert!(servers(r#"{"servers": 1}"#).is_err());
    }
}
