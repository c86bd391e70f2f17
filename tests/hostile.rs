//! Servers that misbehave: each harms its own calls at most, and is answered for within its time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, eventually, text_of};

/// A call that would stay unanswered is given up after this many seconds.
const CALL_SECONDS: u64 = 2;

/// The server of the case beside one that does nothing wrong.
fn beside(bad: Server) -> Setup {
    Gateway::with([bad.entry("timeout", CALL_SECONDS), Server::echo("good")])
}

/// Calls the good server, which has to answer whatever the bad one does.
#[track_caller]
fn assert_good(gateway: &mut Gateway) {
    let start = Instant::now();
    assert_eq!(
        text_of(&gateway.run("good", "echo", r#"{"is":"fine"}"#)),
        r#"{"is":"fine"}"#
    );
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        start.elapsed()
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

/// The answer to the request as a line of its own, with another id.
fn done_as(id: &str) -> Value {
    json!({"line": format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"content":[{{"type":"text","text":"done"}}]}}}}"#)})
}

/// Lines of stdout that are no messages.
fn noise() -> Value {
    let lines = [
        "Listening on :8080 …",
        "",
        "   ",
        "{",
        "[1,2]",
        "42",
        r#""text""#,
        "null",
        "{}",
        r#"{"level":"info"}"#,
        "\u{1b}[32mok\u{1b}[0m",
        r#"{"jsonrpc":"2.0"}"#,
    ];
    let mut steps: Vec<Value> = lines.iter().map(|line| json!({"line": line})).collect();
    steps.push(json!({"bytes": "fffec3280a"}));
    steps.into()
}

fn with_noise(step: Value) -> Value {
    let mut steps = noise().as_array().expect("noise is a list").clone();
    steps.push(step);
    steps.into()
}

#[test]
fn noise_on_stdout_is_skipped() {
    play(
        acting(with_noise(done()))
            .on("start", noise())
            .on("notifications/initialized", noise()),
        is_done,
    );
}

#[test]
fn noise_without_a_line_end_is_skipped() {
    play(
        acting(json!([{"print": "progress: 10% "}, {"sleep": 100}, {"print": "20%\n"}, done()])),
        is_done,
    );
}

#[test]
fn invalid_utf_8_in_an_answer_is_answered() {
    let start = r#"{"jsonrpc":"2.0","id":"$id","result":{"content":[{"type":"text","text":""#;
    let steps = json!([{"print": start}, {"bytes": "ff80c328"}, {"print": "\"}]}}\n"}]);
    play(acting(steps), |result| {
        assert!(result["isError"] == true || result["content"].is_array(), "{result}")
    });
}

#[test]
fn a_lone_surrogate_is_answered() {
    let line = r#"{"jsonrpc":"2.0","id":"$id","result":{"content":[{"type":"text","text":"a\ud800b"}]}}"#;
    play(acting(json!([{"line": line}])), |result| {
        assert!(result["content"].is_array(), "{result}")
    });
}

#[test]
fn a_member_named_twice_is_answered() {
    let line = r#"{"jsonrpc":"2.0","id":"$id","result":{"content":[],"content":[{"type":"text","text":"x"}]}}"#;
    play(acting(json!([{"line": line}])), |result| {
        assert!(result["content"].is_array(), "{result}")
    });
}

#[test]
fn a_string_in_place_of_a_number_is_accepted_as_the_id() {
    play(acting(json!([done_as("\"$text:id\"")])), is_done);
}

#[test]
fn answers_with_wrong_ids_are_ignored() {
    let wrong = [
        "999999",
        "-1",
        "null",
        r#""nobody""#,
        "1.5",
        "{}",
        "[]",
        "18446744073709551616",
    ];
    let mut steps: Vec<Value> = wrong.iter().map(|id| done_as(id)).collect();
    let right = done();
    steps.push(right);
    play(acting(steps.into()), is_done);
}

#[test]
fn a_call_answered_only_under_wrong_ids_times_out() {
    play(acting(json!([done_as("424242")])), is_error);
}

#[test]
fn a_second_answer_is_dropped() {
    play(
        acting(json!([done(), done(), {"fail": {"code": 1, "message": "after all"}}])),
        is_done,
    );
}

#[test]
fn an_error_without_an_id_does_not_leave_the_call_hanging() {
    for id in ["", r#""id":null,"#] {
        let error = format!(r#"{{"jsonrpc":"2.0",{id}"error":{{"code":-32700,"message":"cannot parse that"}}}}"#);
        let mut gateway = Gateway::with([acting(json!([{"line": error}])), Server::echo("good")]).open();
        let call = gateway.start_run("bad", "act", "{}");
        assert_good(&mut gateway);
        let answer = gateway.answer(&call);
        assert!(answer.raw.contains("cannot parse that"), "{}", answer.raw);
        assert!(
            answer.value.get("error").is_some() || answer.value["result"]["isError"] == true,
            "{}",
            answer.raw
        );
    }
}

#[test]
fn an_error_without_an_id_does_not_fail_another_call() {
    let error = r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}}"#;
    let slow = json!([{"sleep": 600}, done()]);
    let mut gateway = beside(acting(json!([{"line": error}])).does("slow", slow)).open();
    let slow = gateway.start_run("bad", "slow", "{}");
    gateway.first_received("bad", "tools/call");
    let bad = gateway.start_run("bad", "act", "{}");
    is_error(gateway.answer(&bad).result());
    is_done(gateway.answer(&slow).result());
}

