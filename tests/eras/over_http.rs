//! Servers of 2026-07-28 over Streamable HTTP.

use std::sync::{Mutex, mpsc::channel};

use serde_json::{Value, json};

use crate::{
    harness::{DEADLINE, Gateway, Server, text_of},
    remote::http::{Mcp, Reply},
};

/// A server that answers like this version's, but for calls of `act`, with which it does as a test says.
fn server(act: impl Fn(&Value, &mut Reply) + Send + Sync + 'static) -> Mcp {
    Mcp::twisted(move |_, message, reply| {
        let marked =
            |kind: &str| json!({"type": "object", "properties": {"r": {"type": kind, "x-mcp-header": "Region"}}});
        let tool = |name: &str, kind: &str| json!({"name": name, "inputSchema": marked(kind)});
        let result = match message["method"].as_str().unwrap_or_default() {
            "server/discover" => json!({
                "supportedVersions": ["2026-07-28"],
                "capabilities": {"tools": {"listChanged": true}},
            }),
            "tools/list" => json!({"tools": [tool("act", "string"), tool("bad", "number"), tool("echo", "string")]}),
            "tools/call" if message["params"]["name"] == "act" => {
                act(message, reply);
                return true;
            }
            "subscriptions/listen" => {
                reply.events(&[]);
                reply.left_within(DEADLINE);
                return true;
            }
            _ => return false,
        };
        reply.json(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
        true
    })
}

fn behind(server: &Mcp) -> Gateway {
    Gateway::with([Server::echo("good")])
        .server("it", server.entry())
        .open()
}

#[test]
fn headers_repeat_what_a_message_says() {
    let server = server(|_, _| {});
    let mut gateway = behind(&server);
    let listed = gateway.list("tools");
    let names: Vec<&str> = listed.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert!(names.contains(&"it_echo") && !names.contains(&"it_bad"), "{names:?}");
    gateway.run("it", "echo", json!({"r": "Zürich"}));
    let calls = server.received("POST", "tools/call");
    for (header, value) in [
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/call"),
        ("mcp-name", "echo"),
        ("mcp-param-region", "=?base64?WsO8cmljaA==?="),
        ("mcp-session-id", ""),
    ] {
        assert_eq!(calls[0].header(header), value, "{header}");
    }
    assert!(server.received("POST", "notifications/initialized").is_empty());
    assert!(server.received("POST", "initialize").is_empty());
}

#[test]
fn a_call_that_is_cancelled_is_left() {
    let (told, left) = channel();
    let told = Mutex::new(told);
    let server = server(move |_, reply| {
        reply.events(&[]);
        let left = reply.left_within(DEADLINE);
        told.lock()
            .expect("no thread fails with it")
            .send(left)
            .expect("it is waited for");
    });
    let mut gateway = behind(&server);
    let act = gateway.start_run("it", "act", "{}");
    while server.received("POST", "tools/call").is_empty() {
        std::thread::yield_now();
    }
    gateway.notify("notifications/cancelled", json!({"requestId": act}));
    assert_eq!(left.recv_timeout(DEADLINE), Ok(true));
    assert_eq!(text_of(&gateway.run("good", "echo", r#"{"a":1}"#)), r#"{"a":1}"#);
    assert!(
        server.received("POST", "notifications/cancelled").is_empty(),
        "its end says so"
    );
}
