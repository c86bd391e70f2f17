//! The values that placeholders stand for: in memory alone, and overwritten when the session ends.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    ops::Range,
    sync::Arc,
};

use zeroize::Zeroizing;

use crate::{
    detect::{Name, placeholder},
    json,
    mask::Matched,
};

/// The most values that are kept of one server, so that none can fill the memory.
pub(super) const VALUES: usize = 10_000;

/// The most bytes that the values of one server take.
pub(super) const BYTES: usize = 4 << 20;

/// Shorter values are not kept: where such a one stands, nobody can tell whether it is meant.
const SHORTEST: usize = 4;

/// From this length on a value is looked for inside of longer words too; a shorter one may be there by chance.
const UNMISTAKABLE: usize = 8;

/// A line of a value that is at least this long is looked for by itself too: logs are written line by line.
const TELLING_LINE: usize = 16;

/// One value that was masked.
#[derive(Debug)]
pub(super) struct Secret {
    /// The server that it came from.
    pub(super) server: Arc<str>,
    /// What it was found to be, the first time.
    pub(super) kind: Name,
    pub(super) value: Matched,
    /// Whether it was a JSON number. The same digits as a text are another secret, so that each comes back as it was.
    pub(super) number: bool,
    /// What stands for it, with angle brackets.
    pub(super) placeholder: Arc<str>,
}

/// The values of a session.
#[derive(Default)]
pub(super) struct Kept {
    hasher: RandomState,
    by_placeholder: HashMap<Arc<str>, Arc<Secret>>,
    /// By a keyed hash of server and value: a value itself stands in no other place than its own.
    by_value: HashMap<u64, Vec<Arc<Secret>>>,
    /// By kind: how many there are.
    numbers: HashMap<Name, usize>,
    taken: HashMap<Arc<str>, Taken>,
}

/// The room that the values of one server take.
#[derive(Default)]
struct Taken {
    values: usize,
    bytes: usize,
}

impl Kept {
    /// The secret of this server and value, kept from now on if it was not before; `None` where it can't be.
    pub(super) fn keep(
        &mut self,
        server: &Arc<str>,
        kind: &Name,
        (value, number): (&Matched, bool),
        nonce: &str,
    ) -> Option<Arc<Secret>> {
        let hash = self.hasher.hash_one((server, value.text(), number));
        let same =
            |secret: &&Arc<Secret>| secret.server == *server && secret.number == number && secret.value == *value;
        if let Some(known) = self.by_value.get(&hash).and_then(|bucket| bucket.iter().find(same)) {
            return Some(known.clone());
        }
        // What could not be decoded would not come back as it was.
        let sound = value.text().len() >= SHORTEST && !value.text().contains(char::REPLACEMENT_CHARACTER);
        if !sound || !placeholder::is(&format!("<{kind}>")) || !self.take_room(server, value.text().len()) {
            return None;
        }
        let count = self.numbers.entry(kind.clone()).or_default();
        *count += 1;
        let secret = Arc::new(Secret {
            server: server.clone(),
            kind: kind.clone(),
            value: value.clone(),
            number,
            placeholder: format!("<{kind}_{count}_{nonce}>").into(),
        });
        self.by_placeholder.insert(secret.placeholder.clone(), secret.clone());
        self.by_value.entry(hash).or_default().push(secret.clone());
        Some(secret)
    }

    /// Whether there is room for one more value of this server, which is then taken.
    fn take_room(&mut self, server: &Arc<str>, bytes: usize) -> bool {
        let taken = self.taken.entry(server.clone()).or_default();
        let fits = taken.values < VALUES && taken.bytes + bytes <= BYTES;
        if fits {
            taken.values += 1;
            taken.bytes += bytes;
        }
        fits
    }

    /// What a placeholder stands for.
    pub(super) fn get(&self, placeholder: &str) -> Option<Arc<Secret>> {
        self.by_placeholder.get(placeholder).cloned()
    }

    /// Whether nothing is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.by_placeholder.is_empty()
    }
}

