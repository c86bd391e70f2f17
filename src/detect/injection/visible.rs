//! A text as a model reads it: what nobody sees is decoded, what looks like a letter is that letter.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::lookalikes::{is_lookalike, pictured, plain};
use super::offsets::Offsets;
use super::rule::{Rule, Surface};
use super::rules::hidden;
use crate::detect::terminal;
use crate::detect::unseen::{is_mark, is_nobodys, takes_no_room};

/// Zero-width characters in a row that write something rather than being left from copying.
const RUN: usize = 3;
/// So many of at least two kinds hold a message: three letters or more.
const MESSAGE: usize = 24;
/// How much of what an override turns round is read, in characters.
const TURNED: usize = 400;

/// A text without anything unseen.
#[derive(Debug)]
pub(super) struct Visible<'a> {
    /// What is read. What was hidden stands at its end, on lines of its own.
    pub(super) text: Cow<'a, str>,
    /// The way back to the source.
    pub(super) offsets: Offsets,
    /// What was hidden: the rule, where in the source, and what it says or is.
    pub(super) found: Vec<(&'static Rule, Range<usize>, String)>,
}

/// Makes a text visible that stands there.
pub(super) fn visible(source: &str, surface: Surface) -> Visible<'_> {
    if source.is_ascii() && memchr::memchr3(0x1b, BACKSPACE, 0, source.as_bytes()).is_none() {
        return Visible {
            text: Cow::Borrowed(source),
            offsets: Offsets::default(),
            found: Vec::new(),
        };
    }
    let mut pass = Pass {
        source,
        surface,
        text: String::with_capacity(source.len()),
        offsets: Offsets::default(),
        found: Vec::new(),
        hidden: Vec::new(),
        word_end: 0,
        folds: false,
        has_rtl: source.chars().any(is_rtl),
        turned: 0,
    };
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        at += pass.take(at, c);
    }
    pass.finish()
}

const BACKSPACE: u8 = 8;

struct Pass<'a> {
    source: &'a str,
    surface: Surface,
    text: String,
    offsets: Offsets,
    found: Vec<(&'static Rule, Range<usize>, String)>,
    /// Texts that were hidden, and where.
    hidden: Vec<(Range<usize>, String)>,
    /// The end of the word that was last looked at for mixed scripts.
    word_end: usize,
    /// Whether its letters are folded.
    folds: bool,
    has_rtl: bool,
    /// Where what was last turned round ends.
    turned: usize,
}

impl<'a> Pass<'a> {
    /// Takes the character at `at`, or all of a run of its kind; gives the length of what was taken.
    fn take(&mut self, at: usize, c: char) -> usize {
        match c {
            '\u{1b}' => self.escape_sequence(at),
            '\0' | '\u{8}' => 1,
            c if c.is_ascii() => self.keep_ascii(at),
            '\u{80}'..='\u{9f}' => self.control(at, c),
            '\u{e0000}'..='\u{e007f}' => self.tag_characters(at),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => self.variation_selectors(at),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.bidi_control(at, c),
            c if is_zero_width(c) => self.zero_width(at),
            c if is_filler(c) => self.filler(at, c),
            c if is_ignorable(c) => c.len_utf8(),
            c if self.text.ends_with(|c: char| c.is_ascii()) && is_mark(c) => c.len_utf8(),
            c => self.fold(at, c),
        }
    }

    /// Notes what was hidden, where that counts.
    fn note(&mut self, rule: &'static Rule, at: Range<usize>, said: String) {
        if rule.surfaces.has(self.surface) {
            self.found.push((rule, at, said));
        }
    }

    fn keep(&mut self, at: usize, c: char, length: usize) -> usize {
        self.offsets.note(self.text.len(), at);
        self.text.push(c);
        length
    }

    /// ASCII, up to the next character that may be unseen or look like another. What a backspace takes back is not kept:
    /// manuals are bold that way.
    fn keep_ascii(&mut self, at: usize) -> usize {
        let rest = &self.source.as_bytes()[at..];
        let length = rest
            .iter()
            .position(|byte| !byte.is_ascii() || matches!(*byte, terminal::ESCAPE | BACKSPACE | 0))
            .unwrap_or(rest.len());
        let taken_back = usize::from(rest.get(length) == Some(&BACKSPACE));
        if length > taken_back {
            self.offsets.note(self.text.len(), at);
            self.text.push_str(&self.source[at..at + length - taken_back]);
        }
        length
    }

