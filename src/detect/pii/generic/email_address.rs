//! E-mail addresses.

use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "E-mail address whose domain ends in a public suffix",
    on: OnByDefault::Always,
    scanners: &[
        Scanner {
            trigger: Trigger::At,
            find: at_sign,
        },
        Scanner {
            trigger: Trigger::Digits,
            find: at_escaped_sign,
        },
    ],
    against: &[],
    context: &["email", "mail"],
    matches: &[
        "a.b+c@example.co.uk",
        "<‹ann@example.com›>, hello",
        "?to=‹ann@example.com›&x=1",
        "user@xn--80ak6aa92e.com",
        "mailto:‹ann@example.com›.",
        "jörg@müller.de",
        "?email=‹ann%40example.com›&x=1",
        "‹ann@example.сom›",
        r"line\n‹ann@example.com›",
    ],
    misses: &[
        "ann@localhost",
        "git@github.com:org/repo.git",
        "postgres://user:secret@db.example.com/x",
        "import x from '@scope/name.js'",
        "name@1.2.3",
        "a@b.notatld",
        "@example.com",
    ],
    ..Recognizer::named("EMAIL_ADDRESS")
};

/// The longest local part of RFC 5321, in bytes; and how far a domain may go.
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 255;

fn at_sign(site: &Site<'_>) -> Option<Match> {
    around_sign(site.text, site.at, site.at + 1)
}

/// `%40` stands for the sign in the query of a URL.
fn at_escaped_sign(site: &Site<'_>) -> Option<Match> {
    let is_escaped = site.text[site.at..].starts_with("40") && site.text[..site.at].ends_with('%');
    if is_escaped {
        around_sign(site.text, site.at - 1, site.at + 2)
    } else {
        None
    }
}

/// The address whose sign is `text[at..after]`.
fn around_sign(text: &str, at: usize, after: usize) -> Option<Match> {
    let start = local_start(text, at)?;
    let end = domain_end(text, after)?;
    let is_remote = text[start..at] == *"git" && text[end..].starts_with([':', '/']);
    let stands = !is_remote && !is_userinfo(text, start, at);
    stands.then_some(Match { start, end, score: 1.0 })
}

/// Where the part before the `@` starts. `&` and `=` are legal there, but part the fields of a query.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let start = text::run_start(text, at, LONGEST_LOCAL, |byte| {
        byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"._%+-~'".contains(&byte)
    });
    let local = &text[text::ceil(text, start)..at];
    let local = local.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let start = at - local.len();
    let is_escape = text[..start].ends_with('\\') && local.starts_with(['n', 'r', 't']);
    let start = start + usize::from(is_escape);
    (start < at && !text[start..at].ends_with('.')).then_some(start)
}

/// Where the domain ends: at its last label that is a public suffix.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let run = text::run_end(text, from, |byte| {
        byte.is_ascii_alphanumeric() || !byte.is_ascii() || b".-".contains(&byte)
    });
    let run = text::floor(text, run.min(from + LONGEST_DOMAIN));
    let mut domain = &text[from..run];
    if let Some(other) = domain.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-')) {
        domain = &domain[..other];
    }
    loop {
        domain = domain.trim_end_matches(['.', '-']);
        let (rest, last) = domain.rsplit_once('.')?;
        if is_public_suffix(last) && rest.split('.').all(|label| !label.is_empty()) {
            return Some(from + domain.len());
        }
        domain = rest;
    }
}

/// Letters that look like Latin ones, with which addresses are disguised (a part of Unicode's confusables).
const TWINS: &[(char, char)] = &[
    ('а', 'a'),
    ('с', 'c'),
    ('е', 'e'),
    ('і', 'i'),
    ('ј', 'j'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
];

/// Is a label a top-level domain, or does it look like one?
pub(super) fn is_public_suffix(label: &str) -> bool {
    let twin = |c| {
        TWINS
            .iter()
            .find(|(other, _)| *other == c)
            .map_or(c, |&(_, latin)| latin)
    };
    let is_mixed = label.bytes().any(|byte| byte.is_ascii_alphabetic()) && !label.is_ascii();
    let label = label.to_lowercase();
    let label = if is_mixed || label.len() > 4 {
        label.chars().map(twin).collect()
    } else {
        label
    };
    label.starts_with("xn--") || psl::suffix(label.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Is it the user of a URL (`postgres://user:secret@host`)?
fn is_userinfo(text: &str, start: usize, at: usize) -> bool {
    let floor = text::run_start(text, start, LONGEST_DOMAIN, |byte| {
        !byte.is_ascii_whitespace() && byte != b'"'
    });
    let token = &text[text::ceil(text, floor).min(start)..at];
    token
        .rfind("://")
        .is_some_and(|scheme| !token[scheme + 3..].contains(['/', '?', '#']))
}
