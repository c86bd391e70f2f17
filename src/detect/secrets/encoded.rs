//! Decoded forms of a text, or of a part of it, and where each of their bytes came from.

use std::ops::Range;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Bytes that are decoded first, to see whether it is worth the rest.
const PEEK: usize = 48;
/// The fewest characters of base64 and hexadecimal digits that are decoded.
const LEAST_BASE64: usize = 24;
const LEAST_HEX: usize = 32;
/// How much text before and behind an escape is looked at together with it, in bytes …
const SURROUNDINGS: usize = 160;
/// … and how much more of what goes on without white space or quotes.
const WORD_REACH: usize = 8 << 10;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A decoded form of a stretch of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    /// What was decoded.
    pub(super) text: String,
    source: Source,
}

/// Where a view came from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    /// Characters and bytes don't correspond: all of the stretch.
    Whole(Range<usize>),
    /// For each byte of the view where what it was decoded from starts, and at last where the stretch ends.
    Exact(Vec<usize>),
}

impl View {
    /// Where a stretch of the view stands in the text that it was decoded from.
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        match &self.source {
            Source::Whole(range) => range.clone(),
            Source::Exact(starts) => starts[decoded.start]..starts[decoded.end],
        }
    }
}

/// What a run of token characters decodes to, where that is text: base64 of either alphabet, also over several lines, or
/// hexadecimal digits.
pub(super) fn of_run(text: &str, run: Range<usize>) -> Option<View> {
    let bytes = text.as_bytes();
    let run = longest_part(bytes, run);
    if run.len() >= LEAST_HEX
        && bytes[run.start].is_ascii_digit()
        && bytes[run.clone()].iter().all(u8::is_ascii_hexdigit)
    {
        let digits = &bytes[run.start..run.end - run.len() % 2];
        // Letters and digits begin with 2…7, line ends with 0.
        if !digits
            .iter()
            .step_by(2)
            .take(16)
            .all(|b| matches!(b, b'0' | b'2'..=b'7'))
        {
            return None;
        }
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
    if !bytes[run.clone()].iter().any(|b| matches!(b, b'.' | b'~')) {
        return run;
    }
    let mut longest = run.start..run.start;
    let mut start = run.start;
    for at in run.clone().chain([run.end]) {
        if at == run.end || matches!(bytes[at], b'.' | b'~') {
            if at - start > longest.len() {
                longest = start..at;
            }
            start = at + 1;
        }
    }
    longest
}

/// Whether the first groups of four characters stand for bytes below 128, or for UTF-16: cheaper than to decode them.
fn starts_as_text(encoded: &[u8]) -> bool {
    let groups = encoded.chunks_exact(4).take(8);
    groups.clone().count() >= 6
        && groups
            .filter(|group| matches!(group[0], b'A'..=b'Z' | b'a'..=b'f'))
            .count()
            >= 6
}

/// The run and the lines that go on with it, joined, and where they end. `None` where the run goes on with the line
/// before: that was decoded already.
fn with_next_lines<'t>(bytes: &'t [u8], run: &Range<usize>) -> Option<(std::borrow::Cow<'t, [u8]>, usize)> {
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

/// The value of a hexadecimal digit.
fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Which escapes a text may have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Escapes {
    /// `%` and two hexadecimal digits.
    pub(super) percent: bool,
    /// `\u` or `\x`.
    pub(super) backslash_u: bool,
    /// A byte above 127.
    pub(super) non_ascii: bool,
}

/// The forms of `text` without its escapes: one for each stretch that has some, of each kind of escape.
pub(super) fn of_escapes(text: &str, escapes: Escapes) -> Vec<View> {
    let mut views = Vec::new();
    if escapes.percent {
        unescape(text, b"%", percent, &mut views);
    }
    if escapes.backslash_u {
        unescape(text, b"\\", backslash, &mut views);
    }
    if escapes.non_ascii {
        unescape(text, &[0xE2, 0xEF, 0xC2], invisible, &mut views);
    }
    if [b"&quot;".as_slice(), b"&#"].iter().any(|mark| memchr::memmem::find(text.as_bytes(), mark).is_some()) {
        unescape(text, b"&", entity, &mut views);
    }
    if [b"=\n".as_slice(), b"=\r\n"].iter().any(|mark| memchr::memmem::find(text.as_bytes(), mark).is_some()) {
        unescape(text, b"=", quoted_printable, &mut views);
    }
    views
}

/// Reads what `text` has at `at`: how long the escape is and the bytes it stands for.
type Reader = fn(&[u8], usize) -> Option<(usize, Decoded)>;

/// The bytes that an escape stands for: of one character at most.
#[derive(Clone, Copy, Default)]
struct Decoded {
    bytes: [u8; 4],
    length: usize,
}

impl Decoded {
    fn of(c: char) -> Self {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }
}

/// Adds a view for each stretch of `text` in which `read` finds escapes; each starts with one of `first`.
fn unescape(text: &str, first: &[u8], read: Reader, views: &mut Vec<View>) {
    let bytes = text.as_bytes();
    let next = |from: usize| match *first {
        [a] => memchr::memchr(a, &bytes[from..]).map(|at| from + at),
        [a, b, c] => memchr::memchr3(a, b, c, &bytes[from..]).map(|at| from + at),
        _ => None,
    };
    let next_escape = |mut from: usize| loop {
        let at = next(from)?;
        if read(bytes, at).is_some() {
            return Some(at);
        }
        from = at + 1;
    };
    let mut done = 0;
    let mut coming = next_escape(0);
    while let Some(escape) = coming {
        let near = escape.saturating_sub(SURROUNDINGS).max(done);
        let word = bytes[done..near].iter().rev().take(WORD_REACH).take_while(|b| !ends_word(**b)).count();
        let start = text.floor_char_boundary(near - word).max(done);
        let (mut decoded, mut starts, mut at) = (Vec::new(), Vec::new(), start);
        let mut stop = escape;
        while at < bytes.len()
            && (at < stop.saturating_add(SURROUNDINGS) || at < stop.saturating_add(WORD_REACH) && !ends_word(bytes[at]))
        {
            if coming.is_some_and(|escape| escape <= at)
                && let Some((length, replacement)) = read(bytes, at)
            {
                decoded.extend_from_slice(&replacement.bytes[..replacement.length]);
                starts.extend(std::iter::repeat_n(at, replacement.length));
                at += length;
                stop = at;
                coming = next_escape(at);
                continue;
            }
            decoded.push(bytes[at]);
            starts.push(at);
            at += 1;
        }
        while !text.is_char_boundary(at) {
            decoded.push(bytes[at]);
            starts.push(at);
            at += 1;
        }
        starts.push(at);
        done = at;
        coming = next_escape(at);
        views.extend(String::from_utf8(decoded).ok().map(|text| View {
            text,
            source: Source::Exact(starts),
        }));
    }
}

/// Whether a byte ends what is written together.
fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>')
}

