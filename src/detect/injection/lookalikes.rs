//! Letters that are drawn as others, and what they are read as.

use unicode_security::confusable_detection::skeleton;

/// Alphabets of pictures of letters that no compatible form leads back from: where each begins with its A, in order.
const ALPHABETS: [u32; 5] = [
    // In parentheses, small and capital; white on black, in circles and in squares; regional indicators, of which two are a flag.
    0x249c, 0x1f110, 0x1f150, 0x1f170, 0x1f1e6,
];

/// The letter of the English alphabet, in lower case, that a character is a picture of.
pub(super) fn pictured(c: char) -> Option<char> {
    if let Some(letter) = small_capital(c) {
        return Some(letter);
    }
    let number = u32::from(c);
    let before = ALPHABETS.partition_point(|first| *first <= number);
    let first = ALPHABETS[before.checked_sub(1)?];
    let letter = u8::try_from(number - first).ok().filter(|letter| *letter < 26)?;
    Some(char::from(b'a' + letter))
}

/// The letter of which this is the small capital.
fn small_capital(c: char) -> Option<char> {
    const FORMS: [char; 24] = [
        'ᴀ', 'ʙ', 'ᴄ', 'ᴅ', 'ᴇ', 'ꜰ', 'ɢ', 'ʜ', 'ɪ', 'ᴊ', 'ᴋ', 'ʟ', 'ᴍ', 'ɴ', 'ᴏ', 'ᴘ', 'ʀ', 'ꜱ', 'ᴛ', 'ᴜ', 'ᴠ', 'ᴡ',
        'ʏ', 'ᴢ',
    ];
    if !matches!(c, '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1d2b}' | '\u{a730}' | '\u{a731}') {
        return None;
    }
    let at = FORMS.iter().position(|form| *form == c)?;
    b"abcdefghijklmnoprstuvwyz".get(at).map(|letter| char::from(*letter))
}

/// A letter of another script that looks like a Latin one.
pub(super) fn is_lookalike(c: char) -> bool {
    let other_script = matches!(u32::from(c), 0x0370..=0x058f | 0x13a0..=0x13ff | 0x1c80..=0x1c8f | 0xa640..=0xa69f
        | 0xab70..=0xabbf);
    other_script && plain(c).is_some()
}

/// The letter of ASCII that a character looks like.
pub(super) fn plain(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut shape = skeleton(c.encode_utf8(&mut buffer));
    let letter = shape.next().filter(char::is_ascii_alphabetic);
    letter.filter(|_| shape.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_letters_are_read() {
        for text in ["🅐🅑🅒🅩", "🅰🅱🅲🆉", "🄐🄑🄒🄩", "⒜⒝⒞⒵", "🇦🇧🇨🇿", "ᴀʙᴄᴢ"]
        {
            let read: String = text.chars().filter_map(pictured).collect();
            assert_eq!(read, "abcz", "{text}");
        }
        assert!("a⒛ⓐ🄯🅏🆊🈁é—😀".chars().all(|c| pictured(c).is_none()));
    }

    #[test]
    fn letters_of_other_scripts_look_like_latin_ones() {
        let read: Vec<Option<char>> = "аеоԁ".chars().map(plain).collect();
        assert_eq!(read, ['a', 'e', 'o', 'd'].map(Some));
        assert!("аеоԁ".chars().all(is_lookalike) && !"яж中aé".chars().any(is_lookalike));
    }
}
