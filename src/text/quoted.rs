//! Names that others chose, within a sentence.

use std::borrow::Cow;

use super::{cut, visible_line};

/// Longest name that a message repeats, in characters.
const LONGEST: usize = 80;

/// A name in back-ticks, safe for a terminal: [`printable`].
pub fn quoted(name: &str) -> String {
    format!("`{}`", printable(name))
}

/// Names joined as `a`, `b` and `c`.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(quoted).collect();
    match names.pop() {
        None => String::from("none"),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
    }
}

/// A name in one line that steers no terminal and hides nothing, cut where it is very long.
pub fn printable(name: &str) -> Cow<'_, str> {
    match cut(name, LONGEST) {
        Cow::Borrowed(whole) => visible_line(whole),
        Cow::Owned(beginning) => visible_line(&beginning).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(quoted("a\u{1b}[31mb\u{202e}"), "`a\\u{1b}[31mb\\u{202e}`");
        assert_eq!(quoted(&"x".repeat(300)).chars().count(), LONGEST + 3);
    }

    #[test]
    fn names_are_listed_as_people_list_them() {
        assert_eq!(listed([]), "none");
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