/// Values that servers were given back, to be found wherever they turn up.
pub(super) struct Restored {
    hasher: RandomState,
    /// By a keyed hash of their first bytes.
    by_start: HashMap<u64, Vec<Sought>>,
    /// Whether one begins with this byte.
    begins: [bool; 256],
}

/// One way to write a value.
struct Sought {
    text: Matched,
    secret: Arc<Secret>,
}

impl Default for Restored {
    fn default() -> Self {
        Self {
            hasher: RandomState::default(),
            by_start: HashMap::new(),
            begins: [false; 256],
        }
    }
}

impl Restored {
    /// Looks out for a secret's value from now on.
    pub(super) fn add(&mut self, secret: &Arc<Secret>) {
        for text in ways_to_write(secret.value.text()) {
            let start = &text.text().as_bytes()[..SHORTEST];
            let bucket = self.by_start.entry(self.hasher.hash_one(start)).or_default();
            if bucket.iter().all(|other| other.text != text) {
                self.begins[usize::from(start[0])] = true;
                let secret = secret.clone();
                bucket.push(Sought { text, secret });
                // The longest that fits is the one that is meant.
                bucket.sort_by_key(|sought| std::cmp::Reverse(sought.text.text().len()));
            }
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_start.is_empty()
    }

    /// Each of them in `text`, with where it stands, in order and without overlap.
    pub(super) fn find<'s>(&'s self, text: &str) -> Vec<(Range<usize>, &'s Arc<Secret>)> {
        let (mut found, mut from, bytes) = (Vec::new(), 0, text.as_bytes());
        while let Some(start) = bytes.get(from..from + SHORTEST) {
            let here = self.begins[usize::from(start[0])]
                .then(|| self.by_start.get(&self.hasher.hash_one(start)))
                .flatten()
                .and_then(|bucket| {
                    let stands = |sought: &&Sought| stands_at(text, from, sought.text.text());
                    bucket.iter().find(stands)
                });
            match here {
                Some(sought) => {
                    let end = from + sought.text.text().len();
                    found.push((from..end, &sought.secret));
                    from = end;
                }
                None => from += 1,
            }
        }
        found
    }
}

