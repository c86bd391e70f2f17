//! Texts in pieces that a service can be asked about at once.

/// How much of a piece is in the next one as well, in bytes: what lies across a cut is whole in one of them.
const OVERLAP: usize = 256;

/// How much a service is asked about at once.
#[derive(Clone, Copy, Debug)]
pub(in crate::plugins) struct Sizes {
    /// The longest piece, in bytes; more than a few hundred.
    pub(in crate::plugins) piece: usize,
    /// What one request asks about, in bytes.
    pub(in crate::plugins) bytes: usize,
    /// What one request asks about, in pieces.
    pub(in crate::plugins) pieces: usize,
}

/// A stretch of one of several texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::plugins) struct Piece<'t> {
    /// The index of the text.
    pub(in crate::plugins) of: usize,
    /// Where it starts, in bytes.
    pub(in crate::plugins) start: usize,
    pub(in crate::plugins) text: &'t str,
}

/// The pieces of all of `texts`, put together to requests.
pub(in crate::plugins) fn requests<'t>(texts: impl Iterator<Item = &'t str>, sizes: Sizes) -> Vec<Vec<Piece<'t>>> {
    let mut requests: Vec<Vec<Piece<'t>>> = Vec::new();
    let mut bytes = 0;
    for piece in texts.enumerate().flat_map(|(of, text)| pieces(of, text, sizes.piece)) {
        bytes += piece.text.len();
        match requests.last_mut() {
            Some(request) if bytes <= sizes.bytes && request.len() < sizes.pieces => request.push(piece),
            _ => {
                bytes = piece.text.len();
                requests.push(vec![piece]);
            }
        }
    }
    requests
}

fn pieces(of: usize, text: &str, longest: usize) -> impl Iterator<Item = Piece<'_>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = cut(text, start, longest);
        next = (end < text.len()).then(|| resume(text, end));
        Some(Piece {
            of,
            start,
            text: &text[start..end],
        })
    })
}

/// Where the piece that starts at `start` ends: after a line, or else after a word, or else anywhere.
fn cut(text: &str, start: usize, longest: usize) -> usize {
    if text.len() - start <= longest {
        return text.len();
    }
    let end = text.floor_char_boundary(start + longest);
    let least = text.floor_char_boundary(start + longest / 2);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZES: Sizes = Sizes {
        piece: 8 << 10,
        bytes: 16 << 10,
        pieces: 64,
    };

    #[test]
    fn short_texts_go_together_and_long_ones_in_pieces() {
        let long = "words of é 😀 line\n".repeat(2000);
        let texts = ["a", &long, "b"];
        let requests = requests(texts.into_iter(), SIZES);
        assert!(requests.len() > 1);
        for request in &requests {
            assert!(request.len() <= SIZES.pieces);
            assert!(request.iter().map(|piece| piece.text.len()).sum::<usize>() <= SIZES.bytes);
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
        for at in (SIZES.piece - 2 * OVERLAP..SIZES.piece + OVERLAP).step_by(7) {
            for filler in ["x ", "é\u{3000}", "x"] {
                let before = filler.repeat(at / filler.len());
                let text = format!("{before} {name} {}", filler.repeat(2000));
                assert!(
                    pieces(0, &text, SIZES.piece).any(|piece| piece.text.contains(name)),
                    "{filler:?} {at}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn every_text_ends_in_pieces(text in r"[ab\n é😀]{0,80}", times in 0_usize..400) {
            let text = text.repeat(times);
            let last = pieces(0, &text, SIZES.piece).last().expect("a text has a piece");
            prop_assert_eq!(last.start + last.text.len(), text.len());
        }
    }
}
