//! One harness for every black-box test: a sandbox, fixture servers, and a client that talks to the gateway over
//! them, or to a fixture directly. Everything has a deadline, and a failure shows what the process wrote to stderr.

mod analyzer;
mod client;
mod gateway;
mod json;
mod processes;
mod sandbox;
mod server;

use std::time::Duration;

pub(crate) use analyzer::{Analyzer, Reply};
pub(crate) use client::{Client, Message};
pub(crate) use gateway::{Finished, Gateway, Setup};
pub(crate) use json::{assert_same, parse, text_of};
pub(crate) use processes::is_running;
pub(crate) use rustix::process::Signal;
pub(crate) use sandbox::Sandbox;
pub(crate) use server::Server;

/// A made-up secret.
pub(crate) const TOKEN: &str = "ghp_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8";

/// What `basic` puts in its place.
pub(crate) const PLACEHOLDER: &str = "<GITHUB_PERSONAL_ACCESS_TOKEN>";

/// The longest that a test waits for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// How long the gateway and all it started may take to be gone once they are told to.
pub(crate) const SHUTDOWN: Duration = Duration::from_secs(2);

/// Polls until the condition holds. False if the time runs out first.
pub(crate) fn eventually(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let start = std::time::Instant::now();
    loop {
        if condition() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
