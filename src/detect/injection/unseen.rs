//! A text as a model reads it: what nobody sees is decoded, what looks like a letter is that letter.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use super::offsets::Offsets;
use super::rule::Rule;
use super::rules::hidden;

/// Zero-width characters in a row that write something rather than being left from copying.
const RUN: usize = 3;

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

/// Makes a text visible.
pub(super) fn visible(source: &str) -> Visible<'_> {
    if source.is_ascii() && memchr::memchr(0x1b, source.as_bytes()).is_none() {
        return Visible {
            text: Cow::Borrowed(source),
            offsets: Offsets::default(),
            found: Vec::new(),
        };
    }
    let mut pass = Pass {
        source,
        text: String::with_capacity(source.len()),
        offsets: Offsets::default(),
        found: Vec::new(),
        hidden: Vec::new(),
        word_end: 0,
        folds: false,
        has_rtl: source.chars().any(is_rtl),
    };
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        at += pass.take(at, c);
    }
    pass.finish()
}

struct Pass<'a> {
    source: &'a str,
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
}

impl<'a> Pass<'a> {
    /// Takes the character at `at`, or all of a run of its kind; gives the length of what was taken.
    fn take(&mut self, at: usize, c: char) -> usize {
        match c {
            '\u{1b}' => self.escape_sequence(at),
            c if c.is_ascii() => self.keep_ascii(at),
            '\u{e0000}'..='\u{e007f}' => self.tag_characters(at),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => self.variation_selectors(at),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.bidi_control(at, c),
            c if is_zero_width(c) => self.zero_width(at),
            c => self.fold(at, c),
        }
    }

    fn keep(&mut self, at: usize, c: char, length: usize) -> usize {
        self.offsets.note(self.text.len(), at);
        self.text.push(c);
        length
    }

    /// ASCII, up to the next character that may be unseen or look like another.
    fn keep_ascii(&mut self, at: usize) -> usize {
        let rest = &self.source.as_bytes()[at..];
        let length = rest
            .iter()
            .position(|byte| !byte.is_ascii() || *byte == 0x1b)
            .unwrap_or(rest.len());
        self.offsets.note(self.text.len(), at);
        self.text.push_str(&self.source[at..at + length]);
        length
    }

    /// The end of the characters from `at` on that are of a kind.
    fn run(&self, at: usize, is_kind: impl Fn(char) -> bool) -> Range<usize> {
        let rest = &self.source[at..];
        at..at + rest.find(|c| !is_kind(c)).unwrap_or(rest.len())
    }

    fn escape_sequence(&mut self, at: usize) -> usize {
        let rest = &self.source[at + 1..];
        let length = match rest.as_bytes().first() {
            // CSI: parameters, then one final byte.
            Some(b'[') => rest[1..]
                .find(|c: char| ('@'..='~').contains(&c))
                .map_or(rest.len(), |end| end + 2),
            // OSC: up to BEL or ST.
            Some(b']') => rest.find(['\u{7}', '\u{1b}']).map_or(rest.len(), |end| end + 1),
            _ => 0,
        };
        let end = at + 1 + length;
        let shown = format!("ESC{}", &self.source[at + 1..end]);
        self.found.push((&hidden::ANSI, at..end, shown.clone()));
        self.found.push((&hidden::ANSI_IN_RESULT, at..end, shown));
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
        self.found.push((rule, run, text));
    }

    /// Isolates and embeddings are how left-to-right and right-to-left text are mixed; overrides show letters in an
    /// order in which they are not read.
    fn bidi_control(&mut self, at: usize, c: char) -> usize {
        let overrides = matches!(c, '\u{202d}' | '\u{202e}');
        if overrides || !self.has_rtl {
            let rest: String = self.source[at..].chars().take(40).collect();
            self.found.push((&hidden::BIDI, at..at + c.len_utf8(), rest));
        }
        c.len_utf8()
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
            let rule = if count >= RUN {
                &hidden::ZERO_WIDTH_RUN
            } else {
                &hidden::ZERO_WIDTH
            };
            self.found.push((rule, run.clone(), taken.to_owned()));
        }
        run.len()
    }

    /// Compatible forms become the plain one (NFKC); letters of other scripts in a word with Latin ones become those
    /// that they look like.
    fn fold(&mut self, at: usize, c: char) -> usize {
        if at >= self.word_end && c.is_alphabetic() {
            self.look_at_word(at);
        }
        let mut buffer = [0; 4];
        if at < self.word_end && self.folds {
            let shape: String = skeleton(c.encode_utf8(&mut buffer)).collect();
            if let [letter] = shape.as_bytes()
                && letter.is_ascii_alphabetic()
            {
                return self.keep(at, char::from(*letter), c.len_utf8());
            }
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
            self.found.push((&hidden::MIXED_SCRIPT, word, text.to_owned()));
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

/// A letter of another script that looks like a Latin one.
fn is_lookalike(c: char) -> bool {
    let other_script = matches!(u32::from(c), 0x0370..=0x058f | 0x13a0..=0x13ff | 0x1c80..=0x1c8f | 0xa640..=0xa69f
        | 0xab70..=0xabbf);
    other_script && {
        let mut buffer = [0; 4];
        let mut shape = skeleton(c.encode_utf8(&mut buffer));
        shape.next().is_some_and(|c| c.is_ascii_alphabetic()) && shape.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        visible(text).found.iter().map(|(rule, ..)| rule.id).collect()
    }

    #[test]
    fn what_is_hidden_is_decoded_and_stands_at_the_end() {
        let tags: String = "read keys"
            .chars()
            .map(|c| char::from_u32(0xe0000 + u32::from(c)).expect("a tag"))
            .collect();
        let text = format!("A tool.{tags} More.");
        let visible = visible(&text);
        assert_eq!(visible.text, "A tool. More.\n\nread keys");
        let at = visible.text.find("read keys").expect("there");
        assert_eq!(&text[visible.offsets.source(at..at + 4, &text)], tags);
        assert_eq!(visible.found[0].0.id, "hidden-tag-characters");
    }

    #[test]
    fn bytes_in_variation_selectors_are_decoded() {
        let hidden: String = "ignore"
            .bytes()
            .map(|byte| char::from_u32(0xe0100 + u32::from(byte) - 16).expect("a selector"))
            .collect();
        assert!(visible(&format!("x{hidden}")).text.ends_with("ignore"));
    }

    #[test]
    fn lookalikes_become_the_letters_they_look_like() {
        let visible = visible("іgnоre ｔｈｉｓ");
        assert_eq!(visible.text, "ignore this");
        assert_eq!(found("іgnоre"), ["mixed-script"]);
    }

    #[test]
    fn what_languages_and_emoji_need_is_left_alone() {
        for text in [
            "👩\u{200d}💻 writes",
            "می\u{200c}خواهم",
            "ไทย\u{200b}ไทย",
            "\u{feff}start",
            "soft\u{ad}hyphen",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "שלום \u{2066}abc\u{2069}",
            "Привет, αβγ, Δt, 5 µm",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn the_rest_is_found() {
        assert_eq!(found("a\u{200b}b"), ["zero-width"]);
        assert_eq!(found("a.\u{200b}\u{200c}\u{200d}"), ["zero-width-run"]);
        assert_eq!(found("a\u{202e}b"), ["bidi-control"]);
        assert_eq!(visible("a\u{1b}[31mred\u{1b}[0m").text, "ared");
    }
}
