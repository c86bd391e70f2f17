//! What stands in documents and tests where a secret would be.

/// A body this long that repeats itself at a short distance is made up.
const LONG: usize = 100;

/// Is `body` plainly made up: a filling character over and over, the same word again and again, or words between
/// hyphens?
pub(super) fn is(body: &[u8]) -> bool {
    is_filled(body) || is_words(body) || body.len() >= LONG && (2..=8).any(|distance| repeats(body, distance))
}

/// What people fill a form with; other characters over and over are masked all the same.
fn is_filled(body: &[u8]) -> bool {
    let filling = |byte: &u8| matches!(byte, b'x' | b'X' | b'a' | b'0' | b'*' | b'.');
    body.len() >= 8 && repeats(body, 1) && body.iter().filter(|byte| filling(byte)).count() * 2 > body.len()
}

/// Are more than half of the bytes the same as those so far behind them?
fn repeats(body: &[u8], distance: usize) -> bool {
    let same = body
        .iter()
        .zip(body.iter().skip(distance))
        .filter(|(one, other)| one == other)
        .count();
    same * 2 > body.len()
}

/// Words: letters only, with several hyphens or underscores between them.
fn is_words(body: &[u8]) -> bool {
    let joints = body.iter().filter(|byte| matches!(byte, b'_' | b'-')).count();
    joints >= 2
        && body
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// Does `body` hold a digit, a capital and a small letter?
pub(super) fn is_mixed(body: &[u8]) -> bool {
    body.iter().any(u8::is_ascii_digit)
        && body.iter().any(u8::is_ascii_uppercase)
        && body.iter().any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_repeat_or_are_words() {
        assert!(is(&[b'x'; 40]));
        assert!(is(&b"EXAMPLE".repeat(20)));
        assert!(is(b"checking_Length-Is-checking"));
        assert!(!is(b"AAAAAAAAAAAAAAAAAAAAAPZ3kq81Zs7Qw2"[20..].as_ref()));
        assert!(!is(&[b'Z'; 16]));
        assert!(!is(b"kJ2-mN4_qRs"));
        assert!(!is(b""));
    }

    #[test]
    fn mixed_has_all_three() {
        assert!(is_mixed(b"aB3"));
        assert!(!is_mixed(b"removeTransientObservers"));
    }
}
