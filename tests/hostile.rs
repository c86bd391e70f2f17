//! Servers that misbehave: each harms its own calls at most, and is answered for within its time.

mod answers;
mod listings;
mod outages;
mod traffic;

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, text_of};

/// A call that would stay unanswered is given up after this many seconds.
const CALL_SECONDS: u64 = 2;

/// The server of the case beside one that does nothing wrong.
fn beside(bad: Server) -> Setup {
    Gateway::with([bad.entry("timeout", CALL_SECONDS), Server::echo("good")])
}

/// Calls the good server, which has to answer whatever the bad one does.
#[track_caller]
fn assert_good(gateway: &mut Gateway) {
    assert_eq!(
        text_of(&gateway.run("good", "echo", r#"{"is":"fine"}"#)),
        r#"{"is":"fine"}"#
    );
}

/// Plays one case: both servers are called at once, and both answer; the bad one as told.
#[track_caller]
fn play(bad: Server, check: impl FnOnce(&Value)) {
    let mut gateway = beside(bad).open();
    let call = gateway.start_run("bad", "act", r#"{"n":1}"#);
    assert_good(&mut gateway);
    check(gateway.answer(&call).result());
    assert_good(&mut gateway);
    let answers = gateway.inbox().iter().filter(|message| message.value["id"] == call);
    assert_eq!(answers.count(), 1, "a call is answered once");
}

#[track_caller]
fn is_done(result: &Value) {
    assert_eq!(text_of(result), "done", "{result}");
}

#[track_caller]
fn is_error(result: &Value) {
    assert_eq!(result["isError"], true, "{result}");
    assert!(text_of(result).contains("bad"), "it does not name the server: {result}");
}

/// A server whose tool `act` takes these steps.
fn acting(steps: Value) -> Server {
    Server::new("bad").does("act", steps)
}

fn done() -> Value {
    json!({"reply": {"content": [{"type": "text", "text": "done"}]}})
}
