//! Keys that are written over several texts: the lines of an array, the items of a result, two pieces of any length.

use std::ops::Range;

use super::material::{self, Line};
use super::{LONGEST, LONGEST_LABEL, RULES, boundary, is_gap, key, line, next_boundary};
use crate::detect::Finding;

/// What the texts of one place (the items of an array, a member of its objects) leave open, as they come in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strand(State);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Outside,
    /// The last text ended within what may be the first line of a key: this.
    Cut(String),
    /// The last text ended within a key.
    Inside(Inside),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inside {
    /// How many bytes of the key have been seen.
    length: usize,
    /// Whether there was key material among them.
    material: bool,
    /// How many texts in a row had none.
    idle: usize,
}

/// The most headers and blank texts between the lines of a key.
const MOST_IDLE: usize = 8;

/// How far the first line of a key reaches.
const LONGEST_BOUNDARY: usize = LONGEST_LABEL + 24;

impl Strand {
    /// Is nothing left open?
    pub fn is_idle(&self) -> bool {
        self.0 == State::Outside
    }

    /// What of `text` belongs to a key that an earlier text began; remembers what `text` leaves open.
    pub(in crate::detect::secrets) fn follow(&mut self, text: &str) -> Option<Finding> {
        if self.is_idle() && !may_open(text) {
            return None;
        }
        let begun = match std::mem::take(&mut self.0) {
            State::Outside => None,
            State::Cut(first) => joined(&first, text).map(|from| (Inside::default(), from)),
            State::Inside(inside) => Some((inside, 0)),
        };
        let (span, open) = match begun {
            Some((inside, from)) => inside.go_on(text, from),
            None => (None, None),
        };
        self.0 = open.map_or_else(|| opened(text), State::Inside);
        span.map(|span| key(&RULES[0], span))
    }
}

impl Inside {
    /// What of `text` from `from` on belongs to the key, and what is to be known in the next text, if the key goes on there.
    fn go_on(mut self, text: &str, from: usize) -> (Option<Range<usize>>, Option<Self>) {
        let bytes = text.as_bytes();
        let body = &bytes[from..bytes.len().min(from + LONGEST)];
        let (next, footer) = next_boundary(body);
        let (mut end, mut at, mut whole) = (None, 0, true);
        while at < next && whole {
            let (line, after) = line(&body[..next], at);
            let held = &body[at..line];
            let known = self.material || end.is_some();
            let (first, last) = (at == 0 && self.length > 0, from + after >= bytes.len());
            let is_material = match material::kind(held) {
                Line::Blank | Line::Header => false,
                Line::Sure | Line::Likely | Line::Short => true,
                // A piece of a line that was cut at the end of the last text or of this one, or the last line.
                Line::Other => {
                    let is_piece = first && known || last && (known || self.length == 0);
                    whole = is_piece && material::is_rest(held) || known && material::may_be_last(held);
                    whole
                }
            };
            if is_material {
                end = Some(line);
            }
            at = after;
        }
        self.length += body.len() + 1;
        self.idle = if end.is_some() { 0 } else { self.idle + 1 };
        self.material |= end.is_some();
        if let Some(footer) = footer.filter(|_| whole && end.is_some()) {
            end = Some(next + footer);
        }
        let end = end.and_then(|end| (from + end..=text.len()).find(|&end| text.is_char_boundary(end)));
        let goes_on = whole && from + next == bytes.len() && self.length <= LONGEST && self.idle <= MOST_IDLE;
        (end.map(|end| from..end), goes_on.then_some(self))
    }
}

/// Whether `text` may leave something open: nearly all texts end in what no key ends in.
fn may_open(text: &str) -> bool {
    let shown = text.as_bytes().trim_ascii_end();
    let may_end = |b: &u8| material::is_base64(*b) || matches!(b, b'-' | b'"' | b'\'' | b',' | b'_' | b' ');
    if !shown.last().is_some_and(may_end) {
        return false;
    }
    let near = nearness(shown);
    // A first line has more dashes in a row than a date; of one that was cut, there may be one at the end.
    shown.ends_with(b"-") || has_three_dashes(&shown[near..]) || near > 0 && ends_in_line_of_key(shown, near)
}

