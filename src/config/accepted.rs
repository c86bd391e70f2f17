//! What a person let be started, and what a changed file may therefore start.

use std::collections::HashMap;

use super::{Blocked, Filter, Launch, Server};

/// The servers that a person let be started.
pub struct Accepted(HashMap<String, Entry>);

/// What of an entry was accepted.
struct Entry {
    /// How the server is reached.
    launch: Launch,
    /// Which of its tools are offered.
    tools: Filter,
    /// Whether it is used without a scan.
    is_skipped: bool,
}

impl Accepted {
    /// Everything that these entries start.
    pub fn of(servers: &[Server]) -> Self {
        let started = servers
            .iter()
            .filter(|server| !server.disabled && server.blocked != Blocked::Blocked);
        let entry = |server: &Server| Entry {
            launch: server.launch.clone(),
            tools: server.tools.clone(),
            is_skipped: server.blocked == Blocked::Skipped,
        };
        Self(started.map(|server| (server.name.clone(), entry(server))).collect())
    }

    /// Whether a server may be started; one that may keeps the tool filter that was accepted with it, and is scanned as before.
    pub fn admits(&self, server: &mut Server) -> bool {
        match self.0.get(&server.name) {
            Some(entry) if entry.launch == server.launch => {
                server.tools.clone_from(&entry.tools);
                if server.blocked == Blocked::Skipped && !entry.is_skipped {
                    server.blocked = Blocked::No;
                }
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::load::parse;
    use super::super::testing::{environment, in_project};
    use super::*;

    #[test]
    fn what_was_started_may_be_started_again_and_nothing_else() {
        in_project(|dirs| {
            let entries = |servers: &str| {
                let text = format!(r#"{{"mcpServers": {{{servers}}}}}"#);
                let config = parse(Path::new("mcp.json"), text.as_bytes(), None, dirs, &environment);
                config.expect("a configuration").servers
            };
            let accepted = Accepted::of(&entries(
                r#""a": {"command": "a", "tools": {"deny": ["rm"]}},
                   "off": {"command": "a", "disabled": true},
                   "risky": {"command": "a", "blocked": "blocked"}"#,
            ));
            let mut changed = entries(
                r#""a": {"command": "a", "timeout": 5, "blocked": "skipped"},
                   "off": {"command": "a"},
                   "risky": {"command": "a"},
                   "new": {"command": "a"}"#,
            );
            let admitted: Vec<bool> = changed.iter_mut().map(|server| accepted.admits(server)).collect();
            assert_eq!(admitted, [true, false, false, false]);
            assert_eq!(changed[0].tools.deny, ["rm"], "a change of the file loosens no filter");
            assert_eq!(changed[0].blocked, Blocked::No, "nor does it end a scan");
            let mut skipped = entries(r#""a": {"command": "a", "blocked": "skipped"}"#);
            assert!(Accepted::of(&skipped).admits(&mut skipped[0]));
            assert_eq!(skipped[0].blocked, Blocked::Skipped);
            for other in [
                r#""a": {"command": "b"}"#,
                r#""a": {"command": "a", "args": ["x"]}"#,
                r#""a": {"command": "a", "env": {"A": "1"}}"#,
                r#""a": {"url": "https://a.example/mcp"}"#,
            ] {
                assert!(!accepted.admits(&mut entries(other)[0]), "{other}");
            }
        });
    }
}
