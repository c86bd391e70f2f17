//! The sequences by which a terminal is told colours, links and places (ECMA-48), and how they are written in source code.

/// The control character that starts them.
pub(super) const ESCAPE: u8 = 0x1B;

/// How ESC is written in strings of C, shells, Python, Rust and JSON.
const WRITTEN: [&[u8]; 6] = [b"033", b"e", b"x1b", b"x1B", b"u001b", b"u001B"];

/// The longest sequence that is read, in bytes: links hold a URL.
const LONGEST: usize = 2048;

/// How long the sequence is that goes on with `rest` behind its ESC. `None` where it has no end: then it is an ESC, and text.
pub(super) fn sequence(rest: &[u8]) -> Option<usize> {
    let (first, inner) = rest.split_first()?;
    let length = match first {
        b'[' => control(inner)?,
        b']' | b'P' | b'X' | b'^' | b'_' => string(inner)?,
        b'(' | b')' => usize::from(inner.first()?.is_ascii()),
        _ => return None,
    };
    (length > 0).then_some(1 + length)
}

/// How long a control sequence is behind its CSI: parameters, intermediate bytes, and a final one.
pub(super) fn control(rest: &[u8]) -> Option<usize> {
    let count = |from: usize, kind: std::ops::RangeInclusive<u8>| {
        let bytes = rest[from..].iter().take(32);
        bytes.take_while(|byte| kind.contains(byte)).count()
    };
    let parameters = count(0, 0x30..=0x3F);
    let end = parameters + count(parameters, 0x20..=0x2F);
    matches!(rest.get(end)?, 0x40..=0x7E).then_some(end + 1)
}

/// How long a string is behind what starts it (OSC, DCS, SOS, PM, APC), with the BEL or ST that ends it: on the same line.
pub(super) fn string(rest: &[u8]) -> Option<usize> {
    let rest = &rest[..rest.len().min(LONGEST)];
    // U+009C in UTF-8 is an ST; as the last byte of another character it ends nothing.
    let ends = |(at, byte): (usize, &u8)| match *byte {
        0x07 | ESCAPE | b'\n' | b'\r' => true,
        0x9C => rest[..at].ends_with(b"\xC2"),
        _ => false,
    };
    let end = rest.iter().enumerate().position(ends)?;
    match rest[end..] {
        [0x07 | 0x9C, ..] => Some(end + 1),
        [ESCAPE, b'\\', ..] => Some(end + 2),
        _ => None,
    }
}

/// How long the colour code is that `text` starts with a written ESC of: `\033[1m`.
pub(super) fn written(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"\\")?;
    let escape = WRITTEN.iter().find(|escape| rest.starts_with(escape))?.len();
    let rest = &rest[escape..];
    let code = sequence(rest).filter(|_| rest[0] == b'[')?;
    Some(1 + escape + code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_end_where_a_terminal_ends_them() {
        for (rest, length) in [
            (b"[0m".as_slice(), Some(3)),
            (b"[01;31mghp", Some(7)),
            (b"[K", Some(2)),
            (b"[?25h", Some(5)),
            (b"]8;;https://x\x07text", Some(14)),
            (b"]8;;\x1b\\text", Some(6)),
            (b"]8;;http://\xE2\x9C\x93\x07text", Some(15)),
            (b"]0;title\xC2\x9Ctext", Some(10)),
            (b"]0;no end", None),
            (b"]0;no end\nin its line\x07", None),
            (b"P1$r0m\x1b\\text", Some(8)),
            (b"_hidden\x1b\\text", Some(9)),
            ("[\u{91cd}\u{8981}\u{3002}OK".as_bytes(), None),
            (b"[1 q", Some(4)),
            (b"(B", Some(2)),
            (b"[", None),
            (b"", None),
            (b"text", None),
        ] {
            assert_eq!(sequence(rest), length, "{rest:?}");
        }
        assert_eq!(written(br"\033[32mghp"), Some(8));
        assert_eq!(written(br"\e[0m"), Some(5));
        assert_eq!(written(br"\n[0m"), None);
        assert_eq!(written(br"C:\e\x"), None);
    }
}