    /// The end of the characters from `at` on that are of a kind.
    fn run(&self, at: usize, is_kind: impl Fn(char) -> bool) -> Range<usize> {
        let rest = &self.source[at..];
        at..at + rest.find(|c| !is_kind(c)).unwrap_or(rest.len())
    }

    /// What a terminal takes for a colour, a link or a title. A string in it is read: it stays where that is wanted.
    fn escape_sequence(&mut self, at: usize) -> usize {
        let rest = &self.source.as_bytes()[at + 1..];
        let is_string = matches!(rest.first(), Some(b']' | b'P' | b'X' | b'^' | b'_'));
        self.sequence(at, 1, terminal::sequence(rest), usize::from(is_string))
    }

    /// The controls of eight bits: two of the above in one.
    fn control(&mut self, at: usize, c: char) -> usize {
        let rest = &self.source.as_bytes()[at + 2..];
        match c {
            '\u{9b}' => self.sequence(at, 2, terminal::control(rest), 0),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => self.sequence(at, 2, terminal::string(rest), 1),
            '\u{85}' => self.keep(at, '\n', 2),
            _ => 2,
        }
    }

    /// A sequence that begins with `lead` bytes and goes on for `length`, if it has an end; `text` is 0 where it holds none.
    fn sequence(&mut self, at: usize, lead: usize, length: Option<usize>, text: usize) -> usize {
        let end = at + lead + length.unwrap_or(0);
        let inner = &self.source[at + lead..end];
        if length.is_some() && text > 0 {
            let said = inner.trim_matches(|c: char| c.is_control() || matches!(c, ']' | '\\'));
            self.hidden.push((at..end, said.to_owned()));
        }
        let rule = match self.surface {
            Surface::Result => &hidden::ANSI_IN_RESULT,
            _ => &hidden::ANSI,
        };
        self.note(rule, at..end, format!("ESC{inner}"));
        end - at
    }

    fn tag_characters(&mut self, at: usize) -> usize {
        let run = self.run(at, |c| ('\u{e0000}'..='\u{e007f}').contains(&c));
        let taken = &self.source[run.clone()];
        // The flags of England, Scotland and Wales are written with these, after a black flag.
        let flag = self.source[..at].ends_with('\u{1f3f4}') && taken.ends_with('\u{e007f}') && taken.len() <= 32;
        if !flag {
            let letters = taken.chars().filter_map(|c| char::from_u32(u32::from(c) - 0xe0000));
            let text: String = letters.filter(|c| !c.is_control()).collect();
            self.hide(&hidden::TAGS, run.clone(), text);
        }
        run.len()
    }

