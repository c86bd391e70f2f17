//! Server-sent events, out of a stream of bytes, each of bounded size.
//!
//! The format is the HTML standard's, section 9.2 (`text/event-stream`).

use std::{io, time::Duration};

use bytes::Bytes;
use tokio::io::AsyncRead;

use crate::wire::{Line, LineReader};

/// The mark of UTF-8 that a stream may begin with.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The memory that the lines of one event may take besides what they hold, in bytes, where the limit is lower.
const LEAST_KEPT: usize = 1 << 16;

/// One event that carries data.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// Its name, `message` where it has none, and its data.
    Whole(String, Bytes),
    /// One over the limit, of which the ends of its data are left.
    TooLong {
        /// The first bytes.
        head: Bytes,
        /// The last bytes.
        tail: Bytes,
        /// Its length in bytes.
        length: usize,
    },
}

/// Reads events. Cancelling [`Events::next`] loses nothing.
pub struct Events<R> {
    lines: LineReader<R>,
    limit: usize,
    /// What was read together with a line that ended in a lone carriage return.
    rest: Option<Bytes>,
    first: bool,
    name: String,
    data: Vec<Bytes>,
    /// How long the data is so far, in bytes, with a line feed behind each line.
    length: usize,
    /// The ends of data that is over the limit already, and their length.
    too_long: Option<(Bytes, Bytes, usize)>,
    /// The id of the last event that had one.
    pub(super) last_id: Option<String>,
    /// How long the server wants its peer to wait before it connects again.
    pub(super) retry: Option<Duration>,
}

impl<R: AsyncRead + Unpin> Events<R> {
    /// A reader of events whose data is at most `limit` bytes long.
    pub fn new(input: R, limit: usize) -> Self {
        Self {
            // Room for the name of the field.
            lines: LineReader::new(input, limit.saturating_add(16)),
            limit,
            rest: None,
            first: true,
            name: String::new(),
            data: Vec::new(),
            length: 0,
            too_long: None,
            last_id: None,
            retry: None,
        }
    }

    /// The next event with data, or `None` at the end of the stream. What is unfinished at the end is no event.
    ///
    /// # Errors
    /// What reading gives.
    pub async fn next(&mut self) -> io::Result<Option<Event>> {
        loop {
            let line = match self.rest.take() {
                Some(rest) => self.cut(rest),
                None => match self.lines.next().await? {
                    None => return Ok(None),
                    Some(Line::Whole(line)) => self.whole(line),
                    Some(Line::TooLong { head, tail, length }) => {
                        let head = head
                            .strip_prefix(b"data:")
                            .map_or(head.clone(), |rest| head.slice_ref(rest));
                        self.too_long = Some((head, tail, length));
                        continue;
                    }
                },
            };
            if !line.is_empty() {
                self.field(&line);
            } else if let Some(event) = self.dispatch() {
                return Ok(Some(event));
            }
        }
    }

    /// The first line of what a line feed ended, without the mark that a stream may begin with.
    fn whole(&mut self, line: Bytes) -> Bytes {
        let marked = std::mem::take(&mut self.first) && line.starts_with(MARK);
        self.cut(if marked { line.slice(MARK.len()..) } else { line })
    }

    /// The first line of `bytes`: a lone carriage return ends a line as well. What is behind it waits.
    fn cut(&mut self, mut bytes: Bytes) -> Bytes {
        if let Some(end) = memchr::memchr(b'\r', &bytes) {
            self.rest = Some(bytes.slice(end + 1..));
            bytes.truncate(end);
        }
        bytes
    }

