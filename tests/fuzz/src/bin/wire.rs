//! Fuzzes what comes in lines, from a client and from servers: what serde_json reads is read the same here.
#![no_main]

#[path = "../pieces.rs"]
mod pieces;

use bytes::Bytes;
use futures_util::FutureExt;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mcp_gateway::{
    json,
    wire::{self, Line, LineReader, Malformed, Message},
};
use serde_json::{Map, Value};
use tokio::io::AsyncReadExt;

const PIECES: &[&str] = &[
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{}}}"#, r#"{"jsonrpc":"2.0","id":"x","result":{"content":[]}}"#, "\"id\":", "\"method\":",
    "\"params\":", "\"result\":", "\"error\":", "\"jsonrpc\":\"2.0\"", "null", "true", "1e400", "-0", "18446744073709551616", "\"\\ud800\"", "\"\\u0069d\"", "[[[[", "]]]]", "{", "}", "\n", "\r\n",
    "\u{2028}", "\u{feff}", ",", ":", "\"", "\\", "[1,{\"a\":[2]}]",
];

/// The most that a line may hold here.
const LIMIT: usize = 200;

fuzz_target!(|data: &[u8]| {
    lines(data);
    for line in data.split(|byte| *byte == b'\n') {
        message(line);
    }
    let middle = data.len() / 2;
    wire::id_of_ends(&data[..middle], &data[middle..]);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pieces::grown(PIECES, data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});

/// Lines are what stands between line feeds, however the bytes arrive.
fn lines(data: &[u8]) {
    for cut in [0, data.len() / 3, data.len() / 2] {
        let mut reader = LineReader::new(data[..cut].chain(&data[cut..]), LIMIT);
        let mut expected: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
        if expected.last().is_some_and(|last| last.is_empty()) {
            expected.pop();
        }
        for wanted in expected {
            let line = reader.next().now_or_never().expect("all is there").expect("memory can be read");
            match line.expect("there is one more") {
                Line::Whole(line) => assert_eq!(line, wanted.strip_suffix(b"\r").unwrap_or(wanted)),
                Line::TooLong { head, tail, length } => {
                    assert!(wanted.len() > LIMIT, "{} bytes are not too long", wanted.len());
                    assert!(wanted.starts_with(&head) && (wanted.ends_with(&tail) || wanted.ends_with(b"\r")));
                    assert!(length.abs_diff(wanted.len()) <= 1);
                }
            }
        }
    }
}

/// A message is what serde_json reads in its line. What that does not read may pass: payloads are not looked into here.
fn message(line: &[u8]) {
    let strict = wire::read(Bytes::copy_from_slice(line));
    let (lossy, replaced) = wire::read_lossy(Bytes::copy_from_slice(line));
    let Ok(text) = std::str::from_utf8(line) else {
        assert!(strict.is_err() && replaced);
        return;
    };
    assert_eq!(format!("{strict:?}"), format!("{lossy:?}"));
    let Ok(whole) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    assert_eq!(json::validate(text), Ok(()), "{text}");
    let of = |name: &str| whole.get(name);
    let parsed = |payload: &str| serde_json::from_str::<Value>(payload).expect("a part of JSON is JSON");
    match strict {
        Ok(Message::Request { id, method, params }) => {
            assert_eq!(of("id"), Some(&parsed(id.raw())));
            assert_eq!(of("method"), Some(&Value::from(method)));
            same_params(of("params"), &parsed(params.text()));
        }
        Ok(Message::Notification { method, params }) => {
            assert_eq!(of("id"), None);
            assert_eq!(of("method"), Some(&Value::from(method)));
            same_params(of("params"), &parsed(params.text()));
        }
        Ok(Message::Response { outcome, .. }) => match outcome {
            Ok(result) => assert_eq!(of("result"), Some(&parsed(result.text()))),
            Err(error) => assert_eq!(of("error"), Some(&parsed(error.text()))),
        },
        Err(Malformed::NotJson(fault)) => panic!("{text} is JSON: {fault:?}"),
        Err(_) => assert!(!of("method").is_some_and(Value::is_string) || of("id").is_some(), "{text} is a message"),
    }
}

fn same_params(written: Option<&Value>, read: &Value) {
    match written {
        None | Some(Value::Null) => assert_eq!(read, &Value::Object(Map::new())),
        Some(written) => assert_eq!(written, read),
    }
}
