//! What may be sent.

use std::ops::Range;

use bytes::Bytes;

use super::{Redaction, ReturnedPlaceholder};
use crate::{json, message::Payload};

/// A payload that passed the chain: valid JSON, masked and judged. Nothing else can be sent. Only the chain makes one of
/// what others wrote; what is made of cleared payloads alone is cleared too.
#[derive(Clone, Debug)]
pub struct Cleared {
    payload: Payload,
    redactions: Vec<Redaction>,
    placeholders: Vec<ReturnedPlaceholder>,
}

impl Cleared {
    /// For the chain, when a payload has passed it.
    pub(super) fn passed(payload: Payload, redactions: Vec<Redaction>) -> Self {
        Self {
            payload,
            redactions,
            placeholders: Vec::new(),
        }
    }

    /// For the chain: the same with what became of the placeholders in it.
    pub(super) fn with_placeholders(self, placeholders: Vec<ReturnedPlaceholder>) -> Self {
        Self { placeholders, ..self }
    }

    /// A text of the gateway's own that holds nothing of anyone else's, and is JSON.
    pub fn constant(text: &'static str) -> Self {
        debug_assert!(json::validate(text).is_ok(), "{text}");
        Self::passed(Payload::from(text.to_owned()), Vec::new())
    }

    /// The same with one number in it.
    pub fn with_number(before: &'static str, number: u64, after: &'static str) -> Self {
        Self::passed(Payload::from(format!("{before}{number}{after}")), Vec::new())
    }

    /// A word of the gateway's own, as a JSON string.
    pub fn word(word: &'static str) -> Self {
        Self::passed(Payload::from(json::quote(word)), Vec::new())
    }