    /// One is a style; a run of them can hold bytes, 1 to 16 and 17 to 256 being 0 to 255.
    fn variation_selectors(&mut self, at: usize) -> usize {
        let run = self.run(at, |c| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'));
        let bytes: Vec<u8> = self.source[run.clone()]
            .chars()
            .filter_map(|c| match u32::from(c) {
                c @ 0xfe00..=0xfe0f => u8::try_from(c - 0xfe00).ok(),
                c => u8::try_from(c - 0xe0100 + 16).ok(),
            })
            .collect();
        if bytes.len() > RUN {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.hide(&hidden::SELECTORS, run.clone(), text);
        }
        run.len()
    }

    fn hide(&mut self, rule: &'static Rule, run: Range<usize>, text: String) {
        self.hidden.push((run.clone(), text.clone()));
        self.note(rule, run, text);
    }

    /// Isolates and embeddings are how left-to-right and right-to-left text are mixed; overrides show letters in an
    /// order in which they are not read. What a result shows by one is read as it is shown, too.
    fn bidi_control(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        let overrides = matches!(c, '\u{202d}' | '\u{202e}');
        if c == '\u{202e}' && at >= self.turned {
            let rest = self.source[end..].chars().take(TURNED);
            let shown: Vec<char> = rest.take_while(|c| !matches!(c, '\u{202c}' | '\n')).collect();
            self.turned = end + shown.iter().map(|c| c.len_utf8()).sum::<usize>();
            self.hidden.push((at..self.turned, shown.iter().rev().collect()));
        }
        let rule = match self.surface {
            Surface::Result => &hidden::BIDI_IN_RESULT,
            _ => &hidden::BIDI,
        };
        if overrides || !self.has_rtl {
            self.note(rule, at..end, self.source[at..].chars().take(40).collect());
        }
        c.len_utf8()
    }

    /// A letter that has no picture: a blank between words, nothing within one.
    fn filler(&mut self, at: usize, c: char) -> usize {
        let length = c.len_utf8();
        let before = self.source[..at].chars().rev().take(2).any(is_filler);
        let behind = self.source[at + length..].chars().take(2).any(is_filler);
        if before || behind {
            return length;
        }
        self.keep(at, ' ', length)
    }

    fn zero_width(&mut self, at: usize) -> usize {
        let run = self.run(at, is_zero_width);
        let taken = &self.source[run.clone()];
        let before = self.source[..at].chars().next_back();
        let after = self.source[run.end..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| is_joined_script(c) || is_emoji(c));
        let benign = match taken {
            "\u{feff}" => at == 0,
            "\u{ad}" => true,
            "\u{200c}" | "\u{200d}" | "\u{200b}" | "\u{2060}" => joins(before) || joins(after),
            _ => taken.chars().all(|c| c == '\u{ad}'),
        };
        if !benign {
            let count = taken.chars().count();
            let is_message = || count >= MESSAGE && taken.chars().any(|c| !taken.starts_with(c));
            let rule = match self.surface {
                _ if count < RUN => &hidden::ZERO_WIDTH,
                Surface::Result if !is_message() => &hidden::ZERO_WIDTH_IN_RESULT,
                _ => &hidden::ZERO_WIDTH_RUN,
            };
            self.note(rule, run.clone(), taken.to_owned());
        }
        run.len()
    }

    /// Compatible forms become the plain one (NFKC); letters of other scripts in a word with Latin ones become those
    /// that they look like.
    fn fold(&mut self, at: usize, c: char) -> usize {
        if at >= self.word_end && c.is_alphabetic() {
            self.look_at_word(at);
        }
        let in_mixed = at < self.word_end && self.folds;
        if let Some(letter) = pictured(c).or_else(|| in_mixed.then(|| plain(c)).flatten()) {
            return self.keep(at, letter, c.len_utf8());
        }
        for plain in std::iter::once(c).nfkc() {
            self.keep(at, plain, 0);
        }
        c.len_utf8()
    }

    /// Whether the word around `at` mixes Latin letters with such as only look like them.
    fn look_at_word(&mut self, at: usize) {
        let before = &self.source[..at];
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric() || *c == '_')
            .last()
            .map_or(at, |(start, _)| start);
        let word = start..self.run(at, |c| c.is_alphanumeric() || c == '_').end;
        let text = &self.source[word.clone()];
        let alike = text.chars().filter(|c| !c.is_ascii() && is_lookalike(*c)).count();
        let latin = text.chars().filter(char::is_ascii_alphabetic).count();
        self.folds = alike > 0 && latin > 0;
        self.word_end = word.end;
        if self.folds {
            self.note(&hidden::MIXED_SCRIPT, word, text.to_owned());
        }
    }

    fn finish(mut self) -> Visible<'a> {
        for (source, text) in std::mem::take(&mut self.hidden) {
            self.text.push_str("\n\n");
            let start = self.text.len();
            self.text.push_str(&text);
            self.offsets.note_whole(start..self.text.len(), source);
        }
        Visible {
            text: Cow::Owned(self.text),
            offsets: self.offsets,
            found: self.found,
        }
    }
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// What else takes no room, or has no picture that anybody knows.
fn is_ignorable(c: char) -> bool {
    takes_no_room(c) || is_nobodys(c)
}

/// A letter or a sign without a picture.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{3164}' | '\u{ffa0}' | '\u{2800}')
}

/// Scripts whose letters join, or that separate words with what has no width.
fn is_joined_script(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08ff | 0x0900..=0x0dff | 0x0e00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x18af
        | 0xfb50..=0xfdff | 0xfe70..=0xfefc)
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x2bff | 0x1f000..=0x1faff | 0xfe0f)
}

fn is_rtl(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc)
}

#[cfg(test)]
mod tests;
