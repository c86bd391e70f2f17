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

/// Several words between hyphens or underscores: small letters, the first of each a capital perhaps.
fn is_words(body: &[u8]) -> bool {
    let mut words = body.split(|byte| matches!(byte, b'_' | b'-'));
    let is_word = |word: &[u8]| word.is_ascii() && word.iter().skip(1).all(u8::is_ascii_lowercase);
    words.clone().count() >= 3 && words.all(|word| word.first().is_none_or(u8::is_ascii_alphabetic) && is_word(word))
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
        assert!(!is(b"webhook-IIIIIIIIIIII-JJJJJJJJJJJJJJJJ"));
        assert!(!is(b"kJ2-mN4_qRs"));
        assert!(!is(b""));
    }
}
