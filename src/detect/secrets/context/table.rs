//! Tables of text: a telling name in the heading tells what the column below it holds. CSV, Markdown, what databases print,
//! and the listings of tools.

use std::ops::Range;

use super::names::{self, Promise};
use super::verdict::{self, Manner};
use super::{operator, rules};
use crate::detect::Finding;

/// The longest line that may be a heading, in bytes.
const LONGEST_HEADING: usize = 1024;
/// The most columns of a table.
const MOST_COLUMNS: usize = 64;
/// How many lines may stand before the heading that a text begins with: a title, a border.
const MOST_LINES_BEFORE: usize = 2;

/// What parts columns; the first one that the heading has.
#[derive(Clone, Copy, PartialEq)]
enum Separator {
    /// A sign, and whether the cells between may stand in quotes.
    Sign(char, bool),
    /// Two spaces or more.
    Spaces,
}

const SEPARATORS: &[Separator] = &[
    Separator::Sign(',', true),
    Separator::Sign(';', true),
    Separator::Sign('\t', true),
    Separator::Sign('|', false),
    Separator::Sign('│', false),
    Separator::Spaces,
];

impl Separator {
    fn is_in(self, line: &str) -> bool {
        match self {
            Self::Sign(sign, _) => line.contains(sign),
            Self::Spaces => line.trim().contains("  "),
        }
    }

    /// The cells of the line at `line`, without the space around them.
    fn cells(self, text: &str, line: Range<usize>) -> Vec<Range<usize>> {
        let mut cells = Vec::new();
        let mut from = line.start;
        if let Self::Sign(sign, false) = self {
            // What frames the line is no separator.
            let framed = text[line.clone()].trim_start();
            if framed.starts_with(sign) {
                from = line.end - framed.len() + sign.len_utf8();
            }
        }
        while cells.len() <= MOST_COLUMNS {
            let rest = &text[from..line.end];
            let open = rest.len() - rest.trim_start_matches(' ').len();
            if let Self::Sign(sign, true) = self
                && rest[open..].starts_with('"')
            {
                // A cell in quotes may hold separators, and quotes if they stand twice.
                let start = from + open + 1;
                let end = start + end_of_quoted(&text[start..line.end]);
                cells.push(start..end);
                match text[end..line.end].find(sign) {
                    Some(next) => from = end + next + sign.len_utf8(),
                    None => break,
                }
                continue;
            }
            let (length, behind) = match self {
                Self::Sign(sign, _) => (rest.find(sign), sign.len_utf8()),
                Self::Spaces => (rest[open..].find("  ").map(|at| open + at), 2),
            };
            cells.push(trimmed(text, from..length.map_or(line.end, |length| from + length)));
            match length {
                Some(length) => from += length + behind,
                None => break,
            }
        }
        if matches!(self, Self::Sign(_, false) | Self::Spaces)
            && cells.len() > 1
            && cells.last().is_some_and(Range::is_empty)
        {
            cells.pop();
        }
        cells
    }
}

