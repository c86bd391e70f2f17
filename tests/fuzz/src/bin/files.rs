//! Fuzzes the small files: `mcp.lock`, `.env`, captured definitions, a policy.
#![no_main]

#[path = "../pieces.rs"]
mod pieces;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mcp_gateway::{
    config::envfile,
    plugins::Trial,
    scan::{definitions, pins::Lock},
};

const PIECES: &[&str] = &[
    "{\"server\":\"a\",\"pin\":\"tool\",\"name\":\"x\",\"is\":\"1\"}\n", "{\"server\":\"a\",\"pin\":\"launch\",\"is\":\"0\"}\n", "\"pin\":\"package\"", "\"prompt\"", "{\"rules\":[{\"name\":\"a\",\"when\":{\"tool\":\"/(/\"},\"then\":\"deny\"}]}", "{\"servers\":{\"a\":{\"tools\":[{\"name\":\"x\"}]}}}", "A=1\n", "export B=2\n",
    "C=\"x\ny\"\n", "D='a # b'\n", "# c\n", " # c", "\\n", "\\\"", "\"", "'", "=", "\n", "\r\n", "\u{feff}", "\0", "$A", "${A}",
];

fuzz_target!(|text: &str| {
    if let Ok(lock) = Lock::parse(text) {
        let written = lock.text();
        assert_eq!(Lock::parse(&written).as_ref(), Ok(&lock), "{written:?}");
        assert_eq!(written, Lock::parse(&written).expect("it was read").text());
    }
    let read = envfile::parse(text);
    if let Ok(variables) = &read {
        assert!(variables.iter().all(|(name, value)| !name.is_empty() && !name.contains('=') && !value.contains('\0')));
    }
    // Either way: a mistake is reported.
    let _ = definitions::read(text, "it");
    if let Ok(settings) = serde_json::from_str(text) {
        let _ = Trial::new(settings);
    }
    // What stands before changes nothing of what follows.
    if !text.starts_with('\u{feff}') {
        let mut wanted = read.map_err(|line| line + 1);
        if let Ok(variables) = &mut wanted {
            variables.insert(0, ("FIRST".to_owned(), "1".to_owned()));
        }
        assert_eq!(envfile::parse(&format!("FIRST=1\n{text}")), wanted);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pieces::grown(PIECES, data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});
