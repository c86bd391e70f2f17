//! The names that texts refer to.

use std::collections::HashSet;

/// The tools that exist, by name, and of the text that is judged: whose it is, and what its parameters are called.
#[derive(Clone, Debug, Default)]
pub struct Names<'a> {
    /// The tools of the server, or of all servers.
    pub tools: HashSet<&'a str>,
    /// The tool that the text belongs to; empty where it belongs to none.
    pub own: &'a str,
    /// Names of parameters of that tool, nested ones included.
    pub parameters: HashSet<&'a str>,
}

/// Stands before the tool's own name, and before `this tool`.
pub(super) const OWN: char = '\u{e000}';
/// Stands before the name of another tool that exists.
pub(super) const KNOWN: char = '\u{e001}';
/// Stands before what is written like a name of code and is none of the others.
pub(super) const IDENTIFIER: char = '\u{e002}';
/// Stands before the name of a parameter of the tool.
pub(super) const PARAMETER: char = '\u{e003}';

/// How a word stands in its sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Setting {
    /// A quotation mark or a backtick stands before it.
    pub(super) quoted: bool,
    /// ` tool` or ` function` stands behind it.
    pub(super) called_a_tool: bool,
    /// `/` or `.` stands before it: it is a part of a path.
    pub(super) in_path: bool,
}

impl Names<'_> {
    /// The mark of a word. A word of plain English that also is a tool's name gets one only where it stands like a name.
    pub(super) fn mark(&self, word: &str, setting: Setting) -> Option<char> {
        // Nearly all words are plain.
        let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if !(setting.quoted || setting.called_a_tool) && word.as_bytes().iter().skip(1).all(plain) {
            return None;
        }
        let inner = word.trim_matches(['_', '-']);
        let camel = word.bytes().any(|byte| byte.is_ascii_lowercase())
            && word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        let lower_camel = camel && word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains('-');
        let looks = inner.contains('_') || lower_camel;
        let shaped = looks || ((camel || word.contains('-')) && self.tools.contains(word));
        if !(shaped || setting.quoted || setting.called_a_tool) {
            None
        } else if word == self.own {
            Some(OWN)
        } else if self.tools.contains(word) || (looks && self.is_short_for_a_tool(word)) {
            Some(KNOWN)
        } else if self.parameters.contains(word) {
            Some(PARAMETER)
        } else {
            let constant = word.bytes().all(|byte| !byte.is_ascii_lowercase());
            let mark = if is_field(word) { PARAMETER } else { IDENTIFIER };
            (looks && !constant && !setting.in_path).then_some(mark)
        }
    }

    /// Whether a word is the name of a tool but for the prefix of its server. Only asked in definitions: results are long,
    /// and full of names.
    fn is_short_for_a_tool(&self, word: &str) -> bool {
        let is_rest = |tool: &&str| {
            let prefix = tool.strip_suffix(word);
            prefix.is_some_and(|prefix| prefix.ends_with(['_', '-', '.', '/']))
        };
        !self.own.is_empty() && self.tools.iter().any(is_rest)
    }
}

/// How names of fields end, whatever they begin with.
const STAMPS: &[&str] = &["at", "by", "date", "on", "time", "timestamp"];
/// How names of fields end, unless they begin with a verb.
const NOUNS: &[&str] = &[
    "access", "address", "code", "color", "count", "cursor", "field", "fields", "format", "height", "id", "ids",
    "index", "key", "keys", "label", "length", "level", "limit", "max", "min", "mode", "name", "names", "number",
    "offset", "order", "page", "param", "params", "path", "paths", "results", "size", "state", "status", "text",
    "token", "tokens", "type", "types", "url", "urls", "uri", "value", "values", "version", "width",
];
/// How names of tools begin, among those that end like fields.
const VERBS: &[&str] = &[
    "add", "book", "buy", "call", "cancel", "change", "check", "create", "delete", "edit", "execute", "export",
    "fetch", "find", "generate", "get", "insert", "list", "load", "lookup", "make", "modify", "open", "pay", "place",
    "post", "publish", "put", "query", "read", "register", "remove", "rename", "replace", "reset", "resolve", "revoke",
    "run", "save", "search", "sell", "send", "set", "share", "show", "store", "submit", "transfer", "update", "upload",
    "validate", "verify", "write",
];

/// Whether a name that nobody declared is of a field or a type rather than of a tool.
fn is_field(name: &str) -> bool {
    let last = name.rsplit(['_', '-']).next().unwrap_or_default();
    let last = last
        .rsplit_once(|c: char| c.is_ascii_uppercase())
        .map_or(last, |(head, _)| &last[head.len()..]);
    let last = last.to_ascii_lowercase();
    let first = name.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
    // Camel case is for fields and types as much as for functions, which begin with a verb.
    let nominal = NOUNS.contains(&last.as_str()) || !name.contains('_');
    let is_numbered = last.bytes().all(|byte| byte.is_ascii_digit());
    is_numbered || STAMPS.contains(&last.as_str()) || (nominal && !VERBS.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_is_a_name_only_where_it_stands_like_one() {
        let names = Names {
            tools: HashSet::from(["search", "read_file", "get-docs"]),
            own: "read_file",
            parameters: HashSet::from(["max_results"]),
        };
        let plain = Setting::default();
        let quoted = Setting { quoted: true, ..plain };
        assert_eq!(names.mark("search", plain), None);
        assert_eq!(names.mark("search", quoted), Some(KNOWN));
        assert_eq!(names.mark("read_file", plain), Some(OWN));
        assert_eq!(names.mark("get-docs", plain), Some(KNOWN));
        assert_eq!(names.mark("max_results", plain), Some(PARAMETER));
        assert_eq!(names.mark("send_email", plain), Some(IDENTIFIER));
        assert_eq!(names.mark("sendEmail", plain), Some(IDENTIFIER));
        let names = Names {
            tools: HashSet::from(["jira_update_issue"]),
            own: "jira_get_issue",
            ..Names::default()
        };
        assert_eq!(names.mark("update_issue", plain), Some(KNOWN));
        assert_eq!(names.mark("delete_issue", plain), Some(IDENTIFIER));
        for word in ["GitHub", "MAX_SIZE", "well-known", "plain"] {
            assert_eq!(names.mark(word, plain), None, "{word}");
        }
    }

    #[test]
    fn a_name_that_nobody_declared_may_be_of_a_field() {
        for field in [
            "page_token",
            "created_at",
            "create_time",
            "maxResults",
            "mxCell",
            "user_id",
            "access_type",
            "report_2025_01",
        ] {
            assert!(is_field(field), "{field}");
        }
        for tool in [
            "send_email",
            "get_user_id",
            "getToken",
            "db_query",
            "file_write",
            "place_order",
        ] {
            assert!(!is_field(tool), "{tool}");
        }
    }
}
