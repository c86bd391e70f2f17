//! Both eras of MCP, whichever the client is of and whichever each server: with a handshake up to 2025-11-25, and from
//! 2026-07-28 on with all that a request needs to say in its `_meta`.

mod clients;
mod news;
mod servers;

use serde_json::{Value, json};

use crate::harness::{Gateway, Message};

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// What a server asks the person.
fn form(text: &str) -> Value {
    json!({"message": text, "requestedSchema": {"type": "object", "properties": {"key": {"type": "string"}}}})
}

/// The parameters of a request whose client can do this.
fn stateless(params: Value, capabilities: Value) -> Value {
    let mut params = params;
    params["_meta"][VERSION] = "2026-07-28".into();
    params["_meta"][CAPABILITIES] = capabilities;
    params
}

/// The answer to a request of 2026-07-28 whose client shows forms.
fn ask(gateway: &mut Gateway, method: &str, params: Value) -> Message {
    gateway.ask(method, stateless(params, json!({"elicitation": {}})))
}

/// The parameters of a call of a tool without arguments.
fn call(tool: &str) -> Value {
    json!({"name": tool, "arguments": {}})
}

/// The same with what a result asked for, each answered by this.
fn again(params: &Value, asked: &Value, answer: &Value) -> Value {
    let questions = asked["inputRequests"].as_object().expect("something was asked");
    let mut params = params.clone();
    params["requestState"] = asked["requestState"].clone();
    params["inputResponses"] = questions.keys().map(|name| (name.clone(), answer.clone())).collect();
    params
}
