//! What concerns several servers at once. Nobody's verdict: a name that two servers share is the fault of neither.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_security::confusable_detection::skeleton;

use super::Definitions;
use super::surfaces::texts;
use crate::scan::{Finding, Severity};

/// Shorter names are one edit apart by chance.
const SHORTEST: usize = 6;

/// A tool of a server.
struct Tool<'a> {
    server: &'a str,
    at: usize,
    name: &'a str,
    definition: &'a Value,
}

/// What the servers mean together.
pub fn fleet(servers: &[(String, Definitions)]) -> Vec<Finding> {
    let tools: Vec<Tool<'_>> = servers
        .iter()
        .flat_map(|(server, definitions)| {
            definitions
                .tools
                .iter()
                .enumerate()
                .filter_map(move |(at, definition)| {
                    Some(Tool {
                        server,
                        at,
                        name: definition["name"].as_str()?,
                        definition,
                    })
                })
        })
        .collect();
    let mut findings = names(&tools);
    findings.extend(references(&tools));
    findings.extend(combination(&tools));
    findings
}

/// The same name, one that looks the same, or one that is an edit away, on two servers.
fn names(tools: &[Tool<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let shapes: Vec<String> = tools.iter().map(|tool| skeleton(tool.name).collect()).collect();
    for (at, one) in tools.iter().enumerate() {
        for (other, shape) in tools.iter().zip(&shapes).skip(at + 1) {
            if one.server == other.server {
                continue;
            }
            let (id, severity, why) = if one.name == other.name {
                (
                    "same-tool-name",
                    Severity::Low,
                    "Two servers have a tool of this name; a client may call the wrong one.",
                )
            } else if shapes[at] == *shape {
                (
                    "confusable-tool-name",
                    Severity::High,
                    "Two tools have names that look the same.",
                )
            } else if is_one_edit_apart(one.name, other.name) {
                (
                    "similar-tool-name",
                    Severity::Low,
                    "Two tools have names that are one edit apart.",
                )
            } else {
                continue;
            };
            let shown = format!("{}/{} and {}/{}", one.server, one.name, other.server, other.name);
            findings.push(Finding {
                pointer: format!("/tools/{}/name", one.at),
                why: why.into(),
                mend: "Give one of the servers a prefix of its own, or disable one of the tools.".into(),
                ..Finding::new(id, severity, &shown, &[&shown])
            });
        }
    }
    findings
}

fn is_one_edit_apart(one: &str, other: &str) -> bool {
    one.len().min(other.len()) >= SHORTEST
        && one.len().abs_diff(other.len()) <= 1
        && strsim::osa_distance(one, other) == 1
        // A plural, or the number at the end of a version, is no disguise.
        && one.trim_end_matches(|c: char| c == 's' || c.is_ascii_digit()) != other.trim_end_matches(|c: char| c == 's' || c.is_ascii_digit())
}

/// A tool whose texts name a tool of another server. Only names that are no plain words count.
fn references(tools: &[Tool<'_>]) -> Vec<Finding> {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for tool in tools.iter().filter(|tool| tool.name.contains(['_', '-'])) {
        by_name.entry(tool.name).or_default().insert(tool.server);
    }
    let mut findings = Vec::new();
    for tool in tools {
        let mut said = BTreeSet::new();
        for text in texts(tool.definition, &format!("/tools/{}", tool.at)).0 {
            let words = text
                .text
                .split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
            for word in words {
                let Some(servers) = by_name.get(word) else { continue };
                if servers.contains(tool.server) || !said.insert(word) {
                    continue;
                }
                let owners = servers.iter().copied().collect::<Vec<_>>().join(", ");
                let shown = format!("{}/{} names {word} of {owners}", tool.server, tool.name);
                findings.push(Finding {
                    pointer: text.pointer.clone(),
                    why: "A tool speaks of another server's tool.".into(),
                    mend: "Read what it says of it: a server has no business with another's tools.".into(),
                    ..Finding::new("names-other-server", Severity::Medium, &shown, &[&shown, text.text])
                });
            }
        }
    }
    findings
}

/// What tools can do, by words of their names.
const ABILITIES: &[(&str, &[&str])] = &[
    (
        "reads private data",
        &[
            "read",
            "get_file",
            "list_directory",
            "query",
            "email",
            "messages",
            "calendar",
            "memory",
            "notes",
            "secret",
        ],
    ),
    (
        "reads what strangers write",
        &[
            "fetch",
            "browse",
            "scrape",
            "crawl",
            "navigate",
            "web_search",
            "issue",
            "inbox",
            "extract",
        ],
    ),
    (
        "can send out",
        &[
            "send",
            "post",
            "publish",
            "upload",
            "create_issue",
            "comment",
            "push",
            "share",
            "webhook",
            "fetch",
            "navigate",
        ],
    ),
];

/// The three abilities that together let a stranger's text carry private data away, where no single server has all.
fn combination(tools: &[Tool<'_>]) -> Option<Finding> {
    let mut shown = Vec::new();
    for (ability, words) in ABILITIES {
        let able = tools.iter().find(|tool| {
            let name = tool.name.to_lowercase();
            words.iter().any(|word| name.contains(word))
        })?;
        shown.push(format!("{}/{} {ability}", able.server, able.name));
    }
    let shown = shown.join("; ");
    Some(Finding {
        why: "Together the servers can read private data, read what strangers write, and send out: a text that a stranger \
              wrote could carry data away."
            .into(),
        mend: "Nothing has to be done; where the data matter, keep one of the three apart, or turn on a guardrail.".into(),
        ..Finding::new("toxic-combination", Severity::Info, &shown, &[&shown])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn servers(tools: &[(&str, &str, &str)]) -> Vec<(String, Definitions)> {
        let server = |&(server, name, description): &(&str, &str, &str)| {
            let tool = json!({"name": name, "description": description});
            let definitions = Definitions {
                tools: vec![tool],
                ..Definitions::default()
            };
            (server.to_owned(), definitions)
        };
        tools.iter().map(server).collect()
    }

    fn ids(tools: &[(&str, &str, &str)]) -> Vec<String> {
        fleet(&servers(tools))
            .into_iter()
            .map(|finding| finding.id.into_owned())
            .collect()
    }

    #[test]
    fn names_that_can_be_mistaken_are_told() {
        assert_eq!(ids(&[("a", "add_note", ""), ("b", "add_note", "")]), ["same-tool-name"]);
        assert_eq!(
            ids(&[("a", "add_nоte", ""), ("b", "add_note", "")]),
            ["confusable-tool-name"]
        );
        assert_eq!(
            ids(&[("a", "ad_note1x", ""), ("b", "add_note1x", "")]),
            ["similar-tool-name"]
        );
        assert_eq!(
            ids(&[("a", "add_note", ""), ("b", "add_notes", "")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_tool_that_names_another_servers_tool_is_told() {
        let tools = [
            ("a", "add_task", "Adds."),
            ("b", "helper", "When add_task is used, do more."),
        ];
        assert_eq!(ids(&tools), ["names-other-server"]);
    }

    #[test]
    fn the_three_abilities_are_information_only() {
        let tools = [("a", "read_file", ""), ("b", "fetch", ""), ("c", "send_mail", "")];
        let findings = fleet(&servers(&tools));
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Info));
    }
}
