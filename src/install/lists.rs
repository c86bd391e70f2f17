//! What a client keeps from being used by a list outside the entries of its servers: behind the gateway the tools have
//! other names, so the list is carried over into the entries.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Place, Refusal, read, refusal::not_understood};
use crate::config::edit::{self, Document, EditError};

/// Claude Code's settings of an organisation, which stand above a person's.
const MANAGED: [&str; 2] = [
    "/etc/claude-code/managed-settings.json",
    "/Library/Application Support/ClaudeCode/managed-settings.json",
];

/// Where lists are looked for.
pub(super) struct Sources<'a> {
    /// The client's file, and the directories of the user.
    pub(super) place: &'a Place<'a>,
    /// What it says.
    pub(super) settings: &'a Value,
    /// The names of its servers.
    pub(super) servers: &'a [&'a str],
}

/// What is denied, or why that can't be told: then nothing is installed, since a denial would be lost.
pub(super) type Lists = Result<Vec<Denied>, Refusal>;

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
pub(super) fn none(_: &Sources<'_>) -> Lists {
    Ok(Vec::new())
}

/// Claude Code: `permissions.deny` of its settings, with `mcp__SERVER` or `mcp__SERVER__TOOL`; `deniedMcpServers`; and of
/// the servers of a project those that a person rejected.
pub(super) fn claude_code(sources: &Sources<'_>) -> Lists {
    let Place { file, dirs, env, .. } = sources.place;
    let named = env("CLAUDE_CONFIG_DIR").filter(|folder| !folder.is_empty());
    let user = named
        .as_ref()
        .map_or_else(|| dirs.home.join(".claude"), |folder| dirs.resolve(folder, &dirs.cwd));
    let is_of_project = file.file_name().is_some_and(|name| name == ".mcp.json");
    let mut files: Vec<PathBuf> = vec![user.join("settings.json")];
    files.extend(["settings.json", "settings.local.json"].map(|name| file.with_file_name(".claude").join(name)));
    if !is_of_project {
        files.push(file.with_file_name("settings.json"));
    }
    files.extend(MANAGED.map(PathBuf::from));
    files.dedup();
    let mut denied = Vec::new();
    for settings in files.iter().filter_map(|path| of_file(path).transpose()) {
        let settings = settings?;
        let rules = texts_of(&settings["permissions"]["deny"]);
        denied.extend(rules.iter().filter_map(|rule| of_rule(rule, sources.servers)));
        let entries = settings["deniedMcpServers"].as_array().into_iter().flatten();
        let servers = entries.filter_map(|entry| entry["serverName"].as_str().map(str::to_owned));
        let rejected = texts_of(&settings["disabledMcpjsonServers"]);
        denied.extend(whole(servers, sources));
        denied.extend(whole(rejected.into_iter().filter(|_| is_of_project), sources));
    }
    if is_of_project {
        let state = named.map_or_else(|| dirs.home.join(".claude.json"), |_| user.join(".claude.json"));
        let state = of_file(&state)?.unwrap_or_default();
        let folder = file.parent().map(Path::to_string_lossy).unwrap_or_default();
        let project = &state["projects"][&*folder];
        for key in ["disabledMcpjsonServers", "disabledMcpServers"] {
            denied.extend(whole(texts_of(&project[key]).into_iter(), sources));
        }
    }
    Ok(denied)
}

/// What a rule of Claude Code keeps from being used. In the names of tools, what is no letter, digit, `_` or `-` of a
/// server's name is `_`.
fn of_rule(rule: &str, servers: &[&str]) -> Option<Denied> {
    let rest = rule.strip_prefix("mcp__")?;
    let named = |server: &str| -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || "_-".contains(c) {
                c
            } else {
                '_'
            }
        };
        server.chars().map(plain).collect()
    };
    let of = |server: &&&str| {
        let name = named(server);
        rest == name || rest.strip_prefix(&name).is_some_and(|tool| tool.starts_with("__"))
    };
    // Of two names, one of which begins like the other, the longer one is meant.
    let server = servers.iter().filter(of).max_by_key(|server| server.len())?;
    let tool = rest.get(named(server).len() + 2..).filter(|tool| *tool != "*");
    Some(Denied {
        server: (*server).to_string(),
        tool: tool.map(str::to_owned),
    })
}

/// Servers that are denied whole.
fn whole(names: impl Iterator<Item = String>, sources: &Sources<'_>) -> Vec<Denied> {
    let known = names.filter(|name| sources.servers.contains(&name.as_str()));
    known.map(|server| Denied { server, tool: None }).collect()
}

