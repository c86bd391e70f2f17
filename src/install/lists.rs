//! What a client keeps from being used by a list outside the entries of its servers: behind the gateway the tools have
//! other names, so the list is carried over into the entries.

use std::{fs, path::Path};

use serde_json::Value;

use crate::config::edit::{self, Document, EditError};

/// Where lists are looked for.
pub(super) struct Sources<'a> {
    /// The client's file.
    pub(super) file: &'a Path,
    /// What it says.
    pub(super) settings: &'a Value,
    /// The names of its servers.
    pub(super) servers: &'a [&'a str],
}

/// What must not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denied {
    pub(super) server: String,
    /// The tool, as a glob; `None` for the whole server.
    pub(super) tool: Option<String>,
}

impl Denied {
    /// The source of the entry's value with what is denied written into it.
    pub(super) fn write(&self, source: &str) -> Result<String, EditError> {
        let mut entry = Document::parse(source)?;
        match &self.tool {
            None => entry.set(&["disabled"], "true")?,
            Some(tool) => {
                let key = ["excludeTools", "disabledTools", "disabled_tools"]
                    .into_iter()
                    .find(|key| matches!(entry.get(&[key]), Ok(Some(_))))
                    .unwrap_or("excludeTools");
                let mut tools = match entry.get(&[key])? {
                    Some(list) => edit::value(list)?.as_array().cloned().unwrap_or_default(),
                    None => Vec::new(),
                };
                if !tools.iter().any(|other| other == tool) {
                    tools.push(tool.as_str().into());
                }
                let list = entry.style().source(&tools.into());
                entry.set(&[key], &list)?;
            }
        }
        Ok(entry.text())
    }
}

/// Lists of a client that has none.
pub(super) fn none(_: &Sources<'_>) -> Vec<Denied> {
    Vec::new()
}

/// Claude Code: `permissions.deny` of its settings, with `mcp__SERVER` or `mcp__SERVER__TOOL`.
pub(super) fn claude_code(sources: &Sources<'_>) -> Vec<Denied> {
    let settings = sources.file.with_file_name(".claude").join("settings.json");
    let beside = sources.file.with_file_name("settings.json");
    let texts = [settings, beside]
        .into_iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let rules = texts.filter_map(|text| edit::value(&text).ok());
    let denied = rules.flat_map(|settings| texts_of(&settings["permissions"]["deny"]));
    denied
        .filter_map(|rule| {
            let rest = rule.strip_prefix("mcp__")?.to_owned();
            let of = |server: &&&str| rest == **server || rest.starts_with(&format!("{server}__"));
            // Of two names, one of which begins like the other, the longer one is meant.
            let server = sources.servers.iter().filter(of).max_by_key(|server| server.len())?;
            let tool = rest.get(server.len() + 2..).filter(|tool| *tool != "*");
            Some(Denied {
                server: (*server).to_string(),
                tool: tool.map(str::to_owned),
            })
        })
        .collect()
}

/// Gemini: `mcp.excluded` and `mcp.allowed`, which name servers.
pub(super) fn gemini(sources: &Sources<'_>) -> Vec<Denied> {
    let lists = &sources.settings["mcp"];
    let excluded = [&lists["excluded"], &sources.settings["excludeMCPServers"]]
        .map(texts_of)
        .concat();
    let allowed = [&lists["allowed"], &sources.settings["allowMCPServers"]]
        .map(texts_of)
        .concat();
    let is_denied = |server: &&&str| {
        let is_in = |list: &[String]| list.iter().any(|name| name == **server);
        is_in(&excluded) || !allowed.is_empty() && !is_in(&allowed)
    };
    let denied = sources.servers.iter().filter(is_denied);
    denied
        .map(|server| Denied {
            server: (*server).to_string(),
            tool: None,
        })
        .collect()
}

/// OpenCode: `tools`, where `SERVER_TOOL`, a glob, is `false`.
pub(super) fn opencode(sources: &Sources<'_>) -> Vec<Denied> {
    let tools = sources.settings["tools"].as_object().into_iter().flatten();
    tools
        .filter(|(_, is_on)| **is_on == Value::Bool(false))
        .filter_map(|(name, _)| {
            let of = |server: &&&str| name.starts_with(&format!("{server}_"));
            let server = sources.servers.iter().filter(of).max_by_key(|server| server.len())?;
            let tool = &name[server.len() + 1..];
            Some(Denied {
                server: (*server).to_string(),
                tool: (tool != "*").then(|| tool.to_owned()),
            })
        })
        .collect()
}

fn texts_of(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn denied(list: fn(&Sources<'_>) -> Vec<Denied>, settings: &Value) -> Vec<(String, Option<String>)> {
        let servers = ["git", "git_hub", "time"];
        let found = list(&Sources {
            file: Path::new("/nowhere/x.json"),
            settings,
            servers: &servers,
        });
        found.into_iter().map(|denied| (denied.server, denied.tool)).collect()
    }

    #[test]
    fn servers_that_gemini_leaves_out() {
        let excluded = denied(gemini, &json!({"mcp": {"excluded": ["time"]}}));
        assert_eq!(excluded, [("time".into(), None)]);
        let others = denied(gemini, &json!({"mcp": {"allowed": ["time"]}}));
        assert_eq!(others, [("git".into(), None), ("git_hub".into(), None)]);
    }

    #[test]
    fn tools_that_opencode_switches_off() {
        let settings = json!({"tools": {"git_hub_push": false, "git_push*": false, "time_*": false, "time_now": true}});
        assert_eq!(
            denied(opencode, &settings),
            [
                ("git_hub".into(), Some("push".into())),
                ("git".into(), Some("push*".into())),
                ("time".into(), None)
            ]
        );
    }

    #[test]
    fn rules_of_claude_code() {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join(".claude")).expect("writable");
        let rules = json!({"permissions": {"allow": ["mcp__git"], "deny": ["mcp__git__push", "mcp__time", "Bash(rm:*)", "mcp__other__x"]}});
        fs::write(root.path().join(".claude/settings.json"), rules.to_string()).expect("writable");
        let found = claude_code(&Sources {
            file: &root.path().join(".claude.json"),
            settings: &Value::Null,
            servers: &["git", "time"],
        });
        let push = Denied {
            server: "git".into(),
            tool: Some("push".into()),
        };
        assert_eq!(found[0], push);
        assert_eq!((found.len(), found[1].tool.as_deref()), (2, None));
    }

    #[test]
    fn an_entry_gets_what_is_denied_beside_what_it_has() {
        let push = Denied {
            server: "git".into(),
            tool: Some("push".into()),
        };
        assert_eq!(
            push.write(r#"{"command":"x"}"#).expect("an entry"),
            r#"{"command":"x","excludeTools":["push"]}"#
        );
        let listed = r#"{"disabledTools": ["a"], "command": "x"}"#;
        assert_eq!(
            push.write(listed).expect("an entry"),
            r#"{"disabledTools": ["a", "push"], "command": "x"}"#
        );
    }
}
