//! Characters that nobody sees, by Unicode's properties.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

/// Whether a character controls a terminal, changes the direction of text, or has no picture: none belongs in a name.
pub fn is_unseen(c: char) -> bool {
    const BLANK_BRAILLE: char = '\u{2800}';
    let ignorable = || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
    let category = || CodePointMapData::<GeneralCategory>::new().get(c);
    !c.is_ascii()
        && (matches!(c, BLANK_BRAILLE | '\u{fff9}'..='\u{fffb}') || ignorable() || {
            use GeneralCategory::{Control, LineSeparator, ParagraphSeparator, PrivateUse, Unassigned};
            matches!(
                category(),
                Control | LineSeparator | ParagraphSeparator | PrivateUse | Unassigned
            )
        })
        || c.is_ascii_control()
}
