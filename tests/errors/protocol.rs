//! What a client's program reads: errors of JSON-RPC.

use serde_json::json;

use super::Case;
use crate::harness::{Gateway, Server};

const REQUESTS: &[(&str, &str, &str)] = &[
    ("a method that does not exist", "tools/cal", "{}"),
    (
        "a tool that does not exist",
        "tools/call",
        r#"{"name":"it_eccho","arguments":{}}"#,
    ),
    ("a tool without a name", "tools/call", "{}"),
    (
        "run_tool without a server",
        "tools/call",
        r#"{"name":"run_tool","arguments":{"tool_name":"echo"}}"#,
    ),
    (
        "get_metadata of a server that does not exist",
        "tools/call",
        r#"{"name":"get_metadata","arguments":{"server_name":"itt"}}"#,
    ),
    ("a prompt that does not exist", "prompts/get", r#"{"name":"it_gret"}"#),
    (
        "a resource that is misspelt",
        "resources/read",
        r#"{"uri":"file:///srv/readme.txt"}"#,
    ),
    (
        "a resource that does not exist",
        "resources/read",
        r#"{"uri":"note://1"}"#,
    ),
    (
        "a subscription to nothing",
        "resources/subscribe",
        r#"{"uri":"file:///nowhere"}"#,
    ),
    (
        "a completion of nothing",
        "completion/complete",
        r#"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"a","value":""}}"#,
    ),
    ("a cursor that nobody gave", "tools/list", r#"{"cursor":"elsewhere"}"#),
    ("a level that does not exist", "logging/setLevel", r#"{"level":"loud"}"#),
    ("parameters that are no object", "tools/call", "[1]"),
];

/// Lines that are no requests.
const LINES: &[(&str, &str)] = &[
    ("no JSON", r#"{"jsonrpc":"2.0","id":1,"#),
    ("no object", "[1]"),
    ("no method", r#"{"jsonrpc":"2.0","id":"a"}"#),
    ("an id that is none", r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#),
    ("a method that is no text", r#"{"jsonrpc":"2.0","id":"b","method":7}"#),
];

/// The cases, all of one gateway.
pub(super) fn cases() -> Vec<Case> {
    let prompts = json!([{"reply": {"prompts": [{"name": "greet"}, {"name": "part"}]}}]);
    let resources = json!([{"reply": {"resources": [{"name": "readme", "uri": "file:///srv/readme.md"}]}}]);
    let server = Server::echo("it")
        .on("prompts/list", prompts)
        .on("resources/list", resources);
    let server = server.has(
        "capabilities",
        json!({"tools": {}, "prompts": {}, "resources": {}, "completions": {}}),
    );
    let mut gateway = Gateway::with([server]).open();
    gateway.run("it", "echo", json!({}));
    let mut cases = Vec::new();
    for (name, method, params) in REQUESTS {
        let id = gateway.request(method, params);
        let answer = gateway.answer(&id).value;
        let said = answer.get("error").unwrap_or(&answer["result"]);
        let said = format!("{method} {params}\n{said}");
        cases.push(Case::new(name, || said));
    }
    for (name, line) in LINES {
        let before = gateway.inbox().len();
        gateway.send_line(line);
        // Requests are read in turn, so what comes first is the answer to the line.
        let ping = gateway.request("ping", "{}");
        gateway.answer(&ping);
        let said = gateway.inbox()[before..]
            .iter()
            .find(|it| it.value.get("error").is_some());
        let said = format!("{line}\n{}", said.map_or("nothing", |it| &it.raw));
        cases.push(Case::new(name, || said));
    }
    cases
}
