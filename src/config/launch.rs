//! How a server is reached: the program to start, or the address.

use super::raw::{Field, Raw};
use super::source::Node;
use super::values::Reader;
use super::{Launch, Transport};
use crate::text::{did_you_mean, is_same, nearest, quoted};

/// What the `type` of an entry says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Local,
    Remote(Transport),
}

/// Names of transports, of every client, or why this gateway cannot reach what they name. Case, `-` and `_` do not count.
const KINDS: &[(&str, Result<Kind, &str>)] = &[
    ("stdio", Ok(Kind::Local)),
    ("local", Ok(Kind::Local)),
    ("http", Ok(Kind::Remote(Transport::StreamableHttp))),
    ("https", Ok(Kind::Remote(Transport::StreamableHttp))),
    ("streamable-http", Ok(Kind::Remote(Transport::StreamableHttp))),
    ("streamable", Ok(Kind::Remote(Transport::StreamableHttp))),
    ("remote", Ok(Kind::Remote(Transport::StreamableHttp))),
    ("sse", Ok(Kind::Remote(Transport::Sse))),
    ("ws", Err("is WebSocket, which MCP does not define")),
    ("websocket", Err("is WebSocket, which MCP does not define")),
    ("builtin", Err("names a part of Goose, not a server")),
    ("platform", Err("names a part of Goose, not a server")),
    ("frontend", Err("names a part of Goose, not a server")),
];

impl Reader<'_, '_> {
    /// The launch of an entry; `None` if a problem was reported.
    pub(super) fn launch(&mut self, entry: &Node<'_>, raw: &Raw<'_>) -> Option<Launch> {
        let kind = match raw.get(Field::Transport) {
            Some(node) => Some(self.kind(node)?),
            None => None,
        };
        // Gemini gives a server two addresses, and prefers the first of these.
        let url = raw.get(Field::HttpUrl).or(raw.get(Field::Url));
        match (kind, raw.get(Field::Command), url) {
            (Some(Kind::Local) | None, Some(command), None) | (Some(Kind::Local), Some(command), Some(_)) => {
                self.command(command, raw)
            }
            (Some(Kind::Remote(transport)), _, Some(url)) => self.remote(url, transport, raw),
            (None, None, Some(url)) => {
                let transport = guess_transport(url, raw);
                self.remote(url, transport, raw)
            }
            (None, Some(_), Some(url)) => {
                let mend = r#"remove one, or say which with `"type": "stdio"` or `"type": "http"`"#;
                self.report
                    .fault(url, "stands beside `command`: is this server local or remote?", mend);
                None
            }
            (Some(Kind::Remote(_)), _, None) => {
                self.report
                    .fault(entry, "has no `url`", r#"add one, such as `"url": "https://…/mcp"`"#);
                None
            }
            (Some(Kind::Local), None, _) => {
                self.report.fault(
                    entry,
                    "has no `command`",
                    r#"add the program, such as `"command": "npx"`"#,
                );
                None
            }
            (None, None, None) => {
                let misspelt = entry.members().unwrap_or_default().into_iter().find_map(|(key, node)| {
                    nearest(key, ["command", "url"])
                        .filter(|_| !node.is_null())
                        .map(|near| (key, near))
                });
                let mend = match misspelt {
                    Some((key, near)) => format!("write `{near}` for {}", quoted(key)),
                    None => "add `command` (a program to start) or `url` (a remote server)".into(),
                };
                self.report.fault(entry, "has neither `command` nor `url`", mend);
                None
            }
        }
    }

    fn kind(&mut self, node: &Node<'_>) -> Option<Kind> {
        let written = self.text(node)?;
        match KINDS.iter().find(|(name, _)| is_same(name, &written)) {
            Some((_, Err(why))) => {
                self.report
                    .fault(node, why, "use a server over stdio, Streamable HTTP or SSE");
                None
            }
            Some((_, Ok(kind))) => Some(*kind),
            None => {
                let names = KINDS.iter().map(|(name, _)| *name);
                let what = format!("is no transport that is known{}", did_you_mean(&written, names));
                self.report
                    .fault(node, what, r#"use "stdio", "http" or "sse", or leave it out"#);
                None
            }
        }
    }
}

/// The transport of an address whose entry does not name one: SSE where its path says so, as servers of that kind are
/// published.
fn guess_transport(url: &Node<'_>, raw: &Raw<'_>) -> Transport {
    let path = url
        .text()
        .unwrap_or_default()
        .split(['?', '#'])
        .next()
        .unwrap_or_default();
    let says_sse = path.trim_end_matches('/').ends_with("/sse");
    if says_sse && raw.get(Field::HttpUrl).is_none() {
        Transport::Sse
    } else {
        Transport::StreamableHttp
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, server};
    use super::*;

    #[test]
    fn a_transport_may_be_written_in_any_way() {
        for (written, expected) in [
            ("HTTP", Transport::StreamableHttp),
            ("streamableHttp", Transport::StreamableHttp),
            ("STREAMABLE_HTTP", Transport::StreamableHttp),
            ("SSE", Transport::Sse),
        ] {
            let server = server(&format!(r#"{{"type": "{written}", "url": "https://h/mcp"}}"#));
            assert!(
                matches!(server.launch, Launch::Remote { transport, .. } if transport == expected),
                "{written}"
            );
        }
    }

    #[test]
    fn the_type_decides_between_command_and_url() {
        let both = r#""command": "x", "url": "https://h/mcp""#;
        assert!(matches!(
            server(&format!(r#"{{"type": "stdio", {both}}}"#)).launch,
            Launch::Command { .. }
        ));
        assert!(matches!(
            server(&format!(r#"{{"type": "http", {both}}}"#)).launch,
            Launch::Remote { .. }
        ));
        assert!(problems(&format!("{{{both}}}"))[0].contains("is this server local or remote?"));
    }

    #[test]
    fn what_is_missing_is_named_with_its_mend() {
        for (entry, says) in [
            ("{}", "1:17: `it` has neither `command` nor `url`; add `command`"),
            (r#"{"comand": "npx"}"#, "nor `url`; write `command` for `comand`"),
            (r#"{"type": "http"}"#, "`it` has no `url`"),
            (r#"{"type": "stdio", "url": "https://h"}"#, "`it` has no `command`"),
            (
                r#"{"type": "stido", "command": "x"}"#,
                "`type` is no transport that is known (did you mean `stdio`?)",
            ),
            (r#"{"type": "ws", "url": "wss://h"}"#, "`type` is WebSocket"),
            (
                r#"{"type": "builtin", "name": "developer"}"#,
                "`type` names a part of Goose",
            ),
        ] {
            let problems = problems(entry);
            assert!(
                says == "2:1" || problems.len() == 1 && problems[0].contains(says),
                "{entry}: {problems:?}"
            );
        }
    }
}
