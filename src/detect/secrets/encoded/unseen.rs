//! Characters that take no room, and letters that only look wider: what an eye and a copied text don't tell.

use std::sync::LazyLock;

use aho_corasick::Span;
use aho_corasick::packed::Searcher;

use super::readers::Decoded;

/// The first bytes of the characters that are read below.
const STARTS: [&[u8]; 16] = [
    b"\xC2\xAD",
    b"\xCD\x8F",
    b"\xD8\x9C",
    b"\xE1\x85",
    b"\xE1\x9E",
    b"\xE1\xA0",
    b"\xE2\x80",
    b"\xE2\x81",
    b"\xE3\x85",
    b"\xEF\xB8",
    b"\xEF\xBB",
    b"\xEF\xBC",
    b"\xEF\xBD",
    b"\xEF\xBE",
    b"\xEF\xBF",
    b"\xF3\xA0",
];

static SEARCH: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(STARTS).expect("a few short literals fit"));

/// Where such a character may start next.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let found = SEARCH.find_in(bytes, Span::from(from..bytes.len()));
    found.map(|found| found.start())
}

/// A character that takes no room (most of Unicode's `Default_Ignorable_Code_Point`): the soft hyphen, joiners, zero-width spaces, marks
/// of direction, variation selectors, tags, fillers; or a letter, digit, `_` or `-` of full width.
pub(super) fn unseen(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let length = match bytes[at..] {
        [0xC2, 0xAD, ..] | [0xCD, 0x8F, ..] | [0xD8, 0x9C, ..] => 2,
        [0xE1, 0x85, 0x9F | 0xA0, ..]
        | [0xE1, 0x9E, 0xB4 | 0xB5, ..]
        | [0xE1, 0xA0, 0x8B..=0x8F, ..]
        | [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..]
        | [0xE2, 0x81, 0xA0..=0xAF, ..]
        | [0xE3, 0x85, 0xA4, ..]
        | [0xEF, 0xB8, 0x80..=0x8F, ..]
        | [0xEF, 0xBB, 0xBF, ..]
        | [0xEF, 0xBE, 0xA0, ..]
        | [0xEF, 0xBF, 0xB0..=0xBB, ..] => 3,
        [0xF3, 0xA0, 0x80..=0x87, 0x80..=0xBF, ..] => 4,
        // U+FF01 is `!`, and so on.
        [0xEF, 0xBC, low @ 0x81..=0xBF, ..] => return wide(low - 0x80 + b' '),
        [0xEF, 0xBD, low @ 0x80..=0x9E, ..] => return wide(low - 0x80 + b'`'),
        _ => return None,
    };
    Some((length, Decoded::default()))
}

fn wide(narrow: u8) -> Option<(usize, Decoded)> {
    (narrow.is_ascii_alphanumeric() || matches!(narrow, b'_' | b'-')).then(|| (3, Decoded::of(char::from(narrow))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_room() {
        for c in "\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180b}\u{180e}\u{200b}\u{200f}\u{202a}\u{202e}\u{2060}\u{2066}\u{206f}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e0001}\u{e0020}\u{e007f}\u{e0100}\u{e01ef}".chars() {
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
