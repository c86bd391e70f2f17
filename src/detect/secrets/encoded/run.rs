//! Base64 and hexadecimal digits that stand for text.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Source, View, hex};

/// Bytes that are decoded first, to see whether it is worth the rest.
const PEEK: usize = 48;
/// The fewest characters of base64 and hexadecimal digits that are decoded.
const LEAST_BASE64: usize = 24;
const LEAST_HEX: usize = 32;
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What a run of token characters decodes to, where that is text: base64 of either alphabet, also over several lines, or
/// hexadecimal digits.
pub(in crate::detect::secrets) fn of_run(text: &str, run: Range<usize>) -> Option<View> {
    let bytes = text.as_bytes();
    let run = longest_part(bytes, run);
    // Letters and digits begin with 2…7, line ends with 0.
    let hexed = |first: &u8| matches!(first, b'0' | b'2'..=b'7');
    if run.len() >= LEAST_HEX
        && bytes[run.clone()].iter().step_by(2).take(16).all(hexed)
        && bytes[run.clone()].iter().all(u8::is_ascii_hexdigit)
    {
        let digits = &bytes[run.start..run.end - run.len() % 2];
        let decoded: Vec<u8> = digits
            .chunks_exact(2)
            .filter_map(|pair| Some(hex(pair[0])? << 4 | hex(pair[1])?))
            .collect();
        return as_text(&decoded).map(|text| View {
            text,
            source: Source::Whole(run),
        });
    }
    if run.len() < LEAST_BASE64 || !starts_as_text(&bytes[run.clone()]) {
        return None;
    }
    let (joined, end) = with_next_lines(bytes, &run)?;
    let engine = if joined.iter().any(|b| matches!(b, b'-' | b'_')) {
        URL_SAFE
    } else {
        STANDARD
    };
    // A lone last character holds no byte: the text was cut there.
    let whole = if joined.len() % 4 == 1 {
        joined.len() - 1
    } else {
        joined.len()
    };
    let first = engine.decode(&joined[..whole.min(PEEK / 3 * 4)]).ok()?;
    as_text(&first)?;
    let decoded = engine.decode(&joined[..whole]).ok()?;
    as_text(&decoded).map(|text| View {
        text,
        source: Source::Whole(run.start..end),
    })
}

/// The longest part of a run that only has characters of base64.
fn longest_part(bytes: &[u8], run: Range<usize>) -> Range<usize> {
    let mut longest = run.start..run.start;
    let mut start = run.start;
    let joints = memchr::memchr2_iter(b'.', b'~', &bytes[run.clone()]).map(|joint| run.start + joint);
    for at in joints.chain([run.end]) {
        if at - start > longest.len() {
            longest = start..at;
        }
        start = at + 1;
    }
    longest
}

/// Whether the first groups of four characters stand for bytes below 128, or for UTF-16: cheaper than to decode them.
fn starts_as_text(encoded: &[u8]) -> bool {
    let groups = encoded.chunks_exact(4).take(8);
    let odd = groups
        .filter(|group| !matches!(group[0], b'A'..=b'Z' | b'a'..=b'f'))
        .count();
    odd <= 1
}

