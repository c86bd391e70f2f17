//! The messages of a remote server on their way to the session, which reads them as lines.

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncWriteExt, DuplexStream},
    sync::mpsc,
};

use super::failure::Failure;
use crate::{
    json,
    message::Payload,
    wire::{self, Id, Malformed, Message, code},
};

/// Messages that may wait before their senders do.
const WAITING: usize = 16;

/// Where messages are put for the session. They arrive whole, and those of one sender in order.
#[derive(Clone)]
pub(super) struct Inbox {
    lines: mpsc::Sender<Bytes>,
}

/// A message of the server's, and the line that it is for the session.
pub(super) struct Incoming {
    pub(super) line: Bytes,
    pub(super) message: Message,
}

/// The messages in `data`: one, or a batch as 2025-03-26 had it. What is no message is skipped.
pub(super) fn messages(server: &str, data: Bytes) -> Vec<Incoming> {
    let whole = one_line(data);
    let lines = match wire::read(whole.clone()) {
        Ok(message) => return vec![Incoming { line: whole, message }],
        Err(Malformed::Batch) => {
            let text = std::str::from_utf8(&whole).expect("it was read as JSON");
            json::items(text)
                .unwrap_or_default()
                .into_iter()
                .map(|item| whole.slice_ref(item.as_bytes()))
                .collect()
        }
        Err(_) => vec![whole],
    };
    let read = |line: Bytes| match wire::read(line.clone()) {
        Ok(message) => Some(Incoming { line, message }),
        Err(malformed) => {
            tracing::warn!(server, "skipped what is no message: {malformed}");
            None
        }
    };
    lines.into_iter().filter_map(read).collect()
}

impl Inbox {
    /// An inbox, and what writes to `output` until every clone of the inbox is gone or the session is.
    pub(super) fn new(output: DuplexStream) -> (Self, impl Future<Output = ()> + Send) {
        let (lines, waiting) = mpsc::channel(WAITING);
        (Self { lines }, write(output, waiting))
    }

    /// Passes on a line.
    pub(super) async fn line(&self, line: Bytes) {
        // The session may be gone: nobody waits for it any more.
        let _ = self.lines.send(line).await;
    }

    /// Answers the request `id` with an error object of the server's.
    pub(super) async fn answer_with(&self, id: &Id, error: &Payload) {
        self.line(format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{}}}"#, error.text()).into())
            .await;
    }

    /// Answers the request `id` with why `server` does not.
    pub(super) async fn fail(&self, id: &Id, server: &str, failure: &Failure) {
        let message = json::quote(&format!("the server `{server}` gave no answer: {failure}"));
        let error = format!(r#"{{"code":{},"message":{message}}}"#, code::INTERNAL_ERROR);
        self.answer_with(id, &error.into()).await;
    }
}

async fn write(mut output: DuplexStream, mut waiting: mpsc::Receiver<Bytes>) {
    while let Some(line) = waiting.recv().await {
        if output.write_all(&line).await.is_err() || output.write_all(b"\n").await.is_err() {
            return;
        }
    }
}

/// JSON in one line: a line break can only stand between tokens, where a space does as well.
fn one_line(data: Bytes) -> Bytes {
    if memchr::memchr2(b'\n', b'\r', &data).is_none() {
        return data;
    }
    let mut line = BytesMut::from(data);
    line.iter_mut()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .for_each(|byte| *byte = b' ');
    line.freeze()
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn messages_become_lines() {
        let (mut session, output) = tokio::io::duplex(7);
        let (inbox, writing) = Inbox::new(output);
        tokio::spawn(writing);
        tokio::spawn(async move {
            for data in [
                "{\"id\":1,\r\n \"result\":{\"a\":1.0}}",
                r#"[{"method":"m"},{"id":2,"result":{}}]"#,
                "<html>",
                r#"{"error":{"code":1}}"#,
            ] {
                for incoming in messages("it", data.into()) {
                    inbox.line(incoming.line).await;
                }
            }
            inbox.fail(&Id::from(3), "it", &Failure::NoAnswer).await;
        });
        let mut all = String::new();
        session.read_to_string(&mut all).await.unwrap();
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(
            lines[..3],
            [
                r#"{"id":1,   "result":{"a":1.0}}"#,
                r#"{"method":"m"}"#,
                r#"{"id":2,"result":{}}"#
            ]
        );
        assert_eq!(lines[3], r#"{"error":{"code":1}}"#);
        assert!(lines[4].starts_with(r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"#));
        assert_eq!(lines.len(), 5, "what is no message is no line");
    }
}
