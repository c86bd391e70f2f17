//! Characters that take no room, and letters that only look wider: what an eye and a copied text don't tell.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::Span;
use aho_corasick::packed::Searcher;

use super::readers::Decoded;
use crate::detect::unseen::{takes_no_room, without_room};

/// Letters, digits and signs of full width.
const WIDE: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';

/// Finds the first two bytes of the characters that are read below.
static SEARCH: LazyLock<Searcher> = LazyLock::new(|| {
    let start = |c: char| c.to_string().as_bytes()[..2].to_owned();
    let starts: BTreeSet<Vec<u8>> = without_room().chain(WIDE).map(start).collect();
    Searcher::new(starts).expect("a few short literals fit")
});

/// Where such a character may start next.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let found = SEARCH.find_in(bytes, Span::from(from..bytes.len()));
    found.map(|found| found.start())
}

/// A character that takes no room; or a letter, digit, `_` or `-` of full width.
pub(super) fn unseen(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    match bytes[at..] {
        // What is between words in most texts: the quotes and dashes of U+2010 to U+2027.
        [0xE2, 0x80, 0x90..=0xA7, ..] => None,
        // U+FF01 is `!`, and so on.
        [0xEF, 0xBC, low @ 0x81..=0xBF, ..] => wide(low - 0x80 + b' '),
        [0xEF, 0xBD, low @ 0x80..=0x9E, ..] => wide(low - 0x80 + b'`'),
        _ => {
            let length = LONGEST.min(bytes.len() - at);
            let c = bytes[at..at + length].utf8_chunks().next()?.valid().chars().next()?;
            takes_no_room(c).then(|| (c.len_utf8(), Decoded::default()))
        }
    }
}

/// The longest character, in bytes.
const LONGEST: usize = 4;

fn wide(narrow: u8) -> Option<(usize, Decoded)> {
    (narrow.is_ascii_alphanumeric() || matches!(narrow, b'_' | b'-')).then(|| (3, Decoded::of(char::from(narrow))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_room() {
        for c in "\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180b}\u{180e}\u{200b}\u{200f}\u{202a}\u{202e}\u{2060}\u{2066}\u{206f}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e007f}\u{e0100}\u{e01ef}\u{e0fff}".chars() {
            let text = format!("a{c}b");
            let at = next(text.as_bytes(), 0);
            let read = at.and_then(|at| unseen(text.as_bytes(), at)).map(|(length, _)| length);
            assert_eq!((at, read), (Some(1), Some(c.len_utf8())), "{c:?}");
        }
        for c in "éаяα中‘’—…•！：（￼�😀".chars() {
            assert!(unseen(c.to_string().as_bytes(), 0).is_none(), "{c:?}");
        }
    }

    #[test]
    fn wide_letters_are_narrow_ones() {
        for (wide, narrow) in [("ｇ", "g"), ("Ａ", "A"), ("＿", "_"), ("９", "9"), ("ｚ", "z")] {
            let view = &super::super::of_escapes(
                wide,
                super::super::Escapes {
                    non_ascii: true,
                    ..Default::default()
                },
            )[0];
            assert_eq!(view.text, narrow);
        }
    }
}
