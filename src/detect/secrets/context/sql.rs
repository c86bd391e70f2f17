//! Values of SQL: rows that are inserted into named columns, or copied, and the passwords of users.

use std::ops::Range;

use super::names::{self, Promise};
use super::prose::word_at;
use super::verdict::{self, LIKELY, Manner};
use super::{operator, rules, stand_in, value};
use crate::detect::Finding;

/// How much may stand between the words of a statement, and how long its list of columns may be, in bytes.
const REACH: usize = 200;
const LONGEST_COLUMNS: usize = 4096;

/// Reports the secrets of an `INSERT INTO t (…) VALUES (…), (…)` whose `INTO` ends at `at`.
pub(super) fn insert(text: &str, at: usize, found: &mut Vec<Finding>) {
    let Some((columns, mut at)) = columns_behind(text, at) else {
        return;
    };
    let bytes = text.as_bytes();
    let word = bytes[at..].trim_ascii_start();
    if columns.iter().all(Option::is_none) || !word.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"VALUES")) {
        return;
    }
    at = text.len() - word.len() + 6;
    while let Some(open) = bytes[at..]
        .iter()
        .take(REACH)
        .position(|b| !b.is_ascii_whitespace() && *b != b',')
    {
        if bytes[at + open] != b'(' {
            return;
        }
        at += open + 1;
        for column in columns.iter().copied().chain(std::iter::repeat(None)) {
            let (value, quoted, end) = value_at(text, at);
            at = end;
            if let Some(promise) = column.filter(|_| matches!(bytes.get(at), Some(b',' | b')'))) {
                let manner = if quoted { Manner::Literal } else { Manner::Line };
                report(text, promise, value, manner, found);
            }
            match bytes.get(at) {
                Some(b',') => at += 1,
                Some(b')') => break,
                _ => return,
            }
        }
        at += 1;
    }
}

/// Reports the secrets of the rows behind a `COPY t (…) FROM stdin` whose last words are at `at`.
pub(super) fn copy(text: &str, at: usize, found: &mut Vec<Finding>) {
    let from = text.floor_char_boundary(at.saturating_sub(LONGEST_COLUMNS));
    let line = text[from..at].rsplit('\n').next().unwrap_or_default();
    let Some(open) = line.find('(') else { return };
    let Some((columns, _)) = columns_behind(text, at - line.len() + open) else {
        return;
    };
    let Some(end) = text.as_bytes()[at..].iter().take(REACH).position(|b| *b == b'\n') else {
        return;
    };
    if columns.iter().all(Option::is_none) {
        return;
    }
    let mut start = at + end + 1;
    for line in text[start..].split_inclusive('\n') {
        if line.starts_with("\\.") || line.contains("FROM stdin") {
            return;
        }
        let mut from = start;
        for (cell, column) in line.trim_end_matches(['\r', '\n']).split('\t').zip(&columns) {
            if let Some(promise) = column {
                report(text, *promise, from..from + cell.len(), Manner::Literal, found);
            }
            from += cell.len() + 1;
        }
        start += line.len();
    }
}

fn report(text: &str, promise: Promise, span: Range<usize>, manner: Manner, found: &mut Vec<Finding>) {
    if let Some(score) = verdict::judge(promise, &text[span.clone()], manner) {
        found.push(rules::finding(promise, span, score));
    }
}

/// What the columns promise whose list in brackets follows at `at`, and where it ends.
fn columns_behind(text: &str, at: usize) -> Option<(Vec<Option<Promise>>, usize)> {
    let bytes = text.as_bytes();
    let open = at + bytes[at..].iter().take(REACH).position(|b| b"(;'".contains(b))?;
    let most = bytes.len().min(open + LONGEST_COLUMNS);
    let close = open + memchr::memchr(b')', &bytes[open..most])?;
    let list = text.get(open + 1..close).filter(|_| bytes[open] == b'(')?;
    let names = list
        .split(',')
        .map(|name| name.trim().trim_matches(['"', '`', '[', ']']));
    let columns = names.map(|name| {
        let plain = name.bytes().all(operator::in_name);
        plain
            .then(|| names::promise(name))
            .flatten()
            .filter(|promise| *promise > Promise::Faint)
    });
    Some((columns.collect(), close + 1))
}

