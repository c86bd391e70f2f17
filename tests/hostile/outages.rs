//! Servers that crash, hang or never come up.

use std::time::Instant;

use serde_json::json;

use super::{CALL_SECONDS, acting, assert_good, beside, done, is_done, is_error, play};
use crate::harness::{Gateway, Server, text_of};

#[test]
fn silence_costs_that_call_only() {
    play(acting(json!([])), is_error);
}

#[test]
fn a_server_that_never_shakes_hands_harms_nobody() {
    let mut gateway = beside(acting(json!([done()])).on("initialize", json!([]))).open();
    assert_good(&mut gateway);
    let names = gateway.list("tools");
    assert!(names.iter().any(|tool| tool["name"] == "good_echo"), "{names:?}");
    let metadata = gateway.metadata(json!({}));
    assert!(
        metadata["bad"]["status"].is_string() && metadata["good"]["status"].is_string(),
        "{metadata}"
    );
    assert_ne!(metadata["bad"]["status"], metadata["good"]["status"]);
}

#[test]
fn a_handshake_that_is_nonsense_is_reported() {
    for (what, steps) in [
        ("an error", json!([{"fail": {"code": -32603, "message": "no licence"}}])),
        ("no object", json!([{"reply": []}])),
        ("no fields", json!([{"reply": {}}])),
    ] {
        let mut gateway = beside(acting(json!([done()])).on("initialize", steps)).open();
        assert_good(&mut gateway);
        let result = gateway.run("bad", "act", "{}");
        // A handshake without its fields may be let pass; it must not be left hanging.
        assert!(
            result["isError"] == true || text_of(&result) == "done",
            "{what}: {result}"
        );
    }
}

#[test]
fn a_crash_fails_the_call_at_once_and_the_server_comes_back() {
    let steps = json!([{"on_run": {"runs": [1], "steps": [{"stderr": {"line": "segfault, sort of", "times": 1}}, {"exit": 9}]}}, done()]);
    let mut gateway = Gateway::with([acting(steps), Server::echo("good")]).open();
    is_error(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
    is_done(&gateway.run("bad", "act", "{}"));
    assert_eq!(gateway.journal("bad", "start").len(), 2);
    assert_eq!(
        gateway.received("bad", "tools/call").len(),
        2,
        "a call is never repeated by the gateway"
    );
}

#[test]
fn a_server_that_crashes_at_each_start_is_not_started_in_a_hurry() {
    let mut gateway = beside(acting(json!([done()])).on("start", json!([{"exit": 3}]))).open();
    assert_good(&mut gateway);
    let result = gateway.run("bad", "act", "{}");
    is_error(&result);
    assert_good(&mut gateway);
    let starts = gateway.journal("bad", "start").len();
    assert!(starts <= 10, "started {starts} times within seconds");
}

#[test]
fn a_program_that_does_not_exist_is_named() {
    let setup = Gateway::with([Server::echo("good")]).server("bad", json!({"command": "/no/such/program"}));
    let mut gateway = setup.open();
    assert_good(&mut gateway);
    let said = text_of(&gateway.run("bad", "act", "{}"));
    assert!(said.contains("/no/such/program"), "{said}");
    let metadata = gateway.metadata(json!({"server_name": "bad"}));
    assert!(
        metadata["bad"]["error"].to_string().contains("/no/such/program"),
        "{metadata}"
    );
}

#[test]
fn half_a_message_and_then_the_end_fails_the_call() {
    play(
        acting(json!([{"print": r#"{"jsonrpc":"2.0","id":"$id","res"#}, {"exit": 0}])),
        is_error,
    );
}

#[test]
fn a_crash_is_noticed_although_a_grandchild_holds_stdout_open() {
    let bad = acting(json!([{"spawn": {"own_session": true}}, {"exit": 7}]));
    let mut gateway = Gateway::with([bad, Server::echo("good")]).open();
    is_error(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
}

#[test]
fn a_server_that_dies_while_its_lists_are_read_again_comes_back() {
    let changed = json!({"line": r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#});
    let die = json!([{"on_run": {"runs": [1], "steps": [changed, {"sleep": 200}, {"exit": 9}]}}, done()]);
    let tools = json!({"tools": [{"name": "act", "inputSchema": {"type": "object"}}]});
    let slow = json!([{"sleep": 400}, {"reply": tools}]);
    let mut gateway = Gateway::with([acting(die).on("tools/list", slow)]).open();
    is_error(&gateway.run("bad", "act", "{}"));
    is_done(&gateway.run("bad", "act", "{}"));
}

#[test]
fn a_server_that_dies_in_a_storm_of_its_own_harms_nobody() {
    let changed = json!({"line": r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#});
    let mut storm = vec![changed; 100];
    storm.push(json!({"exit": 9}));
    let mut gateway = beside(acting(storm.into())).open();
    for _ in 0..3 {
        is_error(&gateway.run("bad", "act", "{}"));
        assert_good(&mut gateway);
    }
}

#[test]
fn a_server_that_does_not_read_blocks_only_itself() {
    let setup = Gateway::with([Server::echo("good")]);
    let deaf = json!({"command": "/bin/sh", "args": ["-c", "exec sleep 60"], "timeout": CALL_SECONDS});
    let mut gateway = setup.server("deaf", deaf).open();
    for _ in 0..8 {
        gateway.start_run("deaf", "act", format!(r#"{{"text":"{}"}}"#, "x".repeat(100_000)));
    }
    assert_good(&mut gateway);
    let end = Instant::now();
    gateway.close_stdin();
    gateway.exit();
    gateway.assert_nothing_survives(end);
}
