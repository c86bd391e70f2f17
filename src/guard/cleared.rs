//! What may be sent.

use std::ops::Range;

use bytes::Bytes;

use super::{Redaction, Returned};
use crate::{json, message::Payload};

/// A payload that passed the chain: valid JSON, masked and judged. Nothing else can be sent. Only the chain makes one of
/// what others wrote; what is made of cleared payloads alone is cleared too.
#[derive(Clone, Debug)]
pub struct Cleared {
    payload: Payload,
    redactions: Vec<Redaction>,
    placeholders: Vec<Returned>,
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
    pub(super) fn with_placeholders(self, placeholders: Vec<Returned>) -> Self {
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

    /// A token of the protocol on its way back to the server that made it, as it made it: a cursor or a URI, as JSON that
    /// was read strictly before. Nobody else may be sent it.
    pub fn returned(token: &str) -> Self {
        Self::passed(Payload::from(token.to_owned()), Vec::new())
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

    /// The object with another value for `member`, which it has.
    pub fn with_member(&self, member: &str, value: &Self) -> Self {
        let text = self.text();
        let Some(span) = json::members(text).ok().and_then(|members| members.span(member)) else {
            return self.clone();
        };
        let edit = json::Edit {
            span,
            with: value.text().to_owned(),
        };
        Self::passed(Payload::from(json::splice(text, &[edit])), self.redactions.clone())
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
        let (text, member) = (self.text(), format!(r#""{name}":{}"#, value.text()));
        let meta = json::members(text).ok().and_then(|members| members.span("_meta"));
        match meta.filter(|span| text[span.clone()].starts_with('{')) {
            None => self.with_last(0..text.trim_ascii_end().len(), &format!(r#""_meta":{{{member}}}"#)),
            Some(span) => {
                let inner = self.part(&text[span.clone()]);
                let taken = json::members(inner.text()).is_ok_and(|members| members.span(name).is_some());
                let inner = if taken {
                    inner.with_member(name, value)
                } else {
                    inner.with_last(0..inner.text().len(), &member)
                };
                self.with_member("_meta", &inner)
            }
        }
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
    pub fn placeholders(&self) -> &[Returned] {
        &self.placeholders
    }

    /// For the chain: the payload.
    pub(super) fn payload(&self) -> &Payload {
        &self.payload
    }
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