    /// A random number of the gateway's own, as a JSON string.
    pub fn token(number: u128) -> Self {
        Self::passed(Payload::from(format!(r#""{number:032x}""#)), Vec::new())
    }

    /// An object of these members.
    pub fn object<'a>(members: impl IntoIterator<Item = (&'static str, &'a Self)>) -> Self {
        let members = members.into_iter();
        let members: Vec<String> = members
            .map(|(name, value)| format!(r#""{name}":{}"#, value.text()))
            .collect();
        Self::passed(Payload::from(format!("{{{}}}", members.join(","))), Vec::new())
    }

    /// An object whose members' names were cleared, too, as JSON strings.
    pub fn map<'a>(entries: impl IntoIterator<Item = (&'a Self, &'a Self)>) -> Self {
        let entries = entries.into_iter();
        let entries: Vec<String> = entries
            .map(|(name, value)| format!("{}:{}", name.text(), value.text()))
            .collect();
        Self::passed(Payload::from(format!("{{{}}}", entries.join(","))), Vec::new())
    }

    /// One page of a list: `{"<member>":[<items>]}`, with the cursor of the `next` page if there is one.
    pub fn page<'a>(member: &'static str, items: impl IntoIterator<Item = &'a Self>, next: Option<usize>) -> Self {
        let items: Vec<&str> = items.into_iter().map(Self::text).collect();
        let next = next.map_or_else(String::new, |next| format!(r#","nextCursor":"{next}""#));
        Self::passed(
            Payload::from(format!(r#"{{"{member}":[{}]{next}}}"#, items.join(","))),
            Vec::new(),
        )
    }

    /// A part of it, found in its text.
    pub fn part(&self, raw: &str) -> Self {
        Self::passed(self.payload.part(raw), Vec::new())
    }

    /// The object with `value` as its `member`.
    pub fn with_member(&self, member: &str, value: &Self) -> Self {
        self.with_raw(member, value.text())
    }

    /// The object with `value` as its `member`, unless it has one.
    pub fn with_default(&self, member: &str, value: &Self) -> Self {
        match json::members(self.text()) {
            Ok(members) if members.span(member).is_none() => self.with_member(member, value),
            _ => self.clone(),
        }
    }

    /// The parameters with what a server made and wants back as it made it. No server but that one may be sent them.
    pub fn with_returned(&self, returned: &Returned<'_>) -> Self {
        match returned {
            Returned::Cursor(cursor) => self.with_raw("cursor", cursor),
            Returned::Uri(uri) => self.with_raw("uri", &json::quote(uri)),
            Returned::RequestState(state) => self.with_raw("requestState", &json::quote(state)),
            Returned::InputKeys(answers) => {
                let answers = answers
                    .iter()
                    .map(|(key, answer)| format!("{}:{}", json::quote(key), answer.text()));
                let answers: Vec<String> = answers.collect();
                self.with_raw("inputResponses", &format!("{{{}}}", answers.join(",")))
            }
        }
    }

    fn with_raw(&self, member: &str, raw: &str) -> Self {
        let object = json::with_member(self.text(), member, raw);
        Self::passed(Payload::from(object), self.redactions.clone())
    }

    /// The object with `item` behind the last one of the array that `member` is; unchanged where there is none.
    pub fn with_item(&self, member: &str, item: &Self) -> Self {
        let array = json::members(self.text()).ok().and_then(|members| members.span(member));
        match array.filter(|span| self.text()[span.clone()].starts_with('[')) {
            Some(span) => self.with_last(span, item.text()),
            None => self.clone(),
        }
    }

    /// The object with `value` under `name` in its `_meta`. What stood there is replaced: it can only be from someone who
    /// wants to be taken for the gateway.
    pub fn with_meta(&self, name: &'static str, value: &Self) -> Self {
        self.with_raw("_meta", &json::with_member(self.meta(), name, value.text()))
    }

    /// The object with `value` under `name` in its `_meta`, unless something stands there.
    pub fn with_default_meta(&self, name: &'static str, value: &Self) -> Self {
        match json::members(self.meta()) {
            Ok(members) if members.span(name).is_none() => self.with_meta(name, value),
            _ => self.clone(),
        }
    }

    /// Its `_meta`, if that is an object.
    fn meta(&self) -> &str {
        let meta = json::members(self.text()).ok().and_then(|members| members.raw("_meta"));
        meta.filter(|raw| raw.starts_with('{')).unwrap_or("{}")
    }

    /// The text with `more` behind the last entry of the object or array at `span`.
    fn with_last(&self, span: Range<usize>, more: &str) -> Self {
        let end = span.end - 1;
        let empty = self.text()[span.start + 1..end].trim_ascii().is_empty();
        let with = if empty { more.to_owned() } else { format!(",{more}") };
        let edit = json::Edit { span: end..end, with };
        Self::passed(
            Payload::from(json::splice(self.text(), &[edit])),
            self.redactions.clone(),
        )
    }

    /// The text to send.
    pub fn text(&self) -> &str {
        self.payload.text()
    }

    /// Its bytes.
    pub fn bytes(&self) -> &Bytes {
        self.payload.bytes()
    }

    /// What was masked in it.
    pub fn redactions(&self) -> &[Redaction] {
        &self.redactions
    }

    /// What becomes of the placeholders in it.
    pub fn placeholders(&self) -> &[ReturnedPlaceholder] {
        &self.placeholders
    }

    /// The payload, to be looked at: as such it can't be sent.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }
}

/// What a server makes for itself and wants back as it made it, whatever others may see of it: a [`Cleared`] payload
/// takes it in one place only.
#[derive(Clone, Copy, Debug)]
pub enum Returned<'a> {
    /// Where the next page of a list begins, as JSON that was read strictly before.
    Cursor(&'a str),
    /// The URI of a resource whose shown form is masked.
    Uri(&'a str),
    /// The state of a request that waits for input.
    RequestState(&'a str),
    /// The names that it gave to the inputs it asked for, each with its answer.
    InputKeys(&'a [(String, Cleared)]),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_added_to_what_is_there() {
        let value = Cleared::constant("1");
        for (text, meta, item) in [
            (r#"{"c":[]}"#, r#"{"c":[],"_meta":{"k":1}}"#, r#"{"c":[1]}"#),
            (
                r#"{"_meta":{},"c":[2]} "#,
                r#"{"_meta":{"k":1},"c":[2]} "#,
                r#"{"_meta":{},"c":[2,1]} "#,
            ),
            (
                r#"{"_meta":{"k":0,"x":1.0}}"#,
                r#"{"_meta":{"k":1,"x":1.0}}"#,
                r#"{"_meta":{"k":0,"x":1.0}}"#,
            ),
        ] {
            assert_eq!(Cleared::constant(text).with_meta("k", &value).text(), meta);
            assert_eq!(Cleared::constant(text).with_item("c", &value).text(), item);
        }
    }

    #[test]
    fn cleared_payloads_are_put_together_from_cleared_ones() {
        let tool = Cleared::constant(r#"{"name": "a", "x": 1.0}"#);
        let renamed = tool.with_member("name", &Cleared::constant(r#""s_a""#));
        assert_eq!(
            Cleared::page("tools", [&renamed, &tool], Some(2)).text(),
            r#"{"tools":[{"name": "s_a", "x": 1.0},{"name": "a", "x": 1.0}],"nextCursor":"2"}"#
        );
    }
}
