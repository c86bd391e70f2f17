//! Fuzzes the reading of a configuration, and the changing of one value in it.
//!
//! An edit changes its value and nothing else, whatever comments, duplicates and odd layouts stand around.
#![no_main]

#[path = "../pieces.rs"]
mod pieces;

use std::{path::Path, sync::LazyLock};

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mcp_gateway::config::{self, Blocked, Dirs, blocked, edit};
use serde_json::{Value, json};

const PIECES: &[&str] = &[
    r#"{"mcpServers":{"a":{"command":"sh"}}}"#, r#"{"mcpServers":{"gateway":{"servers":{"a":{}}}}}"#, "\"mcpServers\"", "\"servers\"", "\"a\"", "\"command\"", "\"blocked\"",
    "\"args\"", "\"env\"", "\"url\"", "\"plugins\"", "\"disabled\"", "\"timeout\"", "\"cwd\"", "null", "true", "\"blocked\"", "\"passed\"", "\"skipped\"", "// c\n", "/* c */", ",",
    ":", "{", "}", "[", "]", "\n", "\r\n", "\t", "\u{feff}", "\\u0061", "\u{1F511}", "${A:-b}", "${env:A}", "${input:x}", "${workspaceFolder}", "1e9", "\"30s\"", "'a'",
];

/// Where a value may be changed.
const ENTRIES: [&str; 3] = ["/mcpServers/a", "/mcpServers/gateway/servers/a", "/servers/a"];

static DIRS: LazyLock<Dirs> = LazyLock::new(|| Dirs::from_env().expect("whoever fuzzes has a home"));

fuzz_target!(|text: &str| {
    let path = Path::new("/nowhere/mcp.json");
    let environment = |name: &str| (name == "A").then(|| "value".to_owned());
    // Either way; what is wrong is reported.
    let _ = config::parse(path, text.as_bytes(), None, &DIRS, &environment).map_err(|error| error.to_string());
    verdicts(path, text);
    places(text);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pieces::grown(PIECES, data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});

/// The verdict of a scan, written back.
fn verdicts(path: &Path, text: &str) {
    let all = [Blocked::No, Blocked::Passed, Blocked::Blocked, Blocked::Skipped];
    for (pointer, value) in ENTRIES.iter().flat_map(|pointer| all.map(|value| (pointer, value))) {
        let Ok(edited) = blocked::with_blocked(path, text.as_bytes(), pointer, value, &all) else {
            continue;
        };
        let again = blocked::with_blocked(path, &edited, pointer, value, &all).expect("it was read before");
        assert_eq!(again, edited, "the same verdict is not the same twice");
        let edited = String::from_utf8(edited).expect("an edit of text gives text");
        let (Ok(mut before), Ok(mut after)) = (edit::value(text), edit::value(&edited)) else {
            continue;
        };
        for value in [&mut before, &mut after] {
            if let Some(Value::Object(entry)) = value.pointer_mut(pointer) {
                entry.remove("blocked");
            }
        }
        assert_eq!(before, after, "{pointer} of {text:?} became {edited:?}");
    }
}

/// Any value, in the way of `install`.
fn places(text: &str) {
    let Ok(document) = edit::Document::parse(text) else { return };
    let value = json!({"command": "sh", "args": ["-c"]});
    for way in [&["mcpServers", "new"][..], &["mcpServers", "a"], &["mcpServers"]] {
        let mut changed = document.clone();
        if changed.set(way, &value.to_string()).is_err() {
            continue;
        }
        let mut wanted = document.value();
        let mut place = &mut wanted;
        for key in way {
            if place.is_null() {
                *place = json!({});
            }
            place = &mut place[key];
        }
        *place = value.clone();
        let again = edit::Document::parse(&changed.text()).expect("an edit gives what can be read");
        assert_eq!(again.value(), wanted, "{way:?} of {text:?} became {:?}", changed.text());
    }
}
