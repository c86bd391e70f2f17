//! Messages on their way out.

use bytes::{Buf, Bytes};
use memchr::memchr2;

use super::{Id, era::meta};
use crate::{guard::Cleared, json};

/// Bodies up to this size are copied behind their head, so that a small message is one piece and one write.
const COPIED: usize = 16 * 1024;

/// What stands around a body.
const WITH_ID: &str = r#"{"jsonrpc":"2.0","id":"#;
const RESULT: &str = r#","result":"#;
const METHOD: &str = r#","method":"#;
const WITHOUT_ID: &str = r#"{"jsonrpc":"2.0","method":"#;
const PARAMS: &str = r#","params":"#;
const END: &[u8] = b"}\n";

/// One line to be written: a message made of constants, ids and cleared payloads.
#[derive(Debug)]
pub struct Frame {
    head: Bytes,
    body: Bytes,
    end: &'static [u8],
}

impl Frame {
    /// A request.
    pub fn request(id: &Id, method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        Self::around(&[WITH_ID, id.raw(), METHOD, &method, PARAMS], params.bytes())
    }

    /// A notification.
    pub fn notification(method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        Self::around(&[WITHOUT_ID, &method, PARAMS], params.bytes())
    }

    /// A notification to those who asked for it by the request `subscription`.
    pub fn subscribed(subscription: &Id, method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        let params = of_subscription(params, subscription);
        Self::around(&[WITHOUT_ID, &method, PARAMS], &params)
    }

    /// The end of a subscription: the result of the request that it was asked for by.
    pub fn unsubscribed(subscription: &Id, result: &Cleared) -> Self {
        let result = of_subscription(result, subscription);
        Self::around(&[WITH_ID, subscription.raw(), RESULT], &result)
    }

    /// The answer to a request.
    pub fn result(id: &Id, result: &Cleared) -> Self {
        Self::around(&[WITH_ID, id.raw(), RESULT], result.bytes())
    }

    /// The error that answers a request; `None` answers a message whose id could not be read.
    pub fn error(id: Option<&Id>, error: &Cleared) -> Self {
        let id = id.map_or("null", Id::raw);
        Self::around(&[WITH_ID, id, r#","error":"#], error.bytes())
    }

    /// A body behind the pieces of its head.
    fn around(head: &[&str], body: &Bytes) -> Self {
        // A payload that spans lines would end its message early. To many readers a carriage return ends a line as well.
        let body = if memchr2(b'\n', b'\r', body).is_some() {
            one_line(body)
        } else {
            body.clone()
        };
        let is_copied = body.len() <= COPIED;
        let length: usize = head.iter().map(|piece| piece.len()).sum();
        let mut whole = Vec::with_capacity(length + if is_copied { body.len() + END.len() } else { 0 });
        for piece in head {
            whole.extend_from_slice(piece.as_bytes());
        }
        if !is_copied {
            return Self {
                head: whole.into(),
                body,
                end: END,
            };
        }
        whole.extend_from_slice(&body);
        whole.extend_from_slice(END);
        Self {
            head: whole.into(),
            body: Bytes::new(),
            end: b"",
        }
    }

    /// How many bytes it takes.
    pub fn length(&self) -> usize {
        self.head.len() + self.body.len() + self.end.len()
    }

    /// Its pieces, to be written one after the other.
    pub(super) fn into_buf(self) -> impl Buf {
        self.head.chain(self.body).chain(self.end)
    }
}

/// An object whose `_meta` names the subscription that it belongs to.
fn of_subscription(object: &Cleared, subscription: &Id) -> Bytes {
    let members = json::members(object.text()).unwrap_or_default();
    let named = members.raw("_meta").filter(|raw| raw.starts_with('{')).unwrap_or("{}");
    let named = json::with_member(named, meta::SUBSCRIPTION, subscription.raw());
    json::with_member(object.text(), "_meta", &named).into()
}

/// JSON in one line: a line break can only stand between tokens, where a space does as well.
fn one_line(body: &Bytes) -> Bytes {
    body.iter()
        .map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_to_every_reader() {
        let id = Id::new("1").expect("a number is an id");
        let frame = Frame::result(&id, &Cleared::constant("[\r{}\r\n,\n1\r]"));
        assert_eq!(
            String::from_utf8_lossy(&frame.head),
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[ {}  , 1 ]}\n"
        );
    }

    #[test]
    fn what_belongs_to_a_subscription_names_it() {
        let id = Id::new(r#""listen-1""#).expect("a string is an id");
        let params = Cleared::constant(r#"{"_meta":{"io.modelcontextprotocol/subscriptionId":7},"uri":"a:x"}"#);
        let frame = Frame::subscribed(&id, "m", &params);
        assert_eq!(
            String::from_utf8_lossy(&frame.head),
            "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"listen-1\"},\"uri\":\"a:x\"}}\n"
        );
    }
}
