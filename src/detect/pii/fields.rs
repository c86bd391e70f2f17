//! Fields of structured text: what has a name, and the value that it names.

use std::borrow::Cow;

use super::columns::Columns;
use super::context::words_of;
use super::text;

/// The longest name and the longest value that are read, in bytes.
const LONGEST_NAME: usize = 48;
const LONGEST_VALUE: usize = 200;

/// Calls `visit` with the words of its name, the start and the end of each value: of the leaf itself where members lead to
/// it, else of the cells of a table, else of `name: value`, `name=value` and `<name>value</name>`.
pub(crate) fn each(text: &str, names: &[Cow<'_, str>], mut visit: impl FnMut(&str, usize, usize)) {
    if let Some(name) = names.last() {
        visit_trimmed(text, name, 0, text.len(), &mut visit);
    } else if let Some(mut columns) = Columns::of(text) {
        columns.each_cell(|cell, end| visit_trimmed(text, cell.header, cell.start, end, &mut visit));
    } else {
        each_pair(text, &mut visit);
    }
}

/// The value without the spaces and quotes around it.
fn visit_trimmed(text: &str, name: &str, start: usize, end: usize, visit: &mut impl FnMut(&str, usize, usize)) {
    let around = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    let value = text[start..end].trim_start_matches(around);
    let start = end - value.len();
    let value = value.trim_end_matches(around);
    if !value.is_empty() && value.len() <= LONGEST_VALUE {
        visit(&words_of(name), start, start + value.len());
    }
}

/// Pairs around a separator.
fn each_pair(text: &str, visit: &mut impl FnMut(&str, usize, usize)) {
    for at in memchr::memchr3_iter(b':', b'=', b'>', text.as_bytes()) {
        let name = name_before(text, at);
        if name.is_empty() {
            continue;
        }
        let start = at + 1;
        let rest = text[start..].trim_start_matches([' ', '\t']);
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let start = text.len() - rest.len() + quote.map_or(0, char::len_utf8);
        let limit = text::floor(text, start + LONGEST_VALUE);
        let ends = |c: char| match quote {
            Some(quote) => c == quote,
            None if text.as_bytes()[at] == b'>' => c == '<',
            None => matches!(c, '\n' | '\r' | '\t' | ';' | '|' | '&' | '{' | '['),
        };
        if let Some(length) = text[start..limit]
            .find(ends)
            .or((limit == text.len()).then_some(limit - start))
        {
            visit_trimmed(text, name, start, start + length, visit);
        }
    }
}

/// The name that ends at the separator at `at`: up to three words, or one in quotes.
fn name_before(text: &str, at: usize) -> &str {
    let floor = text::floor(text, at.saturating_sub(LONGEST_NAME));
    let before = text[floor..at].trim_end_matches([' ', '"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let start = before
        .rfind(|c| !is_name(c))
        .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let words = before[start..].trim_start();
    match words.rmatch_indices(' ').nth(2) {
        Some((i, _)) => &words[i + 1..],
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        each(text, &[], |name, start, end| {
            found.push((name.to_owned(), &text[start..end]))
        });
        found
    }

    #[test]
    fn reads_pairs_elements_and_cells() {
        assert_eq!(
            all("First Name: Ann\ncity=\"New York\""),
            [("first name".into(), "Ann"), ("city".into(), "New York")]
        );
        assert_eq!(all("<city>Rome</city>"), [("city".into(), "Rome")]);
        assert_eq!(all("{\"lastName\": \"Lee\""), [("last name".into(), "Lee")]);
        assert_eq!(
            all("name,city\nAnn,\"Rome, IT\"\n"),
            [("name".into(), "Ann"), ("city".into(), "Rome, IT")]
        );
    }

    #[test]
    fn a_leaf_is_the_value_of_its_member() {
        let mut found = Vec::new();
        each(" Ann ", &["firstName".into()], |name, start, end| {
            found.push((name.to_owned(), start, end))
        });
        assert_eq!(found, [("first name".into(), 1, 4)]);
    }
}
