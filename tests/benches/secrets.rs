//! Speed of the search for secrets: `cargo bench --bench secrets`.
//!
//! Prints the throughput on text without candidates, on benign text that looks like secrets (source code, a lock file,
//! documentation, an image in base 64) and on text full of secrets; beside it that of the same search without vector
//! instructions, as it is on processors that have none, of `memchr`, and of a plain
//! `RegexSet` of the same rules, in the same run and so on the same machine. At the end, what it costs to search messages of
//! 10 MB, beside reading and parsing them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mcp_gateway::detect::secrets::{Engine, Options, patterns, rules};
use mcp_gateway::detect::{Context, Detector};
use mcp_gateway::json;
use mcp_gateway::mask::{Masker, Placeholder};
use regex::bytes::{RegexSet, RegexSetBuilder};

/// Each text is made this long, in bytes: short enough to be searched between two turns of a busy machine.
const SIZE: usize = 1 << 17;

const PROSE: &str = "The quick brown fox jumps over the lazy dog, and nobody in the whole village minds it at all; so it \
    goes on. Nobody knows why, but everybody has a view, and the views are as many as the people who hold them. ";

/// Running text in lines, with marks of every kind.
const PARAGRAPHS: &str = "Nobody in the village had seen the fox before that evening, and those who say they did are few.\n\
    It came over the hill – slowly, so they tell – looked at the dog, and went on: \"as if it had an errand,\" said Ann.\n\
    What it was after? Bread; the baker's door stood open (as it does in June), and two loaves were gone by eight.\n\n";

const CODE: &[&str] = &[
    include_str!("../../src/detect/secrets/scan.rs"),
    include_str!("../../src/detect/secrets/shape.rs"),
    include_str!("../../src/detect/secrets/index.rs"),
    include_str!("../../src/detect/secrets/settle.rs"),
];

const LOCK: &str = include_str!("../../Cargo.lock");

const DOCS: &str = r#"## Installing

