//! What stands in documents and tests where a secret would be.

/// A body this long that repeats itself at a short distance is made up.
const LONG: usize = 100;

/// A shorter one, of at least this length, is made up where it does little else.
const STUTTER: usize = 32;

/// Is `body` plainly made up: a filling character over and over, the same word again and again, or words between
/// hyphens?
pub(super) fn is(body: &[u8]) -> bool {
    is_filled(body)
        || is_words(body)
        || body.len() >= LONG && (2..=8).any(|distance| same(body, distance) * 2 > body.len())
        || body.len() >= STUTTER && (2..=3).any(|distance| same(body, distance) * 4 > body.len() * 3)
}

/// Is `body` what documents write in the place of a secret: `xxxx`, `****`, `....`?
pub(super) fn is_blank(body: &[u8]) -> bool {
    is_filled_with(body, |byte| matches!(byte, b'x' | b'X' | b'*' | b'.'))
}

/// Does a group of three signs come again in `body`, as where somebody typed at random?
pub(super) fn comes_again(body: &[u8]) -> bool {
    let mut groups = body.windows(3);
    std::iter::from_fn(|| groups.next().map(|group| (group, groups.clone())))
        .any(|(group, mut later)| later.any(|other| other == group))
}

/// What people fill a form with: an `x` of either case, or any sign but a capital, since keys that are encoded zeros and
/// the test keys of providers have those in a row.
fn is_filled(body: &[u8]) -> bool {
    is_filled_with(body, |byte| byte == b'X' || !byte.is_ascii_uppercase())
}

/// Is more than half of `body` the same sign over and over, and one of those?
fn is_filled_with(body: &[u8], filling: impl Fn(u8) -> bool) -> bool {
    let filled = body.iter().filter(|&&byte| filling(byte)).count();
    body.len() >= 8 && same(body, 1) * 2 > body.len() && filled * 2 > body.len()
}

/// How many of the bytes are the same as those so far behind them?
fn same(body: &[u8], distance: usize) -> usize {
    let pairs = body.iter().zip(body.iter().skip(distance));
    pairs.filter(|(one, other)| one == other).count()
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
        assert!(is(&[b'a'; 36]) && !is_blank(&[b'a'; 36]));
        assert!(is_blank(b"xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxx"));
        assert!(is(&b"EXAMPLE".repeat(20)));
        assert!(is(b"5555555dAAAAA7777777CcccCFaaaaaaaaaaaaaa"));
        assert!(is(b"21estestestestestestestestestestestestesteste"));
        assert!(is(b"checking_Length-Is-checking"));
        assert!(!is(b"AAAAAAAAAAAAAAAAAAAAAPZ3kq81Zs7Qw2"[20..].as_ref()));
        assert!(!is(&[b'Z'; 16]));
        assert!(!is(b"abcd1234abcd1234abcd1234abcd1234abcd1234"));
        assert!(!is(b"webhook-IIIIIIIIIIII-JJJJJJJJJJJJJJJJ"));
        assert!(!is(b"kJ2-mN4_qRs"));
        assert!(!is(b""));
        assert!(comes_again(b"90JKL90JKLWERT12") && !comes_again(b"N95B87AWHT6U0699") && !comes_again(b"ab"));
    }
}
