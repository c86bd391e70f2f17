//! Hexadecimal dumps with an address before each line, and mostly the text behind it: `xxd`, `hexdump -C`, `Format-Hex`,
//! `tcpdump -X`.

use super::{Dump, Source, View, hex};

/// The fewest and the most digits of an address, and the most bytes of a line.
const ADDRESS: std::ops::RangeInclusive<usize> = 4..=16;
const MOST_BYTES: usize = 64;
/// The bytes that half a line of `hexdump -C` has, behind which stand two blanks.
const HALF: usize = 8;
/// Of how many lines one has an address that ends in `00`, as `hexdump -C` writes them.
const LINES_OF_ADDRESS: usize = 16;
/// How much decoration may stand before an address: of a diff, a quoted mail, an indented block.
const WIDEST_LEAD: usize = 12;
/// The longest line that is read, in bytes.
const LONGEST: usize = 320;

/// A line: its address, where the digits of each of its bytes begin, and where it ends.
struct Line {
    address: u64,
    /// Where the address ends.
    behind: usize,
    digits: Vec<usize>,
    end: usize,
}

impl Line {
    /// The address of the line that goes on behind this one.
    fn next_address(&self) -> u64 {
        self.address + self.digits.len() as u64
    }
}

/// The dump of which a line has a `:` at `at` behind its address. Only its first line tells of it.
pub(in crate::detect::secrets) fn of_dump(text: &str, at: usize) -> Option<View> {
    let bytes = text.as_bytes();
    let start = start_of_line(bytes, at);
    let line = line(bytes, start)?;
    let before = line_before(bytes, start);
    let goes_on = before.is_some_and(|(_, before)| before.next_address() == line.address);
    (line.behind == at && !goes_on).then(|| view(bytes, start)).flatten()
}

/// The dump of which a line has `00` and two blanks at `at`: the end of its address, or two of its bytes.
pub(in crate::detect::secrets) fn of_wide_dump(text: &str, at: usize) -> Option<View> {
    let bytes = text.as_bytes();
    let mut start = start_of_line(bytes, at);
    let mut first = line(bytes, start)?;
    let round = |line: &Line| line.address & 0xFF == 0;
    // The lines behind a round address are read with it.
    if round(&first) {
        return (first.behind == at + 2).then(|| view(bytes, start)).flatten();
    }
    for _ in 0..LINES_OF_ADDRESS {
        match line_before(bytes, start) {
            Some((_, before)) if before.next_address() != first.address => break,
            Some((_, before)) if round(&before) => return None,
            Some((earlier, before)) => (start, first) = (earlier, before),
            None => break,
        }
    }
    view(bytes, start)
}

/// What the lines from `start` on stand for.
fn view(bytes: &[u8], start: usize) -> Option<View> {
    let (mut decoded, mut dump) = (Vec::new(), Dump::default());
    let (mut at, mut next, mut gap) = (start, None, false);
    while at < bytes.len() {
        let end = at + memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
        match line(bytes, at) {
            Some(line) if next.is_none_or(|next| line.address == next || gap && line.address > next) => {
                next = Some(line.next_address());
                gap = false;
                decoded.extend(line.digits.iter().map(|&at| byte(bytes, at).unwrap_or_default()));
                dump.digits.extend(line.digits);
                dump.ends.push((decoded.len(), line.end));
            }
            // Lines that are the same as the one before.
            None if bytes[at..end].trim_ascii() == b"*" => gap = true,
            _ => break,
        }
        at = end + 1;
    }
    let text = String::from_utf8(decoded).unwrap_or_else(|error| {
        let bytes = error.into_bytes().into_iter();
        bytes.map(|b| if b.is_ascii() { char::from(b) } else { '\n' }).collect()
    });
    (!text.is_empty()).then_some(View {
        text,
        source: Source::Dump(dump),
    })
}

fn start_of_line(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(LONGEST);
    memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |end| from + end + 1)
}

/// The line before the one that starts at `start`, and where it does.
fn line_before(bytes: &[u8], start: usize) -> Option<(usize, Line)> {
    let before = start_of_line(bytes, start.checked_sub(1)?);
    Some((before, line(bytes, before)?))
}

