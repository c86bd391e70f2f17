//! Speed of the detector of personal data: `cargo bench --bench pii`.
//!
//! Prints the throughput on texts without candidates, on mixed JSON and on texts dense with personal data, at 100 KB and at
//! 1 MB (linear: both the same), the time of 1 KB, and how the time grows with texts made to hurt.

use std::hint::black_box;
use std::time::{Duration, Instant};

use mcp_gateway::detect::pii::{Engine, Options};
use mcp_gateway::detect::{Context, Detector};

const PROSE: &str =
    "The quick brown fox jumps over the lazy dog, and nobody in the whole village minds it at all; so it goes on. ";
const MIXED: &str = r#"{"id": "8f14e45f-ceea-467f-a0e6-7c1d5b4a3e21", "order_id": 123456780, "created": "2024-05-12T04:34:22Z", "status": "shipped", "items": [{"sku": "A-1093", "title": "Garden chair, foldable, of oiled wood", "quantity": 2, "price": 49.90}], "customer": {"name": "Ann Lee", "email": "ann.lee@example.com", "phone": "+1 (649) 223-8813"}, "note": "Please leave it with the neighbours if nobody answers the door in the morning.", "tracking": "https://example.com/track/1Z999AA10123456784"}
"#;
const DENSE: &str =
    "4111 1111 1111 1111, ann@example.com, +44 20 7946 0958, 078-05-1123, DE89 3704 0044 0532 0130 00, 203.0.113.42; ";

/// What these texts repeat looks like the beginning of something without end.
const HOSTILE: &[&str] = &[
    "1",
    "1.",
    "1-",
    "1 ",
    "a@",
    "@",
    ":",
    ".:",
    "a:",
    "(",
    "A1",
    "A ",
    "http://a.co/",
    "?u=http://a.co",
    "aaaaaaaaaaaaaaaaaa1",
    "1,\"",
    "name: ",
    "May ",
    "a.",
    "1/",
    "+1 ",
    "é1",
    "DE89",
    "::",
];

#[expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
fn main() {
    let engine = Engine::new(Options::default()).expect("the defaults are valid");
    for (name, unit) in [("no candidates", PROSE), ("mixed JSON", MIXED), ("dense", DENSE)] {
        for size in [1_000, 100_000, 1_000_000] {
            let text: String = unit.chars().cycle().take(size).collect();
            let time = fastest(&engine, &text);
            let speed = text.len() as f64 / time.as_secs_f64() / 1e6;
            println!("{name:14} {:>9} bytes {time:>12.1?} {speed:>9.1} MB/s", text.len());
        }
    }
    println!("time of 16 KB over that of 4 KB, the worst of texts made to hurt:");
    let growth = |unit: &&str| {
        let time = |bytes: usize| fastest(&engine, &unit.repeat(bytes / unit.len())).as_secs_f64();
        (time(16_000) / time(4_000), (*unit).to_owned())
    };
    let worst = HOSTILE
        .iter()
        .map(growth)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .expect("there are some");
    println!("  {:.1} ({:?}); 4.0 is linear", worst.0, worst.1);
}

/// The best of many runs, for at least a third of a second.
fn fastest(engine: &Engine, text: &str) -> Duration {
    let mut found = Vec::new();
    let started = Instant::now();
    let mut best = Duration::MAX;
    while started.elapsed() < Duration::from_millis(300) {
        found.clear();
        let run = Instant::now();
        engine.find(black_box(text), &Context::default(), &mut found);
        best = best.min(run.elapsed());
        black_box(&found);
    }
    best
}
