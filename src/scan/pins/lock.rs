//! `mcp.lock`: one line for each pin, sorted, made to be committed and merged.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What is pinned of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// How it is started.
    Launch,
    /// The version of a package that it runs.
    Package,
    /// What it tells a model of itself.
    Instructions,
    /// The definition of a tool.
    Tool,
    /// The definition of a prompt.
    Prompt,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Launch => "launch command",
            Self::Package => "package version",
            Self::Instructions => "instructions",
            Self::Tool => "tool",
            Self::Prompt => "prompt",
        })
    }
}

/// What a line is about. The order of the fields is that of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) server: String,
    pub(super) pin: Kind,
    /// The name of the tool, prompt or package; empty for what a server has one of.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
}

/// One line.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    key: Key,
    /// A digest, or of a package the version.
    is: String,
}

/// The pins of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(pub(super) BTreeMap<Key, String>);

impl Lock {
    /// The pins of a text.
    ///
    /// # Errors
    /// Names the first line that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let pins = lines.map(|(at, line)| {
            let Line { key, is } = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))?;
            Ok((key, is))
        });
        pins.collect::<Result<_, String>>().map(Self)
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|(key, is)| {
            let line = Line {
                key: key.clone(),
                is: is.clone(),
            };
            serde_json::to_string(&line).expect("names and digests are JSON") + "\n"
        });
        lines.collect()
    }

    /// The pins of a server.
    pub(super) fn of<'l>(&'l self, server: &'l str) -> impl Iterator<Item = (&'l Key, &'l String)> {
        self.0.iter().filter(move |(key, _)| key.server == server)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lock_is_one_line_a_pin_in_one_order() {
        let pin = |server: &str, pin, name: &str| Key {
            server: server.into(),
            pin,
            name: name.into(),
        };
        let lock = Lock(BTreeMap::from([
            (pin("b", Kind::Tool, "x \"y\"\n"), "2".into()),
            (pin("a", Kind::Tool, "z"), "1".into()),
            (pin("a", Kind::Launch, ""), "0".into()),
        ]));
        let text = lock.text();
        assert_eq!(
            text,
            "{\"server\":\"a\",\"pin\":\"launch\",\"is\":\"0\"}\n\
             {\"server\":\"a\",\"pin\":\"tool\",\"name\":\"z\",\"is\":\"1\"}\n\
             {\"server\":\"b\",\"pin\":\"tool\",\"name\":\"x \\\"y\\\"\\n\",\"is\":\"2\"}\n"
        );
        assert_eq!(Lock::parse(&text), Ok(lock));
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let conflict = Lock::parse("\n<<<<<<< HEAD\n").expect_err("no pin");
        assert!(conflict.starts_with("line 2"), "{conflict}");
    }

    proptest! {
        #[test]
        fn whatever_is_pinned_is_read_again(pins in prop::collection::vec((any::<String>(), any::<String>(), any::<String>()), 0..5)) {
            let key = |(server, name, is)| (Key { server, pin: Kind::Prompt, name }, is);
            let lock = Lock(pins.into_iter().map(key).collect());
            prop_assert_eq!(Lock::parse(&lock.text()), Ok(lock));
        }
    }
}
