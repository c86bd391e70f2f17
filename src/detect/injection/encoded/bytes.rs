//! Bytes that are written in digits and letters, several signs for each.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Text of several words, and nothing else, or what such a text is encoded as once more.
fn prose(bytes: Vec<u8>) -> Option<String> {
    let is_wide =
        bytes.len() >= 8 && bytes.len().is_multiple_of(2) && bytes.iter().skip(1).step_by(2).all(|byte| *byte == 0);
    let bytes = match is_wide {
        true => bytes.into_iter().step_by(2).collect(),
        false => bytes,
    };
    let text = String::from_utf8(bytes).ok()?;
    let printable = text.chars().all(|c| !c.is_control() || c.is_whitespace());
    if !printable {
        return None;
    }
    if text.split_whitespace().count() >= 3 {
        return Some(text);
    }
    let once_more = text.split_whitespace().next().filter(|word| word.len() >= 24)?;
    hexadecimal(once_more).or_else(|| base64(once_more))
}

/// Base64 over several lines. The last of them may be the beginning of what follows.
pub(super) fn base64_in_lines(text: &str) -> Option<String> {
    let joined = |text: &str| text.replace(|c: char| c.is_ascii_whitespace() || c == '>', "");
    let last = text.rfind('\n')?;
    base64(&joined(text)).or_else(|| base64(&joined(&text[..last])))
}

pub(super) fn hexadecimal(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.replace("\\x", "").bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    prose(pairs.map(byte).collect::<Option<_>>()?)
}

pub(super) fn base64(text: &str) -> Option<String> {
    let any_padding = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if text.contains(['-', '_']) {
        base64::alphabet::URL_SAFE
    } else {
        base64::alphabet::STANDARD
    };
    prose(GeneralPurpose::new(&alphabet, any_padding).decode(text).ok()?)
}

/// `%49%67%6e%6f%72%65`, `ignore%20all`.
pub(super) fn percent(text: &str) -> Option<String> {
    prose(escaped(text, b'%').0)
}

/// Lines of quoted-printable text (RFC 2045, 6.7): `=49gnore=20all`, and a `=` at the end of a line that goes on.
pub(super) fn quoted(text: &str) -> Option<String> {
    const LEAST: usize = 3;
    let joined = text.replace("=\r\n", "").replace("=\n", "");
    let (said, escapes) = escaped(&joined, b'=');
    (joined.len() < text.len() || escapes >= LEAST).then_some(())?;
    prose(said)
}

/// What a text says with bytes in two digits behind a sign, and how many such bytes there are.
fn escaped(text: &str, sign: u8) -> (Vec<u8>, usize) {
    let (mut said, mut count) = (Vec::with_capacity(text.len()), 0);
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|_| first == sign) {
            Some(byte) => {
                said.push(byte);
                rest = &behind[2..];
                count += 1;
            }
            None => {
                said.push(first);
                rest = behind;
            }
        }
    }
    (said, count)
}

/// Numbers of characters: `73, 103, 110`, `0x49 0x67`, `U+0049`, `chr(73)+chr(103)`.
pub(super) fn codes(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (prefix, radix) = match lower.contains(['x', 'u']) {
        true => (["0x", "00"], 16),
        false => ([""; 2], 10),
    };
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let digits = words.filter_map(|word| prefix.iter().find_map(|prefix| word.strip_prefix(*prefix)));
    prose(
        digits
            .filter_map(|digits| u8::from_str_radix(digits, radix).ok())
            .collect(),
    )
}

/// `01001001 01100111`.
pub(super) fn binary(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let of_bits = |bits: &[u8]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | (bit - b'0'));
    prose(digits.chunks_exact(8).map(of_bits).collect())
}

/// RFC 4648's alphabet of 32 letters.
pub(super) fn base32(text: &str) -> Option<String> {
    let (mut said, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = if letter.is_ascii_uppercase() {
            letter - b'A'
        } else {
            letter - b'2' + 26
        };
        bits = (bits << 5 | u32::from(value)) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            said.push((bits >> held & 0xff) as u8);
        }
    }
    prose(said)
}
