//! Values of an entry, read tolerantly and with their variables replaced.

use std::time::Duration;

use super::report::Report;
use super::source::Node;
use super::timeout;
use super::variables::Variables;

/// Reads the values of a file; what is wrong goes into the report, and the value is then `None` or left out.
pub(super) struct Reader<'r, 's> {
    pub(super) report: &'r mut Report<'s>,
    pub(super) variables: &'r Variables<'r>,
}

impl Reader<'_, '_> {
    /// Text, or a number or a boolean as text.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Option<String> {
        match node.scalar() {
            Some(text) => self.expand(node, &text),
            None => {
                self.report.wrong_kind(node, "text", r#""some text""#);
                None
            }
        }
    }

    /// `text` of a node with its variables replaced.
    pub(super) fn expand(&mut self, node: &Node<'_>, text: &str) -> Option<String> {
        let expanded = self.variables.expand(text);
        expanded.map_err(|why| self.report.fault(node, why.what, why.mend)).ok()
    }

    pub(super) fn flag(&mut self, node: &Node<'_>) -> Option<bool> {
        if node.flag().is_none() {
            self.report.wrong_kind(node, "true or false", "true");
        }
        node.flag()
    }

    /// A list of text.
    pub(super) fn texts(&mut self, node: &Node<'_>) -> Vec<String> {
        let Some(items) = node.items() else {
            self.report.wrong_kind(node, "a list of text", r#"["one", "two"]"#);
            return Vec::new();
        };
        items.iter().filter_map(|item| self.text(item)).collect()
    }

    /// An object of text, in its order. A member that is `null` is left out.
    pub(super) fn pairs(&mut self, node: &Node<'_>) -> Vec<(String, String)> {
        let Some(members) = self.report.members(node) else {
            self.report
                .wrong_kind(node, "an object of text", r#"{"NAME": "value"}"#);
            return Vec::new();
        };
        let present = members.into_iter().filter(|(_, member)| !member.is_null());
        present
            .filter_map(|(name, member)| Some((name.to_owned(), self.text(&member)?)))
            .collect()
    }

    /// A length of time; the key may say its unit.
    pub(super) fn duration(&mut self, node: &Node<'_>) -> Option<Duration> {
        let key = node.pointer.rsplit('/').next().unwrap_or_default();
        let length = match (node.number(), node.text()) {
            (Some(number), _) => timeout::of_number(number, key),
            (None, Some(text)) => self
                .variables
                .expand(text)
                .ok()
                .and_then(|text| timeout::of_text(&text)),
            (None, None) => None,
        };
        let Some(length) = length else {
            self.report.fault(
                node,
                "must be a length of time above 0 and up to 24 hours",
                r#"write seconds, such as 30, or text with a unit, such as "500ms", "30s" or "2m""#,
            );
            return None;
        };
        if length.is_guess {
            let what = format!("is taken as milliseconds, so as {:?}", length.duration);
            self.report.note(
                node,
                what,
                r#"write text with a unit, such as "30s", to leave no doubt"#,
            );
        }
        Some(length.duration)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, problems, server};
    use super::super::{Filter, Launch};
    use super::*;

    #[test]
    fn numbers_and_booleans_are_text_where_text_belongs() {
        let entry = r#"{"command": "x", "args": [8080, 1.50, true], "env": {"A": 1, "B": false, "NONE": null}}"#;
        let Launch::Command { args, env, .. } = server(entry).launch else {
            panic!("a local server")
        };
        assert_eq!(args, ["8080", "1.50", "true"]);
        assert_eq!(env, [("A".into(), "1".into()), ("B".into(), "false".into())]);
        assert_eq!(
            server(r#"{"command": "x", "disabledTools": [1]}"#).tools,
            Filter {
                allow: None,
                deny: vec!["1".into()]
            }
        );
    }

    #[test]
    fn a_time_is_a_number_or_text_and_a_guess_is_noted() {
        let timeout = |value: &str| server(&format!(r#"{{"command": "x", "timeout": {value}}}"#)).call_timeout;
        assert_eq!(timeout("30"), Duration::from_secs(30));
        assert_eq!(timeout(r#""2m""#), Duration::from_secs(120));
        assert_eq!(timeout(r#""${NONE:-5s}""#), Duration::from_secs(5));
        let config = config(r#"{"mcpServers": {"it": {"command": "x", "timeout": 30000}}}"#);
        assert!(
            config.notes[0].what.contains("milliseconds, so as 30s"),
            "{:?}",
            config.notes
        );
    }

    #[test]
    fn what_is_no_flag_and_no_time_is_said() {
        for (entry, says) in [
            (
                r#"{"command": "x", "disabled": "yes"}"#,
                "`disabled` must be true or false, not text",
            ),
            (
                r#"{"command": "x", "timeout": 0}"#,
                "`timeout` must be a length of time",
            ),
            (
                r#"{"command": "x", "start_timeout": [1]}"#,
                "`start_timeout` must be a length of time",
            ),
        ] {
            assert!(problems(entry)[0].contains(says), "{entry}");
        }
    }
}
