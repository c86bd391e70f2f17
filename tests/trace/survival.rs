//! A process that is killed, a disk that is gone, a file that is locked.

use rusqlite::TransactionBehavior;
use serde_json::json;

use super::Store;
use crate::harness::{DEADLINE, Finished, Server, Signal, eventually, text_of};

/// Asserts that the log says once that calls can't be recorded, however many there were.
#[track_caller]
fn assert_told_once(finished: &Finished) {
    let told = finished.stderr.matches("calls can't be recorded").count();
    assert_eq!(told, 1, "{}", finished.stderr);
}

#[test]
fn twenty_kills_in_the_middle_of_writing_cost_at_most_the_last_batch() {
    let store = Store::new();
    let mut sent = 0;
    for round in 0..20 {
        let mut gateway = store.gateway([Server::echo("s")]).open();
        let earlier = store.events();
        gateway.run("s", "echo", json!({"round": round}));
        sent += 1;
        // What was there when the next calls began is never lost.
        assert!(eventually(DEADLINE, || store.events() > earlier));
        let before = store.events();
        for number in 0..30 {
            gateway.run(
                "s",
                "echo",
                json!({"round": round, "number": number, "text": "x".repeat(1000)}),
            );
            sent += 1;
        }
        gateway.signal(Signal::KILL);
        gateway.exit();
        let after = store.events();
        assert!((before..=sent).contains(&after), "{before} {after} {sent}");
    }
    assert_eq!(store.texts("PRAGMA integrity_check"), ["ok"]);
    let torn = "SELECT count(*) || '' FROM events WHERE call_id NOT IN (SELECT call_id FROM calls)";
    assert_eq!(store.texts(torn), ["0"], "a batch is written whole or not at all");
    let mut gateway = store.gateway([Server::echo("s")]).open();
    gateway.run("s", "echo", "{}");
    gateway.close().assert_exit(0);
}

#[test]
fn a_locked_file_is_reported_once_and_what_waited_is_written() {
    let store = Store::new();
    let mut gateway = store.gateway([Server::echo("s")]).open();
    gateway.run("s", "echo", "{}");
    assert!(eventually(DEADLINE, || store.events() == 1));
    let mut other = store.open();
    other.busy_timeout(DEADLINE).expect("it is open");
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .expect("nobody holds it for long");
    gateway.run("s", "echo", json!({"during": 1}));
    gateway.logged("calls can't be recorded");
    for _ in 0..3 {
        gateway.run("s", "echo", json!({"during": 1}));
    }
    drop(lock);
    gateway.logged("calls are recorded again; lost: 0 records");
    let finished = gateway.close();
    finished.assert_exit(0);
    assert_told_once(&finished);
    assert_eq!(
        store.texts("SELECT count(*) || '' FROM events WHERE during = '1'"),
        ["4"]
    );
}

#[test]
fn a_store_that_can_not_be_had_costs_no_call() {
    let store = Store::new();
    std::fs::write(
        store.path(),
        "This is no database, and it is long enough to be taken for one.".repeat(20),
    )
    .expect("ours");
    let mut gateway = store.gateway([Server::echo("s")]).open();
    for _ in 0..3 {
        let answer = gateway.run("s", "echo", json!({"a": 1}));
        assert_eq!(text_of(&answer), r#"{"a":1}"#);
    }
    gateway.logged("calls can't be recorded");
    let finished = gateway.close();
    finished.assert_exit(0);
    assert_told_once(&finished);
    assert!(
        finished.stderr.contains("records could not be kept"),
        "{}",
        finished.stderr
    );
}

#[test]
fn a_store_that_is_required_stops_the_start_or_the_calls() {
    let store = Store::new();
    std::fs::write(
        store.path(),
        "This is no database, and it is long enough to be taken for one.".repeat(20),
    )
    .expect("ours");
    let required = |store: &Store| {
        store
            .gateway([Server::echo("s")])
            .args(["--set", "xetrack.required=true"])
    };
    required(&store)
        .run(&[], "")
        .assert_refused(&["trace store is required", "tracing.db"]);

    let store = Store::new();
    let mut gateway = required(&store).open();
    assert_eq!(text_of(&gateway.run("s", "echo", "{}")), "{}");
    assert!(eventually(DEADLINE, || store.events() == 1));
    let mut other = store.open();
    other.busy_timeout(DEADLINE).expect("it is open");
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .expect("nobody holds it for long");
    gateway.run("s", "echo", "{}");
    gateway.logged("calls can't be recorded");
    let refused = text_of(&gateway.run("s", "echo", "{}"));
    assert!(refused.contains("`xetrack.required`"), "{refused}");
    drop(lock);
    gateway.logged("calls are recorded again");
    assert_eq!(text_of(&gateway.run("s", "echo", "{}")), "{}");
}
