//! Reading the value that follows an operator.

use super::placeholder;
use std::ops::Range;

/// The longest value in quotes, in bytes; longer ones are texts, or go on as [`rest_of_run`] says.
const LONGEST_QUOTED: usize = 4096;
/// The longest value without quotes.
const LONGEST_BARE: usize = 1024;
/// How much white space may stand before a value.
const WIDEST_GAP: usize = 64;

/// A value as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// The value without its quotes.
    pub(super) range: Range<usize>,
    /// Whether it stands in quotes.
    pub(super) quoted: bool,
    /// Whether it follows its operator at once.
    pub(super) tight: bool,
}

/// The value at `at`: after white space, either what the quotes there hold or all up to a delimiter.
pub(super) fn value_at(text: &str, at: usize) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut start = at;
    while matches!(bytes.get(start), Some(b' ' | b'\t')) {
        start += 1;
        if start - at > WIDEST_GAP {
            return None;
        }
    }
    let tight = start == at;
    // A letter before a quote marks a kind of string: b'', r"", f"", @"", L"", N''.
    if let [
        b'b' | b'r' | b'u' | b'f' | b'L' | b'@' | b'B' | b'R' | b'N' | b'E',
        b'"' | b'\'',
        ..,
    ] = bytes[start..]
    {
        start += 1;
    }
    let escapes = bytes[start..].iter().take(8).take_while(|b| **b == b'\\').count();
    match bytes.get(start + escapes) {
        Some(quote @ (b'"' | b'\'' | b'`')) => {
            let triple = bytes[start + escapes..].starts_with(&[*quote; 3]);
            let from = start + escapes + if triple { 3 } else { 1 };
            Some(Value {
                range: from..end_of_quoted(text, from, *quote, escapes),
                quoted: true,
                tight,
            })
        }
        Some(_) if escapes == 0 => {
            let end = end_of_bare(text, start);
            (end > start).then_some(Value {
                range: start..end,
                quoted: false,
                tight,
            })
        }
        _ => None,
    }
}

/// The value behind the operator at `operator`, over what may stand between them: a tag or an anchor of YAML, the end of what
/// is set in bold.
pub(super) fn value_behind(text: &str, operator: usize) -> Option<Value> {
    const BOLD: &[&str] = &["**", "__", "</strong>", "</b>", "</td><td>", "`"];
    let rest = &text[operator + 1..];
    let bold = BOLD.iter().find(|end| {
        rest.strip_prefix(**end)
            .is_some_and(|rest| rest.starts_with(' ') || end.ends_with("<td>"))
    });
    let value = value_at(text, operator + 1 + bold.map_or(0, |end| end.len()))?;
    let marked = !value.quoted && !value.tight && matches!(text.as_bytes()[value.range.start], b'!' | b'&');
    if marked && text[value.range.end..].starts_with(' ') {
        return value_at(text, value.range.end);
    }
    Some(value)
}

/// Where the word ends that a value without quotes begins: signs that end one in code are part of it, unless a mask is.
pub(super) fn end_of_word(text: &str, value: &Range<usize>) -> usize {
    let rest = &text.as_bytes()[value.start..];
    let length = rest
        .iter()
        .take(LONGEST_BARE)
        .take_while(|b| !b.is_ascii_whitespace() && **b != 0)
        .count();
    let end = text.floor_char_boundary(value.start + length).max(value.end);
    let odd = length == LONGEST_BARE || placeholder::first(&text[value.start..end]).is_some();
    if odd { value.end } else { end }
}

/// Where what began after a quote ends: at the same quote with as many backslashes, or else at the end of the line.
fn end_of_quoted(text: &str, start: usize, quote: u8, escapes: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&b) = bytes.get(at) {
        if b == b'\n' || b == b'\r' {
            break;
        }
        if at - start > LONGEST_QUOTED {
            at = rest_of_run(bytes, at);
            break;
        }
        if b == quote && escapes == 0 {
            break;
        }
        if b == b'\\' {
            let run = bytes[at..].iter().take_while(|b| **b == b'\\').take(64).count();
            let quoted = bytes.get(at + run) == Some(&quote);
            if quoted && run <= escapes {
                break;
            }
            at += run + usize::from(quoted);
            continue;
        }
        at += 1;
    }
    text.floor_char_boundary(at)
}

