//! Texts in pieces that a service can be asked about at once, and positions in them.

/// The longest piece, in bytes: what a service takes for a text grows faster than the text.
const LONGEST: usize = 8 << 10;

/// How much of a piece is in the next one as well, in bytes: what lies across a cut is whole in one of them.
const OVERLAP: usize = 256;

/// How much one request asks about at most, in bytes and in pieces.
const REQUEST: (usize, usize) = (16 << 10, 64);

/// A stretch of one of several texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece<'t> {
    /// The index of the text.
    pub(super) of: usize,
    /// Where it starts, in bytes.
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// The pieces of all of `texts`, put together to requests.
pub(super) fn requests<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Vec<Piece<'t>>> {
    let mut requests: Vec<Vec<Piece<'t>>> = Vec::new();
    let mut bytes = 0;
    for piece in texts.enumerate().flat_map(|(of, text)| pieces(of, text)) {
        bytes += piece.text.len();
        match requests.last_mut() {
            Some(request) if bytes <= REQUEST.0 && request.len() < REQUEST.1 => request.push(piece),
            _ => {
                bytes = piece.text.len();
                requests.push(vec![piece]);
            }
        }
    }
    requests
}

fn pieces(of: usize, text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = cut(text, start);
        next = (end < text.len()).then(|| resume(text, end));
        Some(Piece {
            of,
            start,
            text: &text[start..end],
        })
    })
}

/// Where the piece that starts at `start` ends: after a line, or else after a word, or else anywhere.
fn cut(text: &str, start: usize) -> usize {
    if text.len() - start <= LONGEST {
        return text.len();
    }
    let end = text.floor_char_boundary(start + LONGEST);
    let least = text.floor_char_boundary(start + LONGEST / 2);
    let last = |is: fn(char) -> bool| {
        text[least..end]
            .rfind(is)
            .map(|at| text.ceil_char_boundary(least + at + 1))
    };
    last(|c| c == '\n').or_else(|| last(char::is_whitespace)).unwrap_or(end)
}

/// Where the next piece starts: at a word that begins shortly before the cut.
fn resume(text: &str, end: usize) -> usize {
    let from = text.ceil_char_boundary(end - OVERLAP);
    let word = text[from..end].find(char::is_whitespace);
    word.map_or(from, |at| text.ceil_char_boundary(from + at + 1))
}

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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_go_together_and_long_ones_in_pieces() {
        let long = "words of é 😀 line\n".repeat(2000);
        let texts = ["a", &long, "b"];
        let requests = requests(texts.into_iter());
        assert!(requests.len() > 1);
        for request in &requests {
            assert!(request.len() <= REQUEST.1);
            assert!(request.iter().map(|piece| piece.text.len()).sum::<usize>() <= REQUEST.0);
        }
        let of_long: Vec<&Piece<'_>> = requests.iter().flatten().filter(|piece| piece.of == 1).collect();
        let mut covered = 0;
        for piece in &of_long {
            assert!(piece.start <= covered, "a gap");
            assert_eq!(&long[piece.start..piece.start + piece.text.len()], piece.text);
            covered = piece.start + piece.text.len();
        }
        assert_eq!(covered, long.len());
    }

    #[test]
    fn what_lies_across_a_cut_is_whole_in_a_piece() {
        let name = "Ada Lovelace";
        for at in (LONGEST - 2 * OVERLAP..LONGEST + OVERLAP).step_by(7) {
            for filler in ["x ", "é\u{3000}", "x"] {
                let before = filler.repeat(at / filler.len());
                let text = format!("{before} {name} {}", filler.repeat(2000));
                assert!(
                    pieces(0, &text).any(|piece| piece.text.contains(name)),
                    "{filler:?} {at}"
                );
            }
        }
    }

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

    proptest! {
        #[test]
        fn every_text_ends_in_pieces(text in r"[ab\n é😀]{0,80}", times in 0_usize..400) {
            let text = text.repeat(times);
            let last = pieces(0, &text).last().expect("a text has a piece");
            prop_assert_eq!(last.start + last.text.len(), text.len());
        }
    }
}
