//! String tokens and what they mean.

use std::borrow::Cow;

use fearless_simd::dispatch;
use memchr::memchr;

use super::Token;
use crate::lanes::{self, BLOCK, Lanes, Narrow, Vectors};

/// What a string token means: borrowed where nothing is escaped. A lone surrogate becomes U+FFFD.
pub fn decode<'a>(token: &Token<'a>) -> Cow<'a, str> {
    if !token.escaped {
        return Cow::Borrowed(token.raw);
    }
    let text = unescaped(token.raw.as_bytes());
    Cow::Owned(String::from_utf8(text).expect("whole characters in the place of whole escapes"))
}

/// What the simple escapes stand for; zero for all others.
static SIMPLE: [u8; 256] = {
    let mut table = [0; 256];
    let pairs = b"\"\"\\\\//b\x08f\x0cn\nr\rt\t";
    let mut at = 0;
    while at < pairs.len() {
        table[pairs[at] as usize] = pairs[at + 1];
        at += 2;
    }
    table
};

/// `raw` with what its escapes stand for.
fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut undoing = Undoing {
        raw,
        from: 0,
        text: vec![0; raw.len() + BLOCK],
        to: 0,
    };
    if let Some(level) = lanes::vectors() {
        dispatch!(level, simd => undoing.go_on(Vectors(simd)));
        dispatch!(level, simd => undoing.go_on(Narrow(simd)));
    }
    while let Some(byte) = raw.get(undoing.from) {
        match byte {
            b'\\' => undoing.escape(),
            byte => {
                undoing.text[undoing.to] = *byte;
                undoing.pass(1, 1);
            }
        }
    }
    undoing.text.truncate(undoing.to);
    undoing.text
}

/// How far escapes are undone.
struct Undoing<'a> {
    raw: &'a [u8],
    from: usize,
    /// Longer than it will be.
    text: Vec<u8>,
    to: usize,
}

impl Undoing<'_> {
    fn pass(&mut self, raw: usize, text: usize) {
        self.from += raw;
        self.to += text;
    }

    /// Goes on while so many bytes are left as are looked at together. As many are copied: what follows is written over those that
    /// are too many.
    #[inline(always)]
    fn go_on<L: Lanes>(&mut self, lanes: L) {
        while let Some(near) = self.raw[self.from..].get(..L::WIDTH) {
            self.text[self.to..self.to + L::WIDTH].copy_from_slice(near);
            let backslashes = lanes.bits(lanes.is(lanes.load(near), b'\\'));
            let length = (backslashes.trailing_zeros() as usize).min(L::WIDTH);
            self.pass(length, length);
            if backslashes != 0 {
                self.escape();
            }
        }
    }

    /// Undoes the escape that comes next.
    #[inline(always)]
    fn escape(&mut self) {
        let raw = &self.raw[self.from..];
        let simple = raw.get(1).map_or(0, |sign| SIMPLE[usize::from(*sign)]);
        if simple != 0 {
            self.text[self.to] = simple;
            return self.pass(2, 1);
        }
        let (character, width) = escape(raw);
        // No escape is shorter than what it stands for, but for a backslash at the end.
        let length = character.encode_utf8(&mut self.text[self.to..]).len();
        self.pass(width, length);
    }
}

/// `text` as a JSON string, quotes included.
pub fn quote(text: &str) -> String {
    let is_plain = |byte| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        return ["\"", text, "\""].concat();
    }
    serde_json::Value::from(text).to_string()
}

/// From positions in a decoded text back to the raw text that it was decoded from.
#[derive(Debug, Default)]
pub struct SourceMap {
    /// (position in the decoded text, position in the raw text) at the start and the end of each escape, ascending.
    steps: Vec<(usize, usize)>,
}

impl SourceMap {
    /// The map of one string token; positions in the raw text count from after its opening quote.
    pub fn new(token: &Token<'_>) -> Self {
        let mut steps = Vec::new();
        if token.escaped {
            let mut decoded = 0;
            unescape(token.raw, |piece| {
                let (at, length) = match piece {
                    Piece::Plain(at, plain) => (at, plain.len()),
                    Piece::Escape(at, character) => (at, character.len_utf8()),
                };
                steps.push((decoded, at));
                decoded += length;
            });
            steps.push((decoded, token.raw.len()));
        }
        Self { steps }
    }

