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
    wire::{self, Id, Malformed, Message},
};

/// Messages that may wait before their senders do.
const WAITING: usize = 16;

/// Where messages are put for the session. They arrive whole, and those of one sender in order.
#[derive(Clone)]
pub(super) struct Inbox {
    lines: mpsc::Sender<Bytes>,
    unanswered: mpsc::UnboundedSender<Unanswered>,
}

/// A request that the server did not answer, and why.
pub struct Unanswered {
    /// The request.
    pub id: Id,
    /// What happened, in words for the user; there is no secret in them.
    pub why: String,
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
    /// An inbox, and what writes to `output` until every clone of the inbox is gone or the session is; `unanswered` is told
    /// of requests that have no answer.
    pub(super) fn new(
        output: DuplexStream,
        unanswered: mpsc::UnboundedSender<Unanswered>,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (lines, waiting) = mpsc::channel(WAITING);
        (Self { lines, unanswered }, write(output, waiting))
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

    /// Tells why the request `id` has no answer.
    pub(super) fn fail(&self, id: &Id, failure: &Failure) {
        // The session may be gone: nobody waits for it any more.
        let _ = self.unanswered.send(Unanswered {
            id: id.clone(),
            why: failure.to_string(),
        });
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
        let (unanswered, mut failed) = mpsc::unbounded_channel();
        let (inbox, writing) = Inbox::new(output, unanswered);
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
            inbox.fail(&Id::from(3), &Failure::NoAnswer);
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
        assert_eq!(lines.len(), 4, "what is no message is no line");
        let failed = failed.recv().await.unwrap();
        assert_eq!((failed.id, failed.why), (Id::from(3), Failure::NoAnswer.to_string()));
    }
}