/// Whether three dashes stand in a row: every third byte is looked at, since one of them is such a byte.
fn has_three_dashes(shown: &[u8]) -> bool {
    let third = (2..shown.len()).step_by(3).filter(|at| shown[*at] == b'-');
    let near = third.map(|at| &shown[at - 2..shown.len().min(at + 3)]);
    near.into_iter()
        .any(|near| near.windows(3).any(|three| three == b"---"))
}

/// Where the end of a text begins in which the first line of a key may have begun.
fn nearness(shown: &[u8]) -> usize {
    shown.len().saturating_sub(LONGEST_BOUNDARY)
}

/// What `text` leaves open at its end.
fn opened(text: &str) -> State {
    if !may_open(text) {
        return State::Outside;
    }
    let near = nearness(text.as_bytes().trim_ascii_end());
    match begun(text) {
        Some(inside) => State::Inside(inside),
        None => cut(text, near).map_or(State::Outside, State::Cut),
    }
}

fn ends_in_line_of_key(shown: &[u8], near: usize) -> bool {
    let last = near + memchr::memrchr3(b'\n', b'\r', b'\\', &shown[near..]).map_or(0, |end| end + 1);
    let line = &shown[last..];
    material::is_rest(line) || material::has_long_run(line) && matches!(material::kind(line), Line::Sure | Line::Likely)
}

/// The key that begins in `text` and goes on behind it.
fn begun(text: &str) -> Option<Inside> {
    let bytes = text.as_bytes();
    let from = bytes.len().saturating_sub(LONGEST);
    // Nearly all texts have none, and forwards that is seen with vectors.
    let begin = from + memchr::memmem::find_iter(&bytes[from..], b"BEGIN").last()?;
    let gap = bytes[..begin].iter().rev().take(1).filter(|b| is_gap(b)).count();
    let before = bytes[..begin - gap].iter().rev();
    let dashes = before.take(5).take_while(|b| **b == b'-').count();
    let (private, length) = boundary(&bytes[begin - gap - dashes..], b"BEGIN")?;
    let body = begin - gap - dashes + length;
    Inside::default().go_on(text, body).1.filter(|_| private)
}

/// The end of `text` from `near` on, where it may be the beginning of a first line that isn't whole.
fn cut(text: &str, near: usize) -> Option<String> {
    let bytes = text.as_bytes();
    let dashes = near + memchr::memrchr(b'-', &bytes[near..])? + 1;
    let start = dashes - bytes[..dashes].iter().rev().take(5).take_while(|b| **b == b'-').count();
    let rest = &bytes[dashes..];
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let begun = rest.starts_with(b"BEGIN") && rest.iter().all(|b| b.is_ascii_alphanumeric() || is_gap(b));
    // The dashes behind the label, fewer than there have to be.
    let ending = dashes == bytes.len() && dashes - start < super::LEAST_DASHES;
    let label = &bytes[near.min(start)..start];
    let label = memchr::memmem::rfind(label, b"BEGIN").map(|at| near.min(start) + at);
    match label.filter(|_| ending) {
        Some(begin) => {
            let before = bytes[..begin]
                .iter()
                .rev()
                .take(6)
                .take_while(|b| **b == b'-' || is_gap(b))
                .count();
            Some(text[begin - before..].to_owned())
        }
        None => (begun || b"BEGIN".starts_with(rest)).then(|| text[start..].to_owned()),
    }
}

