//! Writing frames, one after the other, without the sender waiting for the reader on the other side.

use bytes::BufMut;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::mpsc,
};

use super::Frame;

/// Frames that may wait before senders do: a peer that reads slowly slows down whoever talks to it.
const WAITING: usize = 256;

/// Frames are put together up to this size before they are written.
const TOGETHER: usize = 64 * 1024;

/// The peer does not read any more.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed")]
pub struct Closed;

/// Where frames are put to be written. Frames leave whole and in order, whatever becomes of the sender.
#[derive(Clone, Debug)]
pub struct Outbox {
    frames: mpsc::Sender<Frame>,
}

impl Outbox {
    /// An outbox, and what writes to `output` until every clone of the outbox is gone or the peer stops reading.
    pub fn new<W: AsyncWrite + Unpin + Send>(output: W) -> (Self, impl Future<Output = ()> + Send) {
        let (frames, waiting) = mpsc::channel(WAITING);
        (Self { frames }, write(output, waiting))
    }

    /// Puts a frame in line; waits only while too many are waiting already.
    ///
    /// # Errors
    /// [`Closed`], when the peer is gone.
    pub async fn send(&self, frame: Frame) -> Result<(), Closed> {
        self.frames.send(frame).await.map_err(|_| Closed)
    }

    /// Puts a frame in line if there is room; for what may be lost.
    pub fn try_send(&self, frame: Frame) {
        // A full or closed outbox means that the peer does not read: nothing that may be lost would reach it.
        let _ = self.frames.try_send(frame);
    }

    /// Waits until the peer does not read any more.
    pub async fn closed(&self) {
        self.frames.closed().await;
    }
}

async fn write<W: AsyncWrite + Unpin>(mut output: W, mut waiting: mpsc::Receiver<Frame>) {
    let mut batch = Vec::with_capacity(TOGETHER.min(4096));
    while let Some(frame) = waiting.recv().await {
        let mut next = Some(frame);
        while let Some(frame) = next.take() {
            if frame.length() > TOGETHER {
                if flush(&mut output, &mut batch).await.is_err() {
                    return;
                }
                if output.write_all_buf(&mut frame.into_buf()).await.is_err() {
                    return;
                }
            } else {
                batch.put(frame.into_buf());
            }
            if batch.len() < TOGETHER {
                next = waiting.try_recv().ok();
            }
        }
        if flush(&mut output, &mut batch).await.is_err() {
            return;
        }
    }
}

async fn flush<W: AsyncWrite + Unpin>(output: &mut W, batch: &mut Vec<u8>) -> std::io::Result<()> {
    output.write_all(batch).await?;
    output.flush().await?;
    batch.clear();
    batch.shrink_to(TOGETHER);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{guard::Cleared, wire::Id};

    #[tokio::test]
    async fn frames_leave_whole_and_in_order() {
        let (mut theirs, ours) = tokio::io::duplex(1000);
        let (outbox, writing) = Outbox::new(ours);
        let writing = tokio::spawn(writing);
        let long = format!("\"{}\"", "x".repeat(100_000));
        for (number, body) in ["1", long.as_str(), "[\n2]"].into_iter().enumerate() {
            outbox
                .send(Frame::result(
                    &Id::from(number as u64),
                    &Cleared::constant(Box::leak(body.into())),
                ))
                .await
                .unwrap();
        }
        drop(outbox);
        let mut all = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut theirs, &mut all)
            .await
            .unwrap();
        writing.await.unwrap();
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines[0], r#"{"jsonrpc":"2.0","id":0,"result":1}"#);
        assert_eq!(
            lines[1].len(),
            r#"{"jsonrpc":"2.0","id":1,"result":}"#.len() + long.len()
        );
        assert_eq!(lines[2], r#"{"jsonrpc":"2.0","id":2,"result":[ 2]}"#);
    }
}
