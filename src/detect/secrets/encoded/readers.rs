//! The escapes themselves: how long one is, and what it stands for.

use super::hex;
use crate::detect::secrets::bytes::is_token;
use crate::detect::{terminal, written};

/// So many backslashes stand before a quote that is quoted four times, as rules that read quotes don't expect it …
pub(in crate::detect::secrets) const DEEP: &[u8] = &[b'\\'; 9];
/// … and not more than these before one that is quoted twelve times.
const DEEPEST: usize = 4096;
/// How much of the name of a variable is looked at.
const LONGEST_VARIABLE: usize = 64;

/// Reads what `text` has at `at`: how long the escape is and the bytes it stands for.
pub(super) type Reader = fn(&[u8], usize) -> Option<(usize, Decoded)>;

/// The bytes that an escape stands for: of one character at most.
#[derive(Clone, Copy, Default)]
pub(super) struct Decoded {
    pub(super) bytes: [u8; 4],
    pub(super) length: usize,
}

impl Decoded {
    pub(super) fn of(c: char) -> Self {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }
}

/// `%2F`, of ASCII only: what secrets are made of.
pub(super) fn percent(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let byte = hex(*bytes.get(at + 1)?)? << 4 | hex(*bytes.get(at + 2)?)?;
    byte.is_ascii().then_some(())?;
    Some((
        3,
        Decoded {
            bytes: [byte, 0, 0, 0],
            length: 1,
        },
    ))
}

/// `\u002f`, `\u{2f}`, `\x2f`, with as many backslashes as there are; the colour codes of terminals written so; a quote
/// that is quoted again and again.
pub(super) fn backslash(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    if let Some(length) = terminal::written(&bytes[at..]) {
        return Some((length, Decoded::default()));
    }
    if bytes[at..].starts_with(DEEP) && !bytes[..at].ends_with(b"\\") {
        let slashes = bytes[at..].iter().take(DEEPEST).take_while(|b| **b == b'\\').count();
        return (bytes.get(at + slashes) == Some(&b'"')).then(|| (slashes + 1, Decoded::of('"')));
    }
    let slashes = written::slashes(&bytes[at..]);
    let (length, c) = written::numbered(&bytes[at + slashes..])?;
    Some((slashes + length, Decoded::of(c)))
}

/// Every other zero byte of UTF-16 that is read as if it were UTF-8; and a single one within what may be a token, as nothing is
/// shown in its place. One before a variable or an option parts the words of an environment or a command.
pub(super) fn zero(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let zero = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&0);
    let beside = zero(at.checked_add(1)) || zero(at.checked_sub(1));
    let every_other = zero(at.checked_add(2)) || zero(at.checked_sub(2));
    let word = || {
        let rest = &bytes[at + 1..];
        let length = rest.iter().take(LONGEST_VARIABLE).take_while(|b| is_token(**b)).count();
        let before = at.checked_sub(1).is_some_and(|before| is_token(bytes[before]));
        before && length > 0 && rest[0] != b'-' && !matches!(rest[length..], [b'=', ..] | [b':', b'/', b'/', ..])
    };
    (!beside && (every_other || word())).then(|| (1, Decoded::default()))
}

/// What a terminal takes for a colour, a link or a place.
pub(super) fn colour(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let length = 1 + terminal::sequence(&bytes[at + 1..]).unwrap_or(0);
    Some((length, Decoded::default()))
}

/// `&quot;`, `&#39;`, `&#x27;`. Brackets and blanks, of which pages are full, end a secret as they stand.
pub(super) fn entity(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let entity = written::entity(&bytes[at..]).filter(|(_, c)| !matches!(c, '<' | '>' | ' ' | '\n'));
    entity.map(|(length, c)| (length, Decoded::of(c)))
}

/// The soft line end of quoted-printable text, behind a line that is nearly full, and `=3D`.
pub(super) fn quoted_printable(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    const FULL: std::ops::RangeInclusive<usize> = 60..=78;
    let end = match bytes[at + 1..] {
        [b'\n', ..] => 2,
        [b'\r', b'\n', ..] => 3,
        [b'3', b'D', ..] => return Some((3, Decoded::of('='))),
        _ => return None,
    };
    let line = bytes[..at].iter().rev().take(100).take_while(|b| **b != b'\n').count();
    FULL.contains(&line).then(|| (end, Decoded::default()))
}

/// Whether the `=` at `at` is a soft line end.
pub(in crate::detect::secrets) fn ends_softly(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) && quoted_printable(bytes, at).is_some()
}
