//! Base64 and hexadecimal digits that stand for text.

use std::ops::Range;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::lines::{self, Wrapped};
use super::{Source, View, hex, plain};

/// Bytes that are decoded first, to see whether it is worth the rest.
const PEEK: usize = 48;
/// The fewest characters of base64 and hexadecimal digits that are decoded.
const LEAST_BASE64: usize = 24;
const LEAST_HEX: usize = 32;
/// The fewest characters of base64 whose beginning is looked for.
const LEAST_MISALIGNED: usize = 40;
/// The fewest characters of base64 that stand for an archive.
const LEAST_ARCHIVE: usize = 128;
/// How many groups of four characters are looked at before anything is decoded.
const GROUPS: usize = 8;
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// What a run of token characters decodes to, where that is or holds text: base64 of either alphabet, also over several
/// lines or behind something else, or hexadecimal digits.
pub(in crate::detect::secrets) fn of_run(text: &str, run: Range<usize>) -> Option<View> {
    let bytes = text.as_bytes();
    let run = longest_part(bytes, run);
    if run.len() < LEAST_BASE64 && !lines::goes_on(bytes, &run) {
        return None;
    }
    let encoded = &bytes[run.clone()];
    let hexadecimal = ends_in_digits_of_text(encoded);
    let begins = starts_as_text(encoded) || starts_as_other_script(encoded);
    let from_start = begins && has_both_cases(&encoded[..encoded.len().min(PEEK)]);
    let within = encoded.len() >= LEAST_MISALIGNED && is_mixed(&encoded[encoded.len() - GROUPS * 4..]);
    if !(hexadecimal || from_start || within) || lines::is_joined(bytes, &run) {
        return None;
    }
    if hexadecimal && let Some(view) = of_hex(bytes, &run) {
        return Some(view);
    }
    let whole = from_start
        .then(|| aligned(&lines::join(bytes, &run, run.start), run.start))
        .flatten();
    whole.or_else(|| if within { misaligned(bytes, &run) } else { None })
}

/// The same of a run without letters of both cases: it is no base64.
pub(in crate::detect::secrets) fn of_digits(text: &str, run: &Range<usize>) -> Option<View> {
    let bytes = text.as_bytes();
    let run = &longest_part(bytes, run.clone());
    if !ends_in_digits_of_text(&bytes[run.clone()]) || lines::is_joined(bytes, run) {
        return None;
    }
    of_hex(bytes, run)
}

/// The text that base64 stands for from its first character on, or the texts within what it stands for.
fn aligned(wrapped: &Wrapped<'_>, start: usize) -> Option<View> {
    let joined = &wrapped.joined;
    let first = decode(&joined[..joined.len().min(PEEK / 3 * 4)])?;
    if first.len() < LEAST_BASE64 / 4 * 3 {
        return None;
    }
    let begins_as_text = plain::as_text(&first).is_some();
    if !begins_as_text && joined.len() < LEAST_ARCHIVE {
        return None;
    }
    let decoded = decode(joined)?;
    let text = if begins_as_text { plain::as_text(&decoded) } else { None };
    view(text.or_else(|| plain::within(&decoded))?, start..wrapped.end)
}

/// The text that base64 stands for which begins somewhere in the run: behind a path, a name, the sign of a changed line.
fn misaligned(bytes: &[u8], run: &Range<usize>) -> Option<View> {
    let ends_as_text = |phase: usize| {
        let encoded = &bytes[run.start + phase..run.end];
        let whole = encoded.len() / 4 * 4;
        let tail = &encoded[whole.saturating_sub(GROUPS * 4)..whole];
        starts_as_text(tail).then_some((phase, run.start + phase + whole - tail.len(), tail))
    };
    let is_text = |tail: &[u8]| {
        decode(tail).is_some_and(|tail| {
            tail.iter().all(|b| !b.is_ascii_control() || b"\t\r\n".contains(b)) && plain::ending(&tail).is_some()
        })
    };
    let (_, tail, _) = (0..4).filter_map(ends_as_text).find(|(_, _, tail)| is_text(tail))?;
    let groups = bytes[run.start..tail].rchunks_exact(4);
    let more = groups
        .take_while(|group| decode(group).is_some_and(|group| group.iter().all(|b| *b >= 32 || b"\t\r\n".contains(b))));
    let start = tail - more.count() * 4;
    let wrapped = lines::join(bytes, run, start);
    view(plain::ending(&decode(&wrapped.joined)?)?, start..wrapped.end)
}

