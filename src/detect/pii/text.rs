//! Small questions about text that several modules ask.

/// The character boundary at or before `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0)
}

/// The character boundary at or after `at`.
pub(crate) fn ceil(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(text.len())
}

/// The character that ends at `at`.
pub(crate) fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character that starts at `at`.
pub(crate) fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// A letter or digit of any script, or `_`: what `\w` matches.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Do `start` and `end` both stand at the edge of a word (`\b…\b`, for a range that starts and ends inside words)?
pub(crate) fn is_whole(text: &str, start: usize, end: usize) -> bool {
    !before(text, start).is_some_and(is_word) && !after(text, end).is_some_and(is_word)
}

/// The run of bytes that satisfy `belongs` from `from` on: where it ends.
pub(crate) fn run_end(text: &str, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    from + text.as_bytes()[from..]
        .iter()
        .take_while(|&&byte| belongs(byte))
        .count()
}

/// The same, of at most `limit` bytes.
pub(crate) fn run_end_within(text: &str, from: usize, limit: usize, belongs: impl Fn(u8) -> bool) -> usize {
    from + text.as_bytes()[from..]
        .iter()
        .take(limit)
        .take_while(|&&byte| belongs(byte))
        .count()
}

/// The run of bytes that satisfy `belongs` right before `to`, at most `limit` of them: where it starts.
pub(crate) fn run_start(text: &str, to: usize, limit: usize, belongs: impl Fn(u8) -> bool) -> usize {
    to - text.as_bytes()[..to]
        .iter()
        .rev()
        .take(limit)
        .take_while(|&&byte| belongs(byte))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_and_runs() {
        assert_eq!((floor("aé", 2), ceil("aé", 2), floor("aé", 9)), (1, 3, 3));
        assert_eq!(
            (
                run_end("ab12c", 2, |b| b.is_ascii_digit()),
                run_start("ab12c", 4, 9, |b| b.is_ascii_digit())
            ),
            (4, 2)
        );
        assert!(is_whole("a 12 b", 2, 4) && !is_whole("é12", 2, 4) && !is_whole("12_", 0, 2));
    }
}
