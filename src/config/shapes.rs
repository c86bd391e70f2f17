//! Where the entries of servers stand in each client's file.

use super::dirs::Dirs;
use super::raw::{Field, KEYS};
use super::report::Report;
use super::source::Node;

/// The ways from the root of a file to its entries; the first that leads to some counts.
const SHAPES: &[&[&str]] = &[
    // Claude, Cline, Cursor, Gemini, Kiro, Roo, Windsurf, and this gateway.
    &["mcpServers"],
    // VS Code: its settings in two spellings, then its own file.
    &["mcp", "servers"],
    &["mcp.servers"],
    &["servers"],
    // Zed.
    &["context_servers"],
    // OpenCode.
    &["mcp"],
    // Goose.
    &["extensions"],
];

/// The entries of a file, by name, in their order; `None` if it has no place for them.
pub(super) fn entries<'a>(root: &Node<'a>, dirs: &Dirs, report: &mut Report<'_>) -> Option<Vec<(&'a str, Node<'a>)>> {
    let members = root.members()?;
    let place = SHAPES.iter().find_map(|way| {
        let node = way.iter().try_fold(root.clone(), |node, key| node.get(key))?;
        (node.is_object() && !is_entry(&node)).then_some((way[0], node))
    });
    let project = project(root, dirs).and_then(|node| node.members());
    let Some((outermost, place)) = place else {
        let is_flat = |node: &Node<'_>| is_entry(node) || node.get("servers").is_some_and(|inner| inner.is_object());
        let flat = || {
            members
                .iter()
                .filter(|(_, node)| is_flat(node))
                .cloned()
                .collect::<Vec<_>>()
        };
        return project.or_else(|| Some(flat()).filter(|entries| !entries.is_empty()));
    };
    if let Some((_, second)) = members.iter().filter(|(key, _)| *key == outermost).nth(1) {
        report.fault(
            second,
            "stands here a second time, and is not used",
            "move what it holds into the first",
        );
    }
    // As in Claude Code, the servers of a project stand before the user's of the same name.
    let project = project.unwrap_or_default();
    let is_hidden = |name: &str| project.iter().any(|(own, _)| *own == name);
    let general: Vec<_> = place
        .members()?
        .into_iter()
        .filter(|(name, _)| !is_hidden(name))
        .collect();
    Some([project, general].concat())
}

/// The servers that Claude Code keeps for the project in the working directory.
pub(super) fn project<'a>(root: &Node<'a>, dirs: &Dirs) -> Option<Node<'a>> {
    root.get("projects")?
        .get(&dirs.cwd.to_string_lossy())?
        .get("mcpServers")
}

/// Whether an object is the entry of a server itself, rather than a place for entries.
fn is_entry(node: &Node<'_>) -> bool {
    let telling = [Field::Command, Field::Url, Field::HttpUrl];
    let mut keys = KEYS
        .iter()
        .filter(|(field, _)| telling.contains(field))
        .flat_map(|(_, names)| names.iter());
    keys.any(|key| {
        let value = node.get(key);
        value.is_some_and(|value| value.text().is_some() || value.items().is_some() || value.get("path").is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::super::load::parse;
    use super::super::source::Source;
    use super::super::testing::{environment, in_project};
    use super::*;
    use std::path::Path;

    fn names(text: &str) -> Option<String> {
        let source = Source::parse(Path::new("f"), text.as_bytes()).expect("valid");
        let dirs = Dirs {
            home: "/home/ada".into(),
            cwd: "/w".into(),
            state: "/s".into(),
            config: "/c".into(),
        };
        let root = source.root().expect("a value");
        let entries = entries(&root, &dirs, &mut Report::new(&source))?;
        Some(entries.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_shape_leads_to_its_entries() {
        for text in [
            r#"{"mcpServers": {"a": {}, "b": {}}, "theme": "dark"}"#,
            r#"{"servers": {"a": {}, "b": {}}, "inputs": []}"#,
            r#"{"editor.fontSize": 12, "mcp": {"inputs": [], "servers": {"a": {}, "b": {}}}}"#,
            r#"{"mcp.servers": {"a": {}, "b": {}}}"#,
            r#"{"context_servers": {"a": {}, "b": {}}}"#,
            r#"{"$schema": "…", "mcp": {"a": {}, "b": {}}}"#,
            r#"{"extensions": {"a": {}, "b": {}}}"#,
            r#"{"a": {"command": "x"}, "b": {"url": "y"}, "version": 1}"#,
            r#"{"a": {"servers": {}}, "b": {"command": {"path": "x"}}}"#,
            r#"{"projects": {"/w": {"mcpServers": {"a": {}, "b": {}}}, "/other": {"mcpServers": {"c": {}}}}}"#,
        ] {
            assert_eq!(names(text).as_deref(), Some("a b"), "{text}");
        }
    }

    #[test]
    fn a_project_stands_before_the_user() {
        let text = r#"{"mcpServers": {"a": {}, "b": {}}, "projects": {"/w": {"mcpServers": {"b": {}, "c": {}}}}}"#;
        assert_eq!(names(text).as_deref(), Some("b c a"));
    }

    #[test]
    fn a_server_may_be_called_like_a_place() {
        assert_eq!(names(r#"{"mcp": {"command": "x"}}"#).as_deref(), Some("mcp"));
        assert_eq!(
            names(r#"{"mcpServers": {"servers": {"command": "x"}}}"#).as_deref(),
            Some("servers")
        );
        assert_eq!(
            names(r#"{"mcpServers": {"command": {"command": "x"}}}"#).as_deref(),
            Some("command")
        );
    }

    #[test]
    fn a_file_without_a_place_has_none() {
        for text in ["[]", "1", "{}", r#"{"theme": "dark"}"#, r#"{"mcpServers": []}"#] {
            assert_eq!(names(text), None, "{text}");
        }
        assert_eq!(names(r#"{"mcpServers": {}}"#).as_deref(), Some(""));
    }

    #[test]
    fn a_file_with_other_entries_for_this_directory_has_another_digest_here() {
        in_project(|dirs| {
            let here = serde_json::json!({"mcpServers": {}, "projects": {dirs.cwd.to_string_lossy(): {"mcpServers": {"a": {"command": "x"}}}}});
            let digest = |dirs: &Dirs| {
                let config = parse(
                    Path::new("/x/mcp.json"),
                    here.to_string().as_bytes(),
                    None,
                    dirs,
                    &environment,
                );
                config.expect("valid").digest
            };
            let elsewhere = Dirs {
                cwd: dirs.home.clone(),
                ..dirs.clone()
            };
            assert_ne!(digest(dirs), digest(&elsewhere));
        });
    }
}
