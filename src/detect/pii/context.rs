//! What stands around a match: the words near it, and what names it.
//!
//! Words come from the text before (and the one word after), from the names of the JSON members that lead to the text, and
//! from the header of the column, in lower case, split at `_`, `-` and where camel case turns.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;

use super::columns::Cell;
use super::text;

/// How many words before a match count, as with Presidio.
const WORDS: usize = 6;
/// How far before a match words are looked for, in bytes.
const REACH: usize = 96;
/// How many of the words right before a match can name it.
const LABEL_WORDS: usize = 3;
/// How many of the innermost member names are read.
const NAMES: usize = 3;
/// Words that say nothing; they do not count among the six.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "i", "in", "it", "my", "of", "on",
    "or", "that", "the", "this", "to", "with", "your",
];
/// The length of the longest of them, in bytes.
const LONGEST_STOP_WORD: usize = 4;
/// Words of a label that name nothing by themselves: the one before them does.
const NEUTRAL: &[&str] = &[
    "number", "numbers", "num", "no", "nr", "id", "ids", "value", "code", "str", "string", "text",
];
/// Words that link a name to what it names, in prose.
const LINKS: &[&str] = &["is", "was"];

/// The surroundings of one match, each part as words with a space before, between and after them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Surroundings {
    /// All words near the match.
    pub(crate) near: String,
    /// What names it: its member's name, its column's header, or else up to three words right before it.
    pub(crate) label: String,
}

impl Surroundings {
    /// Becomes those of `text[start..end]`, given the names of the members that lead to the text, and the cell of the table that
    /// it is in.
    pub(crate) fn read(
        &mut self,
        text: &str,
        start: usize,
        end: usize,
        names: &[Cow<'_, str>],
        cell: Option<Cell<'_>>,
    ) {
        for words in [&mut self.near, &mut self.label] {
            words.clear();
            words.push(' ');
        }
        for name in &names[names.len().saturating_sub(NAMES)..] {
            push_words(&mut self.near, end_of(name));
        }
        if let Some(cell) = cell {
            push_words(&mut self.near, cell.header);
        }
        let floor = cell.map_or(0, |cell| cell.start).max(start.saturating_sub(REACH));
        let before = WordsBefore::collect(text, text::floor(text, floor), start);
        for word in before.words[..before.count].iter().rev() {
            push_words(&mut self.near, word);
        }
        for word in before.words[..before.adjacent].iter().rev() {
            push_words(&mut self.label, word);
        }
        if before.adjacent == 0 {
            let name = cell.map(|cell| cell.header).or(names.last().map(AsRef::as_ref));
            push_words(&mut self.label, end_of(name.unwrap_or_default()));
        }
        if let Some(word) = word_after(text, end).filter(|_| cell.is_none()) {
            push_words(&mut self.near, word);
        }
    }

    /// Do `words`, one after the other, stand at the end of the label, with at most words like "number" after them?
    pub(crate) fn is_named(&self, words: &str) -> bool {
        let mut label = self.label.trim_end();
        loop {
            if label.strip_suffix(words).is_some_and(|rest| rest.ends_with(' ')) {
                return true;
            }
            match label.rsplit_once(' ') {
                Some((rest, last)) if NEUTRAL.contains(&last) => label = rest,
                _ => return false,
            }
        }
    }

    /// Is the last word of the label that says anything one of `against`, and none of `context`?
    pub(crate) fn is_named_otherwise(&self, against: &[&str], context: &[&str]) -> bool {
        let says_nothing = |word: &&str| (NEUTRAL.contains(word) || LINKS.contains(word)) && !against.contains(word);
        let last = self.label.split_whitespace().rev().find(|word| !says_nothing(word));
        last.is_some_and(|last| against.contains(&last) && !context.contains(&last))
    }
}

/// The words before a match, the nearest first.
#[derive(Default)]
struct WordsBefore<'a> {
    words: [&'a str; WORDS],
    count: usize,
    /// How many of them are of its label.
    adjacent: usize,
}

impl<'a> WordsBefore<'a> {
    /// Walks back from `start` to `floor`. Behind a key (`phone: `, `ssn=`, `<ssn>`) the walk ends where the field does; in
    /// prose it goes on over commas and single line ends.
    fn collect(text: &'a str, floor: usize, start: usize) -> Self {
        let mut found = Self::default();
        let mut end = None;
        let mut is_field = false;
        let mut is_adjacent = true;
        for (i, c) in text[floor..start].char_indices().rev() {
            let i = floor + i;
            if c.is_alphanumeric() || matches!(c, '_' | '\'' | '-') && end.is_some() {
                end.get_or_insert(i + c.len_utf8());
                continue;
            }
            if let Some(end) = end.take() {
                is_adjacent &= found.take(&text[i + c.len_utf8()..end], is_adjacent);
            }
            let has_words = found.count > 0;
            match c {
                _ if found.count == WORDS => return found,
                ':' | '=' | '>' if !has_words => is_field = true,
                '{' | '}' | '<' | '|' | '\t' if has_words => return found,
                '[' | ']' | ',' | ';' | '&' | '\n' if is_field && has_words => return found,
                '.' | ',' | ';' | '\n' | '(' | ')' | ':' | '=' | '>' | '"' if has_words => is_adjacent = false,
                _ => {}
            }
        }
        if let Some(end) = end.filter(|_| !text::before(text, floor).is_some_and(text::is_word)) {
            found.take(&text[floor..end], is_adjacent);
        }
        found
    }