    /// Where in the raw text the decoded text's position `at` stands. A position inside what one escape stands for is
    /// moved to the escape's start.
    pub fn source(&self, at: usize) -> usize {
        match self
            .steps
            .partition_point(|(decoded, _)| *decoded <= at)
            .checked_sub(1)
            .map(|i| (self.steps[i], self.steps.get(i + 1)))
        {
            None => at,
            Some(((decoded, raw), next)) => {
                let inside = at - decoded;
                // A piece that is as long raw as decoded was copied; any other is one escape.
                match next {
                    Some((to, raw_to)) if to - decoded != raw_to - raw => raw,
                    _ => raw + inside,
                }
            }
        }
    }
}

/// A part of a string as written, with its position.
enum Piece<'a> {
    /// A stretch without an escape.
    Plain(usize, &'a str),
    /// What one escape stands for.
    Escape(usize, char),
}

/// Calls `each` for every stretch without an escape and for every escape, in order.
fn unescape<'a>(raw: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let run = memchr(b'\\', &bytes[at..]).unwrap_or(bytes.len() - at);
        if run > 0 {
            each(Piece::Plain(at, &raw[at..at + run]));
        }
        at += run;
        if at < bytes.len() {
            let (character, width) = escape(&bytes[at..]);
            each(Piece::Escape(at, character));
            at += width;
        }
    }
}

/// The character that an escape stands for, and how many bytes it takes. The token was read by the strict pass, so its
/// escapes are whole.
fn escape(bytes: &[u8]) -> (char, usize) {
    match bytes.get(1) {
        Some(b'u') => unicode_escape(bytes),
        Some(sign) => match SIMPLE[usize::from(*sign)] {
            0 => (char::REPLACEMENT_CHARACTER, 1),
            simple => (char::from(simple), 2),
        },
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

#[inline(never)]
fn unicode_escape(bytes: &[u8]) -> (char, usize) {
    let unit = |from: usize| {
        let digits = bytes.get(from..from + 6).filter(|escape| escape.starts_with(b"\\u"))?;
        u16::from_str_radix(std::str::from_utf8(&digits[2..]).ok()?, 16).ok()
    };
    let units: Vec<u16> = [unit(0), unit(6)].into_iter().map_while(|unit| unit).collect();
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, 6 * character.len_utf16()),
        _ => (char::REPLACEMENT_CHARACTER, 6.min(bytes.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Events, scan};
    use proptest::prelude::*;

    /// The only string of a text that is one string.
    fn token(text: &str) -> Token<'_> {
        #[derive(Default)]
        struct Last<'a>(Option<Token<'a>>);
        impl<'a> Events<'a> for Last<'a> {
            fn key(&mut self, _: Token<'a>) {}
            fn number(&mut self, _: Token<'a>) {}
            fn string(&mut self, string: Token<'a>) {
                self.0 = Some(string);
            }
        }
        let mut last = Last::default();
        scan(text, &mut last).unwrap();
        last.0.unwrap()
    }

    #[test]
    fn escapes_are_decoded_and_lone_surrogates_replaced() {
        assert_eq!(decode(&token(r#""a\n\"\\\/\t\u00e9\ud83d\ude00z""#)), "a\n\"\\/\té😀z");
        assert_eq!(decode(&token(r#""\ud800x""#)), "\u{fffd}x");
        assert_eq!(decode(&token(r#""\ud800\ud800""#)), "\u{fffd}\u{fffd}");
        assert!(matches!(decode(&token(r#""plain é""#)), Cow::Borrowed("plain é")));
    }

    #[test]
    fn positions_lead_back_to_the_source() {
        let token = token(r#""ab\n\u00e9cd""#);
        let map = SourceMap::new(&token);
        let source: Vec<usize> = [0, 2, 3, 5, 6, 7].map(|at| map.source(at)).into();
        assert_eq!(source, [0, 2, 4, 10, 11, 12]);
        assert_eq!(map.source(4), 4, "inside é, which is one escape in the source");
    }

    proptest! {
        #[test]
        fn quoting_and_decoding_undo_each_other(text in r#"(\PC|["\\\n]|[a-z ]{0,90}){0,30}"#) {
            let quoted = quote(&text);
            let token = token(&quoted);
            prop_assert_eq!(decode(&token), text.clone());
            let mut pieces = String::new();
            unescape(token.raw, |piece| match piece {
                Piece::Plain(_, plain) => pieces.push_str(plain),
                Piece::Escape(_, character) => pieces.push(character),
            });
            prop_assert_eq!(&pieces, &text);
            let map = SourceMap::new(&token);
            for (at, c) in text.char_indices() {
                let piece = format!("\"{}\"", &token.raw[map.source(at)..map.source(at + c.len_utf8())]);
                prop_assert_eq!(serde_json::from_str::<String>(&piece).unwrap(), c.to_string());
            }
        }
    }
}
