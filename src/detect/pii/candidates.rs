//! The one pass over a text: it finds the places that recognizers look at, and skips everything else fast.

use super::text;

/// A place worth looking at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// The first digit of a run.
    Digits(usize),
    /// The first letter of a word, or of short words, that lead to digits: `AB12`, `HRB 12345`, `B-AB 123`.
    Letters(usize),
    /// An `@`.
    At(usize),
    /// A `:`.
    Colon(usize),
    /// A `.` inside a word.
    Dot(usize),
}

impl Candidate {
    /// Where it stands.
    pub(crate) fn at(self) -> usize {
        match self {
            Self::Digits(at) | Self::Letters(at) | Self::At(at) | Self::Colon(at) | Self::Dot(at) => at,
        }
    }
}

/// The kinds of candidates that cost more to find than the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// [`Candidate::Letters`].
    pub(crate) letters: bool,
    /// [`Candidate::Dot`].
    pub(crate) dots: bool,
}

/// Bytes that are looked at together before any is looked at alone.
const BLOCK: usize = 64;
/// How far before its digits a candidate of letters may start, in bytes.
const REACH: usize = 48;
/// The longest word that may stand before the word with the digits, in bytes (two letters of which an umlaut takes two).
const SHORT_WORD: usize = 4;

/// Calls `visit` for each candidate of `text`, ordered by what woke it; a start of letters is visited once.
pub(crate) fn each(text: &str, wanted: Wanted, mut visit: impl FnMut(Candidate)) {
    let bytes = text.as_bytes();
    let wakes = |byte: u8| byte.wrapping_sub(b'0') < 11 || byte == b'@' || (wanted.dots && byte == b'.');
    let mut digits_end = 0;
    let mut letters_from = 0;
    for (index, block) in bytes.chunks(BLOCK).enumerate() {
        // Branch-free, so that the compiler makes vector code of it: this loop is the speed on text without candidates.
        if !block.iter().fold(false, |any, &byte| any | wakes(byte)) {
            continue;
        }
        for (offset, &byte) in block.iter().enumerate() {
            let at = index * BLOCK + offset;
            match byte {
                b'0'..=b'9' if at >= digits_end => {
                    digits_end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    let starts = if wanted.letters {
                        letter_starts(text, at)
                    } else {
                        [None; 4]
                    };
                    for &start in starts.iter().flatten().filter(|&&start| start >= letters_from) {
                        visit(Candidate::Letters(start));
                    }
                    if let Some(&last) = starts.iter().flatten().next_back() {
                        letters_from = letters_from.max(last + 1);
                    }
                    visit(Candidate::Digits(at));
                }
                b'@' => visit(Candidate::At(at)),
                b':' => visit(Candidate::Colon(at)),
                b'.' if wanted.dots && is_inner(bytes, at) => visit(Candidate::Dot(at)),
                _ => {}
            }
        }
    }
}

/// Is there a letter or digit on both sides?
fn is_inner(bytes: &[u8], at: usize) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    at > 0 && word(&bytes[at - 1]) && bytes.get(at + 1).is_some_and(word)
}

/// Where words that lead to the digit at `at` start, in order: up to two short words, then the word that holds it, then its
/// part of ASCII, each only if it starts with a letter.
fn letter_starts(text: &str, at: usize) -> [Option<usize>; 4] {
    let leads = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_ -./".contains(byte);
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    match text.as_bytes()[..at] {
        [.., ref last] if !leads(last) => return [None; 4],
        // A number stands before it, or nothing.
        [.., ref before, b' ' | b'-' | b'.' | b'/'] if !letter(before) => return [None; 4],
        [] => return [None; 4],
        _ => {}
    }
    let floor = text::floor(text, at.saturating_sub(REACH));
    let mut starts = [None; 4];
    let word = word_start(text, at, floor);
    starts[2] = (word < at && !text.as_bytes()[word].is_ascii_digit()).then_some(word);
    // Scripts that are written without spaces may stand right before the letters of an id.
    let ascii = text::run_start(text, at, REACH, |byte| byte.is_ascii_alphanumeric());
    starts[3] = (word < ascii && ascii < at && text.as_bytes()[ascii].is_ascii_alphabetic()).then_some(ascii);
    let mut next = word;
    for start in starts[..2].iter_mut().rev() {
        let Some(separator) = next
            .checked_sub(1)
            .filter(|&i| i >= floor && b" -./".contains(&text.as_bytes()[i]))
        else {
            break;
        };
        let word = word_start(text, separator, floor);
        let is_short_word = word < separator && separator - word <= SHORT_WORD;
        if !is_short_word || !text[word..separator].chars().all(char::is_alphabetic) {
            break;
        }
        *start = Some(word);
        next = word;
    }
    starts
}

/// Where the word that ends at `end` starts; `end` itself where none does.
fn word_start(text: &str, end: usize, floor: usize) -> usize {
    let ascii = text::run_start(text, end, end - floor, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'_'
    });
    if ascii == floor || text.as_bytes()[ascii - 1].is_ascii() {
        return ascii;
    }
    let of_any_script = text[floor..ascii]
        .char_indices()
        .rev()
        .take_while(|&(_, c)| text::is_word(c))
        .last();
    of_any_script.map_or(ascii, |(i, _)| floor + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Candidate> {
        let mut found = Vec::new();
        each(
            text,
            Wanted {
                letters: true,
                dots: true,
            },
            |candidate| found.push(candidate),
        );
        found
    }

    #[test]
    fn finds_digits_letters_and_signs() {
        use Candidate::{At, Colon, Digits, Dot, Letters};
        assert_eq!(all("a@b.co: 12-3"), [At(1), Dot(3), Colon(6), Digits(8), Digits(11)]);
        assert_eq!(all("X1Y2"), [Letters(0), Digits(1), Digits(3)]);
        assert_eq!(all("HRB 123"), [Letters(0), Digits(4)]);
        assert_eq!(all("M-XÄ 12"), [Letters(0), Letters(2), Digits(6)]);
        assert_eq!(all("nothing here. At all"), []);
    }

    #[test]
    fn sees_candidates_on_both_sides_of_a_block() {
        for pad in 60..70 {
            assert_eq!(all(&format!("{}12345", "x ".repeat(pad))).len(), 3, "{pad}");
        }
    }
}