/// The run and the lines that go on with it, joined, and where they end. `None` where the run goes on with the line
/// before: that was decoded already.
fn with_next_lines<'t>(bytes: &'t [u8], run: &Range<usize>) -> Option<(Cow<'t, [u8]>, usize)> {
    const LEAST_LINE: usize = 60;
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    if run.len() < LEAST_LINE {
        return Some((bytes[run.clone()].into(), run.end));
    }
    let before = &bytes[..run.start];
    let line_end = before.trim_ascii_end().len();
    if line_end < before.len() && before[line_end..].contains(&b'\n') {
        let earlier = before[..line_end]
            .iter()
            .rev()
            .take(run.len() + 1)
            .take_while(|b| is_base64(b))
            .count();
        if earlier == run.len() {
            return None;
        }
    }
    let mut joined = Vec::new();
    let mut end = run.end;
    loop {
        let gap = bytes[end..]
            .iter()
            .take(20)
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let line = bytes[end + gap..]
            .iter()
            .take(run.len() + 1)
            .take_while(|b| is_base64(b))
            .count();
        if gap == 0 || line == 0 || line > run.len() || !bytes[end..end + gap].contains(&b'\n') {
            break;
        }
        let whole_line = bytes
            .get(end + gap + line)
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'<'));
        if !whole_line {
            break;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&bytes[run.clone()]);
        }
        joined.extend_from_slice(&bytes[end + gap..end + gap + line]);
        end += gap + line;
        if line < run.len() {
            break;
        }
    }
    Some(if joined.is_empty() {
        (bytes[run.clone()].into(), run.end)
    } else {
        (joined.into(), end)
    })
}

/// Decoded bytes as text, where nearly all of them are: UTF-8, or UTF-16 in either order.
fn as_text(decoded: &[u8]) -> Option<String> {
    if decoded.len() < 12 {
        return None;
    }
    let zeros =
        |from: usize| decoded.iter().skip(from).step_by(2).filter(|b| **b == 0).count() * 2 >= decoded.len() * 9 / 10;
    if zeros(0) || zeros(1) {
        let order: fn([u8; 2]) -> u16 = if zeros(1) {
            u16::from_le_bytes
        } else {
            u16::from_be_bytes
        };
        let units: Vec<u16> = decoded.chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
        return String::from_utf16(&units).ok();
    }
    let control = decoded
        .iter()
        .filter(|b| **b < 32 && !b"\t\n\r\x0c\x1b".contains(b) || **b == 127)
        .count();
    if control * 50 > decoded.len() {
        return None;
    }
    let text = String::from_utf8_lossy(decoded);
    let odd = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let foreign = text.chars().filter(|c| !c.is_ascii()).count();
    (odd * 40 <= decoded.len() && foreign * 4 <= decoded.len()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_text_is_decoded() {
        let encoded = "eyJwYXNzd29yZCI6ICJ2RzJoMUw4blFrVzkifQ==";
        let view = of_run(encoded, 0..38).expect("text");
        assert_eq!(view.text, r#"{"password": "vG2h1L8nQkW9"}"#);
        assert_eq!(view.source(3..5), 0..38);
        assert!(of_run("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", 0..44).is_none());
        assert!(of_run("src/detect/secrets/context/mod", 0..30).is_none());
        assert!(of_run("4e5f2c9a8b7d6e1f0a3b4c5d6e7f8a9b0c1d2e3f", 0..40).is_none());
        assert!(of_run("WsZulLVBUHXVj2cUcPVx6UE21TpalB6bHbSFErKT0Ib", 0..43).is_none());
    }

    #[test]
    fn base64_over_lines_is_one() {
        let plain = "The first line of a longer text, then password = vG2h1L8nQkW9 and more of it, and more.";
        let encoded = STANDARD.encode(plain);
        let wrapped = format!("{}\n{}", &encoded[..76], &encoded[76..]);
        let view = of_run(&wrapped, 0..76).expect("text");
        assert_eq!(view.text, plain);
        assert_eq!(view.source(0..1), 0..wrapped.trim_end_matches('=').len());
    }

    #[test]
    fn hex_and_utf16() {
        let view = of_run("70617373776f72643d76473268314c386e516b5739", 0..42).expect("text");
        assert_eq!(view.text, "password=vG2h1L8nQkW9");
        let utf16: Vec<u8> = "password=vG2h1L8nQkW9"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encoded = STANDARD.encode(utf16);
        let view = of_run(&encoded, 0..encoded.trim_end_matches('=').len()).expect("text");
        assert_eq!(view.text, "password=vG2h1L8nQkW9");
    }
}
