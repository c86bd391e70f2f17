//! The clients, and where and how each keeps its servers. One more is one row.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{codex, lists};
use crate::{config::Dirs, platform::folders::dot_config};

/// A row of the table.
pub struct Client {
    /// The name on the command line.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The folder in which its file is looked for.
    base: Base,
    /// Names of its file there; the first that exists counts, or else the first.
    files: &'static [&'static str],
    /// A variable that names another folder, and the name of the file there.
    variable: Option<(&'static str, &'static str)>,
    /// What the file is written in.
    pub(super) format: Format,
    /// The keys that lead to its entries.
    pub(super) place: &'static [&'static str],
    /// Whether it leaves keys alone that it does not know, so that the servers can stand under the gateway's entry.
    pub(super) is_inline: bool,
    /// How it spells an entry that starts a program.
    pub(super) spelling: fn(&Started) -> Value,
    /// Which tools and servers it keeps from being used, outside their entries.
    pub(super) lists: fn(&lists::Sources<'_>) -> lists::Lists,
    /// How the source of a moved entry's value becomes one that the gateway reads the same way.
    pub(super) translate: fn(&str) -> String,
    /// The way back.
    pub(super) restore: fn(&str) -> String,
    /// The variables that it passes to a server only because the entry names them.
    pub(super) passes: fn(&Value) -> Vec<String>,
}

/// What the file of a client is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON, with comments in some clients.
    Json,
    /// TOML.
    Toml,
    /// YAML, which is not edited: the entry is written by hand.
    Yaml,
}

/// A folder of the user's.
#[derive(Clone, Copy)]
enum Base {
    Home,
    /// Where the platform's applications keep their settings.
    Settings,
    /// `~/.config`, or what stands for it.
    DotConfig,
}

/// What an entry starts.
pub(super) struct Started {
    pub(super) program: String,
    pub(super) args: Vec<String>,
    /// Variables that the client has to pass on, where it passes only those that are named.
    pub(super) passes: Vec<String>,
}

/// A client of which nothing is special.
const USUAL: Client = Client {
    id: "",
    title: "",
    base: Base::Home,
    files: &[],
    variable: None,
    format: Format::Json,
    place: &["mcpServers"],
    is_inline: false,
    spelling: plain,
    lists: lists::none,
    translate: str::to_owned,
    restore: str::to_owned,
    passes: |_| Vec::new(),
};

/// Every client.
pub const CLIENTS: &[Client] = &[
    Client {
        id: "cursor",
        title: "Cursor",
        files: &[".cursor/mcp.json"],
        is_inline: true,
        ..USUAL
    },
    Client {
        id: "claude-desktop",
        title: "Claude Desktop",
        base: Base::Settings,
        files: &["Claude/claude_desktop_config.json"],
        is_inline: true,
        ..USUAL
    },
    Client {
        id: "claude-code",
        title: "Claude Code",
        files: &[".claude.json"],
        variable: Some(("CLAUDE_CONFIG_DIR", ".claude.json")),
        spelling: |started| json!({"type": "stdio", "command": started.program, "args": started.args}),
        lists: lists::claude_code,
        ..USUAL
    },
    Client {
        id: "vscode",
        title: "VS Code",
        base: Base::Settings,
        files: &["Code/User/mcp.json"],
        place: &["servers"],
        spelling: |started| json!({"type": "stdio", "command": started.program, "args": started.args}),
        ..USUAL
    },
    Client {
        id: "windsurf",
        title: "Windsurf",
        files: &[".codeium/windsurf/mcp_config.json"],
        ..USUAL
    },
    Client {
        id: "zed",
        title: "Zed",
        base: Base::DotConfig,
        files: &["zed/settings.json"],
        place: &["context_servers"],
        spelling: |started| json!({"source": "custom", "command": started.program, "args": started.args}),
        ..USUAL
    },
    Client {
        id: "cline",
        title: "Cline",
        base: Base::Settings,
        files: &["Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"],
        ..USUAL
    },
    Client {
        id: "roo",
        title: "Roo Code",
        base: Base::Settings,
        files: &["Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json"],
        ..USUAL
    },
    Client {
        id: "kiro",
        title: "Kiro",
        files: &[".kiro/settings/mcp.json"],
        ..USUAL
    },
    Client {
        id: "gemini",
        title: "Gemini CLI",
        files: &[".gemini/settings.json"],
        lists: lists::gemini,
        translate: braced,
        ..USUAL
    },
    Client {
        id: "codex",
        title: "Codex",
        files: &[".codex/config.toml"],
        variable: Some(("CODEX_HOME", "config.toml")),
        format: Format::Toml,
        place: &["mcp_servers"],
        translate: codex::translate,
        restore: codex::restore,
        passes: codex::passes,
        ..USUAL
    },
    Client {
        id: "opencode",
        title: "OpenCode",
        base: Base::DotConfig,
        files: &["opencode/opencode.json", "opencode/opencode.jsonc"],
        place: &["mcp"],
        spelling: opencode,
        lists: lists::opencode,
        ..USUAL
    },
    Client {
        id: "goose",
        title: "Goose",
        base: Base::DotConfig,
        files: &["goose/config.yaml"],
        format: Format::Yaml,
        place: &["extensions"],
        ..USUAL
    },
];