/// The value at `at` without its quotes, whether it has any, and where what follows it begins.
fn value_at(text: &str, at: usize) -> (Range<usize>, bool, usize) {
    let bytes = text.as_bytes();
    let start = at + bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let prefix = usize::from(matches!(bytes[start..], [b'N' | b'E' | b'n' | b'e', b'\'', ..]));
    if bytes.get(start + prefix) != Some(&b'\'') {
        let length = bytes[start..]
            .iter()
            .position(|b| b",()\n;'".contains(b))
            .unwrap_or(bytes.len() - start);
        return (
            start..start + bytes[start..start + length].trim_ascii_end().len(),
            false,
            start + length,
        );
    }
    let open = start + prefix + 1;
    let mut end = open;
    while let Some(next) = memchr::memchr2(b'\'', b'\\', &bytes[end.min(bytes.len())..]) {
        end += next;
        // A quote stands twice, or behind a backslash.
        if bytes[end] == b'\'' && bytes.get(end + 1) != Some(&b'\'') {
            let gap = bytes[end + 1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            return (open..end, true, end + 1 + gap);
        }
        end += 2;
    }
    (open..open, true, bytes.len())
}

/// `IDENTIFIED BY 'x'` of SQL, where a user or a role is made, changed or granted something.
pub(super) fn identified_by(text: &str, at: usize, found: &mut Vec<Finding>) {
    if !is_statement(&text.as_bytes()[..at]) {
        return;
    }
    let at = at + "dentified by".len();
    let at = word_at(text, at)
        .filter(|(word, _)| word.eq_ignore_ascii_case("password"))
        .map_or(at, |(_, after)| after);
    let Some(value) = value::value_at(text, at) else { return };
    let held = &text[value.range.clone()];
    let bare = value.quoted || held.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if bare && !stand_in::is_stand_in(held) && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// Whether what stands before `IDENTIFIED BY` is of a statement of SQL that gives a password.
fn is_statement(before: &[u8]) -> bool {
    const REACH: usize = 256;
    const STARTS: &[&[u8]] = &[
        b"create user",
        b"create role",
        b"alter user",
        b"alter role",
        b"connect to",
        b"database link",
        b"if not exists",
        b"if exists",
        b"set role",
        b"grant ",
    ];
    let near = before[before.len().saturating_sub(REACH)..].to_ascii_lowercase();
    let sentence = memchr::memrchr(b';', &near).map_or(&near[..], |end| &near[end..]);
    STARTS
        .iter()
        .any(|start| memchr::memmem::find(sentence, start).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices("INTO")
            .for_each(|(at, _)| insert(text, at + 4, &mut found));
        text.match_indices("FROM stdin")
            .for_each(|(at, _)| copy(text, at, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn rows_with_secrets() {
        for shape in [
            "INSERT INTO users (id, name, password) VALUES (1, 'bob', 'X');",
            "INSERT INTO `u` (`password`, `note`) values\n(N'X', 'it''s; (a) note'), ('', 'Kq7'), (NULL, NULL);",
            "COPY public.users (id, name, password) FROM stdin;\n1\tbob\tX\n\\.\n2\tbob\tKq8vLp2Zx9d\n",
        ] {
            let text = shape.replace('X', "Kq7vLp2Zx9d");
            assert_eq!(secrets(&text), ["Kq7vLp2Zx9d"], "{text}");
        }
    }

    #[test]
    fn rows_without() {
        for text in [
            "INSERT INTO users (id, name, password_hash) VALUES (1, 'bob', 'Kq7vLp2Zx9d');",
            "INSERT INTO users VALUES (1, 'bob', 'Kq7vLp2Zx9d');",
            "INSERT INTO users (id, password) SELECT id, 'Kq7vLp2Zx9d' FROM x;",
            "INSERT INTO users (id, password) VALUES (?, ?), (1, NULL), (2, :password)",
            "COPY public.users (id, name) FROM stdin;\n1\tKq7vLp2Zx9d\n\\.\n",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn many_statements_take_linear_time() {
        assert_eq!(
            secrets(&"INSERT INTO t (password) VALUES ('".repeat(20_000)),
            Vec::<&str>::new()
        );
    }
}
