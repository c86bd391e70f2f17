//! What a call costs through the gateway, with each plugin, beside the same call made directly: `cargo bench --bench calls`.
//!
//! Prints the median time of one sequential call to a server that is called directly, and for each way through the gateway how many
//! times as long it takes, by the size of the result. All ways take turns within one run, round by round, and a ratio is the median
//! of those of the rounds, so that a busy machine harms all alike. The server and the judge of `external` are this program, started
//! again.

#[path = "calls/client.rs"]
mod client;
#[path = "calls/peers.rs"]
mod peers;
#[path = "calls/texts.rs"]
mod texts;

use std::{env, time::Instant};

use client::{Client, Way};
use texts::TEXTS;

/// How often the ways take turns.
const ROUNDS: usize = 9;

/// The time for the calls of one way, of one text, in one round, in seconds; at least three are made.
const TURN: f64 = 0.05;

/// The ways that a call can take.
const WAYS: &[Way] = &[
    Way::direct("direct"),
    Way::through("no plugin", &[], None),
    Way::through("basic", &["basic"], None),
    Way::through("presidio", &["presidio"], None),
    Way::through("injection", &["injection"], None),
    Way::through("policy", &["policy"], Some(POLICY)),
    Way::through("external", &["external"], Some(EXTERNAL)),
    Way::through("xetrack", &["xetrack"], None),
    Way::through("basic, presidio, xetrack", &["basic", "presidio", "xetrack"], None),
];

const POLICY: &str =
    r#"{"policy": {"rules": [{"name": "none of these", "when": {"arguments": {"path": "/etc/*"}}, "then": "deny"}]}}"#;

/// Its judge is this program.
const EXTERNAL: &str = r#"{"external": {"judge": {"command": "$PROGRAM", "args": ["judge"]}}}"#;

fn main() {
    let role = env::args().nth(1);
    match role.as_deref() {
        Some("serve") => peers::serve(),
        Some("judge") => peers::judge(),
        // cargo's own arguments
        _ => measure(),
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
fn measure() {
    let mut clients: Vec<Client> = WAYS.iter().map(Client::start).collect();
    print!("{:26}", "");
    for (name, _) in TEXTS {
        print!("{name:>14}");
    }
    println!();
    // times[text][way][round]
    let times: Vec<Vec<Vec<f64>>> = (0..TEXTS.len()).map(|text| rounds(&mut clients, text)).collect();
    for (way, Way { name, .. }) in WAYS.iter().enumerate() {
        print!("{name:26}");
        for of_text in &times {
            if way == 0 {
                print!("{:>11.1} µs", median(of_text[0].iter().copied()) * 1e6);
            } else {
                let ratios = of_text[way].iter().zip(&of_text[0]).map(|(time, direct)| time / direct);
                print!("{:>14}", format!("{:.1} ×", median(ratios)));
            }
        }
        println!();
    }
}

/// For each way the median time of a call in each round, in seconds.
fn rounds(clients: &mut [Client], text: usize) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::new(); clients.len()];
    for client in clients.iter_mut() {
        client.call(text);
    }
    for _ in 0..ROUNDS {
        for (client, times) in clients.iter_mut().zip(&mut times) {
            times.push(turn(client, text));
        }
    }
    times
}

/// The median time of a call, in seconds.
fn turn(client: &mut Client, text: usize) -> f64 {
    let started = Instant::now();
    let mut calls = Vec::new();
    while calls.len() < 3 || started.elapsed().as_secs_f64() < TURN {
        let this = Instant::now();
        client.call(text);
        calls.push(this.elapsed().as_secs_f64());
    }
    median(calls.into_iter())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
