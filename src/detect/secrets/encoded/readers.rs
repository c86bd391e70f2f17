//! The escapes themselves: how long one is, and what it stands for.

use super::hex;
use crate::detect::terminal;

/// So many backslashes stand before a quote that is quoted four times, as rules that read quotes don't expect it …
pub(in crate::detect::secrets) const DEEP: &[u8] = &[b'\\'; 9];
/// … and not more than these before one that is quoted twelve times.
const DEEPEST: usize = 4096;

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
    let slashes = bytes[at..].iter().take(16).take_while(|b| **b == b'\\').count();
    let from = at + slashes + 1;
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |value, b| Some(value << 4 | u32::from(hex(*b)?)))
    };
    let (length, value) = match bytes.get(from - 1)? {
        b'x' => (2, number(bytes.get(from..from + 2)?)?),
        b'u' if bytes.get(from) == Some(&b'{') => {
            let digits = bytes[from + 1..]
                .iter()
                .take(6)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
            (bytes.get(from + 1 + digits) == Some(&b'}')).then_some(())?;
            (digits + 2, number(&bytes[from + 1..from + 1 + digits])?)
        }
        b'u' => (4, number(bytes.get(from..from + 4)?)?),
        _ => return None,
    };
    let c = char::from_u32(value).unwrap_or('?');
    Some((slashes + 1 + length, Decoded::of(c)))
}

/// Every other zero byte of UTF-16 that is read as if it were UTF-8.
pub(super) fn wide_zero(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let zero = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&0);
    let beside = zero(at.checked_add(1)) || zero(at.checked_sub(1));
    let every_other = zero(at.checked_add(2)) || zero(at.checked_sub(2));
    (every_other && !beside).then(|| (1, Decoded::default()))
}

/// What a terminal takes for a colour, a link or a place.
pub(super) fn colour(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let length = 1 + terminal::sequence(&bytes[at + 1..]).unwrap_or(0);
    Some((length, Decoded::default()))
}

/// `&quot;`, `&#39;`, `&#x27;`
pub(super) fn entity(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    const NAMED: &[(&[u8], char)] = &[(b"&quot;", '"'), (b"&apos;", '\''), (b"&amp;", '&')];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| bytes[at..].starts_with(name)) {
        return Some((name.len(), Decoded::of(*c)));
    }
    let digits = bytes[at..].strip_prefix(b"&#")?;
    let (lead, radix) = if matches!(digits.first(), Some(b'x' | b'X')) {
        (3, 16)
    } else {
        (2, 10)
    };
    let length = bytes[at + lead..]
        .iter()
        .take(7)
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    let number = std::str::from_utf8(bytes.get(at + lead..at + lead + length)?).ok()?;
    let c = u32::from_str_radix(number, radix).ok().and_then(char::from_u32)?;
    (bytes.get(at + lead + length) == Some(&b';')).then(|| (lead + length + 1, Decoded::of(c)))
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
