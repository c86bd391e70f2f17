//! The text of a client's file as it is shown: a terminal may be recorded, and what others wrote must not steer it.

use std::borrow::Cow;

use toml_edit::{DocumentMut, Item, TableLike};

use crate::config::{edit, is_secret};
use crate::text::visible_line;

/// What stands for a value.
const HIDDEN: &str = "<not shown>";

/// The text with the values hidden that variables and headers have, whatever they look like. A value that only names a
/// variable stays.
pub(super) fn without_secrets(text: &str) -> String {
    let hide = |value: &str| !is_variable(value);
    if let Ok(text) = edit::with_texts(text, &is_secret, &|value| hide(value).then(|| format!("\"{HIDDEN}\""))) {
        return text;
    }
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        // Nothing that is neither is ever changed.
        return String::new();
    };
    hide_in(document.as_table_mut(), false, &hide);
    document.to_string()
}

/// Whether a value is a variable and nothing else: `${NAME}`, `${env:NAME}`, `${input:NAME}`, `{env:NAME}` or `$NAME`.
fn is_variable(value: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let inside = value.strip_prefix("${").or_else(|| value.strip_prefix('{'));
    match inside.and_then(|inside| inside.strip_suffix('}')) {
        Some(inside) => is_name(
            inside
                .strip_prefix("env:")
                .or_else(|| inside.strip_prefix("input:"))
                .unwrap_or(inside),
        ),
        None => value
            .strip_prefix('$')
            .is_some_and(|name| is_name(name) && name == name.to_ascii_uppercase()),
    }
}

fn hide_in(table: &mut dyn TableLike, is_inside: bool, hide: &dyn Fn(&str) -> bool) {
    for (key, item) in table.iter_mut() {
        let is_inside = is_inside || is_secret(key.get());
        let is_hidden = is_inside && item.as_str().is_some_and(hide);
        if let Some(tables) = item.as_array_of_tables_mut() {
            tables.iter_mut().for_each(|table| hide_in(table, is_inside, hide));
        } else if let Some(table) = item.as_table_like_mut() {
            hide_in(table, is_inside, hide);
        } else if is_hidden {
            *item = Item::Value(HIDDEN.into());
        }
    }
}

/// A diff, with what steers a terminal or nobody sees written out. Tabs and the ends of lines stay.
pub fn visible_diff(diff: &str) -> String {
    let line = |line: &str| {
        let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
        let parts: Vec<Cow<'_, str>> = line.split('\t').map(visible_line).collect();
        parts.join("\t") + end
    };
    diff.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_signs_in_with_is_hidden() {
        let json = r#"{"a": {"env": {"K": "s3cret", "V": "${V}", "N": 1}, /* c */ "headers": {"X": ["s3cret"]}, "args": ["x"]}}"#;
        let shown = r#"{"a": {"env": {"K": "<not shown>", "V": "${V}", "N": 1}, /* c */ "headers": {"X": ["<not shown>"]}, "args": ["x"]}}"#;
        assert_eq!(without_secrets(json), shown);
        let toml =
            "[m.a]\nargs = [\"x\"] # c\nhttp_headers = { X = \"s3cret\" }\n\n[m.a.env]\nK = \"s3cret\"\nV = \"${V}\"\n";
        assert_eq!(without_secrets(toml), toml.replace("s3cret", HIDDEN));
    }

    #[test]
    fn a_variable_alone_is_no_secret() {
        for value in ["${A_1}", "${env:A}", "${input:my-key}", "{env:A}", "$A"] {
            assert!(is_variable(value), "{value}");
        }
        for value in ["", "$", "x", "${A:-s3cret}", "Bearer ${A}", "$s3cret", "${A}x}"] {
            assert!(!is_variable(value), "{value}");
        }
    }

    #[test]
    fn a_diff_steers_no_terminal() {
        assert_eq!(
            visible_diff("-\t// \u{1b}[2J\u{202e}x\r\n+\ty\r\n"),
            "-\t// \\u{1b}[2J\\u{202e}x\r\n+\ty\r\n"
        );
        assert_eq!(visible_diff("a\rb\n"), "a\\u{d}b\n");
    }
}
