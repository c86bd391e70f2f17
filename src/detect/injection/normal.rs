//! A text as the rules read it: lower case, one sentence a line, names marked.

use super::names::{Names, OWN, Setting};
use super::offsets::Offsets;

/// Most bytes of a line. What has no end of a sentence for so long is data.
const LONGEST_LINE: usize = 2000;

/// Most signs in a row that make a word bold and slanted.
const RUN: usize = 4;

/// Appends `text`, normalised, to `normal`; `offsets` leads from `normal` to `text`.
pub(super) fn normalize(text: &str, names: &Names<'_>, normal: &mut String, offsets: &mut Offsets) {
    let mut pass = Pass {
        text,
        names,
        normal,
        offsets,
        line: 0,
    };
    pass.line = pass.normal.len();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at = match c {
            c if c.is_whitespace() => pass.blank(at),
            c if c.is_ascii_alphabetic() => pass.word(at),
            c => pass.other(at, c),
        };
    }
}

struct Pass<'a> {
    text: &'a str,
    names: &'a Names<'a>,
    normal: &'a mut String,
    offsets: &'a mut Offsets,
    /// Where the line began.
    line: usize,
}

impl Pass<'_> {
    fn push(&mut self, c: char, at: usize) {
        self.offsets.note(self.normal.len(), at);
        self.normal.push(c);
    }

    /// ASCII letters in lower case, one for each.
    fn push_lower(&mut self, word: &str, at: usize) {
        let start = self.normal.len();
        self.offsets.note(start, at);
        self.normal.push_str(word);
        self.normal[start..].make_ascii_lowercase();
    }

    fn break_line(&mut self, at: usize) {
        self.push('\n', at);
        self.line = self.normal.len();
    }

    /// White space: a blank, or the end of a sentence.
    fn blank(&mut self, at: usize) -> usize {
        // Nearly always one, between two words.
        if let [b' ', next, ..] = &self.text.as_bytes()[at..]
            && next.is_ascii_graphic()
            && self.normal.len() - self.line <= LONGEST_LINE
            && !ends_sentence(&self.text[..at])
        {
            self.push(' ', at);
            return at + 1;
        }
        let blanks = |from: usize| {
            let rest = &self.text[from..];
            from + rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len())
        };
        let first = blanks(at);
        let mut end = first;
        if self.text[at..first].contains('\n') {
            end += self.continued(first);
            // What is quoted goes on behind the mark of each of its lines, which may be blank.
            while end > first && self.text[..end].ends_with('>') && self.text[end..].starts_with('\n') {
                end = blanks(end);
                end += self.continued(end);
            }
            end = blanks(end);
        }
        let line_ends = self.text[at..end].bytes().filter(|byte| *byte == b'\n').count();
        let ends = line_ends > 1
            || (line_ends == 1 && starts_item(&self.text[end..]))
            || ends_sentence(&self.text[..at])
            || self.normal.len() - self.line > LONGEST_LINE;
        if ends {
            self.break_line(at);
        } else {
            self.push(' ', at);
        }
        end
    }

    /// The length of what marks the line that begins at `at` as more of what was before: that of a quotation, or of a
    /// comment whose line before began alike.
    fn continued(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let quoted = rest.len() - rest.trim_start_matches(['>', ' ']).len();
        if rest.starts_with('>') {
            return rest[..quoted].trim_end().len();
        }
        let before = self.text[..at].trim_end();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let mark = "# ";
        let goes_on = rest.starts_with(mark) && before[line..].trim_start().starts_with(mark);
        usize::from(goes_on)
    }

    /// A word, marked if it is a name.
    fn word(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let end = at + rest.bytes().position(|byte| !is_inner(byte)).unwrap_or(rest.len());
        let before = match at.checked_sub(1).map(|before| self.text.as_bytes()[before]) {
            Some(byte) if byte.is_ascii() => Some(char::from(byte)),
            _ => self.text[..at].chars().next_back(),
        };
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
        let word = &self.text[at..end];
        let called_a_tool = is_called_a_tool(&self.text[end..]);
        if begins {
            let own = called_a_tool
                && ["this", "the", "our"]
                    .iter()
                    .any(|word_| word.eq_ignore_ascii_case(word_));
            let setting = Setting {
                quoted: matches!(before, Some('`' | '\'' | '"' | '“' | '‘')),
                called_a_tool,
                in_path: matches!(before, Some('/' | '.')),
            };
            if let Some(mark) = own.then_some(OWN).or_else(|| self.names.mark(word, setting)) {
                self.push(mark, at);
            }
        }
        self.push_lower(word, at);
        end
    }

    /// Whether a sign is one of a run that only makes a word bold, slanted or struck through.
    fn emphasizes(&self, at: usize) -> bool {
        let is_sign = |byte: &u8| matches!(byte, b'*' | b'~');
        let bytes = self.text.as_bytes();
        let before = bytes[..at].iter().rev().take(RUN).find(|byte| !is_sign(byte));
        let behind = bytes[at..].iter().take(RUN).find(|byte| !is_sign(byte));
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        before.is_some_and(is_letter) || behind.is_some_and(is_letter)
    }

    fn other(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        match c {
            '\u{e000}'..='\u{f8ff}' => {}
            '*' | '~' if self.emphasizes(at) => {}
            '’' | '‘' => self.push('\'', at),
            '“' | '”' => self.push('"', at),
            '。' | '>' => {
                self.push(c, at);
                self.break_line(at);
            }
            c if c.is_ascii() => self.push(c.to_ascii_lowercase(), at),
            _ => c.to_lowercase().for_each(|c| self.push(c, at)),
        }
        end
    }
}

