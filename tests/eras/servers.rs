//! Servers of 2026-07-28 behind clients of either era.

use serde_json::{Value, json};

use super::{CAPABILITIES, LOG_LEVEL, VERSION, again, ask, call, form, stateless};
use crate::harness::{Gateway, PLACEHOLDER, Server, TOKEN, text_of};

const ELICIT: &str = "elicitation/create";

/// A server that wants an answer, and gets back what looks like a secret as its state.
fn asking() -> Server {
    let wants = json!({
        "resultType": "input_required",
        "inputRequests": {"the key": {"method": ELICIT, "params": form("Which key?")}},
        "requestState": TOKEN,
    });
    let result = json!({"content": [], "structuredContent": {"got": "$params"}, "resultType": "complete"});
    Server::echo("it")
        .stateless()
        .answers("act", wants)
        .on("again act", json!([{"reply": result}]))
}

#[test]
fn a_server_that_knows_no_handshake_is_understood() {
    let mut gateway = Gateway::with([Server::echo("it").stateless()]).open();
    assert_eq!(text_of(&gateway.run("it", "echo", r#"{"a":1.0}"#)), r#"{"a":1.0}"#);
    gateway.logged("2026-07-28");
    for method in ["server/discover", "tools/list", "tools/call"] {
        let meta = gateway.first_received("it", method)["params"]["_meta"].clone();
        assert_eq!(meta[VERSION], "2026-07-28", "{method}");
        assert_eq!(meta["io.modelcontextprotocol/clientInfo"]["name"], "mcp-gateway");
        assert!(meta[CAPABILITIES].is_object());
    }
    let told = gateway.received("it", "notifications/initialized");
    assert!(told.is_empty(), "there is no handshake to end");
}

#[test]
fn what_it_wants_to_know_is_asked_of_a_client_with_a_handshake() {
    let mut gateway = Gateway::with([asking()]).args(["-p", "basic"]).start();
    gateway.initialize_with(json!({"elicitation": {}}));
    let act = gateway.start_run("it", "act", "{}");
    let question = gateway.asked(ELICIT);
    assert_eq!(question.value["params"]["message"], "it asks: Which key?");
    gateway.respond(&question, json!({"action": "accept", "content": {"key": TOKEN}}));
    let answer = gateway.answer(&act);
    let got = &answer.result()["structuredContent"]["got"];
    assert_eq!(got["inputResponses"]["the key"]["content"]["key"], PLACEHOLDER);
    assert!(!answer.raw.contains(TOKEN), "a state is nobody else's");
    let calls = gateway.received("it", "tools/call");
    assert_eq!(calls.len(), 2);
    assert_eq!(
        calls[1]["params"]["requestState"], TOKEN,
        "it comes back as it was made"
    );
    assert_ne!(calls[0]["id"], calls[1]["id"]);
    assert_eq!(calls[1]["params"]["name"], "act");
}

#[test]
fn what_the_client_does_not_offer_ends_the_call() {
    let mut gateway = Gateway::with([asking()]).open();
    let act = gateway.start_run("it", "act", "{}");
    assert_eq!(gateway.answer(&act).error()["code"], -32601);
    assert_eq!(gateway.received("it", "tools/call").len(), 1);
}

#[test]
fn a_server_that_never_has_enough_is_given_up() {
    let wants = json!({"resultType": "input_required", "inputRequests": {"r": {"method": "roots/list"}}});
    let server = Server::new("it")
        .stateless()
        .answers("act", wants.clone())
        .on("again act", json!([{"reply": wants}]));
    let mut gateway = Gateway::with([server]).open();
    let result = gateway.run("it", "act", "{}");
    assert_eq!(result["isError"], true);
    assert!(text_of(&result).contains("wanted to know more"), "{result}");
}

#[test]
fn a_server_that_wants_too_much_at_once_is_not_asked_for() {
    let questions = |number: usize| -> Value {
        let question = json!({"method": "elicitation/create", "params": form("Which key?")});
        (0..number).map(|at| (at.to_string(), question.clone())).collect()
    };
    let wants = json!({"resultType": "input_required", "inputRequests": questions(101)});
    let server = Server::new("it").stateless().answers("act", wants);
    let mut gateway = Gateway::with([server]).start();
    gateway.initialize_with(json!({"elicitation": {}}));
    let act = gateway.start_run("it", "act", "{}");
    let error = gateway.answer(&act).error()["message"].clone();
    assert_eq!(error, "the server asks for more than 100 things at once");
    assert!(gateway.inbox().iter().all(|message| message.method() != ELICIT));
}

#[test]
fn both_sides_of_2026_07_28_keep_what_is_theirs() {
    let mut gateway = Gateway::with([asking()]).start();
    let act = call("it_act");
    let asked = ask(&mut gateway, "tools/call", act.clone()).result().clone();
    assert_eq!(
        asked["inputRequests"]["the key"]["params"]["message"],
        "it asks: Which key?"
    );
    assert_ne!(asked["requestState"], TOKEN, "the state is the gateway's");
    let answer = json!({"action": "accept", "content": {"key": "k"}});
    let done = ask(&mut gateway, "tools/call", again(&act, &asked, &answer));
    let got = &done.result()["structuredContent"]["got"];
    assert_eq!(got["inputResponses"], json!({"the key": answer}));
    assert_eq!(got["requestState"], TOKEN);
    assert_eq!(got["_meta"][CAPABILITIES], json!({"elicitation": {}}));
    let at_once = {
        let mut params = act.clone();
        params["inputResponses"] = json!({"the key": answer, "another": {"action": "accept"}});
        ask(&mut gateway, "tools/call", params)
    };
    assert_eq!(at_once.result()["resultType"], "complete", "what is known is not asked");
}

#[test]
fn each_request_tells_the_server_what_its_client_can_do() {
    let mut gateway = Gateway::with([Server::echo("it").stateless()]).start();
    gateway.ask("tools/list", stateless(json!({}), json!({})));
    let mut params = call("it_echo");
    params["_meta"][LOG_LEVEL] = "error".into();
    gateway.ask("tools/call", stateless(params, json!({"sampling": {"tools": {}}})));
    gateway.ask("tools/call", stateless(call("it_echo"), json!({})));
    let calls = gateway.received("it", "tools/call");
    let meta: Vec<&Value> = calls.iter().map(|call| &call["params"]["_meta"]).collect();
    assert_eq!(meta[0][CAPABILITIES], json!({"sampling": {"tools": {}}}));
    assert_eq!(meta[0][LOG_LEVEL], "error");
    assert_eq!(meta[1][CAPABILITIES], json!({}));
    assert!(meta[1].get(LOG_LEVEL).is_none());
}

#[test]
fn hints_of_the_server_reach_the_client() {
    let read = json!({"contents": [], "resultType": "complete", "ttlMs": 60000, "cacheScope": "public"});
    let server = Server::new("it")
        .stateless()
        .lists_a_resource()
        .on("resources/read", json!([{"reply": read}]));
    let mut gateway = Gateway::with([server]).start();
    let answer = ask(&mut gateway, "resources/read", json!({"uri": "a:x"}));
    assert_eq!(answer.result()["ttlMs"], 60000);
    assert_eq!(answer.result()["cacheScope"], "public");
}

#[test]
fn progress_of_every_round_arrives() {
    let wants = json!({
        "resultType": "input_required",
        "inputRequests": {"r": {"method": "roots/list", "params": {}}},
    });
    let server = Server::new("it")
        .stateless()
        .does("act", json!([{"progress": 1}, {"reply": wants}]))
        .on("again act", json!([{"progress": 2}, {"reply": {"content": []}}]));
    let mut gateway = Gateway::with([server]).open();
    let params = json!({"name": "it_act", "arguments": {}, "_meta": {"progressToken": "p"}});
    gateway.ask("tools/call", params).result();
    let progress = gateway.notifications("notifications/progress");
    assert_eq!(progress.len(), 3);
    assert!(
        progress
            .iter()
            .all(|message| message.value["params"]["progressToken"] == "p")
    );
}