impl Client {
    /// The client with this name.
    pub fn named(id: &str) -> Option<&'static Self> {
        CLIENTS.iter().find(|client| client.id == id)
    }

    /// What its file is written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Its file: one that exists, or else where it would be.
    pub(super) fn file(&self, dirs: &Dirs, env: &dyn Fn(&str) -> Option<String>) -> PathBuf {
        let named = self.variable.and_then(|(variable, file)| {
            let folder = env(variable).filter(|folder| !folder.is_empty())?;
            Some(dirs.resolve(&folder, &dirs.cwd).join(file))
        });
        if let Some(named) = named {
            return named;
        }
        let base = match self.base {
            Base::Home => dirs.home.clone(),
            Base::DotConfig => dot_config(&dirs.home, &dirs.config),
            Base::Settings => dirs.config.clone(),
        };
        let mut candidates = self.files.iter().map(|file| base.join(file));
        let existing = candidates.clone().find(|file| file.exists());
        existing.or_else(|| candidates.next()).unwrap_or(base)
    }
}

fn plain(started: &Started) -> Value {
    let mut entry = json!({"command": started.program, "args": started.args});
    if !started.passes.is_empty() {
        entry["env_vars"] = started.passes.as_slice().into();
    }
    entry
}

fn opencode(started: &Started) -> Value {
    let command: Vec<&str> = [started.program.as_str()]
        .into_iter()
        .chain(started.args.iter().map(String::as_str))
        .collect();
    json!({"type": "local", "command": command, "enabled": true})
}

/// Gemini fills in `$NAME` anywhere in a text, the gateway `${NAME}`.
fn braced(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at + 1);
        let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
        let end = after
            .find(|c: char| !(is_start(c) || c.is_ascii_digit()))
            .unwrap_or(after.len());
        text.push_str(before);
        if after.starts_with(is_start) {
            text.push_str(&format!("{{{}}}", &after[..end]));
            rest = &after[end..];
        } else {
            rest = after;
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_whole_and_has_a_name_of_its_own() {
        let ids: HashSet<&str> = CLIENTS.iter().map(|client| client.id).collect();
        assert_eq!(ids.len(), CLIENTS.len());
        for client in CLIENTS {
            assert!(
                !client.title.is_empty() && !client.files.is_empty() && !client.place.is_empty(),
                "{}",
                client.id
            );
            let started = Started {
                program: "/bin/mcp-gateway".into(),
                args: vec!["-p".into(), "basic".into()],
                passes: Vec::new(),
            };
            let entry = (client.spelling)(&started).to_string();
            let relaunch = crate::config::Relaunch::of(&entry).expect("it starts a gateway");
            assert_eq!(relaunch.args, ["-p", "basic"], "{}", client.id);
        }
    }

    #[test]
    fn a_bare_variable_of_gemini_gets_braces() {
        assert_eq!(braced(r#""a $TOKEN ${X} $1 $$""#), r#""a ${TOKEN} ${X} $1 $$""#);
    }
}
