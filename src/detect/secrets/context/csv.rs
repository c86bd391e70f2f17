//! Tables of text: a telling name in the first line tells what the column below it holds.

use super::names::{self, Promise};
use super::verdict::{self, Manner};
use super::{operator, rules};
use crate::detect::Finding;

/// The longest first line that may be a heading, in bytes.
const LONGEST_HEADING: usize = 1024;
/// The most columns of a table.
const MOST_COLUMNS: usize = 64;
/// What parts columns; the first one that the heading has.
const SEPARATORS: &[u8] = b",;\t|";

/// Reports the secrets of a table whose heading is the first line of `text`.
pub(in crate::detect::secrets) fn table(text: &str, found: &mut Vec<Finding>) {
    let head = &text.as_bytes()[..text.len().min(LONGEST_HEADING)];
    let Some(end) = memchr::memchr(b'\n', head) else { return };
    let heading = text[..end].trim_end_matches('\r');
    let Some(separator) = SEPARATORS.iter().copied().find(|b| heading.as_bytes().contains(b)) else {
        return;
    };
    let columns: Vec<Option<Promise>> = heading.split(char::from(separator)).map(promised).collect();
    let named = heading.split(char::from(separator)).all(is_name);
    if !named || columns.len() > MOST_COLUMNS || columns.iter().all(Option::is_none) {
        return;
    }
    let mut at = end + 1;
    for line in text[at..].split_inclusive('\n') {
        row(
            text,
            at,
            line.trim_end_matches(['\r', '\n']).len(),
            separator,
            &columns,
            found,
        );
        at += line.len();
    }
}

/// Whether a cell of the first line can be the name of a column.
fn is_name(cell: &str) -> bool {
    let name = cell.trim().trim_matches('"');
    let one_space = name.bytes().filter(|b| *b == b' ').count() <= 1;
    let letters = name.bytes().all(|b| operator::in_name(b) && b != b'.' || b == b' ');
    (1..=names::LONGEST).contains(&name.len()) && one_space && letters
}

/// What the column under a cell of the first line holds, if that is sure enough.
fn promised(cell: &str) -> Option<Promise> {
    names::promise(cell.trim().trim_matches('"')).filter(|promise| *promise > Promise::Faint)
}

/// Reports the secrets of one line of `length` bytes at `start`.
fn row(text: &str, start: usize, length: usize, separator: u8, columns: &[Option<Promise>], found: &mut Vec<Finding>) {
    let line = &text.as_bytes()[start..start + length];
    let mut from = 0;
    for promise in columns {
        // A cell in quotes may hold separators.
        let quoted = line.get(from) == Some(&b'"');
        let (open, close) = if quoted {
            (
                from + 1,
                line[from + 1..]
                    .iter()
                    .position(|b| *b == b'"')
                    .map_or(length, |i| from + 1 + i),
            )
        } else {
            (
                from,
                memchr::memchr(separator, &line[from..]).map_or(length, |i| from + i),
            )
        };
        let cell = &text[start + open..start + close];
        let held = cell.trim();
        if let Some(promise) = promise
            && let Some(score) = verdict::judge(*promise, held, Manner::Literal)
        {
            let first = start + open + (cell.len() - cell.trim_start().len());
            found.push(rules::finding(*promise, first..first + held.len(), score));
        }
        let Some(next) = memchr::memchr(separator, &line[close..]) else {
            return;
        };
        from = close + next + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        table(text, &mut found);
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn columns_with_telling_names() {
        assert_eq!(
            secrets("user,password,age\nann,hunter2,3\nbob, Tr0ub4dor ,4\n"),
            ["hunter2", "Tr0ub4dor"]
        );
        assert_eq!(
            secrets("id;\"api_key\"\r\n1;\"951bc382db9abad29c68634761dd6e19\"\r\n"),
            ["951bc382db9abad29c68634761dd6e19"]
        );
        assert_eq!(
            secrets("name\tclient_secret\n\"a\tb\"\tgeruj4LFyu0NBeBOnQvo"),
            ["geruj4LFyu0NBeBOnQvo"]
        );
    }

    #[test]
    fn other_tables_and_texts() {
        assert_eq!(secrets("user,age\nhunter2,3\n"), Vec::<&str>::new());
        assert_eq!(secrets("user,token_count\nann,hunter2hunter2\n"), Vec::<&str>::new());
        assert_eq!(
            secrets("Enter a password, please.\nhunter2, thanks"),
            Vec::<&str>::new()
        );
        assert_eq!(secrets("password,user\n,\nx"), Vec::<&str>::new());
        assert_eq!(secrets("password"), Vec::<&str>::new());
    }
}
