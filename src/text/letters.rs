//! Texts of others to the letter, for whoever decides by them: what passes for a plain letter or sign is written out.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::detect::unseen::is_unseen;

/// Signs that part a path, an address or a command line: one that only looks like them leads elsewhere.
const PARTING: &str = "/\\.:@?#&=%;|$<>~*";

/// `text` with what nobody sees, blanks that are no plain blank, and letters and signs that pass for
/// plain ones, written as `\u{…}`.
pub fn to_the_letter(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, None);
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(if length == 0 { c.len_utf8() } else { length });
        let passes = passes_for_another(word, before, after.chars().next());
        for c in word.chars() {
            let hides = is_unseen(c) || (c != ' ' && c.is_whitespace());
            push(&mut shown, c, hides || (passes && looks_plain(c)));
        }
        before = word.chars().next_back();
        rest = after;
    }
    shown
}

fn push(shown: &mut String, c: char, escaped: bool) {
    match escaped {
        true => shown.extend(c.escape_unicode()),
        false => shown.push(c),
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether what looks plain in a word, or is a sign between these two, is there to pass for something else: a word that
/// has plain letters too, or nothing of another script's own; a sign that does not stand in another script's text.
fn passes_for_another(word: &str, before: Option<char>, after: Option<char>) -> bool {
    if word.is_ascii() {
        return false;
    }
    if word.starts_with(is_of_word) {
        return word.chars().any(|c| c.is_ascii_alphanumeric()) || word.chars().all(|c| c == '_' || looks_plain(c));
    }
    let is_foreign = |c: char| !c.is_ascii() && is_of_word(c) && !looks_plain(c);
    let stands_in_text =
        (before.is_some() || after.is_some()) && before.is_none_or(is_foreign) && after.is_none_or(is_foreign);
    !stands_in_text
        && word
            .chars()
            .any(|c| plain(c).is_some_and(|plain| PARTING.contains(plain)))
}

/// Whether a character that is not plain looks like one that is.
fn looks_plain(c: char) -> bool {
    plain(c).is_some()
}

/// The plain character that another one looks like.
fn plain(c: char) -> Option<char> {
    let one = |mut shape: std::str::Chars<'_>| shape.next().filter(|c| c.is_ascii() && shape.next().is_none());
    if c.is_ascii() {
        return None;
    }
    let compatible: String = std::iter::once(c).nfkc().collect();
    let alike: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
    one(compatible.chars()).or_else(|| one(alike.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_for_something_else_is_written_out() {
        for (text, shown) in [
            ("/\u{435}t\u{441}/passwd", "/\\u{435}t\\u{441}/passwd"),
            ("\u{440}\u{430}\u{440}", "\\u{440}\\u{430}\\u{440}"),
            (
                "\u{ff0f}\u{ff45}\u{ff54}\u{ff43}",
                "\\u{ff0f}\\u{ff45}\\u{ff54}\\u{ff43}",
            ),
            ("a\u{2044}b", "a\\u{2044}b"),
            ("a\u{a0}b\u{3000}", "a\\u{a0}b\\u{3000}"),
        ] {
            assert_eq!(to_the_letter(text), shown, "{text}");
        }
        for whole in [
            "/etc/passwd",
            "Привет, мир",
            "naïve café",
            "你好：世界",
            "don’t – “quote”…",
            "日本 2026",
            "Größe_1",
        ] {
            assert_eq!(to_the_letter(whole), whole);
        }
    }
}
