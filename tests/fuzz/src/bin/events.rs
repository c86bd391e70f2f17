//! Fuzzes the reading of server-sent events: what the HTML standard's algorithm gives, however the bytes arrive.
#![no_main]

#[path = "../pieces.rs"]
mod pieces;

use futures_util::FutureExt;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mcp_gateway::upstream::remote::events::{Event, Events};
use tokio::io::AsyncReadExt;

const PIECES: &[&str] = &[
    "data: x\n\n", "data:", "event: message\n", "id: 7\n", "retry: 10\n", "retry: 99999999999999999999\n", ": comment\n", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\u{feff}", "data\n",
    "{\"jsonrpc\":\"2.0\"}", "\0", "id: a\0b\n", "event:\n",
];

/// The most that the data of an event may hold here.
const LIMIT: usize = 1000;

fuzz_target!(|data: &[u8]| {
    // Beyond the limit there is no reference.
    if data.len() > LIMIT {
        read(data, data.len() / 2);
        return;
    }
    let wanted = reference(data);
    for cut in [0, data.len() / 3, data.len() / 2] {
        assert_eq!(read(data, cut), wanted, "cut at {cut}");
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pieces::grown(PIECES, data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});

/// The names and the data of the events.
fn read(data: &[u8], cut: usize) -> Vec<(String, Vec<u8>)> {
    let mut events = Events::new(data[..cut].chain(&data[cut..]), LIMIT);
    let mut found = Vec::new();
    while let Some(event) = events.next().now_or_never().expect("all is there").expect("memory can be read") {
        if let Event::Whole(name, data) = event {
            found.push((name, data.to_vec()));
        }
    }
    found
}

/// Section 9.2.6 of the HTML standard, word for word.
fn reference(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = data.strip_prefix("\u{feff}".as_bytes()).unwrap_or(data);
    let (mut events, mut name, mut lines) = (Vec::new(), String::new(), Vec::<Vec<u8>>::new());
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        let (line, after) = (&rest[..end], &rest[end..]);
        rest = after.strip_prefix(b"\r\n").unwrap_or(&after[1..]);
        if line.is_empty() {
            let data = lines.join(&b'\n');
            let name = std::mem::take(&mut name);
            if !std::mem::take(&mut lines).is_empty() && !data.is_empty() {
                events.push((if name.is_empty() { "message".to_owned() } else { name }, data));
            }
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => lines.push(value.to_vec()),
            b"event" => name = String::from_utf8_lossy(value).into_owned(),
            _ => {}
        }
    }
    events
}
