//! What servers ask of the client.

use std::time::Duration;

use serde_json::{Value, json};

use super::asks;
use crate::harness::{Gateway, PLACEHOLDER, Server, Setup, TOKEN};

const SAMPLE: &str = "sampling/createMessage";
const ELICIT: &str = "elicitation/create";

/// A server whose tool `act` asks this.
fn asking(name: &str, method: &str, params: Value) -> Server {
    Server::new(name).does("act", asks(method, params))
}

/// A gateway whose client has these capabilities.
fn open(setup: Setup, capabilities: Value) -> Gateway {
    let mut gateway = setup.start();
    gateway.initialize_with(capabilities);
    gateway
}

/// What the tool that asked was told.
#[track_caller]
fn said(gateway: &mut Gateway, call: &Value) -> Value {
    gateway.answer(call).result()["structuredContent"]["said"].clone()
}

fn form(text: &str) -> Value {
    json!({"message": text, "requestedSchema": {"type": "object", "properties": {"key": {"type": "string"}}}})
}

#[test]
fn two_servers_ask_at_once_and_each_gets_its_answer() {
    let one = asking("one", SAMPLE, json!({"messages": [], "maxTokens": 1, "x": 1.0}));
    let two = asking("two", SAMPLE, json!({"messages": [], "maxTokens": 2}));
    let mut gateway = open(Gateway::with([one, two]), json!({"sampling": {}}));
    let calls = ["one", "two"].map(|server| gateway.start_run(server, "act", "{}"));
    let question = |gateway: &mut Gateway, tokens: u64| {
        gateway.wait_for("question", |message| message.value["params"]["maxTokens"] == tokens)
    };
    let second = question(&mut gateway, 2);
    let first = question(&mut gateway, 1);
    assert_ne!(first.value["id"], second.value["id"]);
    assert!(first.raw.contains(r#""x":1.0"#), "{}", first.raw);
    gateway.respond(&second, r#"{"model":"second"}"#);
    gateway.respond(&first, r#"{"model":"first"}"#);
    for (call, model) in calls.iter().zip(["first", "second"]) {
        assert_eq!(said(&mut gateway, call), json!({"model": model}));
    }
}

#[test]
fn what_the_client_does_not_offer_is_refused_at_once() {
    let refused = |method: &str, params: Value, capabilities: Value| {
        let mut gateway = open(Gateway::with([asking("it", method, params)]), capabilities);
        let call = gateway.start_run("it", "act", "{}");
        said(&mut gateway, &call)
    };
    assert_eq!(refused(SAMPLE, json!({}), json!({"roots": {}}))["code"], -32601);
    assert_eq!(refused(ELICIT, form("?"), json!({}))["code"], -32601);
    let by_url = json!({"mode": "url", "message": "?", "url": "https://example.com", "elicitationId": "1"});
    assert_eq!(
        refused(ELICIT, by_url, json!({"elicitation": {"form": {}}}))["code"],
        -32601
    );
    assert_eq!(refused("roots/list", json!({}), json!({})), json!({"roots": []}));
    assert_eq!(refused("vendor/ask", json!({}), json!({}))["code"], -32601);
}

#[test]
fn no_server_reaches_the_tasks_of_the_client() {
    let tasks = json!({"list": {}, "cancel": {}, "requests": {"sampling": {"createMessage": {}}}});
    let capabilities = json!({"sampling": {}, "tasks": tasks});
    for method in ["tasks/list", "tasks/get", "tasks/result", "tasks/cancel"] {
        let asks = asking("it", method, json!({"taskId": "of another"}));
        let mut gateway = open(Gateway::with([asks]), capabilities.clone());
        let call = gateway.start_run("it", "act", "{}");
        assert_eq!(said(&mut gateway, &call)["code"], -32601, "{method}");
        let told = gateway.first_received("it", "initialize");
        assert_eq!(told["params"]["capabilities"], json!({"sampling": {}}));
    }
}

#[test]
fn roots_and_what_only_both_sides_know_reach_the_client() {
    for (method, capabilities) in [
        ("roots/list", json!({"roots": {}})),
        ("vendor/ask", json!({"vendor": {}})),
    ] {
        let mut gateway = open(Gateway::with([asking("it", method, json!({}))]), capabilities);
        let call = gateway.start_run("it", "act", "{}");
        let asked = gateway.asked(method);
        gateway.respond(&asked, r#"{"roots":[{"uri":"file:///w"}]}"#);
        assert_eq!(said(&mut gateway, &call), json!({"roots": [{"uri": "file:///w"}]}));
    }
}

#[test]
fn elicitation_says_who_asks_and_keeps_secrets_from_the_server() {
    let server = asking("mail", ELICIT, form(&format!("Is {TOKEN} yours?")));
    let mut gateway = open(
        Gateway::with([server]).args(["-p", "basic"]),
        json!({"elicitation": {}}),
    );
    let call = gateway.start_run("mail", "act", "{}");
    let asked = gateway.asked(ELICIT);
    assert_eq!(
        asked.value["params"]["message"],
        format!("mail asks: Is {PLACEHOLDER} yours?")
    );
    gateway.respond(&asked, json!({"action": "accept", "content": {"key": TOKEN}}));
    gateway.answer(&call);
    let answers: Vec<String> = gateway
        .journal("mail", "in")
        .into_iter()
        .filter(|line| line.contains("accept"))
        .collect();
    assert!(
        answers.len() == 1 && answers[0].contains(PLACEHOLDER) && !answers[0].contains(TOKEN),
        "{answers:?}"
    );
}

#[test]
fn elicitation_by_url_reaches_a_client_that_declares_it() {
    let by_url = json!({"mode": "url", "message": "Sign in", "url": "https://example.com/in", "elicitationId": "e-1"});
    let mut steps = asks(ELICIT, by_url);
    let complete = super::tells("notifications/elicitation/complete", json!({"elicitationId": "e-1"}));
    steps.as_array_mut().expect("steps").insert(1, complete);
    let capabilities = json!({"elicitation": {"form": {}, "url": {}}});
    let mut gateway = open(
        Gateway::with([Server::new("web").does("act", steps)]),
        capabilities.clone(),
    );
    assert_eq!(
        gateway.first_received("web", "initialize")["params"]["capabilities"],
        capabilities
    );
    let call = gateway.start_run("web", "act", "{}");
    let asked = gateway.asked(ELICIT);
    assert_eq!(asked.value["params"]["url"], "https://example.com/in");
    gateway.respond(&asked, r#"{"action":"accept"}"#);
    assert_eq!(said(&mut gateway, &call)["action"], "accept");
    gateway.notified("notifications/elicitation/complete");
}

#[test]
fn an_error_of_the_client_reaches_the_server() {
    let mut gateway = open(
        Gateway::with([asking("it", SAMPLE, json!({}))]),
        json!({"sampling": {}}),
    );
    let call = gateway.start_run("it", "act", "{}");
    let id = gateway.asked(SAMPLE).value["id"].clone();
    let error = json!({"code": -1, "message": "User rejected", "data": {"z": 1, "a": 2}});
    gateway.send_line(&json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string());
    assert_eq!(said(&mut gateway, &call), error);
}

#[test]
fn a_question_without_an_answer_ends_in_time_and_a_late_answer_does_no_harm() {
    let server = asking("it", SAMPLE, json!({})).entry("timeout", 1);
    let mut gateway = open(Gateway::with([server]), json!({"sampling": {}}));
    let call = gateway.start_run("it", "act", "{}");
    let asked = gateway.asked(SAMPLE);
    assert_eq!(said(&mut gateway, &call)["code"], -32603);
    let cancelled = gateway.notified("notifications/cancelled");
    assert_eq!(cancelled.value["params"]["requestId"], asked.value["id"]);
    gateway.respond(&asked, r#"{"model":"late"}"#);
    gateway.ask("ping", "{}");
    let late = gateway.journal("it", "in").iter().any(|line| line.contains("late"));
    assert!(!late, "the late answer reached the server");
}

#[test]
fn the_time_that_a_person_takes_is_not_the_servers() {
    let mut steps = asks(ELICIT, form("?"));
    steps.as_array_mut().expect("steps").insert(0, json!({"sleep": 1400}));
    let server = Server::new("it").does("act", steps).entry("timeout", 2);
    let mut gateway = open(Gateway::with([server]), json!({"elicitation": {}}));
    let call = gateway.start_run("it", "act", "{}");
    let asked = gateway.asked(ELICIT);
    gateway.listen(Duration::from_millis(1400));
    gateway.respond(&asked, r#"{"action":"decline"}"#);
    assert_eq!(said(&mut gateway, &call)["action"], "decline");
}

#[test]
fn a_question_ends_with_what_it_was_asked_for() {
    let send = |id: &str| json!({"send": {"jsonrpc": "2.0", "id": id, "method": SAMPLE, "params": {"of": id}}});
    let server = Server::new("it")
        .does("leaves", json!([send("a"), {"sleep": 100}, {"reply": {"content": []}}]))
        .does("waits", json!([send("b"), {"sleep": 60000}]))
        .does(
            "withdraws",
            json!([send("c"), {"sleep": 100}, super::tells("notifications/cancelled", json!({"requestId": "c"})), {"sleep": 60000}]),
        )
        .does("dies", json!([send("d"), {"sleep": 100}, {"exit": 1}]));
    let mut gateway = open(Gateway::with([server]), json!({"sampling": {}}));
    for (tool, question) in [("leaves", "a"), ("waits", "b"), ("withdraws", "c"), ("dies", "d")] {
        let call = gateway.start_run("it", tool, "{}");
        let asked = gateway.wait_for(tool, |message| message.value["params"]["of"] == question);
        if tool == "waits" {
            gateway.notify("notifications/cancelled", json!({"requestId": call}));
        }
        gateway.wait_for(&format!("end of the question of `{tool}`"), |message| {
            message.method() == "notifications/cancelled" && message.value["params"]["requestId"] == asked.value["id"]
        });
    }
    // Whoever still lives was answered: all but the one that was withdrawn, and the one of the server that died.
    let answered: Vec<String> = gateway
        .journal("it", "in")
        .into_iter()
        .filter(|line| line.contains("-32603"))
        .collect();
    assert_eq!(answered.len(), 2, "{answered:?}");
}

#[test]
fn progress_on_a_question_reaches_the_server_under_its_own_token() {
    let params = json!({"messages": [], "_meta": {"progressToken": "theirs"}});
    let mut gateway = open(Gateway::with([asking("it", SAMPLE, params)]), json!({"sampling": {}}));
    let call = gateway.start_run("it", "act", "{}");
    let asked = gateway.asked(SAMPLE);
    let token = asked.value["params"]["_meta"]["progressToken"].clone();
    assert_ne!(token, "theirs");
    gateway.notify("notifications/progress", json!({"progressToken": token, "progress": 1}));
    let received = gateway.first_received("it", "notifications/progress");
    assert_eq!(received["params"], json!({"progressToken": "theirs", "progress": 1}));
    gateway.respond(&asked, "{}");
    gateway.answer(&call);
}

#[test]
fn nothing_is_asked_before_the_handshake_is_over() {
    let ask = json!([{"ask": {"method": "roots/list"}}]);
    let mut gateway = Gateway::with([Server::echo("eager").on("notifications/initialized", ask)]).start();
    let client = json!({"name": "slow", "version": "1"});
    gateway.ask(
        "initialize",
        json!({"protocolVersion": "2025-11-25", "capabilities": {"roots": {}}, "clientInfo": client}),
    );
    gateway.first_received("eager", "notifications/initialized");
    gateway.listen(Duration::from_millis(300));
    assert!(gateway.inbox().iter().all(|message| message.method() != "roots/list"));
    gateway.notify("notifications/initialized", "{}");
    gateway.asked("roots/list");
}

#[test]
fn an_error_that_asks_the_person_says_who_asks() {
    let wanted = json!({"mode": "url", "message": "Sign in", "url": "https://example.com/in", "elicitationId": "e-1"});
    let error = json!({"code": -32042, "message": "Sign in first", "data": {"elicitations": [wanted]}});
    let server = Server::new("mail").does("act", json!([{"fail": error}]));
    let mut gateway = open(Gateway::with([server]), json!({"elicitation": {"url": {}}}));
    let call = gateway.start_run("mail", "act", "{}");
    let answer = gateway.answer(&call);
    let asked = &answer.error()["data"]["elicitations"][0];
    assert_eq!(asked["message"], "mail asks: Sign in");
    assert_eq!(asked["url"], "https://example.com/in");
}
