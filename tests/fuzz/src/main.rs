//! Fuzzes the walk over a message and the engines of `basic` and `presidio`.
//!
//! In this folder, `cargo run --release -- corpus -max_total_time=1200` fuzzes for twenty minutes with libFuzzer, from
//! what it kept in `corpus` the last time; `cargo run --release -- FILE` runs one input again. What must hold is in
//! [`oracle`]; how examples get into the inputs, in [`growth`].
#![no_main]

mod growth;
mod oracle;
mod pieces;

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mcp_gateway::detect::{pii, secrets};
use mcp_gateway::json;
use mcp_gateway::mask::{Masker, Placeholder};

/// The maskers, as their plugins make them by default, and one that looks for everything; and whether masking twice is
/// masking once. Of personal data more may be found: the placeholders are words that speak of their neighbours.
static MASKERS: LazyLock<[(Masker, bool); 3]> = LazyLock::new(|| {
    let secrets = secrets::Engine::new(secrets::Options::default()).expect("the defaults are valid");
    let default = pii::Engine::new(pii::Options::default()).expect("the defaults are valid");
    let all = pii::Engine::new(pii::Options {
        entities: pii::Entities::One("all".to_owned()),
        ..pii::Options::default()
    });
    [
        (Masker::new(secrets, Placeholder), true),
        (Masker::new(default, Placeholder), false),
        (Masker::new(all.expect("`all` is valid"), Placeholder), false),
    ]
});

fuzz_target!(|text: &str| {
    let message = format!(
        r#"{{"content":[{{"type":"text","text":{0}}},{{"text":{1}}}],"structuredContent":{{"token":{0},{0}:{1}}}}}"#,
        json::quote(text),
        json::quote(&text.chars().rev().collect::<String>()),
    );
    for (masker, lasting) in MASKERS.iter() {
        oracle::text(masker, text, *lasting);
        oracle::document(masker, &message, *lasting);
        if json::validate(text).is_ok() {
            oracle::document(masker, text, *lasting);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    pieces::grown(&growth::PIECES, data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});
