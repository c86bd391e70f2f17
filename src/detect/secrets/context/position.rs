//! Passwords that nothing but their position tells: a field of `.pgpass` or `cookies.txt`, a line below "recovery codes".

use super::names::Promise;
use super::rules;
use super::verdict::{self, LIKELY, Manner, SURE};
use crate::detect::Finding;
use std::ops::Range;

/// The fields of a line of `.pgpass`: host, port, database, user, password.
const PGPASS_FIELDS: usize = 5;
/// The fields of a line of `cookies.txt`, the last of which is the value.
const COOKIE_FIELDS: usize = 7;
/// How far to either side the ends of a line are looked for, in bytes.
const LINE_REACH: usize = 256;
/// The lines of a list of recovery codes, at least: fewer may be anything.
const LEAST_CODES: usize = 3;
/// … and at most.
const MOST_CODES: usize = 32;
/// The signs of a recovery code, without what parts its groups.
const CODE_SIGNS: std::ops::RangeInclusive<usize> = 6..=24;

/// A line of `.pgpass`, of which `at` is inside: <https://www.postgresql.org/docs/current/libpq-pgpass.html>.
pub(super) fn pgpass(text: &str, at: usize, found: &mut Vec<Finding>) {
    let line = line_around(text, at);
    let fields: Vec<Range<usize>> = fields_of_pgpass(text, line).take(PGPASS_FIELDS + 1).collect();
    let [host, port, database, user, password] = &fields[..] else {
        return;
    };
    let named = [host, database, user]
        .iter()
        .all(|field| is_word(&text[(*field).clone()]));
    let port = &text[port.clone()];
    let ported = port == "*" || (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    let held = &text[password.clone()];
    if named && ported && is_word(held) && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, password.clone(), SURE));
    }
}

/// The spans between the colons of a line, but for those behind a backslash.
fn fields_of_pgpass(text: &str, line: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut next = Some(line.start);
    std::iter::from_fn(move || {
        let start = next?;
        let mut end = start;
        while end < line.end && bytes[end] != b':' {
            end += 1 + usize::from(bytes[end] == b'\\' && end + 1 < line.end && bytes[end + 1].is_ascii());
        }
        next = (end < line.end).then_some(end + 1);
        Some(start..end)
    })
}

/// The lines behind the first one of `cookies.txt`, up to the next such line: <https://curl.se/docs/http-cookies.html>.
pub(super) fn cookie_file(text: &str, at: usize, found: &mut Vec<Finding>) {
    let Some(first) = next_line(text, at) else { return };
    let body = &text[first..];
    let body = &body[..body.find(" HTTP Cookie").unwrap_or(body.len())];
    for line in body.lines() {
        let mut fields = line.split('\t');
        let flagged = matches!(fields.clone().nth(1), Some("TRUE" | "FALSE"));
        let Some(value) = fields
            .nth(COOKIE_FIELDS - 1)
            .filter(|_| flagged && fields.next().is_none())
        else {
            continue;
        };
        if let Some(score) = verdict::judge(Promise::Cookie, value, Manner::Literal) {
            let start = value.as_ptr().addr() - text.as_ptr().addr();
            found.push(rules::finding(Promise::Cookie, start..start + value.len(), score));
        }
    }
}

/// The seed of one-time passwords whose first group is `group`: base32 in groups of four, as one is to type it in.
pub(super) fn seed(text: &str, group: &Range<usize>) -> Option<Range<usize>> {
    const WIDTH: usize = 4;
    const LEAST_GROUPS: usize = 4;
    if group.len() != WIDTH {
        return None;
    }
    let bytes = text.as_bytes();
    let is_group = |from: usize| {
        let group = bytes.get(from..from + WIDTH);
        group.is_some_and(|group| {
            group
                .iter()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'2'..=b'7'))
        })
    };
    let mut end = group.start;
    while is_group(end) {
        end += WIDTH;
        if bytes.get(end) != Some(&b' ') || !is_group(end + 1) {
            break;
        }
        end += 1;
    }
    let whole = bytes.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
    let is_mixed = |group: &&str| {
        let digits = group.bytes().filter(u8::is_ascii_digit).count();
        (1..WIDTH).contains(&digits)
    };
    let groups = text[group.start..end].split(' ');
    let fits = whole && groups.clone().count() >= LEAST_GROUPS && groups.filter(is_mixed).count() >= 2;
    fits.then_some(group.start..end)
}

