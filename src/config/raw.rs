//! An entry as it was written: every client's spelling of every key.

use super::report::Report;
use super::source::Node;
use crate::text::{did_you_mean, is_same, nearest};

/// What a key of an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Command,
    Args,
    Env,
    EnvFile,
    Cwd,
    Transport,
    HttpUrl,
    Url,
    Headers,
    BearerVariable,
    Auth,
    Authority,
    Disabled,
    Enabled,
    CallTimeout,
    StartTimeout,
    Prefix,
    Blocked,
    Tools,
    AllowedTools,
    DeniedTools,
    Servers,
    Plugins,
    Scan,
    /// A client's leave to call without asking. It was given to that client, for its own calls; it is never the
    /// gateway's.
    Consent,
    /// For people, or for a client alone.
    Unused,
}

/// Every key that is known. Case, `_` and `-` do not count, so that `envFile` stands for `env_file` too.
pub(super) const KEYS: &[(Field, &[&str])] = &[
    (Field::Command, &["command", "cmd"]),
    (Field::Args, &["args"]),
    (Field::Env, &["env", "environment", "envs"]),
    (Field::EnvFile, &["envFile"]),
    (Field::Cwd, &["cwd"]),
    (Field::Transport, &["type", "transport", "transportType"]),
    (Field::HttpUrl, &["httpUrl"]),
    (Field::Url, &["url", "serverUrl", "uri"]),
    (Field::Headers, &["headers", "http_headers"]),
    (Field::BearerVariable, &["bearer_token_env_var"]),
    (Field::Auth, &["auth", "oauth"]),
    (Field::Authority, &["ca"]),
    (Field::Disabled, &["disabled"]),
    (Field::Enabled, &["enabled"]),
    (Field::CallTimeout, &["timeout", "tool_timeout_sec"]),
    (
        Field::StartTimeout,
        &["start_timeout", "startup_timeout_sec", "startup_timeout_ms"],
    ),
    (Field::Prefix, &["prefix"]),
    (Field::Blocked, &["blocked"]),
    (Field::Tools, &["tools"]),
    (Field::AllowedTools, &["includeTools", "enabledTools"]),
    (Field::DeniedTools, &["excludeTools", "disabledTools"]),
    (Field::Servers, &["servers"]),
    (Field::Plugins, &["plugins"]),
    (Field::Scan, &["scan"]),
    (Field::Consent, &["trust", "alwaysAllow", "autoApprove"]),
    (
        Field::Unused,
        &[
            "name",
            "description",
            "title",
            "icon",
            "version",
            "source",
            "gallery",
            "dev",
            "metadata",
        ],
    ),
];

impl Field {
    pub(super) fn of(key: &str) -> Option<Self> {
        KEYS.iter()
            .find(|(_, names)| names.iter().any(|name| is_same(name, key)))
            .map(|(field, _)| *field)
    }

    /// Whether a slip in its key would let something run that the person meant to hold back, or drop what a person set
    /// up for the whole gateway.
    fn is_vital(self) -> bool {
        matches!(
            self,
            Self::Disabled
                | Self::Enabled
                | Self::Blocked
                | Self::Tools
                | Self::AllowedTools
                | Self::DeniedTools
                | Self::Servers
                | Self::Plugins
                | Self::Scan
        )
    }

    /// Whether several keys of this field add up; of others there must be one.
    fn adds_up(self) -> bool {
        matches!(self, Self::DeniedTools | Self::Consent | Self::Unused)
    }
}

/// Whether what stands under a key of an entry is meant to be secret: variables, headers, what signs in.
pub fn is_secret(key: &str) -> bool {
    matches!(Field::of(key), Some(Field::Env | Field::Headers | Field::Auth))
}

/// The keys of one entry, by what they are about. Those with `null` are left out.
pub(super) struct Raw<'a> {
    fields: Vec<(Field, Node<'a>)>,
}

impl<'a> Raw<'a> {
    /// Sorts the keys of an entry; reports those that are unknown, double or contradict each other.
    pub(super) fn read(node: &Node<'a>, report: &mut Report<'_>) -> Option<Self> {
        let Some(members) = report.members(node) else {
            report.wrong_kind(
                node,
                "an object",
                r#"{"command": "npx", "args": ["-y", "some-server"]}"#,
            );
            return None;
        };
        let mut raw = Self { fields: Vec::new() };
        for (key, member) in members {
            let Some(field) = Field::of(key) else {
                unknown(key, &member, report);
                continue;
            };
            if field == Field::Consent {
                let why = "is leave given to another program, and none for this one: it is not used";
                report.note(&member, why, "nothing needs to be changed");
            }
            if member.is_null() {
                continue;
            }
            if !field.adds_up() && raw.get(field).is_some() {
                report.fault(
                    &member,
                    "says again what another key of this entry says",
                    "keep one of the two",
                );
            }
            raw.fields.push((field, member));
        }
        Some(raw)
    }

