//! The whole of MCP through the gateway, both ways: what a client can ask of a server directly it can ask through the
//! gateway, and what a server can ask of a client reaches it.

mod catalogs;
mod limits;
mod news;
mod questions;

use serde_json::{Value, json};

use crate::harness::Server;

/// A server with a prompt, a resource and a resource template, which answers with the parameters that it was given.
fn library(name: &str) -> Server {
    let prompt = json!({"name": "plan", "description": "Plans.", "arguments": [{"name": "city"}], "x-more": 1});
    let template = json!({"uriTemplate": "book://{isbn}/pages/{page}", "name": "page"});
    Server::new(name)
        .has(
            "capabilities",
            json!({"tools": {}, "prompts": {}, "resources": {"subscribe": true}, "completions": {}}),
        )
        .on("prompts/list", json!([{"reply": {"prompts": [prompt]}}]))
        .on("resources/list", resources(&["shelf:top"]))
        .on(
            "resources/templates/list",
            json!([{"reply": {"resourceTemplates": [template]}}]),
        )
        .on("prompts/get", echo())
        .on("resources/read", echo())
        .on("resources/subscribe", json!([{"reply": {}}]))
        .on("resources/unsubscribe", json!([{"reply": {}}]))
        .on("completion/complete", echo())
}

/// The steps of a server that offers these resources.
fn resources(uris: &[&str]) -> Value {
    let resources: Vec<Value> = uris.iter().map(|uri| json!({"uri": uri, "name": "r"})).collect();
    json!([{"reply": {"resources": resources}}])
}

/// The steps of a server that answers with the parameters of the request.
fn echo() -> Value {
    json!([{"reply": {"params": "$params"}}])
}

/// The steps of a server that sends a notification.
fn tells(method: &str, params: Value) -> Value {
    json!({"send": {"jsonrpc": "2.0", "method": method, "params": params}})
}

/// The steps of a tool that asks the client and answers with what it said.
fn asks(method: &str, params: Value) -> Value {
    json!([
        {"ask": {"method": method, "params": params}},
        {"reply": {"content": [], "structuredContent": {"said": "$answer"}}},
    ])
}
