//! Characters that nobody sees, by Unicode's properties.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

/// Whether a character takes no room where it is shown: a soft hyphen, what joins or parts letters, marks of direction, variation
/// selectors, tags, fillers (Unicode's `Default_Ignorable_Code_Point`), and the marks of annotations.
pub(crate) fn takes_no_room(c: char) -> bool {
    // Of other categories there are none, and a category is found faster than a place in a set.
    match category(c) {
        GeneralCategory::OtherLetter => FILLERS.contains(&c),
        GeneralCategory::Format | GeneralCategory::NonspacingMark | GeneralCategory::Unassigned => {
            is_annotation(c) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        }
        _ => false,
    }
}

/// The letters that take no room: those of Hangul that stand for none.
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// Every character that takes no room.
pub(crate) fn without_room() -> impl Iterator<Item = char> {
    let ranges = CodePointSetData::new::<DefaultIgnorableCodePoint>().iter_ranges();
    ranges.flatten().filter_map(char::from_u32).chain(ANNOTATIONS)
}

/// Whether a character is drawn over, under or around the one before it.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(
        category(c),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

/// Whether no font of the world at large has a picture of a character: it belongs to nobody, or to whoever uses it.
pub(crate) fn is_nobodys(c: char) -> bool {
    matches!(category(c), GeneralCategory::PrivateUse | GeneralCategory::Unassigned)
}

/// Whether a character controls a terminal, changes the direction of text, or has no picture: none belongs in a name.
pub fn is_unseen(c: char) -> bool {
    const BLANK_BRAILLE: char = '\u{2800}';
    let separates = || {
        matches!(
            category(c),
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator
        )
    };
    c.is_control() || (!c.is_ascii() && (c == BLANK_BRAILLE || takes_no_room(c) || is_nobodys(c) || separates()))
}

/// The marks that stand around annotations.
const ANNOTATIONS: std::ops::RangeInclusive<char> = '\u{fff9}'..='\u{fffb}';

fn is_annotation(c: char) -> bool {
    ANNOTATIONS.contains(&c)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_room_is_listed_and_nobody_sees_it() {
        let all: Vec<char> = without_room().collect();
        assert!(all.len() > 4_000 && all.iter().all(|c| takes_no_room(*c) && is_unseen(*c)));
        let listed = ('\0'..=char::MAX).filter(|c| takes_no_room(*c)).count();
        assert_eq!(listed, all.len());
        for c in "\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180b}\u{200b}\u{202e}\u{2064}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{1bca0}\u{1d173}\u{e0001}\u{e01f0}".chars() {
            assert!(takes_no_room(c), "{c:?}");
        }
        for c in "aéа中‘’—…‼😀\u{2800}\u{e000}\u{301}".chars() {
            assert!(!takes_no_room(c), "{c:?}");
        }
    }

    #[test]
    fn what_is_not_seen_may_take_room() {
        for c in "\0\t\u{1b}\u{85}\u{2028}\u{2800}\u{e000}\u{378}\u{10ffff}\u{f0000}".chars() {
            assert!(is_unseen(c), "{c:?}");
        }
        for c in " aé中\u{a0}\u{301}😀".chars() {
            assert!(!is_unseen(c), "{c:?}");
        }
    }

    #[test]
    fn marks_are_drawn_on_what_stands_before() {
        for c in "\u{301}\u{336}\u{489}\u{5b0}\u{64b}\u{93c}\u{1ab0}\u{20dd}\u{fe20}".chars() {
            assert!(is_mark(c), "{c:?}");
        }
        assert!(!"a´\u{2d8}\u{903}".chars().any(is_mark));
    }
}