    /// Keeps a word, unless it says nothing. Returns whether the label goes on before it.
    fn take(&mut self, word: &'a str, is_adjacent: bool) -> bool {
        // Numbers first: text dense with them is of little else.
        if self.count == WORDS || !word.contains(char::is_alphabetic) || says_nothing(word) {
            return false;
        }
        self.words[self.count] = word;
        self.count += 1;
        self.adjacent += usize::from(is_adjacent);
        self.adjacent < LABEL_WORDS
    }
}

/// Is it a stop word, in any case?
fn says_nothing(word: &str) -> bool {
    word.len() <= LONGEST_STOP_WORD && STOP_WORDS.iter().any(|stop| stop.eq_ignore_ascii_case(word))
}

/// The last bytes of a name, which may be as long as a message.
fn end_of(name: &str) -> &str {
    &name[text::ceil(name, name.len().saturating_sub(REACH))..]
}

/// The word right after a match, a single space between, unless it is the key of what follows.
fn word_after(text: &str, end: usize) -> Option<&str> {
    let rest = text[end..].strip_prefix(' ')?;
    let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let word = &rest[..length];
    let is_key = rest[length..].starts_with([':', '=', '_']);
    (!word.is_empty() && !is_key && !STOP_WORDS.contains(&word)).then_some(word)
}

/// The words of a name, with one space between.
pub(crate) fn words_of(name: &str) -> String {
    let mut words = String::new();
    push_words(&mut words, name);
    words.trim().to_owned()
}

/// Appends the words of a name: lower case, split at all that is no letter or digit and where camel case turns.
fn push_words(words: &mut String, name: &str) {
    let mut previous = ' ';
    for c in name.chars() {
        let turns = c.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit());
        if (turns || !c.is_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        if c.is_alphanumeric() {
            match c.is_ascii() {
                true => words.push(c.to_ascii_lowercase()),
                false => words.extend(c.to_lowercase()),
            }
        }
        previous = c;
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
}

/// The context words of all chosen recognizers, looked for at once.
#[derive(Debug)]
pub(crate) struct ContextWords {
    automaton: AhoCorasick,
    /// By pattern of the automaton: the rows whose context it is.
    rows: Vec<Vec<usize>>,
}

/// A context word shorter than this has to be a whole word: `ip` is no part of `description`. So has one that is written
/// with spaces around it.
const PART_OF_WORD: usize = 4;

impl ContextWords {
    /// From pairs of a row's index and one of its words.
    pub(crate) fn new<'a>(words: impl Iterator<Item = (usize, &'a str)>) -> Result<Self, aho_corasick::BuildError> {
        let mut patterns: Vec<String> = Vec::new();
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for (row, word) in words {
            let pattern = if word.trim().len() < PART_OF_WORD {
                format!(" {} ", word.trim())
            } else {
                word.to_lowercase()
            };
            let index = patterns.iter().position(|known| *known == pattern).unwrap_or_else(|| {
                patterns.push(pattern);
                rows.push(Vec::new());
                rows.len() - 1
            });
            rows[index].push(row);
        }
        Ok(Self {
            automaton: AhoCorasick::new(patterns)?,
            rows,
        })
    }

    /// Fills `found` with the rows that have context in `near`.
    pub(crate) fn find(&self, near: &str, found: &mut Vec<usize>) {
        found.clear();
        for word in self.automaton.find_overlapping_iter(near) {
            found.extend(&self.rows[word.pattern().as_usize()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, entity: &str, names: &[&str]) -> Surroundings {
        let names: Vec<Cow<'_, str>> = names.iter().map(|&name| name.into()).collect();
        let start = text.find(entity).unwrap();
        {
            let mut around = Surroundings::default();
            around.read(text, start, start + entity.len(), &names, None);
            around
        }
    }

    #[test]
    fn reads_words_before_names_and_the_word_after() {
        assert_eq!(
            around("my Social security number is 123 now", "123", &[]).near,
            " social security number is now "
        );
        assert_eq!(
            around("123", "123", &["person", "homePhone_no"]).near,
            " person home phone no "
        );
        assert_eq!(around("Phone:\n123", "123", &[]).near, " phone ");
        assert_eq!(
            around("one two three four five six seven 123", "123", &[]).near,
            " two three four five six seven "
        );
    }

    #[test]
    fn a_field_ends_the_words_of_the_next() {
        assert_eq!(
            around(r#"{"ssn": "1", "order_id": 123}"#, "123", &[]).near,
            " order id "
        );
        assert_eq!(around("phone=1&order=123", "123", &[]).near, " order ");
        assert_eq!(around("<a phone=\"1\"><ssn>123</ssn>", "123", &[]).near, " ssn ");
    }

    #[test]
    fn what_stands_right_before_names_a_match() {
        assert!(around("SSN number: 123", "123", &[]).is_named("ssn"));
        assert!(!around("my ssn is 123", "123", &[]).is_named("ssn"));
        assert!(around("123", "123", &["customer", "bankIban"]).is_named("iban"));
        assert!(around("version 123", "123", &[]).is_named_otherwise(&["version"], &[]));
        assert!(!around("", "", &["id_phone"]).is_named_otherwise(&["id"], &[]));
    }

    #[test]
    fn short_context_words_are_whole_words() {
        let words = ContextWords::new([(0, "ip"), (1, "account"), (2, "account")].into_iter()).unwrap();
        let mut found = Vec::new();
        words.find(" description of accounts ", &mut found);
        assert_eq!(found, [1, 2]);
        words.find(" my ip ", &mut found);
        assert_eq!(found, [0]);
    }
}
