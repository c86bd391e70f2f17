//! Long texts, cut where a person has read enough.

use std::borrow::Cow;

use super::visible_line;

/// The first `most` characters of a text, and `…` where there are more.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A text in one line in which nothing hides, cut behind so many characters.
pub fn line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word = visible_line(word);
        length += word.chars().count() + usize::from(!line.is_empty());
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
        if length > most {
            break;
        }
    }
    match cut(&line, most) {
        Cow::Borrowed(_) => line,
        Cow::Owned(beginning) => beginning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!([cut("abc", 3), cut("äbcd", 3), cut("", 0)], ["abc", "äbc…", ""]);
    }

    #[test]
    fn a_text_becomes_one_line() {
        assert_eq!(line("a\nb\t c ", 10), "a b c");
        assert_eq!(line("ab cd ef", 5), "ab cd…");
        assert_eq!(
            line("a\x1b[31m\nb\u{202e}c\u{9b}", 60),
            "a\\u{1b}[31m b\\u{202e}c\\u{9b}"
        );
        assert_eq!(line(&"\u{202e}".repeat(100), 60).chars().count(), 61);
    }
}
