//! What a mask looks like: `<KIND>`, or `<KIND_1_x7f3a2b>` where it can be taken off again. The number is that of the value
//! among those of its kind, and what follows it tells the sessions apart.

use std::ops::Range;

/// Most letters of a word of a kind, and most digits behind them. A secret in upper case that stands in angle brackets
/// has more of either, or has them mixed.
const WORD: (usize, usize) = (20, 3);

/// The digits of a session's nonce, which an `x` begins.
pub const NONCE_DIGITS: usize = 6;

/// Is `text` one placeholder, as a mask would have left it?
pub fn is(text: &str) -> bool {
    first(text) == Some(0..text.len())
}

/// The first placeholder in `text`.
pub fn first(text: &str) -> Option<Range<usize>> {
    memchr::memchr_iter(b'<', text.as_bytes()).find_map(|open| {
        let inner = &text.as_bytes()[open + 1..];
        let kind = run(inner, |byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
        });
        let named = kind >= 3 && inner[0].is_ascii_uppercase();
        let worded = || {
            let mut words = inner[..kind].split(|byte| *byte == b'_');
            words.all(is_word)
        };
        let nonce = match inner[..kind].ends_with(b"_") && inner.get(kind) == Some(&b'x') {
            true => 1 + run(&inner[kind + 1..], is_nonce_digit),
            false => 0,
        };
        let whole =
            named && [0, 1 + NONCE_DIGITS].contains(&nonce) && inner.get(kind + nonce) == Some(&b'>') && worded();
        whole.then_some(open..open + 1 + kind + nonce + 1)
    })
}

/// The placeholders in `text`, in order.
pub fn all(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(span) = first(&text[from..]) {
        spans.push(from + span.start..from + span.end);
        from += span.end;
    }
    spans
}

/// The numbered placeholders of any session in `text`, in order.
pub fn numbered(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_numbered = |span: &Range<usize>| {
        let name = &text[span.start + 1..span.end - 1];
        let kind_and_number = name.rsplit_once('_').filter(|(_, nonce)| nonce.starts_with('x'));
        let number = kind_and_number.and_then(|(kind_and_number, _)| kind_and_number.rsplit_once('_'));
        number.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    all(text).into_iter().filter(is_numbered)
}

/// Those of them with this nonce.
pub fn of_session<'t>(text: &'t str, nonce: &str) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let end = format!("_{nonce}>");
    let possible = if text.contains(&end) { text } else { "" };
    numbered(possible).filter(move |span| possible[span.clone()].ends_with(&end))
}

/// Letters, then digits, few of each; a number by itself is one too, and so is nothing. What is as short as `E2B` may be
/// mixed.
fn is_word(word: &[u8]) -> bool {
    let letters = run(word, |byte| byte.is_ascii_uppercase());
    let digits = word.len() - letters;
    let counts = letters == 0 || digits <= WORD.1;
    word.len() <= 4 || letters <= WORD.0 && counts && word[letters..].iter().all(u8::is_ascii_digit)
}

fn is_nonce_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

fn run(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_upper_case_in_angle_brackets() {
        for text in [
            "<GITHUB_APP_TOKEN>",
            "<AWS_S3>",
            "<AWS_S3_12_x00ff7a>",
            "<SECRET_12345>",
        ] {
            assert!(is(text), "{text}");
        }
        for other in [
            "<b>",
            "<AB>",
            "<Key>",
            "< KEY>",
            "<1234>",
            "GITHUB",
            "x<KEYS>",
            "<KEYS>x",
            "",
            "<KEY_1_x>",
            "<KEY_1_x00ff7>",
            "<KEY_1_x00ff7a1>",
            "<KEY_1_x00FF7A>",
            "<KEY_1_not_x00ff7a>",
            "<KEY_1x00ff7a>",
            "<AKIAQ6U7Y2P5ZN3WXRTD>",
            "<JBSWY3DPEHPK3PXP>",
            "<NBSWYIDXN5ZGYZDLMVZHG>",
            "<9F86D081884C7D659A2FEAA0C55AD015>",
            "<F86D081884C7D659A2FEAA0C55AD0159>",
        ] {
            assert!(!is(other), "{other}");
        }
        assert_eq!(all("a <ONE> b<TWO><x><THREE"), vec![2..7, 9..14]);
    }

    #[test]
    fn a_session_knows_its_own() {
        let text = "<ONE> <<ONE_1_x00ff7a> <ONE_x00ff7a> <ONE_1_x123456> <ONE_A_x00ff7a><ONE_22_x00ff7a>";
        let own: Vec<&str> = of_session(text, "x00ff7a").map(|span| &text[span]).collect();
        assert_eq!(own, ["<ONE_1_x00ff7a>", "<ONE_22_x00ff7a>"]);
        assert_eq!(numbered(text).count(), 3);
    }
}
