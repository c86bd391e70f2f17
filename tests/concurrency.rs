//! Calls side by side: their answers, their cancellation, their progress.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{DEADLINE, Gateway, Server, eventually};

/// A server whose tool `nap` answers after `ms` milliseconds, and says which call it was.
fn sleeper(name: &str) -> Server {
    let steps = json!([{"sleep": "ms"}, {"reply": {"content": [], "structuredContent": "$arguments"}}]);
    Server::new(name).does("nap", steps)
}

#[test]
fn calls_of_one_server_run_side_by_side() {
    let mut gateway = Gateway::with([sleeper("bed")]).open();
    for n in 0..8 {
        gateway.start_run("bed", "nap", format!(r#"{{"ms":600000,"n":{n}}}"#));
    }
    assert!(
        eventually(DEADLINE, || gateway.received("bed", "tools/call").len() == 8),
        "a call waits for the answer to another"
    );
}

#[test]
fn a_quick_answer_overtakes_a_slow_one() {
    let mut gateway = Gateway::with([sleeper("bed"), sleeper("sofa")]).open();
    gateway.run("sofa", "nap", r#"{"ms":0}"#);
    let slow = gateway.start_run("bed", "nap", r#"{"ms":700}"#);
    let same = gateway.start_run("bed", "nap", r#"{"ms":1}"#);
    let other = gateway.start_call("sofa_nap", r#"{"ms":1}"#);
    gateway.answer(&slow);
    let place = |gateway: &Gateway, id: &Value| gateway.inbox().iter().position(|it| it.value["id"] == *id);
    for quick in [&same, &other] {
        assert!(
            place(&gateway, quick).is_some_and(|at| Some(at) < place(&gateway, &slow)),
            "{quick} came late"
        );
    }
}

#[test]
fn three_hundred_calls_are_answered_once_each() {
    let mut gateway = Gateway::with([sleeper("a"), sleeper("b"), sleeper("c")])
        .args(["-p", "basic"])
        .open();
    let call = |gateway: &mut Gateway, n: usize| {
        let server = ["a", "b", "c"][n % 3];
        (
            n,
            gateway.start_run(server, "nap", format!(r#"{{"ms":{},"n":{n}}}"#, n * 7 % 40)),
        )
    };
    let calls: Vec<_> = (0..300).map(|n| call(&mut gateway, n)).collect();
    for (n, id) in &calls {
        assert_eq!(gateway.answer(id).result()["structuredContent"]["n"], *n);
    }
    gateway.listen(Duration::from_millis(200));
    for (n, id) in &calls {
        let answers = gateway
            .inbox()
            .iter()
            .filter(|message| message.value["id"] == *id)
            .count();
        assert_eq!(answers, 1, "call {n}");
    }
}

#[test]
fn a_cancelled_call_is_cancelled_at_the_server_and_stays_unanswered() {
    for (tool, wrapped) in [("bed_nap", false), ("run_tool", true)] {
        let mut gateway = Gateway::with([sleeper("bed")]).open();
        let arguments = r#"{"ms":1500}"#;
        let call = if wrapped {
            gateway.start_run("bed", "nap", arguments)
        } else {
            gateway.start_call(tool, arguments)
        };
        let begun = gateway.first_received("bed", "tools/call");
        gateway.notify(
            "notifications/cancelled",
            json!({"requestId": call, "reason": "changed my mind"}),
        );
        let cancelled = gateway.first_received("bed", "notifications/cancelled");
        assert_eq!(
            cancelled["params"]["requestId"], begun["id"],
            "the server's own id is meant"
        );
        // The server's answer comes all the same, and goes nowhere.
        gateway.listen(Duration::from_millis(2000));
        assert!(
            gateway.inbox().iter().all(|message| message.value["id"] != call),
            "{tool}: the call was answered"
        );
        gateway.run("bed", "nap", r#"{"ms":0}"#);
    }
}

#[test]
fn a_cancellation_of_nothing_does_no_harm() {
    let mut gateway = Gateway::with([sleeper("bed")]).open();
    let call = gateway.start_run("bed", "nap", r#"{"ms":300}"#);
    for params in [
        r#"{"requestId":999}"#,
        r#"{"requestId":"1"}"#,
        r#"{"requestId":null}"#,
        "{}",
        "[]",
    ] {
        gateway.notify("notifications/cancelled", params);
    }
    gateway.answer(&call).result();
    gateway.notify("notifications/cancelled", json!({"requestId": call}));
    gateway.run("bed", "nap", r#"{"ms":0}"#);
    assert!(
        gateway.received("bed", "notifications/cancelled").is_empty(),
        "the server was told of a cancellation"
    );
}

#[test]
fn a_call_of_a_starting_server_can_be_cancelled() {
    let slow = sleeper("bed").on("start", json!([{"sleep": 1500}]));
    let mut gateway = Gateway::with([slow]).open();
    let call = gateway.start_run("bed", "nap", r#"{"ms":0}"#);
    gateway.notify("notifications/cancelled", json!({"requestId": call}));
    // The next call is answered once the server is up; the cancelled one by then never reached it.
    gateway.run("bed", "nap", r#"{"ms":1}"#);
    assert!(gateway.inbox().iter().all(|message| message.value["id"] != call));
    assert_eq!(gateway.received("bed", "tools/call").len(), 1);
}

#[test]
fn a_call_that_takes_too_long_is_given_up_and_cancelled_at_the_server() {
    let mut gateway = Gateway::with([sleeper("bed").entry("timeout", 1)]).open();
    let result = gateway.run("bed", "nap", r#"{"ms":3000}"#);
    assert_eq!(result["isError"], true, "{result}");
    let begun = gateway.first_received("bed", "tools/call");
    let cancelled = gateway.first_received("bed", "notifications/cancelled");
    assert_eq!(cancelled["params"]["requestId"], begun["id"]);
}

#[test]
fn progress_puts_the_time_out_off() {
    let beat = json!([{"sleep": 600}, {"progress": 1}]);
    let beats: Vec<Value> = (0..4).flat_map(|_| beat.as_array().expect("a list").clone()).collect();
    let mut steps = beats;
    steps.push(json!({"reply": {"content": [{"type": "text", "text": "at last"}]}}));
    let server = Server::new("slow").does("work", Value::from(steps)).entry("timeout", 1);
    let mut gateway = Gateway::with([server]).open();
    let params = r#"{"name":"slow_work","arguments":{},"_meta":{"progressToken":1}}"#;
    let id = gateway.request("tools/call", params);
    assert_eq!(gateway.answer(&id).result()["content"][0]["text"], "at last");
}

#[test]
fn two_hundred_progress_notifications_arrive_in_order_before_the_result() {
    let steps = json!([{"progress": 200}, {"reply": {"content": []}}, {"progress": 3}]);
    let mut gateway = Gateway::with([Server::new("busy").does("work", steps)])
        .args(["-p", "basic"])
        .open();
    for token in [json!("a token"), json!(7), json!("7")] {
        let before = gateway.inbox().len();
        let params = json!({"name": "run_tool", "arguments": {"server_name": "busy", "tool_name": "work"}, "_meta": {"progressToken": token}});
        let id = gateway.request("tools/call", params);
        gateway.answer(&id);
        gateway.listen(Duration::from_millis(300));
        let messages = &gateway.inbox()[before..];
        let steps: Vec<i64> = messages
            .iter()
            .filter_map(|it| it.value["params"]["progress"].as_i64())
            .collect();
        assert_eq!(steps, (1..=200).collect::<Vec<_>>());
        assert!(
            messages[..200]
                .iter()
                .all(|it| it.value["params"]["progressToken"] == token),
            "not its own token"
        );
        assert_eq!(messages[200].value["id"], id, "the result comes last");
        assert_eq!(messages.len(), 201, "something follows the result");
    }
}

#[test]
fn each_call_gets_its_own_progress() {
    let steps = json!([{"progress": 5}, {"sleep": 200}, {"progress": 5}, {"reply": {"content": []}}]);
    let busy = |name: &str| Server::new(name).does("work", steps.clone());
    let mut gateway = Gateway::with([busy("a"), busy("b")]).open();
    let call = |gateway: &mut Gateway, tool: &str, token: &str| {
        gateway.request(
            "tools/call",
            json!({"name": tool, "arguments": {}, "_meta": {"progressToken": token}}),
        )
    };
    let calls = [
        call(&mut gateway, "a_work", "x"),
        call(&mut gateway, "b_work", "y"),
        call(&mut gateway, "a_work", "z"),
    ];
    for id in &calls {
        gateway.answer(id);
    }
    for token in ["x", "y", "z"] {
        let mine = gateway.notifications("notifications/progress");
        let mine = mine.iter().filter(|it| it.value["params"]["progressToken"] == token);
        assert_eq!(mine.count(), 10, "progress of {token}");
    }
}

#[test]
fn without_a_token_there_is_no_progress() {
    let steps = json!([{"progress": 5}, {"reply": {"content": []}}]);
    let mut gateway = Gateway::with([Server::new("busy").does("work", steps)]).open();
    gateway.run("busy", "work", "{}");
    gateway.listen(Duration::from_millis(100));
    assert!(gateway.notifications("notifications/progress").is_empty());
}