/// Whether what stands behind a word says that it is the name of a tool.
fn is_called_a_tool(behind: &str) -> bool {
    // Most words are followed by a blank and another one.
    if matches!(behind.as_bytes(), [b' ' | b'.' | b',' | b'\n', next, ..] if !b"tTfF".contains(next)) {
        return false;
    }
    let behind = behind.trim_start_matches(['`', '\'', '"', '’', '”', '(', ')']);
    [" tool", " function"].iter().any(|noun| {
        behind
            .get(..noun.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(noun))
    })
}

/// Whether what follows the end of a line begins an item of a list, a heading or a tag.
fn starts_item(text: &str) -> bool {
    let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with(['-', '*', '•', '#', '<']) || (numbered.len() < text.len() && numbered.starts_with(['.', ')']))
}

fn ends_sentence(text: &str) -> bool {
    if text.as_bytes().last().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    text.trim_end_matches(['"', '\'', ')', ']', '”', '’'])
        .ends_with(['.', '!', '?', ';'])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn normal(text: &str) -> String {
        let names = Names {
            tools: HashSet::from(["send_email"]),
            own: "add",
            parameters: HashSet::new(),
        };
        let mut normal = String::new();
        normalize(text, &names, &mut normal, &mut Offsets::default());
        normal
    }

    #[test]
    fn sentences_get_lines_and_wrapped_lines_are_joined() {
        assert_eq!(
            normal("Adds two\n  numbers. Then\n- stops"),
            "adds two numbers.\nthen\n- stops"
        );
        assert_eq!(normal("a\n\nb"), "a\nb");
        assert_eq!(normal("<b>Now"), "<b>\nnow");
    }

    #[test]
    fn emphasis_and_the_marks_of_quotations_part_no_words() {
        assert_eq!(normal("**each** *word* Ign**ore** ~~all~~"), "each word ignore all");
        assert_eq!(normal("2 * 3 * 4, *.rs"), "2 * 3 * 4, *.rs");
        assert_eq!(normal("> each\n> word\n>> of it"), ">\n each word of it");
        assert_eq!(normal("> one\n>\n> two"), ">\n one\ntwo");
        assert_eq!(normal("# each\n# word"), "# each word");
        assert_eq!(normal("text\n# heading"), "text\n# heading");
    }

    #[test]
    fn names_are_marked() {
        assert_eq!(normal("Use send_email"), "use \u{e001}send_email");
        assert_eq!(normal("`add` and this tool"), "`\u{e000}add` and \u{e000}this tool");
        assert_eq!(normal("call get_token"), "call \u{e002}get_token");
    }

    #[test]
    fn positions_lead_back() {
        let text = "Call  send_email. É";
        let (mut normal, mut offsets) = (String::new(), Offsets::default());
        normalize(text, &Names::default(), &mut normal, &mut offsets);
        let at = normal.find("send_email").expect("there");
        assert_eq!(&text[offsets.source(at..at + 10, text)], "send_email");
        let at = normal.find('é').expect("there");
        assert_eq!(&text[offsets.source(at..at + 2, text)], "É");
    }
}
