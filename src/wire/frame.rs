//! Messages on their way out.

use bytes::{Buf, Bytes};

use super::{Id, era::meta};
use crate::{guard::Cleared, json};

/// Bodies up to this size are copied behind their head, so that a small message is one piece and one write.
const COPIED: usize = 16 * 1024;

/// One line to be written: a message made of constants, ids and cleared payloads.
#[derive(Debug)]
pub struct Frame {
    head: Bytes,
    body: Bytes,
    tail: &'static [u8],
}

impl Frame {
    /// A request.
    pub fn request(id: &Id, method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","id":{id},"method":{method},"params":"#),
            params.bytes(),
            b"}\n",
        )
    }

    /// A notification.
    pub fn notification(method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","method":{method},"params":"#),
            params.bytes(),
            b"}\n",
        )
    }

    /// A notification to those who asked for it by the request `subscription`.
    pub fn subscribed(subscription: &Id, method: &str, params: &Cleared) -> Self {
        let method = json::quote(method);
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","method":{method},"params":"#),
            &of_subscription(params, subscription),
            b"}\n",
        )
    }

    /// The end of a subscription: the result of the request that it was asked for by.
    pub fn unsubscribed(subscription: &Id, result: &Cleared) -> Self {
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","id":{subscription},"result":"#),
            &of_subscription(result, subscription),
            b"}\n",
        )
    }

    /// The answer to a request.
    pub fn result(id: &Id, result: &Cleared) -> Self {
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"#),
            result.bytes(),
            b"}\n",
        )
    }

    /// The error that answers a request; `None` answers a message whose id could not be read.
    pub fn error(id: Option<&Id>, error: &Cleared) -> Self {
        let id = id.map_or("null", Id::raw);
        Self::around(
            format!(r#"{{"jsonrpc":"2.0","id":{id},"error":"#),
            error.bytes(),
            b"}\n",
        )
    }

    fn around(head: String, body: &Bytes, tail: &'static [u8]) -> Self {
        // A payload that spans lines would end its message early.
        let body = if body.contains(&b'\n') {
            one_line(body)
        } else {
            body.clone()
        };
        if body.len() > COPIED {
            return Self {
                head: head.into(),
                body,
                tail,
            };
        }
        let mut whole = head.into_bytes();
        whole.reserve_exact(body.len() + tail.len());
        whole.extend_from_slice(&body);
        whole.extend_from_slice(tail);
        Self {
            head: whole.into(),
            body: Bytes::new(),
            tail: b"",
        }
    }

    /// How many bytes it takes.
    pub fn length(&self) -> usize {
        self.head.len() + self.body.len() + self.tail.len()
    }

    /// Its pieces, to be written one after the other.
    pub(super) fn into_buf(self) -> impl Buf {
        self.head.chain(self.body).chain(self.tail)
    }
}

/// An object whose `_meta` names the subscription that it belongs to.
fn of_subscription(object: &Cleared, subscription: &Id) -> Bytes {
    let members = json::members(object.text()).unwrap_or_default();
    let named = members.raw("_meta").filter(|raw| raw.starts_with('{')).unwrap_or("{}");
    let named = json::with_member(named, meta::SUBSCRIPTION, subscription.raw());
    json::with_member(object.text(), "_meta", &named).into()
}

/// JSON in one line: a line feed can only stand between tokens, where a space does as well.
fn one_line(body: &Bytes) -> Bytes {
    body.iter()
        .map(|byte| if *byte == b'\n' { b' ' } else { *byte })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