/// `%2F`, of ASCII only: what secrets are made of.
fn percent(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let byte = hex(*bytes.get(at + 1)?)? << 4 | hex(*bytes.get(at + 2)?)?;
    byte.is_ascii().then_some(())?;
    Some((
        3,
        Decoded {
            bytes: [byte, 0, 0, 0],
            length: 1,
        },
    ))
}

/// `\u002f`, `\u{2f}`, `\x2f`, with as many backslashes as there are.
fn backslash(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let slashes = bytes[at..].iter().take(16).take_while(|b| **b == b'\\').count();
    let from = at + slashes + 1;
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |value, b| Some(value << 4 | u32::from(hex(*b)?)))
    };
    let (length, value) = match bytes.get(from - 1)? {
        b'x' => (2, number(bytes.get(from..from + 2)?)?),
        b'u' if bytes.get(from) == Some(&b'{') => {
            let digits = bytes[from + 1..]
                .iter()
                .take(6)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
            (bytes.get(from + 1 + digits) == Some(&b'}')).then_some(())?;
            (digits + 2, number(&bytes[from + 1..from + 1 + digits])?)
        }
        b'u' => (4, number(bytes.get(from..from + 4)?)?),
        _ => return None,
    };
    let c = char::from_u32(value).unwrap_or('?');
    Some((slashes + 1 + length, Decoded::of(c)))
}

/// `&quot;`, `&#39;`, `&#x27;`
fn entity(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    const NAMED: &[(&[u8], char)] = &[(b"&quot;", '"'), (b"&apos;", '\''), (b"&amp;", '&'), (b"&lt;", '<'), (b"&gt;", '>')];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| bytes[at..].starts_with(name)) {
        return Some((name.len(), Decoded::of(*c)));
    }
    let digits = bytes[at..].strip_prefix(b"&#")?;
    let (lead, radix) = if matches!(digits.first(), Some(b'x' | b'X')) { (3, 16) } else { (2, 10) };
    let length = bytes[at + lead..].iter().take(7).take_while(|b| b.is_ascii_hexdigit()).count();
    let number = std::str::from_utf8(bytes.get(at + lead..at + lead + length)?).ok()?;
    let c = u32::from_str_radix(number, radix).ok().and_then(char::from_u32)?;
    (bytes.get(at + lead + length) == Some(&b';')).then(|| (lead + length + 1, Decoded::of(c)))
}