#[test]
fn an_answer_that_is_no_answer_is_reported() {
    let neither = r#"{"jsonrpc":"2.0","id":"$id"}"#;
    play(acting(json!([{"line": neither}])), is_error);
    for result in ["null", "42", r#""text""#, "[]"] {
        play(
            acting(json!([{"line": format!(r#"{{"jsonrpc":"2.0","id":"$id","result":{result}}}"#)}])),
            is_error,
        );
    }
}

#[test]
fn a_batch_of_answers_does_not_leave_the_call_hanging() {
    let line = r#"[{"jsonrpc":"2.0","id":"$id","result":{"content":[{"type":"text","text":"done"}]}}]"#;
    play(acting(json!([{"line": line}])), |result| {
        assert!(result["content"].is_array(), "{result}")
    });
}

#[test]
fn windows_line_ends_are_understood() {
    let line =
        "{\"jsonrpc\":\"2.0\",\"id\":\"$id\",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}\r";
    play(acting(json!([{"line": line}])), is_done);
}

#[test]
fn deeply_nested_json_does_not_break_anything() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let line =
        format!(r#"{{"jsonrpc":"2.0","id":"$id","result":{{"content":[],"structuredContent":{{"d":{deep}}}}}}}"#);
    play(acting(json!([{"line": line}])), |result| {
        assert!(result["content"].is_array())
    });
}

#[test]
fn a_line_beyond_all_measure_costs_that_answer_only() {
    let line = format!(
        r#"{{"jsonrpc":"2.0","id":"$id","result":{{"content":[{{"type":"text","text":"{}"}}]}}}}"#,
        "x".repeat(40 << 20)
    );
    play(acting(json!([{"line": line}])), is_error);
}

#[test]
fn a_repeated_cursor_ends_the_list() {
    let page = json!({"tools": [{"name": "act", "inputSchema": {"type": "object"}}], "nextCursor": "again"});
    play(
        acting(json!([done()])).on("tools/list", json!([{"reply": page}])),
        is_done,
    );
}

#[test]
fn pages_without_end_end_the_list() {
    // Ids of requests do not repeat, so no cursor does: only a cap ends this list.
    let page = r#"{"tools":[{"name":"act","inputSchema":{"type":"object"}}],"nextCursor":"$text:id"}"#;
    let server = Server::new("bad")
        .on("call act", json!([done()]))
        .on("tools/list", format!(r#"[{{"reply":{page}}}]"#));
    let mut gateway = beside(server).open();
    assert_good(&mut gateway);
    is_done(&gateway.run("bad", "act", "{}"));
}

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
fn lists_that_are_nonsense_are_reported() {
    for tools in [
        json!(5),
        json!(null),
        json!([7, {}, {"name": 3}, null, {"name": ""}]),
        json!({"act": {}}),
    ] {
        let bad = acting(json!([done()])).on("tools/list", json!([{"reply": {"tools": tools}}]));
        let mut gateway = beside(bad).open();
        assert_good(&mut gateway);
        let listed = gateway.list("tools");
        assert!(listed.iter().all(|tool| tool["name"].is_string()), "{listed:?}");
        gateway.metadata(json!({}));
    }
}

#[test]
fn a_tool_listed_twice_is_listed_once() {
    let tool = json!({"name": "act", "inputSchema": {"type": "object"}});
    let bad = acting(json!([done()])).on("tools/list", json!([{"reply": {"tools": [tool, tool]}}]));
    let mut gateway = beside(bad).open();
    let mut names: Vec<String> = gateway
        .list("tools")
        .iter()
        .map(|tool| tool["name"].to_string())
        .collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "{names:?}");
}

#[test]
fn a_crash_fails_the_call_at_once_and_the_server_comes_back() {
    let steps = json!([{"on_run": {"runs": [1], "steps": [{"stderr": {"line": "segfault, sort of", "times": 1}}, {"exit": 9}]}}, done()]);
    let mut gateway = Gateway::with([acting(steps), Server::echo("good")]).open();
    let start = Instant::now();
    is_error(&gateway.run("bad", "act", "{}"));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        start.elapsed()
    );
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
fn a_flood_on_stderr_blocks_nothing_and_leaks_nothing() {
    let secret = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
    let flood = json!({"stderr": {"line": format!("using token {secret} for the request"), "times": 3000}});
    let mut gateway = beside(acting(json!([flood, done()])).on("start", json!([flood]))).open();
    is_done(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
    gateway.logged("using token");
    let finished = gateway.close();
    assert!(!finished.stderr.contains(&secret), "a secret stands in the log");
}

#[test]
fn progress_that_nobody_asked_for_is_dropped() {
    let stray = r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":4711,"progress":1}}"#;
    let nobody = r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}"#;
    let mut gateway = beside(acting(json!([{"line": stray}, {"line": nobody}, done()]))).open();
    is_done(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
    assert!(gateway.notifications("notifications/progress").is_empty());
}

#[test]
fn requests_of_a_server_to_nobody_are_answered() {
    let asking = json!([{"ask": {"method": "files/steal", "params": {}}}, {"reply": {"content": [], "structuredContent": "$answer"}}]);
    let mut gateway = beside(acting(asking)).open();
    assert_eq!(gateway.run("bad", "act", "{}")["structuredContent"]["code"], -32601);
    assert_good(&mut gateway);
}

#[test]
fn ping_of_a_server_is_answered() {
    let asking = json!([{"ask": {"method": "ping"}}, {"reply": {"content": [], "structuredContent": "$answer"}}]);
    let mut gateway = beside(acting(asking).on(
        "start",
        json!([{"line": r#"{"jsonrpc":"2.0","id":"early","method":"ping"}"#}]),
    ))
    .open();
    assert_eq!(gateway.run("bad", "act", "{}")["structuredContent"], json!({}));
    let answered = || {
        gateway
            .journal("bad", "in")
            .iter()
            .any(|line| line.contains(r#""early""#) && line.contains("result"))
    };
    assert!(
        eventually(Duration::from_secs(5), answered),
        "a ping before the handshake is not answered"
    );
}

#[test]
fn a_request_under_an_id_that_the_gateway_uses_does_not_confuse_it() {
    let ping = json!({"line": r#"{"jsonrpc":"2.0","id":"$id","method":"ping"}"#});
    play(acting(json!([ping, {"sleep": 50}, done()])), is_done);
}

#[test]
fn a_storm_of_list_changes_is_survived() {
    let change = json!({"line": r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#});
    let mut steps = vec![change; 500];
    steps.push(done());
    let mut gateway = beside(acting(steps.into())).open();
    is_done(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
    gateway.listen(Duration::from_millis(500));
    let lists = gateway.received("bad", "tools/list").len();
    assert!(lists < 500, "the server was asked {lists} times");
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
