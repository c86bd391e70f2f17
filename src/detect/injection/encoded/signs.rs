//! What shows that a text may be written in a way, where a pattern would take longer to look for it.

/// Whether there is a byte of quoted-printable text, `=49`, or a line of it that goes on.
pub(super) fn is_quoted(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    memchr::memchr_iter(b'=', bytes).any(|at| match bytes[at + 1..] {
        [b'\n', ..] => is_letter(at.checked_sub(1)) && is_letter(Some(at + 2)),
        [b'\r', b'\n', ..] => is_letter(at.checked_sub(1)) && is_letter(Some(at + 3)),
        [high, low, ..] => [high, low]
            .iter()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F')),
        _ => false,
    })
}

/// Whether there are several numbers that may each stand for a character, near each other.
pub(super) fn has_codes(text: &str) -> bool {
    const SEVERAL: usize = 8;
    const NEAR: usize = 8;
    let bytes = text.as_bytes();
    let (mut count, mut last, mut at) = (0, 0, 0);
    while let Some(length) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + length;
        // A byte in two digits may have letters among them.
        let digits = bytes[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let end = start + digits;
        if digits <= 4 {
            count = if start - last <= NEAR { count + 1 } else { 1 };
            if count >= SEVERAL {
                return true;
            }
            last = end;
        }
        at = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen() {
        for text in ["a=20b", "=49", "prev=\nious", "prev=\r\nious"] {
            assert!(is_quoted(text), "{text}");
        }
        for text in ["a = 20", "a=b", "x=\n5", "5=\nx", "=", "=4", "==\nabc"] {
            assert!(!is_quoted(text), "{text}");
        }
        for text in [
            "73, 103, 110, 111, 114, 101, 32, 97",
            "chr(73)+chr(103)+chr(110)+chr(111)+chr(114)+chr(101)+chr(32)+chr(97)",
            "0x6a 0x4a 0x4b 0x4c 0x4d 0x4e 0x4f 0x50",
        ] {
            assert!(has_codes(text), "{text}");
        }
        assert!(!has_codes(
            "In 1999 there were 12 of 34, and in 2005 none of the 45 that were left in 78 places."
        ));
    }
}
