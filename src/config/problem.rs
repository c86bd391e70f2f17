//! What is wrong with a configuration: where, what, and how to mend it.
//!
//! A problem never repeats a value of the file, since a secret could stand in any of them: it names keys and places.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::text::{printable, quoted};

/// Where something of the configuration was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Origin {
    /// In a configuration file.
    File {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
    },
    /// In an option of the command line.
    Option {
        /// The option without its value, such as `--set basic.key`.
        option: String,
    },
}

impl Origin {
    /// The line and the column, in the order of which things stand in a file.
    pub fn place(&self) -> (usize, usize) {
        match self {
            Self::File { line, column, .. } => (*line, *column),
            Self::Option { .. } => (0, 0),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => write!(f, "{}:{line}:{column}", file.display()),
            Self::Option { option } => f.write_str(option),
        }
    }
}

/// One thing that is wrong, or worth a note.
///
/// `{}` prints one line, for a log; `{:#}` prints the few lines that a person reads in a terminal; `Serialize` is for
/// machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where it stands.
    #[serde(flatten)]
    pub origin: Origin,
    /// The key as a JSON pointer (RFC 6901), such as `/mcpServers/gateway/servers/github/args/0`.
    pub pointer: String,
    /// The server whose entry it is in. That server does not start; the others do. `None`: it concerns the gateway's own
    /// entry or the file, and the gateway should not start.
    pub server: Option<String>,
    /// What is wrong, beginning with the key.
    pub what: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self
            .server
            .as_deref()
            .map(|name| format!("server {}: ", quoted(name)))
            .unwrap_or_default();
        let Self {
            origin,
            pointer,
            what,
            mend,
            ..
        } = self;
        if !f.alternate() {
            return write!(f, "{origin}: {server}{what}; {mend}");
        }
        write!(f, "{server}{what}\n  --> {origin}")?;
        if !pointer.is_empty() {
            write!(f, "  ({})", printable(pointer))?;
        }
        write!(f, "\n  mend: {mend}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Problem {
        Problem {
            origin: Origin::File {
                file: "/home/ada/mcp.json".into(),
                line: 7,
                column: 9,
            },
            pointer: "/mcpServers/git/args".into(),
            server: Some("git".into()),
            what: "`args` must be a list of text, not a number".into(),
            mend: "write it as [\"…\"]".into(),
        }
    }

    #[test]
    fn a_log_gets_one_line() {
        let line = "/home/ada/mcp.json:7:9: server `git`: `args` must be a list of text, not a number; \
                    write it as [\"…\"]";
        assert_eq!(problem().to_string(), line);
    }

    #[test]
    fn a_person_gets_the_place_the_key_and_the_mend() {
        let shown = "server `git`: `args` must be a list of text, not a number\n  \
                     --> /home/ada/mcp.json:7:9  (/mcpServers/git/args)\n  mend: write it as [\"…\"]";
        assert_eq!(format!("{:#}", problem()), shown);
    }

    #[test]
    fn a_machine_gets_flat_json() {
        let json = serde_json::to_value(problem()).expect("serializable");
        assert_eq!(json["file"], "/home/ada/mcp.json");
        assert_eq!((json["line"].as_u64(), json["column"].as_u64()), (Some(7), Some(9)));
        assert_eq!(json["server"], "git");
    }
}
