//! Text that others wrote, as a person may look at it: what steers a terminal, turns the direction of text or has no
//! picture is written as an escape.

use std::borrow::Cow;

use icu_properties::{
    CodePointSetData,
    props::{EmojiModifier, ExtendedPictographic},
};

use crate::detect::unseen::is_unseen;

/// `text` with what nobody sees written as `\u{…}`; its line breaks stay.
pub fn visible(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(visible_line).collect();
    lines.join("\n")
}

/// `text` in one line, with what nobody sees, its line breaks included, written as `\u{…}`.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    let mut shown: Option<String> = None;
    for (at, c) in text.char_indices() {
        let hides = is_unseen(c) && !is_of_a_picture(c, &text[..at], &text[at + c.len_utf8()..]);
        match &mut shown {
            Some(shown) if hides => shown.extend(c.escape_unicode()),
            Some(shown) => shown.push(c),
            None if hides => {
                let mut begun = String::with_capacity(text.len() + 16);
                begun.push_str(&text[..at]);
                begun.extend(c.escape_unicode());
                shown = Some(begun);
            }
            None => {}
        }
    }
    shown.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The same with each run of white space as one blank.
pub fn in_one_line(text: &str) -> String {
    let words: Vec<Cow<'_, str>> = text.split_whitespace().map(visible_line).collect();
    words.join(" ")
}

/// A JSON text that means the same, in which what nobody sees is written as JSON's own `\u…`. Blanks and line breaks
/// between its values stay.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    // Strings of JSON hold no other control characters of ASCII than this one.
    let hides = |c: char| c == '\u{7f}' || !c.is_ascii() && is_unseen(c);
    if !json.contains(hides) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if hides(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character that nobody sees is a part of an emoji: it says that the sign before it is drawn as text or as a
/// picture, or makes one picture of those that it stands between (UTS 51, 1.4.9; UAX 29, GB11).
fn is_of_a_picture(c: char, before: &str, after: &str) -> bool {
    const AS_TEXT: char = '\u{fe0e}';
    const AS_PICTURE: char = '\u{fe0f}';
    const JOINER: char = '\u{200d}';
    let is_sign = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !is_unseen(c);
    let is_picture = |c: char| CodePointSetData::new::<ExtendedPictographic>().contains(c);
    let is_tone = |c: char| CodePointSetData::new::<EmojiModifier>().contains(c);
    match c {
        AS_TEXT | AS_PICTURE => before.ends_with(is_sign),
        JOINER => {
            let drawn = before.strip_suffix(|c| c == AS_PICTURE || is_tone(c)).unwrap_or(before);
            drawn.ends_with(is_picture) && after.starts_with(is_picture)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind that hides or steers.
    const UNSEEN: &str = "\u{1b}\u{7}\r\u{8}\u{7f}\u{9b}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{180b}\u{200b}\u{200d}\u{202e}\
                          \u{2028}\u{2066}\u{2800}\u{3164}\u{e000}\u{fe00}\u{feff}\u{ffa0}\u{fff9}\u{1d173}\u{e0041}\u{e0100}";

    #[test]
    fn what_nobody_sees_is_written_out() {
        for c in UNSEEN.chars() {
            let text = format!("a{c}b");
            assert_eq!(visible(&text), format!("a{}b", c.escape_unicode()));
            assert_eq!(visible_line(&text), visible(&text));
        }
        assert_eq!(visible("a\nb\t"), "a\nb\\u{9}");
        assert_eq!(visible_line("a\nb"), "a\\u{a}b");
        assert_eq!(
            visible_line("🦀\u{200d}\u{200d}🦀\u{fe0f}\u{fe0f}"),
            "🦀\\u{200d}\\u{200d}🦀\u{fe0f}\\u{fe0f}"
        );
        assert_eq!(in_one_line("a\u{1b}[2J\r\n\n b"), "a\\u{1b}[2J b");
    }

    #[test]
    fn what_languages_and_emoji_show_is_left_alone() {
        for text in [
            "plain",
            "ünï",
            "שלום",
            "日本語",
            "❤\u{fe0f} ⚙\u{fe0f}",
            "e\u{301}",
            "नमस्ते",
            "🦀",
            "👨\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "👩🏽\u{200d}💻",
        ] {
            assert!(matches!(visible_line(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({format!("k{UNSEEN}"): [UNSEEN, "plain", "❤\u{fe0f}"]});
        for json in [value.to_string(), format!("{value:#}")] {
            let shown = visible_json(&json);
            assert!(!shown.contains(|c| c != '\n' && is_unseen(c)), "{shown}");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&shown).ok(),
                Some(value.clone())
            );
        }
        assert!(visible_json("\"\u{9b}\u{e0041}\"").contains("\\u009b\\udb40\\udc41"));
        assert!(matches!(visible_json("{\n  \"a\": 1\n}"), Cow::Borrowed(_)));
    }
}
