//! Lines of bounded length.

use std::io;

use bytes::{Bytes, BytesMut};
use memchr::memchr;
use tokio::io::{AsyncRead, AsyncReadExt};

/// How much of both ends of a line over the limit is kept, to tell whom it was for.
const ENDS: usize = 4096;

/// How much is asked of the system at once.
const CHUNK: usize = 64 * 1024;

/// With less room left than this, more is made. Short lines share a chunk: one of its own for each would be cold memory.
const LEAST: usize = 16 * 1024;

/// One line without its line break. Only `\n` ends a line: U+2028 and its kin are text.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line within the limit.
    Whole(Bytes),
    /// A line over the limit, which was read and dropped but for its ends.
    TooLong {
        /// Its first bytes.
        head: Bytes,
        /// Its last bytes.
        tail: Bytes,
        /// Its length in bytes.
        length: usize,
    },
}

/// Reads lines. Cancelling [`LineReader::next`] loses nothing.
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    buffer: BytesMut,
    /// How much of the buffer is known to hold no line break.
    seen: usize,
    limit: usize,
    /// The length of the last line that took more than one chunk: the next one may be like it.
    usual: usize,
    dropped: Option<Dropped>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader of lines of at most `limit` bytes.
    pub fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            buffer: BytesMut::new(),
            seen: 0,
            limit,
            usual: 0,
            dropped: None,
        }
    }

    /// The next line, or `None` at the end of the input. A last line without a line break counts.
    ///
    /// # Errors
    /// What reading gives.
    pub async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some(at) = memchr(b'\n', &self.buffer[self.seen..]) {
                let mut line = self.buffer.split_to(self.seen + at + 1);
                line.truncate(line.len() - 1);
                self.seen = 0;
                return Ok(Some(self.finish(line)));
            }
            self.seen = self.buffer.len();
            if self.seen > self.limit {
                self.drop_buffer();
            }
            // A line that grows doubles its room, so that a large one is not moved at every chunk.
            let room = if self.seen < CHUNK {
                CHUNK
            } else {
                self.seen.max(self.usual.saturating_sub(self.seen))
            };
            if self.buffer.capacity() - self.seen < LEAST {
                self.buffer.reserve(room);
            }
            if self.input.read_buf(&mut self.buffer).await? == 0 {
                if self.buffer.is_empty() && self.dropped.is_none() {
                    return Ok(None);
                }
                let line = self.buffer.split();
                self.seen = 0;
                return Ok(Some(self.finish(line)));
            }
        }
    }

    fn finish(&mut self, mut line: BytesMut) -> Line {
        if line.last() == Some(&b'\r') {
            line.truncate(line.len() - 1);
        }
        if line.len() > CHUNK {
            self.usual = line.len() + CHUNK;
        }
        match self.dropped.take() {
            None if line.len() <= self.limit => Line::Whole(line.freeze()),
            dropped => {
                let Dropped { head, tail, length } = Dropped::grown(dropped, line);
                Line::TooLong { head, tail, length }
            }
        }
    }

    /// Lets go of a line that is over the limit, as far as it was read.
    fn drop_buffer(&mut self) {
        let part = self.buffer.split();
        self.dropped = Some(Dropped::grown(self.dropped.take(), part));
        self.seen = 0;
    }
}

/// What is left of a line over the limit.
#[derive(Debug)]
struct Dropped {
    head: Bytes,
    tail: Bytes,
    length: usize,
}

impl Dropped {
    /// What was dropped before and now `part`.
    fn grown(before: Option<Self>, part: BytesMut) -> Self {
        let copy = |bytes: &[u8]| Bytes::copy_from_slice(bytes);
        let end = &part[part.len().saturating_sub(ENDS)..];
        match before {
            None => Self {
                head: copy(&part[..part.len().min(ENDS)]),
                tail: copy(end),
                length: part.len(),
            },
            Some(before) => {
                let kept = before.tail.len().saturating_sub(end.len());
                let tail = [&before.tail[before.tail.len() - kept..], end].concat();
                Self {
                    tail: tail.into(),
                    length: before.length + part.len(),
                    ..before
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(input: &[u8], limit: usize) -> Vec<Line> {
        let mut reader = LineReader::new(input, limit);
        let mut all = Vec::new();
        while let Some(line) = reader.next().await.unwrap() {
            all.push(line);
        }
        all
    }

    fn whole(text: &'static str) -> Line {
        Line::Whole(Bytes::from_static(text.as_bytes()))
    }

    #[tokio::test]
    async fn only_a_line_feed_ends_a_line() {
        let want = [whole("a"), whole("b\u{2028}\u{85}\rc"), whole(""), whole("d")];
        assert_eq!(lines("a\r\nb\u{2028}\u{85}\rc\n\nd".as_bytes(), 100).await, want);
    }

    #[tokio::test]
    async fn a_line_over_the_limit_is_dropped_and_the_next_is_read() {
        let long = "x".repeat(300_000);
        let input = format!("{{\"id\":1,{long}}}\nnext\n");
        let lines = lines(input.as_bytes(), 1000).await;
        let Line::TooLong { head, tail, length } = &lines[0] else {
            panic!("{:?}", lines[0])
        };
        assert!(head.starts_with(b"{\"id\":1,x") && tail.ends_with(b"xx}"));
        assert_eq!(*length, 300_009);
        assert_eq!(lines[1], whole("next"));
    }
}