/// The lines below "recovery codes" or "backup codes": at least three that are one code each, numbered or not. `at` is the
/// blank between the two words.
pub(super) fn codes(text: &str, at: usize, found: &mut Vec<Finding>) {
    if !["ecovery", "ackup"].iter().any(|word| text[..at].ends_with(word)) {
        return;
    }
    let Some(first) = next_line(text, at) else { return };
    let mut codes = Vec::new();
    let mut start = first;
    for line in text[first..].split('\n').take(2 * MOST_CODES) {
        let code = code_in(line).map(|code| start + code.start..start + code.end);
        start += line.len() + 1;
        match code {
            Some(code) if codes.len() < MOST_CODES => codes.push(code),
            None if line.trim().is_empty() => {}
            _ => break,
        }
    }
    if codes.len() >= LEAST_CODES {
        found.extend(
            codes
                .into_iter()
                .map(|code| rules::finding(Promise::Secret, code, LIKELY)),
        );
    }
}

/// The recovery code that a line consists of, but for what numbers or marks it: letters and digits, in groups or not.
fn code_in(line: &str) -> Option<Range<usize>> {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_whitespace() || "-*•[]☐".contains(c));
    let behind = numbered.trim_start_matches(|c: char| c.is_ascii_digit());
    let code = match behind.strip_prefix(['.', ')']) {
        Some(code) if behind.len() < numbered.len() => code,
        _ => numbered,
    }
    .trim();
    let (mut signs, mut digits) = (0, 0);
    for c in code.chars() {
        signs += usize::from(c.is_ascii_alphanumeric());
        digits += usize::from(c.is_ascii_digit());
        if !c.is_ascii_alphanumeric() && !matches!(c, '-' | ' ') {
            return None;
        }
    }
    let groups = code.split(['-', ' ']).all(|group| group.len() >= 3);
    let start = code.as_ptr().addr() - line.as_ptr().addr();
    (groups && digits >= 2 && CODE_SIGNS.contains(&signs)).then(|| start..start + code.len())
}

/// Where the line behind the one of `at` begins, if that is near.
fn next_line(text: &str, at: usize) -> Option<usize> {
    let mut near = text.as_bytes()[at..].iter().take(LINE_REACH);
    near.position(|b| *b == b'\n').map(|end| at + end + 1)
}

/// The line in which `at` stands.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let from = text.floor_char_boundary(at.saturating_sub(LINE_REACH));
    let until = text.floor_char_boundary((at + LINE_REACH).min(text.len()));
    let start = text[from..at].rfind('\n').map_or(from, |end| from + end + 1);
    let end = text[at..until].find(['\n', '\r']).map_or(until, |end| at + end);
    start..end
}

/// Whether a field holds something, and nothing that parts words.
fn is_word(field: &str) -> bool {
    !field.is_empty() && !field.contains(|c: char| c.is_whitespace() || "\"'<>{}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::{literals, prose};

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for literal in literals() {
            text.match_indices(literal)
                .for_each(|(at, _)| prose(text, at, &mut found));
        }
        found.sort_by_key(|finding| (finding.start, finding.end));
        found.dedup_by_key(|finding| finding.start);
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn fields_and_lines() {
        let cookies = "# Netscape HTTP Cookie File\n\n.example.com\tTRUE\t/\tTRUE\t1799999999\tsessionid\ta8f5f167f44f4964e6c9\n\
                       #HttpOnly_x.com\tFALSE\t/\tTRUE\t0\ttoken\tKq7vLp2Zx9dWmTgR\n.example.com\tTRUE\t/\tTRUE\t0\tlang\ten\n";
        for (text, expected) in [
            (
                "db.example.com:5432:prod:alice:Tr0ub4dor&3xyz\n",
                &["Tr0ub4dor&3xyz"][..],
            ),
            (r"h:5432:d\:1:bob:Sne3\:sd8AZjq", &[r"Sne3\:sd8AZjq"]),
            (
                "# mine\nlocalhost:5432:*:postgres:hunter2secret9\n",
                &["hunter2secret9"],
            ),
            (cookies, &["a8f5f167f44f4964e6c9", "Kq7vLp2Zx9dWmTgR"]),
            (
                "Your recovery codes:\n\n1. 8f3k-2m9x\n2. a7d2-p0q4\n3. zz81-xk33\n\nKeep them.",
                &["8f3k-2m9x", "a7d2-p0q4", "zz81-xk33"],
            ),
            (
                "Backup codes\n- 1234 5678\n- 8765 4321\n- 1111 2223\n",
                &["1234 5678", "8765 4321", "1111 2223"],
            ),
        ] {
            assert_eq!(secrets(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_stands_so() {
        for text in [
            "ports:\n  - 127.0.0.1:5432:5432\n",
            "connect to host:5432:db as you like",
            "arn:aws:s3:*:*:bucket/reports",
            "hostname:5432:database:username:password",
            "Recovery codes are shown once.\nKeep them at\na safe place\nfor later",
            "recovery codes\n1. Open the page\n2. Choose Security\n3. Press Show\n",
            "Netscape HTTP Cookie File\nhas seven fields",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
