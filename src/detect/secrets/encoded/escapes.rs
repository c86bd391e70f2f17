//! Escapes, entities, soft line ends and characters that take no room.

use super::{Source, View, hex};

/// How much text before and behind an escape is looked at together with it, in bytes …
const SURROUNDINGS: usize = 160;
/// … and how much more of what goes on without white space or quotes.
const WORD_REACH: usize = 8 << 10;

/// Which escapes a text may have.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::detect::secrets) struct Escapes {
    /// `%` and two hexadecimal digits.
    pub(in crate::detect::secrets) percent: bool,
    /// `\u` or `\x`.
    pub(in crate::detect::secrets) backslash_u: bool,
    /// A byte above 127.
    pub(in crate::detect::secrets) non_ascii: bool,
    /// The soft line end of quoted-printable text.
    pub(in crate::detect::secrets) soft_line: bool,
}

/// The forms of `text` without its escapes: one for each stretch that has some, of each kind of escape.
pub(in crate::detect::secrets) fn of_escapes(text: &str, escapes: Escapes) -> Vec<View> {
    let mut views = Vec::new();
    if escapes.percent {
        unescape(text, b"%", percent, &mut views);
    }
    if escapes.backslash_u {
        unescape(text, b"\\", backslash, &mut views);
    }
    if escapes.non_ascii {
        unescape(text, &[0xE2, 0xEF, 0xC2], invisible, &mut views);
    }
    let bytes = text.as_bytes();
    if memchr::memchr_iter(b'&', bytes).any(|at| entity(bytes, at).is_some()) {
        unescape(text, b"&", entity, &mut views);
    }
    if escapes.soft_line {
        unescape(text, b"=", quoted_printable, &mut views);
    }
    views
}

/// Reads what `text` has at `at`: how long the escape is and the bytes it stands for.
type Reader = fn(&[u8], usize) -> Option<(usize, Decoded)>;

/// The bytes that an escape stands for: of one character at most.
#[derive(Clone, Copy, Default)]
struct Decoded {
    bytes: [u8; 4],
    length: usize,
}

impl Decoded {
    fn of(c: char) -> Self {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }
}

/// Adds a view for each stretch of `text` in which `read` finds escapes; each starts with one of `first`.
fn unescape(text: &str, first: &[u8], read: Reader, views: &mut Vec<View>) {
    let bytes = text.as_bytes();
    let next = |from: usize| match *first {
        [a] => memchr::memchr(a, &bytes[from..]).map(|at| from + at),
        [a, b, c] => memchr::memchr3(a, b, c, &bytes[from..]).map(|at| from + at),
        _ => None,
    };
    let next_escape = |mut from: usize| loop {
        let at = next(from)?;
        if read(bytes, at).is_some() {
            return Some(at);
        }
        from = at + 1;
    };
    let mut done = 0;
    let mut coming = next_escape(0);
    while let Some(escape) = coming {
        let near = escape.saturating_sub(SURROUNDINGS).max(done);
        let word = bytes[done..near]
            .iter()
            .rev()
            .take(WORD_REACH)
            .take_while(|b| !ends_word(**b))
            .count();
        let start = text.floor_char_boundary(near - word).max(done);
        let (mut decoded, mut starts, mut at) = (Vec::new(), Vec::new(), start);
        let mut stop = escape;
        loop {
            // What is near an escape goes along as a whole, what is farther off only while it is one word.
            let near = bytes.len().min(stop.saturating_add(SURROUNDINGS)).max(at);
            let far = bytes.len().min(stop.saturating_add(WORD_REACH)).max(near);
            let word = bytes[near..far].iter().take_while(|b| !ends_word(**b)).count();
            let end = coming.unwrap_or(usize::MAX).clamp(at, near + word);
            decoded.extend_from_slice(&bytes[at..end]);
            starts.extend(at..end);
            at = end;
            let Some((length, replacement)) = coming.filter(|&escape| escape == at).and_then(|_| read(bytes, at))
            else {
                break;
            };
            decoded.extend_from_slice(&replacement.bytes[..replacement.length]);
            starts.extend(std::iter::repeat_n(at, replacement.length));
            at += length;
            stop = at;
            coming = next_escape(at);
        }
        while !text.is_char_boundary(at) {
            decoded.push(bytes[at]);
            starts.push(at);
            at += 1;
        }
        starts.push(at);
        done = at;
        coming = next_escape(at);
        views.extend(String::from_utf8(decoded).ok().map(|text| View {
            text,
            source: Source::Exact(starts),
        }));
    }
}