/// Reads the line that starts at `start`.
fn line(bytes: &[u8], start: usize) -> Option<Line> {
    let rest = &bytes[start..bytes.len().min(start + LONGEST)];
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let rest = &rest[..end];
    let lead = rest
        .iter()
        .take(WIDEST_LEAD)
        .take_while(|b| b" \t+->|#".contains(b))
        .count();
    let lead = lead + if rest[lead..].starts_with(b"0x") { 2 } else { 0 };
    let length = rest[lead..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
    if !ADDRESS.contains(&length) {
        return None;
    }
    let address = std::str::from_utf8(&rest[lead..lead + length]).ok()?;
    let address = u64::from_str_radix(address, 16).ok()?;
    let behind = lead + length;
    let colon = usize::from(rest.get(behind) == Some(&b':'));
    let mut at = behind + colon;
    let blanks = |at: usize| rest[at..].iter().take(4).take_while(|b| **b == b' ').count();
    let gap = blanks(at);
    if gap == 0 || colon == 0 && gap < 2 {
        return None;
    }
    at += gap;
    let mut digits = Vec::new();
    let mut width = None;
    loop {
        let group = rest[at..]
            .iter()
            .take(MOST_BYTES)
            .take_while(|b| b.is_ascii_hexdigit())
            .count();
        let ends = rest.get(at + group).is_none_or(|b| matches!(b, b' ' | b'<'));
        if group == 0 || group % 2 == 1 || !ends || width.is_some_and(|width| group > width) {
            break;
        }
        width = width.or(Some(group));
        digits.extend((at..at + group).step_by(2).map(|at| start + at));
        at += group;
        let gap = blanks(at);
        let half = gap == 2 && width == Some(2) && digits.len() == HALF;
        if digits.len() >= MOST_BYTES || gap != 1 && !half {
            break;
        }
        at += gap;
    }
    (!digits.is_empty()).then_some(Line {
        address,
        behind: start + behind,
        digits,
        end: start + end,
    })
}

fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    Some(hex(bytes[at])? << 4 | hex(bytes[at + 1])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const XXD: &str = "00000000: 4749 5448 5542 5f54 4f4b 454e 3d67 6870  GITHUB_TOKEN=ghp\n\
                       00000010: 5f33 0a                                  _3.\n";
    const CANONICAL: &str = "00000000  47 49 54 48 55 42 5f 54  4f 4b 45 4e 3d 67 68 70  |GITHUB_TOKEN=ghp|\n\
                             00000010  5f 33 0a                                          |_3.|\n00000013\n";

    #[test]
    fn dumps_of_every_kind() {
        let plain = "GITHUB_TOKEN=ghp_3\n";
        for dump in [
            XXD,
            &XXD.replace("0000: ", "0000:  ").replace("0010: ", "0010:  "),
            &XXD.replace("00000", "\t0x0"),
            &XXD.replace("00000", "+00000"),
        ] {
            let view = of_dump(dump, dump.find(':').expect("there")).expect(dump);
            assert_eq!(view.text, plain, "{dump}");
            assert_eq!(of_dump(dump, dump.rfind(": ").expect("there")), None);
            let at = plain.find("ghp_3").expect("there");
            let source = view.source(at..at + 5);
            assert!(dump[source.clone()].starts_with("67") && dump[source].ends_with("_3."));
        }
        for dump in [CANONICAL, &CANONICAL.replace("0  ", "0   ")] {
            let view = of_wide_dump(dump, 6).expect("a dump");
            assert_eq!(view.text, plain);
        }
    }

    #[test]
    fn parts_of_a_dump_and_lines_that_are_left_out() {
        let zeros = CANONICAL.replace("5f 33 0a", "00 00   ");
        assert!(
            of_wide_dump(&zeros, zeros.find("00   ").expect("there")).is_none(),
            "read with the first line"
        );
        let part = CANONICAL
            .replace("0000000  ", "0000120  ")
            .replace("0000010  ", "0000130  ")
            .replace("5f 54  4f", "5f 00  4f");
        let view = of_wide_dump(&part, part.find("00  4f").expect("there")).expect("a dump");
        assert!(view.text.starts_with("GITHUB_"));
        let gap = "00000000  41 41 41 41\n*\n00000040  42 42\n00000099  43 43\n";
        assert_eq!(of_wide_dump(gap, 6).expect("a dump").text, "AAAABB");
    }

    #[test]
    fn what_is_no_dump() {
        for text in [
            "1000: abcd is no dump",
            "port 8080: 4142",
            "10:00: 41",
            "00000000: xyz",
            "    0: 41",
        ] {
            for (at, _) in text.match_indices(':') {
                let view = of_dump(text, at);
                assert!(view.is_none_or(|view| view.text.len() < 3), "{text}");
            }
        }
    }

    proptest! {
        /// Any dump has a view whose every stretch maps to whole characters of it.
        #[test]
        fn views_map_to_the_text(text in "([0-9a-f]{8}(:|) {1,2}|[0-9a-f]{2,4} {1,2}|\n|\\*|é|[|]|0x){0,40}") {
            let colons = text.match_indices(':').filter_map(|(at, _)| of_dump(&text, at));
            let wide = text.match_indices("00  ").filter_map(|(at, _)| of_wide_dump(&text, at));
            for view in colons.chain(wide) {
                let bounds: Vec<usize> = (0..=view.text.len()).filter(|&at| view.text.is_char_boundary(at)).collect();
                for pair in bounds.windows(2) {
                    prop_assert!(text.get(view.source(pair[0]..pair[1])).is_some());
                }
            }
        }
    }
}