fn view(text: String, range: Range<usize>) -> Option<View> {
    Some(View {
        text,
        source: Source::Whole(range),
    })
}

/// The text that the hexadecimal digits stand for which the run ends in, also in lines as `xxd -p` writes them.
fn of_hex(bytes: &[u8], run: &Range<usize>) -> Option<View> {
    let digits = bytes[run.clone()]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    // The `0` of `0x` is none of them.
    let start = run.end - digits;
    if digits < LEAST_HEX {
        return None;
    }
    let wrapped = lines::join(bytes, run, start);
    let wrapped = if wrapped.joined.iter().all(u8::is_ascii_hexdigit) {
        wrapped
    } else {
        Wrapped {
            joined: bytes[start..run.end].into(),
            end: run.end,
        }
    };
    let joined = &wrapped.joined;
    // Of an odd number the first one belongs to what stands before, or the last one was cut.
    let odd = joined.len() % 2;
    let ways = [&joined[odd..], &joined[..joined.len() - odd]];
    let mut ways = ways.iter().take(1 + odd).filter(|digits| stand_for_text(digits));
    let text = ways.find_map(|digits| {
        let pairs = digits.chunks_exact(2);
        let decoded: Vec<u8> = pairs
            .filter_map(|pair| Some(hex(pair[0])? << 4 | hex(pair[1])?))
            .collect();
        plain::as_text(&decoded).or_else(|| plain::ending(&decoded))
    });
    view(text?, start..wrapped.end)
}

/// Whether the last bytes may be hexadecimal digits of a text; those of a digest are not.
fn ends_in_digits_of_text(encoded: &[u8]) -> bool {
    let tail = &encoded[encoded.len().saturating_sub(LEAST_HEX)..];
    let may_be = |tail: &[u8]| stand_for_text(tail) && tail.iter().all(u8::is_ascii_hexdigit);
    tail.len() == LEAST_HEX && (may_be(tail) || may_be(&tail[1..]))
}

/// Whether the first bytes may be of a text: letters and digits begin with 2…7, line ends with 0. One may be another.
fn stand_for_text(digits: &[u8]) -> bool {
    let first = digits.iter().step_by(2).take(16);
    let mut others = first.filter(|digit| !matches!(digit, b'0' | b'2'..=b'7'));
    others.nth(1).is_none()
}

