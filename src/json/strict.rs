//! The strict pass: each token of one JSON text, in order.

use std::{
    fmt,
    ops::{ControlFlow, Range},
};

use super::stops::{Look, short_end, stops};

/// Containers nested deeper than this are a fault: no real message comes near it, and readers recurse.
pub const MAX_DEPTH: usize = 512;

/// What opens and closes around leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
}

/// One string, key or number of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The token as written, a string without its quotes.
    pub raw: &'a str,
    /// Where the token stands in the text, a string with its quotes.
    pub span: Range<usize>,
    /// Whether `raw` holds a backslash, so that it differs from what it means.
    pub escaped: bool,
}

impl<'a> Token<'a> {
    /// The string that stands at `span` of a text, quotes included, where a strict pass has found it.
    pub fn of_string(text: &'a str, span: Range<usize>) -> Self {
        let raw = &text[span.start + 1..span.end - 1];
        Self {
            raw,
            escaped: raw.contains('\\'),
            span,
        }
    }
}

/// What is told of a text while it is read. Every method but the leaves' has an empty default.
pub trait Events<'a> {
    /// A container opens.
    fn open(&mut self, _container: Container) {}
    /// The innermost container closes.
    fn close(&mut self, _container: Container) {}
    /// The name of the member that follows.
    fn key(&mut self, key: Token<'a>);
    /// A string value.
    fn string(&mut self, string: Token<'a>);
    /// A number, as written.
    fn number(&mut self, number: Token<'a>);
    /// `true`, `false` or `null`.
    fn literal(&mut self, _literal: Token<'a>) {}
}

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// The byte at which reading stopped.
    pub at: usize,
    /// What was amiss there.
    pub what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

/// Reads one JSON value that fills `text` but for white space, and tells `events` of its tokens.
///
/// # Errors
/// A [`Fault`] where the text stops being JSON; what was told before it stands.
pub fn scan<'a>(text: &'a str, events: &mut impl Events<'a>) -> Result<(), Fault> {
    Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    }
    .document(events)
}

/// Whether `text` is one JSON value.
///
/// # Errors
/// A [`Fault`] where it is not.
pub fn validate(text: &str) -> Result<(), Fault> {
    struct Nothing;
    impl<'a> Events<'a> for Nothing {
        fn key(&mut self, _: Token<'a>) {}
        fn string(&mut self, _: Token<'a>) {}
        fn number(&mut self, _: Token<'a>) {}
    }
    scan(text, &mut Nothing)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn document(&mut self, events: &mut impl Events<'a>) -> Result<(), Fault> {
        let mut open: Vec<Container> = Vec::new();
        self.space();
        loop {
            // One value begins here; an opened container that isn't empty leads to its first value.
            match self.peek() {
                Some(b'{') => {
                    self.enter(Container::Object, &mut open, events)?;
                    if self.peek() == Some(b'}') {
                        self.leave(&mut open, events);
                    } else {
                        self.member_name(events)?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.enter(Container::Array, &mut open, events)?;
                    if self.peek() == Some(b']') {
                        self.leave(&mut open, events);
                    } else {
                        continue;
                    }
                }
                Some(b'"') => {
                    let token = self.string()?;
                    events.string(token);
                }
                Some(b'-' | b'0'..=b'9') => {
                    let token = self.number()?;
                    events.number(token);
                }
                Some(b't') => self.literal("true", events)?,
                Some(b'f') => self.literal("false", events)?,
                Some(b'n') => self.literal("null", events)?,
                Some(_) => return self.fault("a value was expected"),
                None => return self.fault("the text ends where a value was expected"),
            }
            // One value ended here; close what it completes, or go on to its neighbour.
            loop {
                self.space();
                let Some(container) = open.last() else {
                    return if self.at == self.bytes.len() {
                        Ok(())
                    } else {
                        self.fault("something follows the value")
                    };
                };
                match (container, self.peek()) {
                    (Container::Object, Some(b'}')) | (Container::Array, Some(b']')) => {
                        self.leave(&mut open, events);
                    }
                    (_, Some(b',')) => {
                        let object = *container == Container::Object;
                        self.at += 1;
                        self.space();
                        if object {
                            self.member_name(events)?;
                        }
                        break;
                    }
                    (Container::Object, _) => return self.fault("`,` or `}` was expected"),
                    (Container::Array, _) => return self.fault("`,` or `]` was expected"),
                }
            }
        }
    }

    fn enter(
        &mut self,
        container: Container,
        open: &mut Vec<Container>,
        events: &mut impl Events<'a>,
    ) -> Result<(), Fault> {
        if open.len() == MAX_DEPTH {
            return self.fault("nested too deep");
        }
        self.at += 1;
        open.push(container);
        events.open(container);
        self.space();
        Ok(())
    }

    fn leave(&mut self, open: &mut Vec<Container>, events: &mut impl Events<'a>) {
        self.at += 1;
        if let Some(container) = open.pop() {
            events.close(container);
        }
    }

    fn member_name(&mut self, events: &mut impl Events<'a>) -> Result<(), Fault> {
        if self.peek() != Some(b'"') {
            return self.fault("a member's name was expected");
        }
        let name = self.string()?;
        events.key(name);
        self.space();
        if self.peek() != Some(b':') {
            return self.fault("`:` was expected");
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn string(&mut self) -> Result<Token<'a>, Fault> {
        let from = self.at + 1;
        if let Some(end) = short_end(&self.bytes[from..]) {
            return Ok(self.token(from..from + end, false));
        }
        let unicode = |at| self.bytes[at] == b'u' && self.hex_digits(at + 1);
        let (stop, escaped) = stops(&self.bytes[from..], Look::Strict, |inner| {
            if unicode(from + inner) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(from + inner)
            }
        });
        let end = stop.unwrap_or(self.bytes.len());
        match self.bytes.get(end) {
            Some(b'"') => {}
            Some(0..0x20) => {
                return Err(Fault {
                    at: end,
                    what: "a control character in a string",
                });
            }
            Some(_) => {
                return Err(Fault {
                    at: end - 1,
                    what: "an unknown escape in a string",
                });
            }
            None => {
                return Err(Fault {
                    at: end,
                    what: "the text ends inside a string",
                });
            }
        }
        Ok(self.token(from..end, escaped))
    }

    /// The string within these quotes, which is left behind.
    fn token(&mut self, within: Range<usize>, escaped: bool) -> Token<'a> {
        self.at = within.end + 1;
        Token {
            span: within.start - 1..within.end + 1,
            raw: &self.text[within],
            escaped,
        }
    }

    fn hex_digits(&self, from: usize) -> bool {
        self.bytes
            .get(from..from + 4)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    fn number(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.at;
        self.eat(b"-");
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.fault("a digit was expected"),
        }
        if self.eat(b".") {
            self.some_digits()?;
        }
        if self.eat(b"eE") {
            self.eat(b"+-");
            self.some_digits()?;
        }
        Ok(Token {
            raw: &self.text[start..self.at],
            span: start..self.at,
            escaped: false,
        })
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.digits();
        if self.at == start {
            self.fault("a digit was expected")
        } else {
            Ok(())
        }
    }

    fn literal(&mut self, word: &str, events: &mut impl Events<'a>) -> Result<(), Fault> {
        let span = self.at..self.at + word.len();
        if self.bytes.get(span.clone()) != Some(word.as_bytes()) {
            return self.fault("a value was expected");
        }
        self.at = span.end;
        events.literal(Token {
            raw: &self.text[span.clone()],
            span,
            escaped: false,
        });
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, any: &[u8]) -> bool {
        let hit = self.peek().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(hit);
        hit
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault { at: self.at, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_rfc_8259_allows_is_allowed() {
        for text in [
            "null",
            " true ",
            "0",
            "-0.0",
            "1e400",
            "1E+2",
            "123456789012345678901234567890",
            r#""""#,
            r#""\u00e9\ud800""#,
            "[]",
            "[ ]",
            "{}",
            r#"{"a":[1,{"b":null}],"a":2}"#,
            "\"\u{2028}\"",
        ] {
            assert_eq!(validate(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_it_forbids_is_a_fault_with_its_place() {
        for (text, at) in [
            ("", 0),
            ("nul", 0),
            ("01", 1),
            ("1.", 2),
            ("-", 1),
            ("1e", 2),
            ("[1,]", 3),
            ("[1 2]", 3),
            (r#"{"a"}"#, 4),
            ("{a:1}", 1),
            (r#"{"a":1,}"#, 7),
            (r#""\x""#, 1),
            ("\"\t\"", 1),
            (r#""\u12g4""#, 1),
            (r#""abc"#, 4),
            ("[", 1),
            ("1 2", 2),
        ] {
            assert_eq!(validate(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(validate(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(validate(&nested(MAX_DEPTH + 1)).unwrap_err().what, "nested too deep");
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"[\[\]{}",:\\ 0-9a-e.\-tu]{0,24}"#) {
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(validate(&text).is_ok(), theirs);
        }
    }
}