/// What a file of settings says; `None` if it is not there.
fn of_file(path: &Path) -> Result<Option<Value>, Refusal> {
    let Some(text) = read(path)? else { return Ok(None) };
    let document = Document::parse(&text).map_err(not_understood(path))?;
    Ok(Some(document.value()))
}

/// Gemini: `mcp.excluded` and `mcp.allowed`, which name servers.
pub(super) fn gemini(sources: &Sources<'_>) -> Lists {
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
    Ok(denied
        .map(|server| Denied {
            server: (*server).to_string(),
            tool: None,
        })
        .collect())
}

/// OpenCode: `tools`, where `SERVER_TOOL`, a glob, is `false`.
pub(super) fn opencode(sources: &Sources<'_>) -> Lists {
    let tools = sources.settings["tools"].as_object().into_iter().flatten();
    Ok(tools
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
        .collect())
}

/// The texts of a list, or a single one.
fn texts_of(list: &Value) -> Vec<String> {
    let items = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::with_place;
    use super::*;
    use serde_json::json;

    fn denied(list: fn(&Sources<'_>) -> Lists, settings: &Value) -> Vec<(String, Option<String>)> {
        let servers = ["git", "git_hub", "time"];
        with_place("claude-code", |place| {
            let found = list(&Sources {
                place,
                settings,
                servers: &servers,
            });
            let found = found.expect("readable").into_iter();
            found.map(|denied| (denied.server, denied.tool)).collect()
        })
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

    /// What is denied of these servers of a project, where a file of the user's or of the project's says this.
    fn of_claude_code(servers: &[&str], file: &str, says: &str) -> Result<Vec<(String, Option<String>)>, String> {
        with_place("claude-code", |place| {
            let project = Place::find(place.client, Some(".mcp.json"), place.dirs, place.env);
            let root = place.dirs.home.parent().expect("a root");
            let says = says.replace(
                "PROJECT",
                &place.dirs.cwd.canonicalize().expect("there").to_string_lossy(),
            );
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, says).expect("writable");
            let found = claude_code(&Sources {
                place: &project,
                settings: &Value::Null,
                servers,
            });
            let found = found.map_err(|refusal| refusal.to_string())?.into_iter();
            Ok(found.map(|denied| (denied.server, denied.tool)).collect())
        })
    }

    #[test]
    fn rules_of_claude_code() {
        let tool = |server: &str, tool: &str| vec![(server.to_owned(), Some(tool.to_owned()))];
        let server = |server: &str| vec![(server.to_owned(), None)];
        for (file, says, denied) in [
            (
                "home/.claude/settings.json",
                r#"{"permissions": {"allow": ["mcp__git"], "deny": ["mcp__git__push", "Bash(rm:*)", "mcp__other__x"]}}"#,
                tool("git", "push"),
            ),
            (
                "home/.claude/settings.json",
                "\u{feff}{\"permissions\": {\"deny\": [\"mcp__git\"]}}",
                server("git"),
            ),
            (
                "work/.claude/settings.json",
                r#"{"permissions": {"deny": ["mcp__git__*"]}}"#,
                server("git"),
            ),
            (
                "work/.claude/settings.local.json",
                r#"{"permissions": {"deny": ["mcp__my_git_2__push"]}}"#,
                tool("my git.2", "push"),
            ),
            (
                "work/.claude/settings.local.json",
                r#"{"disabledMcpjsonServers": ["git", "none"]}"#,
                server("git"),
            ),
            (
                "home/.claude/settings.json",
                r#"{"deniedMcpServers": [{"serverName": "git"}, {"serverUrl": "x"}]}"#,
                server("git"),
            ),
            (
                "home/.claude.json",
                r#"{"projects": {"PROJECT": {"disabledMcpjsonServers": ["git"]}}}"#,
                server("git"),
            ),
        ] {
            assert_eq!(
                of_claude_code(&["git", "my git.2"], file, says),
                Ok(denied),
                "{file}: {says}"
            );
        }
    }

    #[test]
    fn a_denial_that_can_not_be_read_is_no_reason_to_go_on() {
        let refusal = of_claude_code(&["git"], "work/.claude/settings.local.json", "{").expect_err("no JSON");
        assert!(
            refusal.contains("settings.local.json is left as it is: it is not JSON"),
            "{refusal}"
        );
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