/// What base64 of either alphabet stands for; a lone last character holds no byte: the text was cut there.
fn decode(encoded: &[u8]) -> Option<Vec<u8>> {
    let whole = if encoded.len() % 4 == 1 {
        &encoded[..encoded.len() - 1]
    } else {
        encoded
    };
    if !whole.iter().any(|b| matches!(b, b'-' | b'_')) {
        return STANDARD.decode(whole).ok();
    }
    let standard = |b: &u8| match b {
        b'-' => b'+',
        b'_' => b'/',
        b => *b,
    };
    STANDARD.decode(whole.iter().map(standard).collect::<Vec<u8>>()).ok()
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

/// Whether letters of both cases and digits are mixed, as in all base64 and few names and paths.
fn is_mixed(tail: &[u8]) -> bool {
    tail.iter().any(u8::is_ascii_digit) && has_both_cases(tail)
}

fn has_both_cases(encoded: &[u8]) -> bool {
    encoded.iter().any(u8::is_ascii_uppercase) && encoded.iter().any(u8::is_ascii_lowercase)
}

/// Whether the first groups of four characters stand for bytes below 128, or for UTF-16: cheaper than to decode them. One
/// may be another.
fn starts_as_text(encoded: &[u8]) -> bool {
    let groups = encoded.chunks_exact(4).take(GROUPS);
    let mut odd = groups.filter(|group| !matches!(group[0], b'A'..=b'Z' | b'a'..=b'f'));
    odd.nth(1).is_none()
}

/// Whether the first group stands for the beginning of a character beyond ASCII, and the next one goes on as such texts do.
fn starts_as_other_script(encoded: &[u8]) -> bool {
    let &[first, second, ..] = encoded else {
        return false;
    };
    // The first byte is six bits of the first character and two of the second: C3…F4.
    let leads = matches!(first, b'w'..=b'z' | b'0'..=b'8');
    // The second byte begins with 10: of its first four bits, which the second character holds, the first two.
    let value = alphabet_value(second);
    leads && value.is_some_and(|value| value >> 2 & 3 == 2)
}

/// The six bits of a character of either alphabet.
fn alphabet_value(b: u8) -> Option<u8> {
    Some(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
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
        for (width, between) in [(20, "\n"), (16, "\r\n    "), (50, "\n"), (64, "\n+"), (64, "\n> ")] {
            let lines: Vec<&str> = encoded
                .as_bytes()
                .chunks(width)
                .map(|line| std::str::from_utf8(line).expect("ASCII"))
                .collect();
            let wrapped = format!("{}{}", &between[1..].trim_start(), lines.join(between));
            let end = wrapped.find(['\r', '\n']).expect("several lines");
            let start = wrapped.len() - wrapped.trim_start_matches(['>', ' ']).len();
            let view = of_run(&wrapped, start..end).unwrap_or_else(|| panic!("{wrapped}"));
            assert_eq!(view.text, plain, "{wrapped}");
        }
    }

    #[test]
    fn base64_of_other_scripts_and_of_archives() {
        for plain in [
            "配置文件说明：本项目的令牌如下 TOKEN=x",
            "Токен для доступа к GitHub",
            "🚀🚀🚀 deploy\nTOKEN=x",
            "été: mot de passe",
        ] {
            let encoded = STANDARD.encode(plain);
            let run = 0..encoded.trim_end_matches('=').len();
            assert_eq!(of_run(&encoded, run).expect("text").text, plain);
        }
        let mut archive = [0; 1024];
        archive[..4].copy_from_slice(b".env");
        archive[512..530].copy_from_slice(b"TOKEN=vG2h1L8nQkW9");
        let encoded = STANDARD.encode(archive);
        assert_eq!(of_run(&encoded, 0..1365).expect("texts").text, "TOKEN=vG2h1L8nQkW9\n");
    }

    #[test]
    fn encoded_text_may_begin_anywhere() {
        let plain = "GITHUB_TOKEN=vG2h1L8nQkW9 and more";
        let digits: String = plain.bytes().map(|b| format!("{b:02x}")).collect();
        for before in ["//x.com/d/", "x_", "xyz-", "+", "id", "0x", "ab", "data/of/it/"] {
            for encoded in [STANDARD.encode(plain), digits.clone()] {
                let encoded = encoded.trim_end_matches('=');
                let text = format!("{before}{encoded}");
                let view = of_run(&text, 0..text.len()).unwrap_or_else(|| panic!("{text}"));
                assert!(view.text.contains(plain), "{text}: {}", view.text);
                let source = view.source(0..1);
                assert!(
                    source.end == text.len() && source.start + 6 >= before.len(),
                    "{text}: {source:?}"
                );
            }
        }
        for other in [
            "sha512-WsZulLVBUHXVj2cUcPVx6UE21TpalB6bHbSFErKT0IbKpgAfhIzV3Zp8Ho5YeKGcIzO8rM3dA6oXvLW2kxKmZQ",
            "node_modules/some-package/dist/internal/implementation/details",
            "AbstractSingletonProxyFactoryBeanConfigurationImplementation",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ] {
            assert_eq!(of_run(other, 0..other.len()), None, "{other}");
        }
    }

    #[test]
    fn hex_and_utf16() {
        let view = of_run("70617373776f72643d76473268314c386e516b5739", 0..42).expect("text");
        assert_eq!(view.text, "password=vG2h1L8nQkW9");
        let lines = "6768705f765538597348595147635133556f6e3833344b4d624248436a6d\n42756b5a67615362554a\n";
        let view = of_run(lines, 0..60).expect("text");
        assert_eq!(view.text, "ghp_vU8YsHYQGcQ3Uon834KMbBHCjmBukZgaSbUJ");
        let utf16: Vec<u8> = "password=vG2h1L8nQkW9"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encoded = STANDARD.encode(utf16);
        let view = of_run(&encoded, 0..encoded.trim_end_matches('=').len()).expect("text");
        assert_eq!(view.text, "password=vG2h1L8nQkW9");
    }
}
