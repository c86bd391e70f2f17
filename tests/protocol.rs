//! What a client may send, odd as it may be, and what comes back on stdout.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, parse};

fn setup() -> Setup {
    Gateway::with([Server::echo("plain")])
}

/// The client's last word: a gateway that answers it is alive and in step.
#[track_caller]
fn assert_alive(gateway: &mut Gateway) {
    assert_eq!(gateway.ask("ping", "{}").result(), &json!({}));
}

#[test]
fn the_version_asked_for_is_the_version_given() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut gateway = setup().start();
        let client = json!({"name": "old", "version": "0"});
        let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": client});
        let result = gateway.ask("initialize", params).result().clone();
        assert_eq!(result["protocolVersion"], version);
        assert!(result["capabilities"]["tools"].is_object(), "{result}");
        assert!(
            result["serverInfo"]["name"].is_string() && result["serverInfo"]["version"].is_string(),
            "{result}"
        );
    }
}

#[test]
fn an_unknown_version_gets_one_that_the_gateway_speaks() {
    let mut gateway = setup().start();
    let client = json!({"name": "odd", "version": "0"});
    let params = json!({"protocolVersion": "1999-01-01", "capabilities": {}, "clientInfo": client});
    assert_eq!(
        gateway.ask("initialize", params).result()["protocolVersion"],
        "2025-11-25"
    );
}

#[test]
fn a_client_may_ask_what_the_gateway_is_and_shake_hands_all_the_same() {
    let mut gateway = setup().start();
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let about = gateway.ask("server/discover", json!({"_meta": meta}));
    assert_eq!(about.result()["supportedVersions"], json!(["2026-07-28"]));
    gateway.initialize();
    assert_alive(&mut gateway);
}

#[test]
fn a_client_may_speak_before_it_shakes_hands() {
    let mut gateway = setup().start();
    gateway.notify("notifications/cancelled", r#"{"requestId":77}"#);
    gateway.notify("notifications/roots/list_changed", "{}");
    gateway.notify("notifications/of/nobody", "{}");
    assert_alive(&mut gateway);
    gateway.initialize();
    assert_alive(&mut gateway);
}

#[test]
fn a_log_level_may_be_set_before_the_handshake_is_complete() {
    let mut gateway = setup().start();
    let client = json!({"name": "inspector", "version": "0"});
    gateway.ask(
        "initialize",
        json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}),
    );
    let answer = gateway.ask("logging/setLevel", r#"{"level":"debug"}"#);
    answer.result();
    gateway.notify("notifications/initialized", "{}");
    assert_alive(&mut gateway);
}

