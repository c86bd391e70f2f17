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

/// A message that was passed on.
pub(super) enum Passed {
    /// The answer to this request: its result, or else its error.
    Answer(Id, Result<Payload, Payload>),
    /// An error that names no request; it was not passed on yet.
    Unaddressed(Payload),
    /// Something else.
    Other,
}

impl Inbox {
    /// An inbox, and what writes to `output` until every clone of the inbox is gone or the session is.
    pub(super) fn new(output: DuplexStream) -> (Self, impl Future<Output = ()> + Send) {
        let (lines, waiting) = mpsc::channel(WAITING);
        (Self { lines }, write(output, waiting))
    }

    /// Passes on the messages in `data`: one, or a batch as 2025-03-26 had it. What is no message is skipped.
    pub(super) async fn pass(&self, server: &str, data: Bytes) -> Vec<Passed> {
        let data = one_line(data);
        let mut passed = Vec::new();
        match wire::read(data.clone()) {
            Err(Malformed::Batch) => {
                let text = std::str::from_utf8(&data).expect("it was read as JSON");
                for item in json::items(text).unwrap_or_default() {
                    let item = data.slice_ref(item.as_bytes());
                    passed.extend(self.pass_one(server, wire::read(item.clone()), item).await);
                }
            }
            read => passed.extend(self.pass_one(server, read, data).await),
        }
        passed
    }

    async fn pass_one(&self, server: &str, read: Result<Message, Malformed>, line: Bytes) -> Option<Passed> {
        let passed = match read {
            Ok(Message::Response { id: None, outcome: Err(error) }) => return Some(Passed::Unaddressed(error)),
            Ok(Message::Response { id: Some(id), outcome }) => Passed::Answer(id, outcome),
            Ok(_) => Passed::Other,
            Err(malformed) => {
                tracing::warn!(server, "skipped what is no message: {malformed}");
                return None;
            }
        };
        self.line(line).await;
        Some(passed)
    }

    /// Answers the request `id` with an error object of the server's.
    pub(super) async fn answer_with(&self, id: &Id, error: &Payload) {
        self.line(format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{}}}"#, error.text()).into()).await;
    }

    /// Answers the request `id` with what went wrong.
    pub(super) async fn fail(&self, id: &Id, failure: &Failure) {
        let message = json::quote(&failure.to_string());
        let error = format!(r#"{{"code":{},"message":{message}}}"#, code::INTERNAL_ERROR);
        self.answer_with(id, &error.into()).await;
    }

    async fn line(&self, line: Bytes) {
        // The session is gone: nobody waits for it any more.
        let _ = self.lines.send(line).await;
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
    line.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
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
                inbox.pass("it", data.into()).await;
            }
            inbox.fail(&Id::from(3), &Failure::NoAnswer).await;
        });
        let mut all = String::new();
        session.read_to_string(&mut all).await.unwrap();
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines[..3], [r#"{"id":1,   "result":{"a":1.0}}"#, r#"{"method":"m"}"#, r#"{"id":2,"result":{}}"#]);
        assert!(lines[3].starts_with(r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"#) && lines.len() == 4);
    }
}