/// Where the body of a key starts in `text`, whose first line began with `first`.
fn joined(first: &str, text: &str) -> Option<usize> {
    let head = &text.as_bytes()[..text.len().min(LONGEST_BOUNDARY)];
    let line = [first.as_bytes(), head].concat();
    let (private, length) = boundary(&line, b"BEGIN")?;
    length.checked_sub(first.len()).filter(|_| private)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt/PKSzEmQ++ZBD7Loh9P13f4yQ92EF3";

    /// What is found in each of `texts`.
    fn followed<'t>(texts: &[&'t str]) -> Vec<&'t str> {
        let mut strand = Strand::default();
        let found = texts
            .iter()
            .map(|text| strand.follow(text).map_or("", |key| &text[key.start..key.end]));
        found.collect()
    }

    #[test]
    fn a_line_in_each_text() {
        let end = "-----END RSA PRIVATE KEY-----";
        for ends in ["", "\n", "\\n"] {
            let lines = [
                "-----BEGIN RSA PRIVATE KEY-----",
                "Proc-Type: 4,ENCRYPTED",
                "",
                LINE,
                LINE,
                "aB3d",
                end,
                LINE,
                "x",
            ];
            let lines = lines.map(|line| format!("{line}{ends}"));
            let lines = lines.each_ref().map(String::as_str);
            assert_eq!(followed(&lines), ["", "", "", LINE, LINE, "aB3d", "", "", ""], "{ends}");
        }
        let short: Vec<&str> = LINE
            .as_bytes()
            .chunks(12)
            .map(|line| std::str::from_utf8(line).expect("ASCII"))
            .collect();
        let lines = [&["-----BEGIN PRIVATE KEY-----"], &short[..]].concat();
        assert_eq!(followed(&lines)[1..], short);
    }

    #[test]
    fn two_pieces_of_any_length() {
        let key = format!(
            "-----BEGIN PRIVATE KEY-----\n{}L5iWcrQ=\n-----END PRIVATE KEY-----",
            format!("{LINE}\n").repeat(60)
        );
        let text = format!("the key:\n{key}\nand so on");
        let end = text.len() - "\nand so on".len();
        for cut in (10..end - 30).step_by(7).chain(10..50) {
            let (one, two) = text.split_at(cut);
            let found = followed(&[one, two]);
            assert!(found[0].is_empty());
            let left = two.len() - found[1].len() - "\nand so on".len();
            // Of a first line that was cut the rest stays.
            let rest = "the key:\n-----BEGIN PRIVATE KEY-----".len().saturating_sub(cut);
            assert!(found[1].len() > 20 && left <= rest, "{cut}: {left} {}", found[1]);
        }
    }

    #[test]
    fn what_is_no_key_ends_it() {
        for texts in [
            ["-----BEGIN CERTIFICATE-----", LINE],
            ["if line == '-----BEGIN PRIVATE KEY-----':", LINE],
            ["-----BEGIN PRIVATE KEY-----", "print"],
            ["-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", LINE],
            [
                "-----BEGIN PRIVATE KEY-----",
                "return importPKCS8SomethingVeryLong(pem)",
            ],
            ["text", LINE],
            ["-----", LINE],
        ] {
            assert_eq!(followed(&texts), ["", ""], "{texts:?}");
        }
    }

    proptest! {
        #[test]
        fn three_dashes_are_seen_wherever_they_stand(text in "[-a]{0,40}") {
            prop_assert_eq!(has_three_dashes(text.as_bytes()), text.contains("---"));
        }

        /// Findings are whole characters of any texts.
        #[test]
        fn findings_are_stretches_of_the_texts(texts in prop::collection::vec("(-----|BEGIN|END| PRIVATE KEY|-----BEGIN PRIVATE KEY-----|[A-Za-z0-9+/]{0,64}|\n|\\\\n|é|Proc-Type: 4|\"){0,8}", 0..6)) {
            let mut strand = Strand::default();
            for text in &texts {
                if let Some(found) = strand.follow(text) {
                    prop_assert!(found.start < found.end && text.get(found.start..found.end).is_some());
                }
            }
        }
    }
}