/// The soft line end of quoted-printable text, behind a line that is nearly full, and `=3D`.
fn quoted_printable(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    const FULL: std::ops::RangeInclusive<usize> = 60..=78;
    let end = match bytes[at + 1..] {
        [b'\n', ..] => 2,
        [b'\r', b'\n', ..] => 3,
        [b'3', b'D', ..] => return Some((3, Decoded::of('='))),
        _ => return None,
    };
    let line = bytes[..at].iter().rev().take(100).take_while(|b| **b != b'\n').count();
    FULL.contains(&line).then(|| (end, Decoded::default()))
}

/// A character that takes no room: zero-width spaces and joiners, the word joiner, the byte order mark, the soft hyphen.
fn invisible(bytes: &[u8], at: usize) -> Option<(usize, Decoded)> {
    let length = match bytes[at..] {
        [0xE2, 0x80, 0x8B..=0x8F, ..] | [0xE2, 0x81, 0xA0..=0xA4, ..] | [0xEF, 0xBB, 0xBF, ..] => 3,
        [0xC2, 0xAD, ..] => 2,
        _ => return None,
    };
    Some((length, Decoded::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_escapes(text: &str) -> Vec<View> {
        of_escapes(
            text,
            Escapes {
                percent: true,
                backslash_u: true,
                non_ascii: true,
            },
        )
    }

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

    #[test]
    fn escapes_map_exactly() {
        for (text, plain) in [
            ("a%20pass%77ord%3Dx", "a pass\u{77}ord=x"),
            (r"a\u0020pass\x77ord\u{3d}x", "a password=x"),
            (r"a\\u0020password=x", "a password=x"),
            ("a pass\u{200B}wo\u{FEFF}rd=x\u{AD}", "a password=x"),
        ] {
            let views = all_escapes(text);
            assert_eq!(views.len(), 1, "{text}");
            assert_eq!(views[0].text, plain);
            assert_eq!(views[0].source(0..plain.len()), 0..text.len());
            let start = plain.find("ord").expect("there");
            assert!(text[views[0].source(start..start + 3)].contains("rd"));
        }
    }

    #[test]
    fn entities_and_soft_line_ends() {
        let views = of_escapes("token=&quot;a&#39;b&#x3D;&quot;", Escapes::default());
        assert_eq!(views[0].text, "token=\"a'b=\"");
        let text = format!("{}token=3Dabc=\ndef", "x".repeat(60));
        let views = of_escapes(&text, Escapes::default());
        assert!(views[0].text.ends_with("xtoken=abcdef"));
        assert!(of_escapes("A=\nB=\n", Escapes::default()).is_empty());
    }

    #[test]
    fn what_is_written_together_stays_together() {
        let text = format!("%20{}", "x".repeat(3000));
        assert_eq!(all_escapes(&text)[0].text.len(), 3001);
    }

    #[test]
    fn far_escapes_have_views_of_their_own() {
        let text = format!("a%20b{}c%20d", "x ".repeat(1000));
        let views = all_escapes(&text);
        assert_eq!(views.len(), 2);
        assert!(views[1].text.ends_with("x c d"));
        assert_eq!(
            views[1].source(views[1].text.len() - 1..views[1].text.len()),
            text.len() - 1..text.len()
        );
    }

    #[test]
    fn nothing_to_undo() {
        assert!(all_escapes("100% of it, 5%, \\d+ and “quotes” — é").is_empty());
        assert!(all_escapes("").is_empty());
        assert!(all_escapes("%C3%A9%FF and %DB_PASSWORD%").is_empty());
    }

    proptest! {
        /// Any text has views whose every stretch maps to whole characters of it.
        #[test]
        fn views_map_to_the_text(text in "(%[0-9A-F]{2}|\\\\u00[0-9a-f]{2}|\\\\x[0-9a-f]{2}|&quot;|&#[0-9]{1,3};|=\n|[a-z ]{1,90}|é|\u{200B}){0,24}") {
            for view in all_escapes(&text) {
                let bounds: Vec<usize> = (0..=view.text.len()).filter(|&at| view.text.is_char_boundary(at)).collect();
                for pair in bounds.windows(2) {
                    prop_assert!(text.get(view.source(pair[0]..pair[1])).is_some());
                }
            }
            let _ = of_run(&text, 0..text.len().min(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0)));
        }
    }
}