    /// The value of a field.
    pub(super) fn get(&self, field: Field) -> Option<&Node<'a>> {
        self.all(field).next()
    }

    /// All values of a field whose keys add up.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = &Node<'a>> {
        self.fields
            .iter()
            .filter(move |(other, _)| *other == field)
            .map(|(_, node)| node)
    }
}

fn unknown(key: &str, node: &Node<'_>, report: &mut Report<'_>) {
    let near = nearest(key, KEYS.iter().flat_map(|(_, names)| names.iter().copied()));
    match near {
        Some(near) if Field::of(near).is_some_and(Field::is_vital) => {
            let what = format!("looks like a misspelling of `{near}`");
            report.fault(node, what, format!("write `{near}`, or remove it"));
        }
        _ => {
            let what = format!("is not a key that is known{}", did_you_mean(key, near));
            report.note(node, what, "it stays in the file, and is not used");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;
    use std::path::Path;

    fn read(text: &str, test: impl FnOnce(Option<Raw<'_>>, &Report<'_>)) {
        let source = Source::parse(Path::new("mcp.json"), text.as_bytes()).expect("valid JSON");
        let root = source.root().expect("a value");
        let mut report = Report::new(&source);
        let raw = Raw::read(&root, &mut report);
        test(raw, &report);
    }

    #[test]
    fn no_key_has_two_meanings() {
        for (field, names) in KEYS {
            names
                .iter()
                .for_each(|name| assert_eq!(Field::of(name), Some(*field), "{name}"));
        }
    }

    #[test]
    fn the_schema_in_the_documentation_has_every_key_of_an_entry() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../docs/mcp.schema.json")).expect("a schema is JSON");
        let described = schema["$defs"]["server"]["properties"].as_object().expect("keys");
        let of_gateway = [Field::Servers, Field::Plugins, Field::Scan];
        let of_servers = KEYS.iter().filter(|(field, _)| !of_gateway.contains(field));
        let known: Vec<&str> = of_servers.flat_map(|(_, names)| names.iter().copied()).collect();
        assert_eq!(described.keys().collect::<Vec<_>>(), known);
    }

    #[test]
    fn keys_are_found_in_any_spelling() {
        read(
            r#"{"ENVIRONMENT": {}, "disabled_tools": [], "excludeTools": [], "envfile": "x"}"#,
            |raw, report| {
                let raw = raw.expect("an entry");
                assert!(raw.get(Field::Env).is_some() && raw.get(Field::EnvFile).is_some());
                assert_eq!(raw.all(Field::DeniedTools).count(), 2);
                assert_eq!(report.problems, []);
            },
        );
    }

    #[test]
    fn null_is_as_good_as_nothing() {
        read(
            r#"{"args": null, "url": null, "serverUrl": "https://h"}"#,
            |raw, report| {
                let raw = raw.expect("an entry");
                assert!(raw.get(Field::Args).is_none());
                assert_eq!(raw.get(Field::Url).and_then(Node::text), Some("https://h"));
                assert_eq!(report.problems, []);
            },
        );
    }

    #[test]
    fn two_keys_that_say_the_same_are_a_problem() {
        read(r#"{"url": "https://a", "serverUrl": "https://b"}"#, |_, report| {
            assert_eq!(report.problems[0].pointer, "/serverUrl");
        });
        read(r#"{"command": "a", "command": "b"}"#, |_, report| {
            assert!(report.problems[0].what.contains("second time"));
        });
    }

    #[test]
    fn an_unknown_key_is_noted_with_what_it_may_have_meant() {
        read(r#"{"commnd": "npx", "colour": "red"}"#, |_, report| {
            assert_eq!(report.problems, []);
            assert_eq!(
                report.notes[0].what,
                "`commnd` is not a key that is known (did you mean `command`?)"
            );
            assert_eq!(report.notes[1].what, "`colour` is not a key that is known");
        });
    }

    #[test]
    fn a_slip_in_a_key_that_holds_back_is_a_problem() {
        for key in ["disable", "block", "tool", "disabledTool", "plugin", "server"] {
            read(&format!("{{\"{key}\": true}}"), |_, report| {
                assert_eq!(report.problems.len(), 1, "{key}");
                assert!(report.problems[0].what.contains("misspelling"), "{key}");
            });
        }
    }

    #[test]
    fn the_leave_of_another_client_is_only_noted() {
        read(
            r#"{"trust": true, "alwaysAllow": ["x"], "autoApprove": []}"#,
            |_, report| {
                assert_eq!((report.problems.len(), report.notes.len()), (0, 3));
            },
        );
    }

    #[test]
    fn an_entry_that_is_no_object_is_said_so() {
        read(r#""npx -y server""#, |raw, report| {
            assert!(raw.is_none());
            assert_eq!(report.problems[0].what, "the file must be an object, not text");
        });
    }
}
