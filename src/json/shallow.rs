//! The members of one object, without looking into them.
//!
//! Reading the envelope of a message must not cost a second strict pass over a payload of megabytes, so values are only
//! skipped here: strings and brackets are matched, nothing is checked inside. Whoever sends a value on lets the strict
//! pass read it first.

use std::{
    borrow::Cow,
    ops::{ControlFlow, Range},
};

use super::{
    Fault, Token, decode,
    stops::{Look, stops},
};

/// One value as it was skipped: a stretch of the text.
pub type Shallow = Range<usize>;

/// The members of an object, by name, in the order they were written. Where a name occurs twice the last one counts, as
/// in JavaScript and Python.
#[derive(Debug, Default)]
pub struct Members<'a> {
    text: &'a str,
    list: Vec<(Cow<'a, str>, Shallow)>,
}

impl<'a> Members<'a> {
    /// Where the value of `name` stands.
    pub fn span(&self, name: &str) -> Option<Shallow> {
        self.list
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, span)| span.clone())
    }

    /// The value of `name` as written.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.span(name).map(|span| &self.text[span])
    }

    /// The value of `name` if it is a string.
    pub fn string(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// Every member in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.list
            .iter()
            .map(|(name, span)| (name.as_ref(), &self.text[span.clone()]))
    }
}

/// The members of the object that `text` holds.
///
/// # Errors
/// A [`Fault`] where `text` is not one object; faults inside a member's value are not seen.
pub fn members(text: &str) -> Result<Members<'_>, Fault> {
    let mut members = Members {
        text,
        list: Vec::with_capacity(4),
    };
    read_members(text, &mut members.list)?;
    Ok(members)
}

/// The members that stand whole in the beginning of an object.
pub fn first_members(beginning: &str) -> Members<'_> {
    let mut members = Members {
        text: beginning,
        list: Vec::new(),
    };
    // The fault is where the beginning ends.
    let _ = read_members(beginning, &mut members.list);
    members
}

/// The items of the array that `text` holds, as written.
///
/// # Errors
/// A [`Fault`] where `text` is not one array; faults inside an item are not seen.
pub fn items(text: &str) -> Result<Vec<&str>, Fault> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut list = Vec::new();
    reader.space();
    reader.expect(b'[', "an array was expected")?;
    reader.space();
    if reader.peek() == Some(b']') {
        return Ok(list);
    }
    loop {
        reader.space();
        let item = reader.value()?;
        list.push(&text[item]);
        reader.space();
        match reader.peek() {
            Some(b',') => reader.at += 1,
            Some(b']') => return Ok(list),
            _ => return reader.fault("`,` or `]` was expected"),
        }
    }
}

fn read_members<'a>(text: &'a str, list: &mut Vec<(Cow<'a, str>, Shallow)>) -> Result<(), Fault> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    reader.space();
    reader.expect(b'{', "an object was expected")?;
    reader.space();
    if reader.peek() == Some(b'}') {
        reader.at += 1;
    } else {
        loop {
            reader.space();
            let start = reader.at;
            if reader.peek() != Some(b'"') {
                return reader.fault("a member's name was expected");
            }
            let escaped = reader.string()?;
            let raw = &text[start + 1..reader.at - 1];
            // Only what the strict grammar allows can be decoded.
            if escaped || raw.bytes().any(|byte| byte < 0x20) {
                super::validate(&text[start..reader.at]).map_err(|fault| Fault {
                    at: start + fault.at,
                    ..fault
                })?;
            }
            let name = decode(&Token {
                raw,
                span: start..reader.at,
                escaped,
            });
            reader.space();
            reader.expect(b':', "`:` was expected")?;
            reader.space();
            let value = reader.value()?;
            list.push((name, value));
            reader.space();
            match reader.peek() {
                Some(b',') => reader.at += 1,
                Some(b'}') => {
                    reader.at += 1;
                    break;
                }
                _ => return reader.fault("`,` or `}` was expected"),
            }
        }
    }
    reader.space();
    if reader.at < text.len() {
        return reader.fault("something follows the value");
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Shallow, Fault> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.string()?;
            }
            Some(b'{' | b'[') => self.container()?,
            _ => {
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
                if self.at == start {
                    return self.fault("a value was expected");
                }
            }
        }
        debug_assert!(self.text.is_char_boundary(self.at));
        Ok(start..self.at)
    }

    fn container(&mut self) -> Result<(), Fault> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
        self.fault("the text ends inside a value")
    }

    /// Skips a string; whether it holds a backslash. What may stand behind one is the strict pass's to say.
    fn string(&mut self) -> Result<bool, Fault> {
        let from = self.at + 1;
        let (end, escaped) = stops(&self.bytes[from..], Look::Quotes, |inner| {
            ControlFlow::Break(from + inner)
        });
        match end {
            Some(end) => {
                self.at = end + 1;
                Ok(escaped)
            }
            None => {
                self.at = self.bytes.len();
                self.fault("the text ends inside a string")
            }
        }
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        self.fault(what)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
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
    use crate::json::validate;
    use proptest::prelude::*;

    #[test]
    fn members_are_found_as_written() {
        let members =
            members(r#" {"id" : 1.0, "p\u0061rams":{"a":["}",{"b":"\""}]},"id":18446744073709551616} "#).unwrap();
        assert_eq!(members.raw("id"), Some("18446744073709551616"), "the last one counts");
        assert_eq!(members.raw("params"), Some(r#"{"a":["}",{"b":"\""}]}"#));
        assert_eq!(members.raw("none"), None);
    }

    #[test]
    fn the_beginning_of_an_object_gives_its_whole_members() {
        let members = first_members(r#"{"id":7,"result":{"content":[{"text":"aaa"#);
        assert_eq!((members.raw("id"), members.raw("result")), (Some("7"), None));
    }

    #[test]
    fn items_are_found_as_written() {
        assert_eq!(
            items(r#" [1.0, {"a":[","]} ,"]"]"#).unwrap(),
            ["1.0", r#"{"a":[","]}"#, r#""]""#]
        );
        assert_eq!(items("[]").unwrap(), Vec::<&str>::new());
        assert!(items("[1").is_err() && items("{}").is_err());
    }

    #[test]
    fn what_is_no_object_is_a_fault() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1"#,
            r#"{"a":"x}"#,
            "{} {}",
            r#"{"\x":1}"#,
        ] {
            assert!(members(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// Where the strict pass accepts the whole, both passes see the same values.
        #[test]
        fn agrees_with_serde_json(text in r#"\{("[ab]{1,2}":("[x\]},]*"|[0-9]|\[1,\{"c":\}?\]?|null),?){0,3}\}"#) {
            if validate(&text).is_ok() {
                let theirs: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
                let ours = members(&text).unwrap();
                for (name, value) in theirs {
                    prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(ours.raw(&name).unwrap()).unwrap(), &value);
                }
            }
        }
    }
}
