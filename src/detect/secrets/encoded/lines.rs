//! Encoded text that is wrapped: a run of it and the lines that go on with it.

use std::borrow::Cow;
use std::ops::Range;

/// The shortest line that is taken for one of several, in bytes.
pub(super) const LEAST: usize = 16;
/// The shortest one that is one of two; of shorter ones there have to be three.
const LEAST_OF_TWO: usize = 60;
/// The longest decoration that is the same before each line, as in a diff or a quoted mail.
const LONGEST_PREFIX: usize = 16;

/// What is wrapped.
pub(super) struct Wrapped<'t> {
    /// The characters of the run and of the lines behind it.
    pub(super) joined: Cow<'t, [u8]>,
    /// Where they end.
    pub(super) end: usize,
}

/// Whether the lines before `run` were joined with it already. Only whole lines of the same length are.
pub(super) fn is_joined(bytes: &[u8], run: &Range<usize>) -> bool {
    if run.len() < LEAST || !is_multiple(run.len()) {
        return false;
    }
    length_before(bytes, run) == Some(run.len())
}

/// The run from `from` on and the lines that go on with it, joined. What stands before `from` in its line stands before
/// each of them.
pub(super) fn join<'t>(bytes: &'t [u8], run: &Range<usize>, from: usize) -> Wrapped<'t> {
    let alone = Wrapped {
        joined: bytes[from..run.end].into(),
        end: run.end,
    };
    let width = run.end - from;
    // Where lines begin in the middle of a group of four, each but the first is looked at by itself.
    if width < LEAST || !is_multiple(width) && length_before(bytes, run) == Some(run.len()) {
        return alone;
    }
    let prefix = prefix(bytes, from);
    let (mut joined, mut end, mut more) = (Vec::new(), run.end, 0);
    while let Some(line) = next_line(bytes, end, prefix, width) {
        if joined.is_empty() {
            joined.extend_from_slice(&bytes[from..run.end]);
        }
        joined.extend_from_slice(&bytes[line.clone()]);
        end = line.end;
        more += 1;
        if line.len() < width {
            break;
        }
    }
    match joined.is_empty() || width < LEAST_OF_TWO && more < 2 && !is_hex(&joined) {
        true => alone,
        false => Wrapped {
            joined: joined.into(),
            end,
        },
    }
}

/// Whether a line of the same length follows.
pub(super) fn goes_on(bytes: &[u8], run: &Range<usize>) -> bool {
    let line = next_line(bytes, run.end, prefix(bytes, run.start), run.len());
    line.is_some_and(|line| line.len() == run.len())
}

fn is_multiple(width: usize) -> bool {
    width >= LEAST_OF_TWO || width.is_multiple_of(4)
}

/// How many characters the line before has that `run` begins a line behind; one more than it has itself, if there are more.
fn length_before(bytes: &[u8], run: &Range<usize>) -> Option<usize> {
    let before = &bytes[..run.start];
    let line_end = before.trim_ascii_end().len();
    let parted = line_end < before.len() && before[line_end..].contains(&b'\n');
    let earlier = before[..line_end].iter().rev().take(run.len() + 1);
    parted.then(|| earlier.take_while(|b| is_encoded(**b)).count())
}

/// What stands before `from` in its line, where that may be decoration.
fn prefix(bytes: &[u8], from: usize) -> &[u8] {
    let before = &bytes[from.saturating_sub(LONGEST_PREFIX)..from];
    let decorates = |b: &u8| matches!(b, b'+' | b'-' | b'>' | b'|' | b'#' | b'*' | b'/' | b' ' | b'\t');
    let length = before.iter().rev().take_while(|b| decorates(b)).count();
    let starts_line = from == length || matches!(bytes[from - length - 1], b'\n' | b'\r');
    if starts_line {
        &before[before.len() - length..]
    } else {
        b""
    }
}

/// Where the next line's characters stand, of which there are at most `width`.
fn next_line(bytes: &[u8], end: usize, prefix: &[u8], width: usize) -> Option<Range<usize>> {
    let gap = bytes[end..]
        .iter()
        .take(20)
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    let newline = bytes[end..end + gap].iter().position(|b| *b == b'\n')?;
    let line_start = end + newline + 1;
    let start = if !prefix.is_empty() && bytes[line_start..].starts_with(prefix) {
        line_start + prefix.len()
    } else {
        end + gap
    };
    let line = bytes[start..]
        .iter()
        .take(width + 1)
        .take_while(|b| is_encoded(**b))
        .count();
    let is_whole = bytes
        .get(start + line)
        .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'<'));
    (line > 0 && line <= width && is_whole).then_some(start..start + line)
}

/// Is `b` a character of base64, of either alphabet?
pub(super) fn is_encoded(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_')
}

fn is_hex(joined: &[u8]) -> bool {
    joined.iter().all(u8::is_ascii_hexdigit)
}
