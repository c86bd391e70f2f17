//! Lines of key material: base64 or hexadecimal digits, told from the identifiers, paths and words of code that only
//! mentions a key.

/// The fewest base64 characters in a row that are key material.
const LEAST: usize = 16;
/// The fewest that are, where they are a line of their own and mix capitals with small letters.
const LEAST_SHORT: usize = 8;
/// The fewest different ones among them: `xxxx…` is no key.
const LEAST_DISTINCT: usize = 6;
/// From so many on, a word of code is rarely as long.
const LONG: usize = 40;

/// What a line of an armoured block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing but what lines are decorated with: quotes, commas, comment signs.
    Blank,
    /// A header of the armour, as in `Proc-Type: 4,ENCRYPTED`.
    Header,
    /// What only keys and digests look like.
    Sure,
    /// Base64 alone that may be a long word, too.
    Likely,
    /// Base64 alone that is short: of a block with short lines, or the last of a block.
    Short,
    /// Anything else.
    Other,
}

/// The headers of PEM, PGP and SSH2.
const HEADERS: &[&[u8]] = &[
    b"Proc-Type:",
    b"DEK-Info:",
    b"Comment:",
    b"Version:",
    b"Charset:",
    b"Hash:",
    b"MessageID:",
    b"Subject:",
    b"Key-Derivation:",
    b"Argon2-",
];

/// What `line` is. It may be decorated: indented, quoted, numbered, behind a time.
pub(super) fn kind(line: &[u8]) -> Line {
    let longest = longest(line);
    let run = &line[longest.clone()];
    if run.is_empty() {
        return if line.iter().all(|b| is_decoration(*b)) {
            Line::Blank
        } else {
            Line::Other
        };
    }
    let bare = trimmed(line);
    if HEADERS.iter().any(|name| bare.starts_with(name)) {
        return Line::Header;
    }
    let alone = bare.len() == run.len();
    let varied = distinct(run) >= LEAST_DISTINCT;
    if run.len() >= LEAST && varied && stands_apart(line, &longest) {
        if is_mixed(run, if run.len() < LONG { 45 } else { 30 }) {
            return Line::Sure;
        }
        let opaque = run.len() >= LONG || is_mixed(run, 33) || run.iter().all(u8::is_ascii_hexdigit);
        let holds_more = run.iter().any(|b| !b.is_ascii_alphabetic());
        if opaque && holds_more && (alone || is_counted(&line[..longest.start])) {
            return Line::Likely;
        }
    }
    let small = run.iter().skip(1).any(u8::is_ascii_lowercase);
    let capital = run.iter().skip(1).any(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    match alone && (LEAST_SHORT..LEAST).contains(&run.len()) && small && capital {
        true => Line::Short,
        false => Line::Other,
    }
}

/// Whether there are as many base64 characters in a row as a line of a key has: cheaper than to ask what the line is.
pub(super) fn has_long_run(line: &[u8]) -> bool {
    // One of these places is in each run that is long enough.
    let places = (LEAST - 1..line.len()).step_by(LEAST);
    let length = |at: usize| {
        let before = line[..at].iter().rev().take_while(|b| is_base64(**b)).count();
        before + line[at..].iter().take_while(|b| is_base64(**b)).count()
    };
    places.into_iter().any(|at| is_base64(line[at]) && length(at) >= LEAST)
}

/// Whether a line may be the last one of a key, which is short.
pub(super) fn may_be_last(line: &[u8]) -> bool {
    let bare = trimmed(line);
    !bare.is_empty()
        && bare.iter().all(|b| is_base64(*b))
        && (bare.len().is_multiple_of(4) || bare.ends_with(b"=") || bare.starts_with(b"="))
}

/// Whether a line is base64 alone, of any length: the rest of one that was cut.
pub(super) fn is_rest(line: &[u8]) -> bool {
    let bare = trimmed(line);
    !bare.is_empty() && bare.iter().all(|b| is_base64(*b))
}

/// How many bytes of `line` are key material.
pub(super) fn amount(line: &[u8]) -> usize {
    match kind(line) {
        Line::Sure => stretches(line)
            .filter(|run| run.len() >= LEAST)
            .map(|run| run.len())
            .sum(),
        Line::Likely | Line::Short => longest(line).len(),
        _ => 0,
    }
}

pub(super) fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')
}

/// What may stand round a line of a key: never what code is parted by.
fn is_decoration(b: u8) -> bool {
    b.is_ascii_whitespace() || b"\"'`,+#>*|/\\-.&[]<~".contains(&b) || !b.is_ascii()
}

