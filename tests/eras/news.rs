//! `subscriptions/listen`, on either side of the gateway.

use serde_json::{Value, json};

use super::{LOG_LEVEL, SUBSCRIPTION, ask, call, stateless};
use crate::harness::{DEADLINE, Gateway, Message, Server, eventually};

const ACKNOWLEDGED: &str = "notifications/subscriptions/acknowledged";
const UPDATED: &str = "notifications/resources/updated";
const TOOLS_CHANGED: &str = "notifications/tools/list_changed";

/// A server with a resource, whose tools say that something has changed.
fn library() -> Server {
    let tell = |method: &str, params: Value| {
        let told = json!({"send": {"jsonrpc": "2.0", "method": method, "params": params}});
        json!([told, {"reply": {"content": []}}])
    };
    Server::new("it")
        .lists_a_resource()
        .on("resources/subscribe", json!([{"reply": {}}]))
        .on("resources/unsubscribe", json!([{"reply": {}}]))
        .does("update", tell(UPDATED, json!({"uri": "a:x"})))
        .does("change", tell(TOOLS_CHANGED, json!({})))
}

fn with_handshake() -> Server {
    library().has(
        "capabilities",
        json!({"tools": {"listChanged": true}, "resources": {"subscribe": true}}),
    )
}

/// Asks for these news; the id of the request, once they are granted.
fn listen(gateway: &mut Gateway, news: &Value) -> Value {
    let id = gateway.request(
        "subscriptions/listen",
        stateless(json!({"notifications": news}), json!({})),
    );
    let granted = gateway.wait_for("the acknowledgement", |message| {
        message.method() == ACKNOWLEDGED && subscription(message) == id
    });
    assert_eq!(granted.value["params"]["notifications"], *news);
    id
}

fn subscription(message: &Message) -> Value {
    message.value["params"]["_meta"][SUBSCRIPTION].clone()
}

#[test]
fn only_what_was_asked_for_is_told_and_each_time_why() {
    let mut gateway = Gateway::with([with_handshake()]).start();
    ask(&mut gateway, "tools/list", json!({}));
    let tools = listen(&mut gateway, &json!({"toolsListChanged": true}));
    let prompts = listen(&mut gateway, &json!({"promptsListChanged": true}));
    let resource = listen(&mut gateway, &json!({"resourceSubscriptions": ["a:x"]}));
    ask(&mut gateway, "tools/call", call("it_update"));
    ask(&mut gateway, "tools/call", call("it_change"));
    assert_eq!(subscription(&gateway.notified(UPDATED)), resource);
    assert_eq!(subscription(&gateway.notified(TOOLS_CHANGED)), tools);
    assert_ne!(prompts, tools);
    let told = gateway.inbox().iter().filter(|message| {
        let method = message.method();
        method.starts_with("notifications/") && method != ACKNOWLEDGED
    });
    assert_eq!(told.count(), 2, "to those who asked, and nobody else");
}

#[test]
fn a_resource_that_nobody_offers_is_not_granted() {
    let mut gateway = Gateway::with([Server::echo("it")]).start();
    let news = json!({"notifications": {"toolsListChanged": true, "resourceSubscriptions": ["b:y"]}});
    gateway.request("subscriptions/listen", stateless(news, json!({})));
    let granted = gateway.notified(ACKNOWLEDGED);
    assert_eq!(
        granted.value["params"]["notifications"],
        json!({"toolsListChanged": true})
    );
}

#[test]
fn a_subscription_ends_when_it_is_cancelled() {
    let mut gateway = Gateway::with([with_handshake()]).start();
    let id = listen(&mut gateway, &json!({"resourceSubscriptions": ["a:x"]}));
    gateway.notify("notifications/cancelled", json!({"requestId": id}));
    gateway.first_received("it", "resources/unsubscribe");
    ask(&mut gateway, "tools/call", call("it_update"));
    ask(&mut gateway, "tools/call", call("it_update"));
    assert!(gateway.notifications(UPDATED).is_empty());
}

#[test]
fn a_subscription_ends_with_an_answer_where_the_connection_does() {
    let mut gateway = Gateway::with([with_handshake()]).start();
    let id = listen(&mut gateway, &json!({"toolsListChanged": true}));
    gateway.close_stdin();
    let ended = gateway.answer(&id);
    assert_eq!(ended.result()["resultType"], "complete");
    assert_eq!(ended.result()["_meta"][SUBSCRIPTION], id);
}

#[test]
fn a_client_with_a_handshake_hears_of_a_server_without_one() {
    let mut gateway = Gateway::with([library().stateless()]).open();
    gateway.list("tools");
    let asked = gateway.first_received("it", "subscriptions/listen");
    assert_eq!(asked["params"]["notifications"]["toolsListChanged"], true);
    let granted = gateway.ask("resources/subscribe", json!({"uri": "a:x"}));
    assert_eq!(*granted.result(), json!({}));
    let subscribed = gateway
        .received("it", "subscriptions/listen")
        .pop()
        .expect("it was asked");
    assert_eq!(
        subscribed["params"]["notifications"],
        json!({"resourceSubscriptions": ["a:x"]})
    );
    gateway.run("it", "update", "{}");
    assert_eq!(gateway.notified(UPDATED).value["params"]["uri"], "a:x");
    gateway.run("it", "change", "{}");
    gateway.notified(TOOLS_CHANGED);
    gateway.ask("resources/unsubscribe", json!({"uri": "a:x"})).result();
    let cancelled = gateway.first_received("it", "notifications/cancelled");
    assert_eq!(cancelled["params"]["requestId"], subscribed["id"]);
    assert!(gateway.received("it", "resources/subscribe").is_empty());
}

#[test]
fn a_level_of_log_messages_goes_with_each_request() {
    let mut gateway = Gateway::with([Server::echo("it").stateless()]).open();
    gateway.ask("logging/setLevel", json!({"level": "error"})).result();
    let level = |gateway: &mut Gateway| {
        gateway.run("it", "echo", "{}");
        let calls = gateway.received("it", "tools/call");
        calls.last().expect("it was called")["params"]["_meta"][LOG_LEVEL].clone()
    };
    assert!(eventually(DEADLINE, || level(&mut gateway) == "error"));
    assert!(gateway.received("it", "logging/setLevel").is_empty());
}
