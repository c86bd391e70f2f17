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
        } else if self.tools.contains(word) {
            Some(KNOWN)
        } else if self.parameters.contains(word) {
            Some(PARAMETER)
        } else {
            let constant = word.bytes().all(|byte| !byte.is_ascii_lowercase());
            (looks && !constant && !setting.in_path).then_some(IDENTIFIER)
        }
    }
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
        for word in ["GitHub", "MAX_SIZE", "well-known", "plain"] {
            assert_eq!(names.mark(word, plain), None, "{word}");
        }
    }
}