fn end_of_quoted(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(quote) = memchr::memchr(b'"', &bytes[at..]) {
        at += quote;
        if bytes.get(at + 1) != Some(&b'"') {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

fn trimmed(text: &str, cell: Range<usize>) -> Range<usize> {
    let start = cell.end - text[cell.clone()].trim_start().len();
    start..start + text[start..cell.end].trim_end().len()
}

/// Reports the secrets of a table whose heading is one of the first lines of `text`.
pub(in crate::detect::secrets) fn table(text: &str, found: &mut Vec<Finding>) {
    let mut at = 0;
    for number in 0..=MOST_LINES_BEFORE {
        let head = &text.as_bytes()[at..text.len().min(at + LONGEST_HEADING)];
        let Some(end) = memchr::memchr(b'\n', head) else { return };
        let is_table = match number {
            _ if !operator::may_tell(&head[..end]) => false,
            0 => below(text, 0..end, false, found),
            _ => around(text, at, found),
        };
        if is_table {
            return;
        }
        at += end + 1;
    }
}

/// Reports the secrets of the table whose heading is the line that `at` stands in; true where it is one.
pub(super) fn around(text: &str, at: usize, found: &mut Vec<Finding>) -> bool {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LONGEST_HEADING);
    let to = bytes.len().min(at + LONGEST_HEADING);
    let Some(end) = memchr::memchr(b'\n', &bytes[at..to]).map(|length| at + length) else {
        return false;
    };
    let start = memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |i| from + i + 1);
    if start == from && from > 0 {
        return false;
    }
    // One look at a line is enough.
    let first = !["assw", "ASSW"].iter().any(|word| text[start..at].contains(word));
    let Some(separator) = separator_of(&text[start..end]).filter(|_| first) else {
        return false;
    };
    // A row of the table that has been read is no heading.
    let before = start.saturating_sub(LONGEST_HEADING);
    let above = memchr::memrchr(b'\n', &bytes[before..start.saturating_sub(1)]).map_or(before, |i| before + i + 1);
    let above = text.ceil_char_boundary(above).min(start);
    let cells = |line: Range<usize>| separator.cells(text, line).len();
    if above < start && cells(above..start - 1) == cells(start..end) {
        return false;
    }
    below(text, start..end, true, found)
}

fn separator_of(line: &str) -> Option<Separator> {
    SEPARATORS.iter().copied().find(|separator| separator.is_in(line))
}

/// Reports the secrets of the lines below the heading at `line`; true where it is one. If `strict`, a line of another shape
/// ends the table.
fn below(text: &str, line: Range<usize>, strict: bool, found: &mut Vec<Finding>) -> bool {
    let heading = text[line.clone()].trim_end_matches('\r');
    let Some(separator) = separator_of(heading) else {
        return false;
    };
    let cells = separator.cells(text, line.start..line.start + heading.len());
    let spaces = if separator == Separator::Spaces || cells.len() < 4 {
        1
    } else {
        2
    };
    let named = cells.iter().all(|cell| is_name(&text[cell.clone()], spaces));
    if !named || cells.len() < 2 || cells.len() > MOST_COLUMNS {
        return false;
    }
    let columns: Vec<Option<Promise>> = cells.iter().map(|cell| promised(&text[cell.clone()])).collect();
    if columns.iter().all(Option::is_none) {
        return false;
    }
    let strict = strict || separator == Separator::Spaces;
    let mut after_border = false;
    let mut at = line.end + 1;
    for line in text[at..].split_inclusive('\n') {
        let row = at..at + line.trim_end_matches(['\r', '\n']).len();
        at += line.len();
        if line.trim_end().chars().all(|c| "+-=|:─═┼├┤╪│ ".contains(c)) && !line.trim().is_empty() {
            after_border = true;
            continue;
        }
        let cells = separator.cells(text, row);
        // The heading of another table is read by itself.
        let heads = after_border && cells.iter().any(|cell| promised(&text[cell.clone()]).is_some());
        if strict && (cells.len() != columns.len() || heads) {
            break;
        }
        after_border = false;
        for (cell, promise) in cells.into_iter().zip(&columns) {
            let cell = trimmed(text, cell);
            if let Some(promise) = promise
                && let Some(score) = verdict::judge(*promise, &text[cell.clone()], Manner::Literal)
            {
                found.push(rules::finding(*promise, cell, score));
            }
        }
    }
    true
}

/// Whether a cell of the heading can be the name of a column.
fn is_name(cell: &str, most_spaces: usize) -> bool {
    let name = cell.trim().trim_matches('"');
    let few_spaces = name.bytes().filter(|b| *b == b' ').count() <= most_spaces;
    let plain = name.bytes().all(|b| operator::in_name(b) && b != b'.' || b == b' ');
    let letters = name.bytes().any(|b| b.is_ascii_alphabetic());
    name.len() <= names::LONGEST && few_spaces && plain && letters
}

/// What the column under a cell of the heading holds, if that is sure enough.
fn promised(cell: &str) -> Option<Promise> {
    names::promise(cell.trim().trim_matches('"')).filter(|promise| *promise > Promise::Faint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        table(text, &mut found);
        if found.is_empty() {
            for (at, _) in text.match_indices("assw") {
                around(text, at, &mut found);
            }
        }
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn columns_with_telling_names() {
        assert_eq!(
            secrets("user,password,age\nann,hunter2,3\nbob, Tr0ub4dor ,4\n"),
            ["hunter2", "Tr0ub4dor"]
        );
        assert_eq!(
            secrets("name\tclient_secret\n\"a\tb\"\tgeruj4LFyu0NBeBOnQvo"),
            ["geruj4LFyu0NBeBOnQvo"]
        );
        for (text, expected) in [
            (
                "id;\"api_key\"\r\n1;\"951bc382db9abad29c68634761dd6e19\"\r\n",
                "951bc382db9abad29c68634761dd6e19",
            ),
            ("| user | password |\n|---|---|\n| bob | Kq7vLp2Zx9d |\n", "Kq7vLp2Zx9d"),
            (
                "Here:\n\n\n\n| user | password |\n|---|---|\n| bob | Kq7vLp2Zx9d |\n",
                "Kq7vLp2Zx9d",
            ),
            (
                "Contents of users.csv:\nname,password\nbob,Kq7vLp2Zx9d\n",
                "Kq7vLp2Zx9d",
            ),
            (
                "User name,Password,Access key ID,Secret access key\nbob,Kq7vLp2Zx9d,,\n",
                "Kq7vLp2Zx9d",
            ),
            ("name,password,note\nbob,\"ab\"\"Kq7vLp2Zx9d\",x\n", "ab\"\"Kq7vLp2Zx9d"),
            (
                "+----+-------------+\n| id | password    |\n+----+-------------+\n|  1 | Kq7vLp2Zx9d |\n+----+-------------+\n",
                "Kq7vLp2Zx9d",
            ),
            (
                "┌──┬──┐\n│ user │ password │\n├──┼──┤\n│ bob  │ Kq7vLp2Zx9d │\n└──┴──┘\n",
                "Kq7vLp2Zx9d",
            ),
            (
                "NAME      PASSWORD       AGE\nbob       Kq7vLp2Zx9d    3d\n",
                "Kq7vLp2Zx9d",
            ),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn other_tables_and_texts() {
        for text in [
            "user,age\nhunter2,3\n",
            "user,token_count\nann,hunter2hunter2\n",
            "Enter a password, please.\nhunter2, thanks",
            "Enter a password, please\n\nhunter2x9, thanks",
            "ypserv\t100004\typprog\nyppasswdd\t100009\typpasswd\netherstatd\t100010\tetherstat2\n",
            "password,user\n,\nx",
            "password",
            "x\ny\nz\nuser, password, host\nreturn Kq7vLp2Zx9d\n",
            "| user | age |\n|---|---|\n| password | 3 |\n| Kq7vLp2Zx9d | 4 |\n",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn many_headings_take_linear_time() {
        for one in [
            "a,password\n",
            "a,password\n---\n",
            "a,password\nb,c,password\n",
            "password,password,\n",
        ] {
            let many = format!("x\ny\nz\n{}", one.repeat(40_000));
            let mut found = Vec::new();
            for (at, _) in many.match_indices("assw") {
                around(&many, at, &mut found);
            }
            assert_eq!(found, vec![]);
        }
    }
}