/// A value as it is, escaped as in JSON, and as in JSON within a string of JSON, both in ASCII alone as well, and each of
/// its lines that is not one of many like it: what is printed for people is often one of these.
fn ways_to_write(value: &str) -> Vec<Matched> {
    let once = escaped(value);
    let twice = escaped(&once);
    let in_ascii = [ascii(&once), ascii(&twice), escaped(&ascii(&once))];
    let is_telling = |line: &&str| line.len() >= TELLING_LINE && !line.starts_with("-----");
    let lines = value.lines().filter(|line| *line != value).filter(is_telling);
    let quoted = [&once, &twice].into_iter().chain(&in_ascii).map(|way| way.as_str());
    let mut ways = vec![Matched::from(value)];
    for way in quoted.chain(lines).map(Matched::from) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

fn escaped(text: &str) -> Zeroizing<String> {
    let quoted = Zeroizing::new(json::quote(text));
    Zeroizing::new(quoted[1..quoted.len() - 1].to_owned())
}

/// JSON's escapes in the place of what is not ASCII.
fn ascii(text: &str) -> Zeroizing<String> {
    let mut ascii = Zeroizing::new(String::with_capacity(text.len()));
    for letter in text.chars() {
        match letter.is_ascii() {
            true => ascii.push(letter),
            false => {
                let mut units = [0; 2];
                let units = letter.encode_utf16(&mut units).iter();
                ascii.extend(units.map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    ascii
}

/// Whether `value` stands in `text` at the byte `at`, a short one as a word of its own.
fn stands_at(text: &str, at: usize, value: &str) -> bool {
    let Some(rest) = text.get(at..).and_then(|here| here.strip_prefix(value)) else {
        return false;
    };
    value.len() >= UNMISTAKABLE
        || !(text[..at].ends_with(char::is_alphanumeric) || rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(kept: &mut Kept, server: &str, kind: &'static str, value: &str) -> Option<String> {
        let kept = kept.keep(&server.into(), &kind.into(), (&value.into(), false), "x00ff7a");
        kept.map(|secret| secret.placeholder.to_string())
    }

    #[test]
    fn there_is_one_placeholder_for_each_server_and_value() {
        let mut kept = Kept::default();
        let mut of = |server, kind, value| keep(&mut kept, server, kind, value).unwrap();
        assert_eq!(of("a", "TOKEN", "value one"), "<TOKEN_1_x00ff7a>");
        assert_eq!(of("a", "TOKEN", "value two"), "<TOKEN_2_x00ff7a>");
        assert_eq!(of("a", "OTHER", "value one"), "<TOKEN_1_x00ff7a>", "by whatever rule");
        assert_eq!(of("b", "TOKEN", "value one"), "<TOKEN_3_x00ff7a>");
        assert_eq!(of("b", "OTHER", "value two"), "<OTHER_1_x00ff7a>");
        assert_eq!(kept.get("<TOKEN_3_x00ff7a>").unwrap().server, "b".into());
        assert!(kept.get("<TOKEN_4_x00ff7a>").is_none());
    }

    #[test]
    fn what_could_not_come_back_as_it_was_is_not_kept() {
        let mut kept = Kept::default();
        for (kind, value) in [("TOKEN", "abc"), ("TOKEN", "a\u{fffd}bcd"), ("a kind", "value one")] {
            assert_eq!(keep(&mut kept, "a", kind, value), None, "{kind} {value}");
        }
        assert!(kept.is_empty());
    }

    #[test]
    fn a_server_fills_no_more_than_its_own_room() {
        let mut kept = Kept::default();
        for number in 0..VALUES {
            assert!(keep(&mut kept, "a", "TOKEN", &format!("value {number}")).is_some());
        }
        assert_eq!(keep(&mut kept, "a", "TOKEN", "one more"), None);
        assert!(keep(&mut kept, "a", "TOKEN", "value 7").is_some(), "it is kept already");
        assert!(keep(&mut kept, "b", "TOKEN", &"x".repeat(BYTES)).is_some());
        assert_eq!(keep(&mut kept, "b", "TOKEN", "one more"), None);
    }

    #[test]
    fn what_was_restored_is_found_wherever_it_stands() {
        let (mut kept, mut restored) = (Kept::default(), Restored::default());
        for value in ["hunter22", "hunt", "é pass"] {
            let secret = kept.keep(&"a".into(), &"TOKEN".into(), (&value.into(), false), "x00ff7a");
            restored.add(&secret.unwrap());
        }
        let found = |text: &str| {
            let found = restored.find(text).into_iter();
            found
                .map(|(span, secret)| (span.start, secret.value.text().to_owned()))
                .collect::<Vec<_>>()
        };
        let texts = |values: &[(usize, &str)]| {
            values
                .iter()
                .map(|(at, text)| (*at, (*text).to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("hunt,xhunter22x (é pass)"),
            texts(&[(0, "hunt"), (6, "hunter22"), (17, "é pass")])
        );
        assert_eq!(found("hunted Hunt é pas ahunt 7hunt"), []);
    }

    #[test]
    fn what_was_restored_is_found_as_logs_write_it() {
        let (mut kept, mut restored) = (Kept::default(), Restored::default());
        let value = "-----BEGIN A KEY-----\nq1W2e3R4t5Y6u7I8é\"\nshort";
        let secret = kept.keep(&"a".into(), &"TOKEN".into(), (&value.into(), false), "x00ff7a");
        restored.add(&secret.unwrap());
        let ascii = r#"-----BEGIN A KEY-----\nq1W2e3R4t5Y6u7I8\u00e9\"\nshort"#;
        let whole = json::quote(value);
        let nested = json::quote(&whole);
        let nested = &nested[3..nested.len() - 3];
        for text in [value, &whole[1..whole.len() - 1], nested, ascii, "q1W2e3R4t5Y6u7I8é\""] {
            let logged = format!("got '{text}'!");
            let found = restored.find(&logged);
            let found: Vec<&str> = found.into_iter().map(|(span, _)| &logged[span]).collect();
            assert_eq!(found, [text]);
        }
        assert!(restored.find("-----BEGIN A KEY-----\nshort").is_empty());
    }
}
