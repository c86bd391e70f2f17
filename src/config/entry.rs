//! One entry of a server, from as written to valid.

use super::raw::{Field, Raw};
use super::source::Node;
use super::values::Reader;
use super::{Blocked, CALL_TIMEOUT, Filter, START_TIMEOUT, Server};
use crate::text::{did_you_mean, visible_line};

/// Longest name of a server, in characters. Tool names that clients accept have 64, the server's among them.
const LONGEST_NAME: usize = 64;

/// Values of `blocked`.
const BLOCKED: &[(&str, Blocked)] = &[
    ("passed", Blocked::Passed),
    ("blocked", Blocked::Blocked),
    ("skipped", Blocked::Skipped),
];

/// What a value of `blocked` says; `None` for one that is not known.
pub(super) fn said(node: &Node<'_>) -> Option<Blocked> {
    if node.is_null() {
        return Some(Blocked::No);
    }
    let written = node.text()?;
    let known = BLOCKED.iter().find(|(name, _)| name.eq_ignore_ascii_case(written));
    known.map(|(_, blocked)| *blocked)
}

impl Reader<'_, '_> {
    /// The server of an entry; `None` if a problem was reported. The problems of an entry that is switched off are only
    /// notes: it needs no variable that is unset.
    pub(super) fn server(&mut self, name: &str, node: &Node<'_>) -> Option<Server> {
        let raw = Raw::read(node, self.report)?;
        let disabled = raw.get(Field::Disabled).and_then(|node| self.flag(node)) == Some(true)
            || raw.get(Field::Enabled).and_then(|node| self.flag(node)) == Some(false);
        if !disabled {
            return self.server_of(name, node, &raw, disabled);
        }
        let Self { variables, report } = self;
        report.leniently(|report| Reader { report, variables }.server_of(name, node, &raw, disabled))
    }

    fn server_of(&mut self, name: &str, node: &Node<'_>, raw: &Raw<'_>, disabled: bool) -> Option<Server> {
        self.check_name(name, node);
        let start_timeout = raw
            .get(Field::StartTimeout)
            .and_then(|node| self.duration(node))
            .unwrap_or(START_TIMEOUT);
        let call_timeout = raw
            .get(Field::CallTimeout)
            .and_then(|node| self.duration(node))
            .unwrap_or(CALL_TIMEOUT);
        let prefix = raw.get(Field::Prefix).and_then(|node| self.text(node));
        let blocked = raw.get(Field::Blocked).map_or(Blocked::No, |node| self.blocked(node));
        let tools = self.filter(raw);
        let launch = self.launch(node, raw)?;
        Some(Server {
            name: name.to_owned(),
            launch,
            prefix,
            start_timeout,
            call_timeout,
            disabled,
            blocked,
            tools,
            pointer: node.pointer.clone(),
        })
    }

    fn check_name(&mut self, name: &str, node: &Node<'_>) {
        let mend = "give the server a short name, such as \"github\"";
        if name.trim().is_empty() {
            self.report.fault(node, "is an empty name", mend);
        } else if visible_line(name) != name {
            self.report
                .fault(node, "has a character that cannot be seen in its name", mend);
        } else if name.chars().count() > LONGEST_NAME {
            self.report
                .fault(node, format!("is a name of more than {LONGEST_NAME} characters"), mend);
        }
    }

    /// What cannot be read keeps the server from starting, through the problem that is reported.
    fn blocked(&mut self, node: &Node<'_>) -> Blocked {
        if let Some(blocked) = said(node) {
            return blocked;
        }
        let written = node.text().unwrap_or_default();
        let hint = did_you_mean(written, BLOCKED.iter().map(|(name, _)| *name));
        let mend = r#"write "blocked", "passed", "skipped" or null"#;
        self.report
            .fault(node, format!("has a value that is not known{hint}"), mend);
        Blocked::Blocked
    }

    fn filter(&mut self, raw: &Raw<'_>) -> Filter {
        let mut filter = Filter::default();
        let mut allow = raw.get(Field::AllowedTools).cloned();
        let mut deny: Vec<Node<'_>> = raw.all(Field::DeniedTools).cloned().collect();
        match raw.get(Field::Tools) {
            Some(tools) if tools.is_object() => {
                for (key, node) in self.report.members(tools).unwrap_or_default() {
                    match key {
                        _ if node.is_null() => {}
                        "allow" if allow.is_none() => allow = Some(node),
                        "allow" => {
                            self.report
                                .fault(&node, "stands beside another list of tools", "keep one of the two")
                        }
                        "deny" => deny.push(node),
                        _ => {
                            let hint = did_you_mean(key, ["allow", "deny"]);
                            self.report.fault(
                                &node,
                                format!("is not a key of `tools`{hint}"),
                                "use `allow` and `deny`",
                            );
                        }
                    }
                }
            }
            // Copilot writes the tools that it may use as a plain list.
            Some(tools) if allow.is_none() => allow = Some(tools.clone()),
            Some(tools) => self
                .report
                .fault(tools, "stands beside another list of tools", "keep one of the two"),
            None => {}
        }
        filter.allow = allow.map(|node| self.texts(&node));
        filter.deny = deny.iter().flat_map(|node| self.texts(node)).collect();
        filter
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, problems, server};
    use super::*;