/// Where a value without quotes ends.
fn end_of_bare(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(special) = bytes[at..]
        .iter()
        .take(LONGEST_BARE)
        .position(|b| SPECIAL[usize::from(*b)])
    {
        at += special;
        let ends = match bytes[at] {
            b',' | b';' | b')' | b']' | b'}' | b'&' | b'|' => is_delimiter(bytes, at),
            b'\\' => matches!(
                bytes.get(at + 1),
                Some(b'n' | b'r' | b't' | b'"' | b'\'' | b'\\' | b'u' | b' ' | b'\n')
            ),
            _ => true,
        };
        if ends || at - start >= LONGEST_BARE {
            return trimmed(bytes, start, at);
        }
        at += 1;
    }
    let end = rest_of_run(bytes, text.floor_char_boundary(bytes.len().min(at + LONGEST_BARE)));
    trimmed(bytes, start, end)
}

/// Where a run of the characters that long tokens are made of ends. No operator is in it, so none reads it twice.
fn rest_of_run(bytes: &[u8], at: usize) -> usize {
    let in_run = |b: &&u8| b.is_ascii_alphanumeric() || b"+/_-.~".contains(b);
    let end = at + bytes[at..].iter().take_while(in_run).count();
    end + bytes[end..].iter().take(2).take_while(|b| **b == b'=').count()
}

/// The bytes that end a value without quotes, or may.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b" \t\n\r\0\"`<>',;)]}&|\\";
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};

/// The end of a value without the signs that end a sentence.
fn trimmed(bytes: &[u8], start: usize, mut at: usize) -> usize {
    while at > start && matches!(bytes[at - 1], b'.' | b',' | b';' | b':') {
        at -= 1;
    }
    at
}

/// Whether a sign parts two values rather than being part of one: before the end, a space, a quote, another such sign,
/// or before `name=`.
fn is_delimiter(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at + 1) {
        Some(b':' | b'.') => matches!(bytes[at], b')' | b']' | b'}'),
        None
        | Some(b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b',' | b';' | b')' | b']' | b'}' | b'<' | b'\\') => {
            true
        }
        Some(next) => {
            let name = bytes[at + 1..].iter().take(40);
            let length = name
                .take_while(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(b))
                .count();
            length > 0
                && (next.is_ascii_alphabetic() || *next == b'_')
                && matches!(bytes.get(at + 1 + length), Some(b'=' | b':'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(&str, bool)> {
        value_at(text, 0).map(|value| (&text[value.range], value.quoted))
    }

    #[test]
    fn quotes() {
        assert_eq!(value(r#" "a b" x"#), Some(("a b", true)));
        assert_eq!(value(r#"\"a b\","#), Some(("a b", true)));
        assert_eq!(value(r#"\\\"a\\\""#), Some(("a", true)));
        assert_eq!(value(r#""a\"b""#), Some((r#"a\"b"#, true)));
        assert_eq!(value("'''k"), Some(("k", true)));
        assert_eq!(value("b'x1'"), Some(("x1", true)));
        assert_eq!(value("\"open\nx"), Some(("open", true)));
    }

    #[test]
    fn bare_values_end_at_delimiters() {
        assert_eq!(value("abc;Uid=x"), Some(("abc", false)));
        assert_eq!(value("a&b3\n"), Some(("a&b3", false)));
        assert_eq!(value("abc&next=1"), Some(("abc", false)));
        assert_eq!(value("abc,host=1"), Some(("abc", false)));
        assert_eq!(value("a,.:-b\n"), Some(("a,.:-b", false)));
        assert_eq!(value("abc.\n"), Some(("abc", false)));
        assert_eq!(value("abc\\nuser=x"), Some(("abc", false)));
        assert_eq!(value("</x>"), None);
    }

    #[test]
    fn long_values_end_where_their_run_does() {
        let token = format!("{}==", "Kq7-vLp2_".repeat(1000));
        assert_eq!(value(&format!("{token} x")), Some((&*token, false)));
        assert_eq!(value(&format!("\"{token}\" x")), Some((&*token, true)));
    }

    #[test]
    fn ends_are_character_boundaries() {
        let long = "é".repeat(4000);
        let end = value_at(&long, 0).expect("a value").range.end;
        assert!(long.is_char_boundary(end));
    }
}
