//! Characters that are written as others: entities of HTML, and numbers in the strings of programs.

/// Entities by name in lower case, of those that stand in words, between them, or in what programs read; in order.
const NAMED: &[(&str, char)] = &[
    ("af", '\u{2061}'),
    ("amp", '&'),
    ("apos", '\''),
    ("applyfunction", '\u{2061}'),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("emsp", ' '),
    ("ensp", ' '),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("hairsp", ' '),
    ("hyphen", '-'),
    ("ic", '\u{2063}'),
    ("invisiblecomma", '\u{2063}'),
    ("invisibletimes", '\u{2062}'),
    ("it", '\u{2062}'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("ldquo", '"'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lrm", '\u{200e}'),
    ("lsqb", '['),
    ("lsquo", '\''),
    ("lt", '<'),
    ("mediumspace", ' '),
    ("nbsp", ' '),
    ("negativemediumspace", '\u{200b}'),
    ("negativethickspace", '\u{200b}'),
    ("negativethinspace", '\u{200b}'),
    ("negativeverythinspace", '\u{200b}'),
    ("newline", '\n'),
    ("nobreak", '\u{2060}'),
    ("nonbreakingspace", ' '),
    ("num", '#'),
    ("numsp", ' '),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("puncsp", ' '),
    ("quest", '?'),
    ("quot", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rdquo", '"'),
    ("rlm", '\u{200f}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("rsquo", '\''),
    ("semi", ';'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("tab", ' '),
    ("thickspace", ' '),
    ("thinsp", ' '),
    ("thinspace", ' '),
    ("verbar", '|'),
    ("vert", '|'),
    ("verythinspace", ' '),
    ("zerowidthspace", '\u{200b}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The longest of the names.
const LONGEST_NAME: usize = 21;
/// Most digits of a number: it may begin with zeros.
const MOST_DIGITS: usize = 12;
/// Most backslashes before an escape: each string within a string has twice as many.
const MOST_SLASHES: usize = 16;

/// The entity of HTML that `text` begins with, if it does: how long it is, and what it stands for. Its `&` may be written as one,
/// too, and that of a number needs no `;`.
pub(super) fn entity(text: &[u8]) -> Option<(usize, char)> {
    let mut lead = text.starts_with(b"&").then_some(1)?;
    while text[lead..].starts_with(b"amp;") {
        lead += 4;
    }
    let named = match text.get(lead) {
        Some(b'#') => number(&text[lead + 1..]).map(|(length, c)| (length + 1, c)),
        _ => name(&text[lead..]),
    };
    match named {
        Some((length, c)) => Some((lead + length, c)),
        None => (lead > 1).then_some((lead, '&')),
    }
}

/// `quot;`
fn name(text: &[u8]) -> Option<(usize, char)> {
    let length = run(text, LONGEST_NAME, u8::is_ascii_alphabetic);
    (text.get(length) == Some(&b';')).then_some(())?;
    let lower = |at: usize| text[..length].get(at).map(u8::to_ascii_lowercase);
    let at = NAMED
        .binary_search_by(|(known, _)| known.bytes().cmp((0..length).filter_map(lower)))
        .ok()?;
    Some((length + 1, NAMED[at].1))
}

/// `39;`, `x27;`
fn number(text: &[u8]) -> Option<(usize, char)> {
    let (lead, radix) = match text.first()? {
        b'x' | b'X' => (1, 16),
        _ => (0, 10),
    };
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let digits = run(&text[lead..], MOST_DIGITS, is_digit);
    let c = value(&text[lead..lead + digits], radix).and_then(char::from_u32)?;
    let end = lead + digits;
    Some((end + usize::from(text.get(end) == Some(&b';')), c))
}

/// How many backslashes `text` begins with, as far as an escape may have them.
pub(super) fn slashes(text: &[u8]) -> usize {
    run(text, MOST_SLASHES, |byte| *byte == b'\\')
}

/// The number of a character that `text` begins with behind its backslashes, if it does: `u0049`, `u{49}`, `U00000049`, `x49`, and
/// two of UTF-16 for one character. How long it is, and the character; U+FFFD where there is none of that number.
pub(super) fn numbered(text: &[u8]) -> Option<(usize, char)> {
    let (length, value) = match text {
        [b'u' | b'U', b'{', rest @ ..] => {
            let digits = run(rest, MOST_DIGITS, u8::is_ascii_hexdigit);
            (rest.get(digits) == Some(&b'}')).then_some(())?;
            (digits + 3, value(&rest[..digits], 16)?)
        }
        [b'u', ..] => unit(text).map(|high| pair(text, high).unwrap_or((5, high)))?,
        [b'U', ..] => (9, value(text.get(1..9)?, 16)?),
        [b'x', ..] => (3, value(text.get(1..3)?, 16)?),
        _ => return None,
    };
    Some((length, char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)))
}

/// `u0049`
fn unit(text: &[u8]) -> Option<u32> {
    value(text.strip_prefix(b"u")?.get(..4)?, 16)
}

/// The character of UTF-16 that the first of two units and the one behind it are: `ud83d\ude00`.
fn pair(text: &[u8], high: u32) -> Option<(usize, u32)> {
    (0xd800..0xdc00).contains(&high).then_some(())?;
    let second = 5 + slashes(&text[5..]);
    let low = unit(&text[second..]).filter(|low| second > 5 && (0xdc00..0xe000).contains(low))?;
    Some((second + 5, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
}

fn value(digits: &[u8], radix: u32) -> Option<u32> {
    let all_digits = digits.iter().all(|digit| char::from(*digit).is_digit(radix));
    let digits = std::str::from_utf8(digits).ok().filter(|_| all_digits)?;
    u32::from_str_radix(digits, radix).ok()
}

/// How many bytes of a kind `text` begins with, up to so many.
fn run(text: &[u8], most: usize, is_kind: impl Fn(&u8) -> bool) -> usize {
    text.iter().take(most).take_while(|byte| is_kind(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_what_they_stand_for() {
        let longest = NAMED.iter().map(|(name, _)| name.len()).max();
        assert!(NAMED.is_sorted_by(|one, next| one.0 < next.0) && longest == Some(LONGEST_NAME));
        for (text, read) in [
            ("&quot;x", Some((6, '"'))),
            ("&QUOT;", Some((6, '"'))),
            ("&#39;x", Some((5, '\''))),
            ("&#x27;", Some((6, '\''))),
            ("&#0000073;", Some((10, 'I'))),
            ("&#73gnore", Some((4, 'I'))),
            ("&#x49gnore", Some((5, 'I'))),
            ("&amp;", Some((5, '&'))),
            ("&amp;amp;quot;", Some((14, '"'))),
            ("&amp;&lt;", Some((5, '&'))),
            ("&NegativeVeryThinSpace;", Some((23, '\u{200b}'))),
            ("&quot", None),
            ("&nothing;", None),
            ("&#;", None),
            ("&#xg;", None),
            ("&#99999999;", None),
            ("& quot;", None),
            ("&é;", None),
            ("&", None),
            ("quot;", None),
            ("", None),
        ] {
            assert_eq!(entity(text.as_bytes()), read, "{text}");
        }
    }

    #[test]
    fn numbers_are_characters() {
        for (text, read) in [
            ("u0049x", Some((5, 'I'))),
            ("u{49}x", Some((5, 'I'))),
            ("U{1F600}", Some((8, '😀'))),
            ("U0001d408", Some((9, '𝐈'))),
            ("x49", Some((3, 'I'))),
            (r"ud835\udc08", Some((11, '𝐈'))),
            (r"ud835\\udc08", Some((12, '𝐈'))),
            ("ud835udc08", Some((5, '\u{fffd}'))),
            (r"ud835\u0049", Some((5, '\u{fffd}'))),
            ("u{110000}", Some((9, '\u{fffd}'))),
            ("u{}", None),
            ("u{49", None),
            ("u004", None),
            ("u+049", None),
            ("xg0", None),
            ("n", None),
            ("", None),
        ] {
            assert_eq!(numbered(text.as_bytes()), read, "{text}");
        }
    }
}
