//! Positions in a text as a service counts them, and what is kept from it without moving them.

/// By code point: the byte of `text` at which it starts; and the end.
pub(super) fn code_points(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// `text` with each character of these stretches (in bytes) replaced by one that takes as many bytes.
pub(super) fn blot(text: &str, stretches: impl Iterator<Item = std::ops::Range<usize>>) -> String {
    let mut blotted = String::with_capacity(text.len());
    let mut at = 0;
    for stretch in stretches {
        blotted.push_str(&text[at..stretch.start]);
        blotted.extend(
            text[stretch.clone()]
                .chars()
                .map(|c| ['*', '·', '•', '🔒'][c.len_utf8() - 1]),
        );
        at = stretch.end;
    }
    blotted.push_str(&text[at..]);
    blotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_start_where_their_bytes_do() {
        assert_eq!(code_points("aé😀e\u{301}"), [0, 1, 3, 7, 8, 10]);
        assert_eq!(code_points(""), [0]);
    }

    #[test]
    fn what_is_blotted_leaves_the_positions() {
        let text = "a sécret 😀!";
        let blotted = blot(text, std::iter::once(2..14));
        assert_eq!(blotted, "a *·*****🔒!");
        assert_eq!(code_points(&blotted), code_points(text));
    }
}