    fn field(&mut self, line: &Bytes) {
        let colon = memchr::memchr(b':', line).unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => self.add(line.slice_ref(value)),
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => self.last_id = Some(String::from_utf8_lossy(value).into_owned()),
            b"retry" => {
                let number = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
                self.retry = number.map(Duration::from_millis).or(self.retry);
            }
            // A comment, or a field that is not known.
            _ => {}
        }
    }

    /// Adds a line to the data; of what is too long only the ends are kept.
    fn add(&mut self, line: Bytes) {
        self.length += line.len() + 1;
        let length = self.length - 1;
        if let Some((_, tail, so_far)) = &mut self.too_long {
            (*tail, *so_far) = (line, length.max(*so_far));
            return;
        }
        self.data.push(line);
        let kept = self.data.len() * size_of::<Bytes>();
        if length > self.limit || kept > self.limit.max(LEAST_KEPT) {
            let (head, tail) = (self.data[0].clone(), self.data[self.data.len() - 1].clone());
            self.data = Vec::new();
            self.too_long = Some((head, tail, length));
        }
    }

    /// The event that an empty line ends, if it has data.
    fn dispatch(&mut self) -> Option<Event> {
        let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        self.length = 0;
        if let Some((head, tail, length)) = self.too_long.take() {
            return Some(Event::TooLong { head, tail, length });
        }
        let data = match data.len() {
            0 => return None,
            1 => data.remove(0),
            _ => data.join(&b'\n').into(),
        };
        (!data.is_empty()).then(|| Event::Whole(if name.is_empty() { "message".to_owned() } else { name }, data))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use proptest::prelude::*;
    use tokio::io::AsyncReadExt;

    use super::*;

    async fn events(stream: &[u8], limit: usize) -> (Vec<Event>, Option<String>, Option<Duration>) {
        // Two bytes at a time, as a slow network brings them.
        let (mut theirs, ours) = tokio::io::duplex(2);
        let stream = stream.to_vec();
        tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut theirs, &stream).await });
        let mut events = Events::new(ours, limit);
        let mut all = Vec::new();
        while let Some(event) = events.next().await.unwrap() {
            all.push(event);
        }
        (all, events.last_id, events.retry)
    }

    fn message(data: &'static str) -> Event {
        Event::Whole("message".into(), Bytes::from_static(data.as_bytes()))
    }

    #[tokio::test]
    async fn every_way_to_write_an_event_is_read() {
        for (stream, want) in [
            ("data: a\n\n", vec![message("a")]),
            ("data:a\r\n\r\ndata: b\r\n\r\n", vec![message("a"), message("b")]),
            ("data: a\r\rdata: b\r\r\n", vec![message("a"), message("b")]),
            ("data: {\ndata:  1}\n\n", vec![message("{\n 1}")]),
            ("\u{feff}data: a\n\n", vec![message("a")]),
            (": a comment\n\ndata: a\n: another\n\n", vec![message("a")]),
            (
                "event: endpoint\ndata: /m\n\ndata: x\n\n",
                vec![Event::Whole("endpoint".into(), "/m".into()), message("x")],
            ),
            ("data:\n\ndata\n\nid: 1\ndata: \n\n", vec![]),
            ("data: not finished\n", vec![]),
            ("unknown: x\ndata: u\u{2028}v\n\n", vec![message("u\u{2028}v")]),
        ] {
            assert_eq!(events(stream.as_bytes(), 100).await.0, want, "{stream:?}");
        }
    }

    #[tokio::test]
    async fn the_last_id_and_the_pause_are_kept() {
        let (_, id, retry) = events(b"id: 7\nretry: 1500\ndata:\n\nretry: soon\nid: a\0b\ndata: x\n\n", 100).await;
        assert_eq!((id.as_deref(), retry), (Some("7"), Some(Duration::from_millis(1500))));
    }

    #[tokio::test]
    async fn an_event_over_the_limit_leaves_its_ends_and_the_next_is_read() {
        let long = format!(
            "data:{{\"id\":3,{}\ndata: \"id\":4}}\n\ndata: x\n\n",
            "y".repeat(300_000)
        );
        let (all, ..) = events(long.as_bytes(), 1000).await;
        let [Event::TooLong { head, length, .. }, next] = &all[..] else {
            panic!("{}", all.len())
        };
        assert!(head.starts_with(b"{\"id\":3,y") && *length > 300_000);
        assert_eq!(next, &message("x"));
        let many = format!("{}\n", "data: 0123456789\n".repeat(100));
        assert!(matches!(
            events(many.as_bytes(), 1000).await.0[..],
            [Event::TooLong { length: 1099, .. }]
        ));
    }

    #[tokio::test]
    async fn an_event_without_end_is_not_kept() {
        let endless = "data: 0123456789\n".repeat(10_000);
        let mut events = Events::new(endless.as_bytes(), 1000);
        assert_eq!(events.next().await.unwrap(), None);
        assert!(
            events.data.is_empty() && events.length == 110_000,
            "{}",
            events.data.len()
        );
        let empty = "data\n".repeat(10_000);
        let mut events = Events::new(empty.as_bytes(), 1000);
        assert_eq!(events.next().await.unwrap(), None);
        assert!(events.data.is_empty(), "{}", events.data.len());
    }

    #[tokio::test]
    async fn lines_of_carriage_returns_are_read_one_by_one() {
        let returns = format!("data: a{}data: b\r\r\n", "\r".repeat(100_000));
        let mut events = Events::new(returns.as_bytes(), 200_000);
        assert_eq!(events.next().await.unwrap(), Some(message("a")));
        assert_eq!(events.next().await.unwrap(), Some(message("b")));
        assert_eq!(events.next().await.unwrap(), None);
    }

    /// The events of a stream that arrives in two pieces.
    fn in_pieces(stream: &[u8], cut: usize) -> Vec<Event> {
        let mut events = Events::new(stream[..cut].chain(&stream[cut..]), 100);
        let next = || {
            events
                .next()
                .now_or_never()
                .expect("all is there")
                .expect("memory can be read")
        };
        std::iter::from_fn(next).collect()
    }

    proptest! {
        #[test]
        fn neither_the_pieces_nor_the_ends_of_lines_matter(
            lines in prop::collection::vec(prop::sample::select(vec![
                "", "", "data: a", "data:b", "data", "event: x", "event:", "id: 7", "retry: 5", ": c", "other: d", "data: \u{1F511}",
            ]), 0..12),
            cut in 0_usize..40,
        ) {
            let written = |end: &str| lines.iter().map(|line| format!("{line}{end}")).collect::<String>();
            let wanted = in_pieces(written("\n").as_bytes(), 0);
            for end in ["\n", "\r\n"] {
                let text = written(end);
                prop_assert_eq!(&in_pieces(text.as_bytes(), cut.min(text.len())), &wanted);
            }
        }
    }
}
