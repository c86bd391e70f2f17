//! Words whose letters stand for others, stand in another order, or stand apart.

use std::borrow::Cow;

/// Words in which each letter stands for the one half an alphabet away.
pub(super) fn rot13(text: &str) -> Option<String> {
    let turn = |c: char, first: char| char::from((c as u8 - first as u8 + 13) % 26 + first as u8);
    let turned = text.chars().map(|c| match c {
        'a'..='z' => turn(c, 'a'),
        'A'..='Z' => turn(c, 'A'),
        _ => c,
    });
    Some(turned.collect())
}

/// A line from its end to its start.
pub(super) fn reversed(text: &str) -> Option<String> {
    Some(text.chars().rev().collect())
}

/// `i g n o r e  a l l`: two blanks part words.
pub(super) fn spaced(text: &str) -> Option<String> {
    let words = text.split("  ").map(|word| {
        let letters = word.chars().filter(char::is_ascii_alphabetic);
        letters.collect::<String>()
    });
    let said = words.collect::<Vec<_>>().join(" ");
    Some(said)
}

/// `1gn0r3 pr3v10us`: at least two words with digits for letters.
pub(super) fn leet(text: &str) -> Option<String> {
    let stands_for_letter = |byte: u8| b"0134578@$".contains(&byte);
    let is_leet = |word: &&str| {
        let inner = word.trim_end_matches(['.', ',', '!']).as_bytes();
        let letters = |byte: &u8| byte.is_ascii_alphabetic() || stands_for_letter(*byte);
        let leads = |pair: &[u8]| stands_for_letter(pair[0]) && pair[1].is_ascii_alphabetic();
        inner.len() >= 3 && inner.iter().all(letters) && inner.windows(2).any(leads)
    };
    if text.split_whitespace().filter(is_leet).count() < 2 {
        return None;
    }
    let plain = |c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        c => c,
    };
    Some(text.chars().map(plain).collect())
}

/// `ignore-all-previous`, `ignore_all.previous`: signs within words are blanks, but for those of addresses and paths.
pub(super) fn joined(text: &str) -> Option<String> {
    let said: Vec<Cow<'_, str>> = text.split(' ').map(apart).collect();
    let changes = said.iter().any(|word| matches!(word, Cow::Owned(_)));
    changes.then(|| said.join(" "))
}

/// A word with blanks for the signs between its letters, where there are several.
fn apart(word: &str) -> Cow<'_, str> {
    let bytes = word.as_bytes();
    let parts = |at: &usize| matches!(bytes[*at], b'-' | b'_' | b'.' | b'+' | b'|' | b'~' | b'=' | b':');
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let signs = (1..bytes.len()).filter(|at| parts(at) && is_letter(at - 1) && is_letter(at + 1));
    let signs: Vec<usize> = signs.collect();
    if signs.len() < 2 || word.contains('/') {
        return Cow::Borrowed(word);
    }
    let mut said = word.to_owned();
    signs.iter().for_each(|at| said.replace_range(at..&(at + 1), " "));
    Cow::Owned(said)
}
