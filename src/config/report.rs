//! Collects what is wrong with a file while it is read.

use super::problem::{Origin, Problem};
use super::source::{Node, Source};
use crate::json::pointer_name;
use crate::text::quoted;

/// The problems and notes of one file.
pub(super) struct Report<'a> {
    source: &'a Source<'a>,
    /// Whose entry is being read.
    server: Option<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        Self {
            source,
            server: None,
            problems: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What is wrong at a node, beginning with its key.
    pub(super) fn fault(&mut self, node: &Node<'_>, what: impl AsRef<str>, mend: impl Into<String>) {
        let problem = self.describe(node, what.as_ref(), mend.into());
        self.problems.push(problem);
    }

    /// What is only worth a line at debug level.
    pub(super) fn note(&mut self, node: &Node<'_>, what: impl AsRef<str>, mend: impl Into<String>) {
        let note = self.describe(node, what.as_ref(), mend.into());
        self.notes.push(note);
    }

    /// A value of the wrong kind.
    pub(super) fn wrong_kind(&mut self, node: &Node<'_>, expected: &str, example: &str) {
        self.fault(
            node,
            format!("must be {expected}, not {}", node.kind()),
            format!("write it like {example}"),
        );
    }

    /// Where a node stands.
    pub(super) fn origin(&self, node: &Node<'_>) -> Origin {
        self.source.origin(node)
    }

    /// Runs `read` on the entry of a server. A problem in it costs the entry, and the others nothing.
    pub(super) fn entry<T>(&mut self, server: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.server = Some(server.to_owned());
        let before = self.problems.len();
        let entry = read(self);
        self.server = None;
        entry.filter(|_| self.problems.len() == before)
    }

    /// Runs `read` on something that need not be right: its problems become notes.
    pub(super) fn leniently<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.problems.len();
        let value = read(self);
        self.notes.extend(self.problems.drain(before..));
        value
    }

    /// The members of an object, each name once: what stands there twice is a problem, and the first one counts.
    pub(super) fn members<'n>(&mut self, node: &Node<'n>) -> Option<Vec<(&'n str, Node<'n>)>> {
        let mut once: Vec<(&str, Node<'_>)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (name, member) in node.members()? {
            if seen.insert(name) {
                once.push((name, member));
            } else {
                self.fault(&member, "stands here a second time", "keep one of the two");
            }
        }
        Some(once)
    }

    fn describe(&self, node: &Node<'_>, what: &str, mend: String) -> Problem {
        Problem {
            origin: self.source.origin(node),
            pointer: node.pointer.clone(),
            server: self.server.clone(),
            what: format!("{} {what}", label(&node.pointer)),
            mend,
        }
    }
}

/// How a message calls the value at a pointer: its key, or its number in a list.
fn label(pointer: &str) -> String {
    let name = |segment: &str| quoted(&pointer_name(segment));
    let mut segments = pointer.rsplit('/');
    match (segments.next().unwrap_or_default(), segments.next()) {
        ("", None) => "the file".into(),
        (last, Some(list)) if !list.is_empty() && last.parse::<usize>().is_ok() => {
            format!(
                "item {} of {}",
                last.parse::<usize>().map_or(0, |at| at.saturating_add(1)),
                name(list)
            )
        }
        (last, _) => name(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_message_calls_a_value_by_its_key_or_its_number() {
        for (pointer, called) in [
            ("", "the file"),
            ("/mcpServers/a~1b", "`a/b`"),
            ("/mcpServers/git/args/0", "item 1 of `args`"),
            ("/0", "`0`"),
        ] {
            assert_eq!(label(pointer), called);
        }
    }

    #[test]
    fn a_bad_entry_costs_itself_and_a_lenient_one_nothing() {
        let source = Source::parse(Path::new("f"), b"{\"a\": 1, \"a\": 2}").expect("valid");
        let root = source.root().expect("a value");
        let mut report = Report::new(&source);
        assert_eq!(
            report.entry("git", |report| report.members(&root).map(|members| members.len())),
            None
        );
        assert_eq!(report.problems[0].server.as_deref(), Some("git"));
        assert_eq!(
            report.leniently(|report| report.members(&root).map(|members| members.len())),
            Some(1)
        );
        assert_eq!((report.problems.len(), report.notes.len()), (1, 1));
        assert_eq!(
            report.notes[0].to_string(),
            "f:1:10: `a` stands here a second time; keep one of the two"
        );
    }
}