    #[test]
    fn what_an_entry_does_not_say_has_its_default() {
        let server = server(r#"{"command": "x", "args": null, "env": null, "blocked": null, "timeout": null}"#);
        assert_eq!(
            (server.start_timeout, server.call_timeout),
            (START_TIMEOUT, CALL_TIMEOUT)
        );
        assert_eq!(
            (server.blocked, server.disabled, server.prefix),
            (Blocked::No, false, None)
        );
        assert_eq!(server.tools, Filter::default());
        assert_eq!(server.pointer, "/mcpServers/it");
    }

    #[test]
    fn blocked_has_the_meanings_of_the_python_package() {
        for (written, blocked) in [
            ("null", Blocked::No),
            (r#""passed""#, Blocked::Passed),
            (r#""Blocked""#, Blocked::Blocked),
            (r#""skipped""#, Blocked::Skipped),
        ] {
            assert_eq!(
                server(&format!(r#"{{"command": "x", "blocked": {written}}}"#)).blocked,
                blocked
            );
        }
        for written in [r#""block""#, "true", "{}"] {
            let problems = problems(&format!(r#"{{"command": "x", "blocked": {written}}}"#));
            assert!(
                problems[0].contains("`blocked` has a value that is not known"),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn lists_of_tools_come_together() {
        let server = server(r#"{"command": "x", "tools": {"allow": ["a*"], "deny": ["ab"]}, "disabledTools": ["ac"]}"#);
        assert_eq!(
            server.tools,
            Filter {
                allow: Some(vec!["a*".into()]),
                deny: vec!["ac".into(), "ab".into()]
            }
        );
    }

    #[test]
    fn a_plain_list_of_tools_allows_them() {
        assert_eq!(
            server(r#"{"command": "x", "tools": ["*"]}"#).tools.allow,
            Some(vec!["*".into()])
        );
        assert_eq!(
            server(r#"{"command": "x", "includeTools": []}"#).tools.allow,
            Some(vec![]),
            "none is not all"
        );
    }

    #[test]
    fn a_filter_that_is_wrong_keeps_the_server_from_starting() {
        for (entry, says) in [
            (
                r#"{"command": "x", "tools": {"denied": ["a"]}}"#,
                "`denied` is not a key of `tools`",
            ),
            (
                r#"{"command": "x", "tools": true}"#,
                "`tools` must be a list of text, not true or false",
            ),
            (
                r#"{"command": "x", "tools": ["a"], "includeTools": ["b"]}"#,
                "`tools` stands beside another list",
            ),
            (
                r#"{"command": "x", "disabledTools": "a"}"#,
                "`disabledTools` must be a list of text",
            ),
        ] {
            let problems = problems(entry);
            assert!(
                problems.len() == 1 && problems[0].contains(says),
                "{entry}: {problems:?}"
            );
        }
    }

    #[test]
    fn every_mistake_of_an_entry_is_reported_at_once() {
        let problems = problems(r#"{"command": 1, "timeout": -1, "disabled": "no", "blocked": "x"}"#);
        assert_eq!(problems.len(), 4, "{problems:#?}");
    }

    #[test]
    fn an_entry_that_is_switched_off_may_be_unfinished() {
        let config = config(r#"{"mcpServers": {"it": {"command": "x", "env": {"K": "${NONE}"}, "disabled": true}}}"#);
        assert_eq!(
            (config.servers.len(), config.problems.len(), config.notes.len()),
            (1, 0, 1)
        );
        assert!(config.servers[0].disabled);
    }

    #[test]
    fn a_name_can_be_seen_and_is_short() {
        for name in ["", "  ", "a\u{200b}b", "a\\u001b[31m", &"x".repeat(65)] {
            let config = config(&format!(
                r#"{{"mcpServers": {{"{name}": {{"command": "x"}}, "good": {{"command": "x"}}}}}}"#
            ));
            assert_eq!(config.servers.len(), 1, "{name}");
            assert!(config.problems[0].what.contains("name"), "{name}");
        }
        assert_eq!(
            config(r#"{"mcpServers": {"My Sérver (2)": {"command": "x"}}}"#).problems,
            []
        );
    }
}