/// Whether a byte ends what is written together.
fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>')
}

/// `%2F`, of ASCII only: what secrets are made of.
fn percent(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
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

/// `\u002f`, `\u{2f}`, `\x2f`, with as many backslashes as there are.
fn backslash(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
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

/// `&quot;`, `&#39;`, `&#x27;`
fn entity(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
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
fn quoted_printable(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
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

/// A character that takes no room: zero-width spaces and joiners, the word joiner, the byte order mark, the soft hyphen.
fn invisible(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let length = match bytes[at..] {
        [0xE2, 0x80, 0x8B..=0x8F, ..] | [0xE2, 0x81, 0xA0..=0xA4, ..] | [0xEF, 0xBB, 0xBF, ..] => 3,
        [0xC2, 0xAD, ..] => 2,
        _ => return None,
    };
    Some((length, Decoded::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_escapes(text: &str) -> Vec<View> {
        of_escapes(
            text,
            Escapes {
                percent: true,
                backslash_u: true,
                non_ascii: true,
                soft_line: true,
            },
        )
    }

    #[test]
    fn escapes_map_exactly() {
        for (text, plain) in [
            ("a%20pass%77ord%3Dx", "a pass\u{77}ord=x"),
            (r"a\u0020pass\x77ord\u{3d}x", "a password=x"),
            (r"a\\u0020password=x", "a password=x"),
            ("a pass\u{200B}wo\u{FEFF}rd=x\u{AD}", "a password=x"),
        ] {
            let views = all_escapes(text);
            assert_eq!(views.len(), 1, "{text}");
            assert_eq!(views[0].text, plain);
            assert_eq!(views[0].source(0..plain.len()), 0..text.len());
            let start = plain.find("ord").expect("there");
            assert!(text[views[0].source(start..start + 3)].contains("rd"));
        }
    }

    #[test]
    fn entities_and_soft_line_ends() {
        let views = all_escapes("token=&quot;a&#39;b&#x3D;&quot;");
        assert_eq!(views[0].text, "token=\"a'b=\"");
        let text = format!("{}token=3Dabc=\ndef", "x".repeat(60));
        let views = all_escapes(&text);
        assert!(views[0].text.ends_with("xtoken=abcdef"));
        assert!(all_escapes("A=\nB=\n").is_empty());
    }

    #[test]
    fn what_is_written_together_stays_together() {
        let text = format!("%20{}", "x".repeat(3000));
        assert_eq!(all_escapes(&text)[0].text.len(), 3001);
    }

    #[test]
    fn far_escapes_have_views_of_their_own() {
        let text = format!("a%20b{}c%20d", "x ".repeat(1000));
        let views = all_escapes(&text);
        assert_eq!(views.len(), 2);
        assert!(views[1].text.ends_with("x c d"));
        assert_eq!(
            views[1].source(views[1].text.len() - 1..views[1].text.len()),
            text.len() - 1..text.len()
        );
    }

    #[test]
    fn nothing_to_undo() {
        assert!(all_escapes("100% of it, 5%, \\d+ and “quotes” — é").is_empty());
        assert!(all_escapes("").is_empty());
        assert!(all_escapes("%C3%A9%FF and %DB_PASSWORD%").is_empty());
    }

    proptest! {
        /// Any text has views whose every stretch maps to whole characters of it.
        #[test]
        fn views_map_to_the_text(text in "(%[0-9A-F]{2}|\\\\u00[0-9a-f]{2}|\\\\x[0-9a-f]{2}|&quot;|&#[0-9]{1,3};|=\n|[a-z ]{1,90}|é|\u{200B}){0,24}") {
            for view in all_escapes(&text) {
                let bounds: Vec<usize> = (0..=view.text.len()).filter(|&at| view.text.is_char_boundary(at)).collect();
                for pair in bounds.windows(2) {
                    prop_assert!(text.get(view.source(pair[0]..pair[1])).is_some());
                }
            }
        }
    }
}
