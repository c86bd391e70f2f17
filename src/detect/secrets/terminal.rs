//! The sequences by which a terminal is told colours, links and places (ECMA-48), and how they are written in source code.

/// The control character that starts them.
pub(super) const ESCAPE: u8 = 0x1B;

/// How ESC is written in strings of C, shells, Python, Rust and JSON.
const WRITTEN: [&[u8]; 6] = [b"033", b"e", b"x1b", b"x1B", b"u001b", b"u001B"];

/// The longest sequence that is read, in bytes: links hold a URL.
const LONGEST: usize = 2048;

/// How long the sequence is that goes on with `rest` behind its ESC.
pub(super) fn sequence(rest: &[u8]) -> Option<usize> {
    match rest.first()? {
        b'[' => {
            let inner = rest[1..]
                .iter()
                .take(32)
                .take_while(|b| matches!(b, 0x20..=0x3F))
                .count();
            rest.get(1 + inner)
                .is_some_and(|b| matches!(b, 0x40..=0x7E))
                .then_some(2 + inner)
        }
        b']' => {
            let rest = &rest[..rest.len().min(LONGEST)];
            let end = memchr::memchr2(0x07, ESCAPE, rest)?;
            Some(
                end + if rest[end] == ESCAPE && rest.get(end + 1) == Some(&b'\\') {
                    2
                } else {
                    1
                },
            )
        }
        b'(' | b')' => rest.get(1).map(|_| 2).filter(|_| rest[1].is_ascii()),
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
