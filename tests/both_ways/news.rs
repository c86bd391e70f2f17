//! Notifications, and what holds until further notice.

use serde_json::{Value, json};

use super::{library, tells};
use crate::harness::{DEADLINE, Gateway, PLACEHOLDER, Server, TOKEN, eventually};

#[test]
fn what_the_client_tells_reaches_every_server_and_is_masked() {
    let mut gateway = Gateway::with([Server::echo("one"), Server::echo("two")])
        .args(["-p", "basic"])
        .open();
    for server in ["one", "two"] {
        gateway.run(server, "echo", "{}");
    }
    gateway.notify("notifications/roots/list_changed", "{}");
    gateway.notify("notifications/vendor/news", json!({"about": TOKEN}));
    for server in ["one", "two"] {
        gateway.first_received(server, "notifications/roots/list_changed");
        let news = gateway.first_received(server, "notifications/vendor/news");
        assert_eq!(news["params"], json!({"about": PLACEHOLDER}));
    }
}

#[test]
fn what_a_server_tells_reaches_the_client_with_the_servers_name_where_it_logs() {
    let log = |params: Value| tells("notifications/message", params);
    let steps = json!([
        log(json!({"level": "info", "logger": "db", "data": 1})),
        log(json!({"level": "info", "data": 2})),
        tells("notifications/vendor/news", json!({"z": 1, "a": 2})),
        {"reply": {"content": []}},
    ]);
    let mut gateway = Gateway::with([Server::new("it").does("talk", steps)]).open();
    gateway.run("it", "talk", "{}");
    let loggers: Vec<Value> = gateway
        .notifications("notifications/message")
        .iter()
        .map(|message| message.value["params"]["logger"].clone())
        .collect();
    assert_eq!(loggers, ["it/db", "it"]);
    let news = gateway.notified("notifications/vendor/news");
    assert!(news.raw.contains(r#""params":{"z":1,"a":2}"#), "{}", news.raw);
    let last = gateway.inbox().last().expect("something came");
    assert!(
        last.value.get("result").is_some(),
        "the result comes last: {}",
        last.raw
    );
}

#[test]
fn the_log_level_is_told_to_servers_that_log_and_again_after_a_restart() {
    let logs = || json!({"tools": {}, "logging": {}});
    let set = json!([{"reply": {}}]);
    let logging = Server::new("logging")
        .has("capabilities", logs())
        .on("logging/setLevel", set)
        .does("die", json!([{"exit": 1}]));
    let mut gateway = Gateway::with([logging, Server::echo("silent")]).start();
    let client = json!({"name": "inspector", "version": "0"});
    gateway.ask(
        "initialize",
        json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}),
    );
    gateway.ask("logging/setLevel", r#"{"level":"warning"}"#).result();
    gateway.notify("notifications/initialized", "{}");
    let levels = |gateway: &Gateway| -> Vec<String> {
        let received = gateway.received("logging", "logging/setLevel");
        received.iter().map(|it| it["params"]["level"].to_string()).collect()
    };
    assert!(eventually(DEADLINE, || levels(&gateway) == [r#""warning""#]));
    gateway.ask("logging/setLevel", r#"{"level":"debug"}"#).result();
    assert!(eventually(DEADLINE, || levels(&gateway).len() == 2));
    gateway.run("logging", "die", "{}");
    assert!(eventually(DEADLINE, || levels(&gateway)
        == [r#""warning""#, r#""debug""#, r#""debug""#]));
    gateway.run("silent", "echo", "{}");
    assert!(gateway.received("silent", "logging/setLevel").is_empty());
    for wrong in [r#"{"level":"loud"}"#, "{}", r#"{"level":7}"#] {
        assert_eq!(
            gateway.ask("logging/setLevel", wrong).error()["code"],
            -32602,
            "{wrong}"
        );
    }
}

#[test]
fn subscriptions_outlive_a_restart_and_end_when_they_are_taken_back() {
    let updated = json!([{"reply": {}}, tells("notifications/resources/updated", json!({"uri": "shelf:top"}))]);
    let server = library("shop")
        .on("resources/subscribe", updated)
        .does("die", json!([{"exit": 1}]));
    let mut gateway = Gateway::with([server]).open();
    gateway.ask("resources/subscribe", r#"{"uri":"shelf:top"}"#).result();
    gateway.ask("resources/subscribe", r#"{"uri":"shelf:other"}"#).result();
    gateway
        .ask("resources/unsubscribe", r#"{"uri":"shelf:other"}"#)
        .result();
    assert_eq!(
        gateway.notified("notifications/resources/updated").value["params"]["uri"],
        "shelf:top"
    );
    gateway.run("shop", "die", "{}");
    let subscribed = |gateway: &Gateway| gateway.received("shop", "resources/subscribe").len();
    assert!(eventually(DEADLINE, || subscribed(&gateway) == 3));
    assert_eq!(
        gateway.received("shop", "resources/subscribe")[2]["params"]["uri"],
        "shelf:top"
    );
}
