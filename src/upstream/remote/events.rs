//! Server-sent events, out of a stream of bytes, each of bounded size.
//!
//! The format is the HTML standard's, section 9.2 (`text/event-stream`).

use std::{collections::VecDeque, io, time::Duration};

use bytes::Bytes;
use tokio::io::AsyncRead;

use crate::wire::{Line, LineReader};

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
    waiting: VecDeque<Bytes>,
    first: bool,
    name: String,
    data: Vec<Bytes>,
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
            waiting: VecDeque::new(),
            first: true,
            name: String::new(),
            data: Vec::new(),
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
            let line = match self.waiting.pop_front() {
                Some(line) => line,
                None => match self.lines.next().await? {
                    None => return Ok(None),
                    Some(Line::Whole(line)) => self.first_of(line),
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

    /// The first line of what a line feed ended: a lone carriage return ends a line as well.
    fn first_of(&mut self, line: Bytes) -> Bytes {
        let line = match std::mem::take(&mut self.first) {
            true => line
                .strip_prefix("\u{feff}".as_bytes())
                .map_or(line.clone(), |rest| line.slice_ref(rest)),
            false => line,
        };
        if !line.contains(&b'\r') {
            return line;
        }
        self.waiting
            .extend(line.split(|byte| *byte == b'\r').map(|part| line.slice_ref(part)));
        self.waiting.pop_front().unwrap_or_default()
    }

    fn field(&mut self, line: &Bytes) {
        let colon = memchr::memchr(b':', line).unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => self.data.push(line.slice_ref(value)),
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

    /// The event that an empty line ends, if it has data.
    fn dispatch(&mut self) -> Option<Event> {
        let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        if let Some((head, tail, length)) = self.too_long.take() {
            return Some(Event::TooLong { head, tail, length });
        }
        let length: usize = data.iter().map(|line| line.len() + 1).sum();
        if length > self.limit.saturating_add(1) {
            let (head, tail) = (data[0].clone(), data[data.len() - 1].clone());
            return Some(Event::TooLong {
                head,
                tail,
                length: length - 1,
            });
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
