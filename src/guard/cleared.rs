//! What may be sent.

use bytes::Bytes;

use super::Redaction;
use crate::{json, message::Payload};

/// A payload that passed the chain: valid JSON, masked and judged. Nothing else can be sent. Only the chain makes one of
/// what others wrote; what is made of cleared payloads alone is cleared too.
#[derive(Clone, Debug)]
pub struct Cleared {
    payload: Payload,
    redactions: Vec<Redaction>,
}

impl Cleared {
    /// For the chain, when a payload has passed it.
    pub(super) fn passed(payload: Payload, redactions: Vec<Redaction>) -> Self {
        Self { payload, redactions }
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

    /// `{"<member>":[<items>]}`.
    pub fn list<'a>(member: &'static str, items: impl IntoIterator<Item = &'a Self>) -> Self {
        let items: Vec<&str> = items.into_iter().map(Self::text).collect();
        Self::passed(
            Payload::from(format!(r#"{{"{member}":[{}]}}"#, items.join(","))),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleared_payloads_are_put_together_from_cleared_ones() {
        let tool = Cleared::constant(r#"{"name": "a", "x": 1.0}"#);
        let renamed = tool.with_member("name", &Cleared::constant(r#""s_a""#));
        assert_eq!(
            Cleared::list("tools", [&renamed, &tool]).text(),
            r#"{"tools":[{"name": "s_a", "x": 1.0},{"name": "a", "x": 1.0}]}"#
        );
    }
}