See [the guide](https://example.com/docs/guide/install.html#from-source) or run `cargo install --locked --path .`:

```json
{"name": "@scope/package", "version": "1.24.3", "resolved": "https://registry.example.com/@scope/package/-/package-1.24.3.tgz"}
```

| option | default | what it does |
|--------|---------|--------------|
| `--max-retries` | 3 | how often a request is sent again (fixes #1043, see 9fceb02d0ae598e95dc970b74767f19372d61af8) |
| `--output-directory` | `target/debug/build` | where things go; id 550e8400-e29b-41d4-a716-446655440000 |

"#;

#[expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
fn main() {
    let engine = Engine::new(Options::default()).expect("the defaults are valid");
    let scalar = Engine::new(Options::default())
        .expect("the defaults are valid")
        .without_vectors();
    let started = Instant::now();
    let regexes = plain_regexes();
    println!(
        "{} regexes built in {:.1?}; speeds in MB/s",
        regexes.len(),
        started.elapsed()
    );
    println!(
        "{:22} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "secrets", "scalar", "memchr", "RegexSet", "findings"
    );
    for (name, text) in texts() {
        let mut found = Vec::new();
        let secrets = speed(&text, || {
            found.clear();
            engine.find(black_box(&text), &Context::default(), &mut found);
        });
        let plainly = speed(&text, || {
            found.clear();
            scalar.find(black_box(&text), &Context::default(), &mut found);
        });
        let memchr = speed(&text, || {
            black_box(memchr::memchr(0, black_box(text.as_bytes())));
        });
        let regex = speed(&text, || {
            black_box(regexes.matches(black_box(text.as_bytes())));
        });
        println!(
            "{name:22} {secrets:>9.0} {plainly:>9.0} {memchr:>9.0} {regex:>9.1} {:>9}",
            found.len()
        );
    }
    let masker = Masker::new(engine, Placeholder);
    println!(
        "{:22} {:>9} {:>9} {:>9} {:>9}",
        "messages of 10 MB", "masked", "read", "parsed", "findings"
    );
    for (name, message) in messages() {
        let mut found = 0;
        let masked = speed(&message, || {
            found = masker.json(black_box(&message)).expect("it is JSON").len();
        });
        let read = speed(&message, || {
            json::members(black_box(&message)).expect("it is an object");
            json::validate(black_box(&message)).expect("it is JSON");
        });
        let parsed = speed(&message, || {
            black_box(serde_json::from_str::<serde_json::Value>(black_box(&message)).expect("it is JSON"));
        });
        println!("{name:22} {masked:>9.0} {read:>9.0} {parsed:>9.0} {found:>9}");
    }
}

/// The size of a message, in bytes.
const MESSAGE: usize = 10_000_000;

/// Results of tools: what it costs to search one, the strict reading included; to read it without a search; and to parse it into
/// a `Value`, as a gateway does that keeps trees.
fn messages() -> Vec<(&'static str, String)> {
    let texts = texts();
    let text = |wanted: &str| {
        let mut texts = texts.iter();
        let (_, text) = texts.find(|(name, _)| *name == wanted).expect("one of the texts");
        text
    };
    let records = records();
    vec![
        ("no candidates", items(text("no candidates"))),
        ("paragraphs", items(&repeat(PARAGRAPHS, SIZE))),
        ("the four of them mixed", items(text("the four of them mixed"))),
        ("lines of a log", items(&log())),
        (
            "records",
            serde_json::json!({"content": [], "structuredContent": &records}).to_string(),
        ),
        ("records in a text", items(&records.to_string())),
    ]
}

/// A result of `text` again and again, one an item.
fn items(text: &str) -> String {
    let item =
        serde_json::json!({"type": "text", "text": text, "annotations": {"priority": 0.5, "audience": ["user"]}});
    let items = vec![item; (MESSAGE / text.len()).max(1)];
    serde_json::json!({"content": items, "isError": false}).to_string()
}

/// What the API of an issue tracker answers: ids, names, times, addresses, digests.
fn records() -> serde_json::Value {
    let record = |number: u64| {
        let noise = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        serde_json::json!({
            "id": 10_000_000 + number,
            "number": number,
            "title": PARAGRAPHS.chars().skip(noise as usize % 40).take(60).collect::<String>(),
            "user": {"login": format!("ann-{}", noise % 97), "id": noise % 10_000_000, "site_admin": false},
            "state": if noise.is_multiple_of(3) { "open" } else { "closed" },
            "labels": [{"name": "bug", "color": format!("{:06x}", noise >> 40)}],
            "url": format!("https://api.example.com/repos/acme/village/issues/{number}"),
            "sha": format!("{noise:016x}{:024x}", !noise),
            "uuid": format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", noise >> 32, noise & 0xFFFF, noise >> 52, noise >> 20 & 0xFFF, noise >> 16),
            "comments": noise % 40,
            "created_at": format!("2024-{:02}-{:02}T{:02}:{:02}:59Z", 1 + noise % 12, 1 + noise % 28, noise % 24, noise % 60),
            "closed_at": null,
            "body": PARAGRAPHS.chars().skip(noise as usize % 90).take(150).collect::<String>(),
        })
    };
    let size = record(0).to_string().len();
    (0..(MESSAGE / size) as u64).map(record).collect()
}

/// What a server of HTTP writes.
fn log() -> String {
    let line = |number: u64| {
        let noise = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!(
            "2024-03-{:02}T{:02}:{:02}:07.{:03}Z INFO [worker-{}] acme.http.Server - GET /api/v1/items/{}?page={} HTTP/1.1 200 {}ms \
             request_id={:08x}-{:04x}-4{:03x}-a{:03x}-{:012x} remote=10.0.{}.{}\n",
            1 + noise % 28,
            noise % 24,
            noise % 60,
            noise % 1000,
            noise % 8,
            noise % 99_999,
            noise % 9,
            noise % 900,
            noise >> 32,
            noise & 0xFFFF,
            noise >> 52,
            noise >> 20 & 0xFFF,
            noise >> 16,
            noise % 256,
            noise % 254,
        )
    };
    (0..(SIZE / 200) as u64).map(line).collect()
}

fn texts() -> Vec<(&'static str, String)> {
    let examples: Vec<_> = rules()
        .map(|rule| format!("the {} is {}\n", rule.what, rule.example))
        .collect();
    let mixed = [
        repeat(&CODE.concat(), SIZE / 4),
        repeat(LOCK, SIZE / 4),
        repeat(DOCS, SIZE / 4),
        image(SIZE / 4),
    ];
    vec![
        ("no candidates", repeat(PROSE, SIZE)),
        ("source code", repeat(&CODE.concat(), SIZE)),
        ("lock file", repeat(LOCK, SIZE)),
        ("documentation", repeat(DOCS, SIZE)),
        ("image in base 64", image(SIZE)),
        ("the four of them mixed", mixed.concat()),
        ("a secret on each line", repeat(&examples.concat(), SIZE)),
    ]
}

fn plain_regexes() -> RegexSet {
    let patterns: Vec<_> = patterns().map(|(_, pattern)| pattern).collect();
    let limit = 1 << 30;
    RegexSetBuilder::new(patterns)
        .unicode(false)
        .size_limit(limit)
        .dfa_size_limit(limit)
        .build()
        .expect("valid rules")
}

/// `text` over and over, `size` bytes in all: what was ASCII stays so.
fn repeat(text: &str, size: usize) -> String {
    text.chars().filter(char::is_ascii).cycle().take(size).collect()
}

/// What an image looks like in a result: a data URL of bytes that don't compress.
fn image(size: usize) -> String {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let noise = std::iter::from_fn(|| {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Some(state.to_le_bytes()[0])
    });
    let bytes: Vec<u8> = b"\x89PNG\r\n\x1a\n"
        .iter()
        .copied()
        .chain(noise)
        .take(size / 4 * 3)
        .collect();
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

/// Megabytes a second, of the best of many runs within a third of a second.
fn speed(text: &str, mut run: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut best = Duration::MAX;
    while started.elapsed() < Duration::from_millis(300) {
        let this = Instant::now();
        run();
        best = best.min(this.elapsed());
    }
    text.len() as f64 / best.as_secs_f64() / 1e6
}