/// `line` without what it is decorated with; signs of base64 at its ends stay.
fn trimmed(line: &[u8]) -> &[u8] {
    let is_edge = |b: u8| is_decoration(b) && !is_base64(b);
    let start = line.iter().position(|b| !is_edge(*b)).unwrap_or(line.len());
    let line = &line[start..];
    let end = line.iter().rposition(|b| !is_edge(*b)).map_or(0, |last| last + 1);
    let line = &line[..end];
    // A string that is added to another one: `"MII…" +`, and the marks of comments and of changed lines.
    match line {
        [rest @ .., b' ', b'+'] => trimmed(rest),
        [b'+' | b'/', b' ', rest @ ..] | [b'/', b'/', b' ', rest @ ..] | [b'b' | b'r', b'"' | b'\'', rest @ ..] => {
            trimmed(rest)
        }
        line => line,
    }
}

/// The stretches of base64 characters.
fn stretches(line: &[u8]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].iter().position(|b| is_base64(*b))?;
        let length = line[start..].iter().take_while(|b| is_base64(**b)).count();
        at = start + length;
        Some(start..at)
    })
}

fn longest(line: &[u8]) -> std::ops::Range<usize> {
    stretches(line).max_by_key(|run| run.len()).unwrap_or(0..0)
}

/// Whether a stretch is not a part of a name, a call or a path with dots.
fn stands_apart(line: &[u8], run: &std::ops::Range<usize>) -> bool {
    let before = run.start.checked_sub(1).map(|at| line[at]);
    !matches!(before, Some(b'_' | b'.' | b'$' | b'@' | b'%')) && !matches!(line.get(run.end), Some(b'_' | b'.' | b'('))
}

/// Whether what stands before a line is its time or its number.
fn is_counted(before: &[u8]) -> bool {
    before
        .iter()
        .all(|b| is_decoration(*b) || b.is_ascii_digit() || matches!(b, b':' | b'T' | b'Z'))
}

fn distinct(run: &[u8]) -> usize {
    let mut seen = [false; 256];
    run.iter().for_each(|b| seen[usize::from(*b)] = true);
    seen.iter().filter(|seen| **seen).count()
}

/// Whether small letters, capitals, digits and signs change as often as in base64 (two of three times in random one), not
/// as seldom as in words: so many times of a hundred.
fn is_mixed(run: &[u8], least: usize) -> bool {
    let class = |b: u8| match b {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let changes = run.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    run.iter().any(|b| !b.is_ascii_alphabetic()) && changes * 100 >= (run.len() - 1) * least
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_long_run_is_one_of_the_stretches(line in "([a-zA-Z0-9+/=]{0,20}[ .-]{0,2}){0,6}") {
            let long = stretches(line.as_bytes()).any(|run| run.len() >= LEAST);
            prop_assert_eq!(has_long_run(line.as_bytes()), long);
        }
    }

    #[test]
    fn lines_of_keys() {
        for (line, expected) in [
            (
                "MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt/PKSzEmQ++ZBD7Loh9P13f4yQ92EF3",
                Line::Sure,
            ),
            ("  \"MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt\" +", Line::Sure),
            ("2026-04-26 12:36:01 MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt", Line::Sure),
            ("a24ea9d8c3e565f1c272bf8b2c897e1d", Line::Sure),
            ("000000000000000012345678abcdefff", Line::Likely),
            ("tOeD9wFhha1H", Line::Short),
            ("  ", Line::Blank),
            ("\", \"", Line::Blank),
            ("# ", Line::Blank),
            ("Proc-Type: 4,ENCRYPTED", Line::Header),
            ("", Line::Blank),
        ] {
            assert_eq!(kind(line.as_bytes()), expected, "{line}");
        }
        assert!(may_be_last(b"L5iWcrQ=") && may_be_last(b"\"=aB3d\"") && !may_be_last(b"and more"));
    }

    #[test]
    fn lines_of_code() {
        for line in [
            "  return importPKCS8SomethingVeryLong(pem, algorithmIdentifierFor(alg));",
            "return base64.b64encode(internationalization_bytes_of_the_key)",
            "\")) {",
            "importPKCS8SomethingVeryLong",
            "/usr/local/share/ca-certificates/internal",
            "const key = await loadPrivateKeyFromFile(path)",
            "PrivateKeyInfo::fromEncodedBytes",
            "YOUR KEY HERE",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "privatekeymaterial",
        ] {
            assert_eq!(kind(line.as_bytes()), Line::Other, "{line}");
        }
    }
}