/// A line that is no request, and the code of the error it has to be answered with.
const MALFORMED: &[(&str, i64)] = &[
    ("{", -32700),
    ("no JSON at all", -32700),
    (r#"{"jsonrpc":"2.0","id":1,"method":"ping""#, -32700),
    ("[]", -32600),
    (
        r#"[{"jsonrpc":"2.0","id":900,"method":"ping"},{"jsonrpc":"2.0","id":901,"method":"ping"}]"#,
        -32600,
    ),
    ("42", -32600),
    (r#""ping""#, -32600),
    ("null", -32600),
    ("{}", -32600),
    (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
    (r#"{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}"#, -32600),
];

#[test]
fn what_is_no_request_is_answered_with_an_error_and_the_session_goes_on() {
    let mut gateway = setup().open();
    for (line, code) in MALFORMED {
        let before = gateway.inbox().len();
        gateway.send_line(line);
        assert_alive(&mut gateway);
        let errors: Vec<&Value> = gateway.inbox()[before..]
            .iter()
            .filter_map(|it| it.value.get("error"))
            .collect();
        assert_eq!(errors.len(), 1, "answers to {line}: {errors:?}");
        assert_eq!(errors[0]["code"], *code, "{line}");
    }
}

#[test]
fn invalid_utf_8_and_empty_lines_do_no_harm() {
    let mut gateway = setup().open();
    gateway.send_bytes(b"\n\r\n  \n");
    gateway.send_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":5000,\"method\":\"ping\",\"params\":{\"x\":\"\xff\xfe\"}}\n");
    assert_alive(&mut gateway);
}

#[test]
fn windows_line_ends_are_understood() {
    let mut gateway = setup().open();
    gateway.send_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":5000,\"method\":\"ping\"}\r\n");
    assert_eq!(gateway.answer(&json!(5000)).result(), &json!({}));
}

#[test]
fn a_message_may_come_in_pieces() {
    let mut gateway = setup().open();
    for piece in [
        &b"{\"jsonrpc\":\"2.0\","[..],
        b"\"id\":5000,\"meth",
        b"od\":\"ping\"}",
        b"\n",
    ] {
        gateway.send_bytes(piece);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(gateway.answer(&json!(5000)).result(), &json!({}));
}

#[test]
fn unknown_methods_and_wrong_parameters_get_their_codes() {
    let mut gateway = setup().open();
    assert_eq!(gateway.ask("tools/paint", "{}").error()["code"], -32601);
    for params in ["{}", r#"{"name":7}"#, "[]"] {
        let answer = gateway.ask("tools/call", params);
        let refused = answer.value["error"]["code"] == -32602 || answer.value["result"]["isError"] == true;
        assert!(refused, "{params}: {}", answer.raw);
    }
    assert_alive(&mut gateway);
}

/// Ids as a client may write them.
const IDS: &[&str] = &[
    "0",
    "-7",
    "18446744073709551615",
    "123456789012345678901234567890",
    "1.5",
    r#""""#,
    r#""päth/\"x\"""#,
    r#""7""#,
];

#[test]
fn every_kind_of_id_comes_back_as_it_was_written() {
    let call = r#""method":"tools/call","params":{"name":"plain_echo","arguments":{}}"#;
    for request in [
        r#""method":"ping""#,
        call,
        r#""method":"tools/list""#,
        r#""method":"no/such""#,
    ] {
        let mut gateway = setup().open();
        for id in IDS {
            gateway.send_line(&format!(r#"{{"jsonrpc":"2.0","id":{id},{request}}}"#));
            gateway.answer(&parse(id));
        }
        assert_alive(&mut gateway);
        for id in IDS {
            let answers = gateway.inbox().iter().filter(|answer| answer.value["id"] == parse(id));
            assert_eq!(answers.count(), 1, "id {id}, {request}");
        }
    }
}

#[test]
fn nested_json_of_the_client_does_not_break_it() {
    let mut gateway = setup().open();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    gateway.send_line(&format!(
        r#"{{"jsonrpc":"2.0","id":5000,"method":"ping","params":{{"x":{deep}}}}}"#
    ));
    assert_alive(&mut gateway);
}

#[test]
fn stdout_holds_nothing_but_the_protocol() {
    let noisy = Server::echo("noisy").on(
        "start",
        json!([{"stderr": {"line": "starting up", "times": 200}}, {"line": "banner"}]),
    );
    let setup = Gateway::with([noisy])
        .args(["--log-level", "DEBUG"])
        .env("LOGLEVEL", "DEBUG");
    let mut gateway = setup.server("gone", json!({"command": "/no/such/program"})).open();
    gateway.run("noisy", "echo", "{}");
    gateway.run("gone", "echo", "{}");
    // The client takes nothing but JSON-RPC; what it has not read yet follows here.
    let finished = gateway.close();
    for line in finished.stdout.lines() {
        assert_eq!(parse(line)["jsonrpc"], "2.0", "{line}");
    }
    assert!(
        finished.stderr.contains("noisy"),
        "the log tells nothing: {}",
        finished.stderr
    );
}

#[test]
fn a_start_that_fails_writes_nothing_to_stdout() {
    let finished = Gateway::with([]).config_text("{ no json").run(&[], "");
    assert_eq!(finished.stdout, "");
    assert_eq!(finished.status.code(), Some(2), "{}", finished.stderr);
}

#[test]
fn the_handshake_is_answered_first_even_if_the_client_is_quick() {
    let mut gateway = setup().start();
    // Everything in one write, as some clients do.
    gateway.send_bytes(
        b"{\"jsonrpc\":\"2.0\",\"id\":\"i\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"q\",\"version\":\"0\"}}}\n{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"method\":\"tools/call\",\"params\":{\"name\":\"run_tool\",\"arguments\":{\"server_name\":\"plain\",\"tool_name\":\"echo\",\"arguments\":{}}}}\n",
    );
    gateway.answer(&json!("i")).result();
    assert_eq!(gateway.answer(&json!("c")).result()["content"][0]["text"], "{}");
}
