//! The same calls directly and through the gateway: what arrives is the same JSON, member order and the spelling of
//! numbers included.

use serde_json::{Value, json};

use crate::harness::{Client, Gateway, Sandbox, Server, Setup, assert_same, parse, text_of};

/// Results of tools that a relay with typed models would change, as the server writes them.
const RESULTS: &[(&str, &str)] = &[
    ("plain", r#"{"content":[{"type":"text","text":"hello"}]}"#),
    ("empty", "{}"),
    ("only_meta", r#"{"_meta":{"vendor/trace":"abc","z":1,"a":2}}"#),
    ("no_content", r#"{"structuredContent":{"b":1,"a":2}}"#),
    (
        "unknown_fields",
        r#"{"x-first":1,"content":[{"type":"text","text":"t","x-more":{"z":null}}],"ttlMs":5}"#,
    ),
    (
        "unknown_block",
        r#"{"content":[{"type":"hologram","points":[[1,2],[3,4]]},{"kind":"untyped"},{}]}"#,
    ),
    (
        "key_order",
        r#"{"isError":false,"content":[{"text":"z before a","type":"text"}],"_meta":{"z":1,"m":2,"a":3}}"#,
    ),
    (
        "big_integers",
        r#"{"content":[],"structuredContent":{"u":18446744073709551616,"i":-9223372036854775809,"h":123456789012345678901234567890123456789012345678901234567890}}"#,
    ),
    (
        "floats",
        r#"{"content":[],"structuredContent":{"n":[1.0,1,-0.0,-0,0.1e-7,1E+2,1e400,-1e-400,3.141592653589793238462643383279]}}"#,
    ),
    (
        "separators",
        "{\"content\":[{\"type\":\"text\",\"text\":\"a\u{2028}b\u{2029}c\u{85}d\"}]}",
    ),
    (
        "escapes",
        r#"{"content":[{"type":"text","text":"\u0000\u0007\u001b[31m \/ \\ \" \ud83d\ude00 \t\r\n"}]}"#,
    ),
    (
        "unicode",
        r#"{"content":[{"type":"text","text":"Ünïcödé 漢字 👩‍👩‍👧‍👦 e\u0301"}],"ключ":{"鍵":"値"}}"#,
    ),
    (
        "empty_key",
        r#"{"content":[],"structuredContent":{"":"","a/b":1,"~":2,"$ref":"x","__proto__":{}}}"#,
    ),
    (
        "image",
        r#"{"content":[{"type":"image","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==","mimeType":"image/png","annotations":{"audience":["user"],"priority":0.5}}]}"#,
    ),
    (
        "audio",
        r#"{"content":[{"type":"audio","data":"UklGRg==","mimeType":"audio/wav"}]}"#,
    ),
    (
        "embedded",
        r#"{"content":[{"type":"resource","resource":{"uri":"file:///a%20b.txt","mimeType":"text/plain","text":"x","_meta":{"k":1}}},{"type":"resource","resource":{"uri":"file:///b","blob":"AAEC"}}]}"#,
    ),
    (
        "link",
        r#"{"content":[{"type":"resource_link","uri":"file:///c","name":"c","title":"C","icons":[{"src":"data:,","sizes":["any"]}],"size":3}]}"#,
    ),
    (
        "error_result",
        r#"{"content":[{"type":"text","text":"no such row"}],"isError":true,"structuredContent":{"code":7}}"#,
    ),
    ("odd_error_flag", r#"{"content":[],"isError":null}"#),
    (
        "task",
        r#"{"task":{"taskId":"t-1","status":"working","ttl":60000},"resultType":"complete"}"#,
    ),
    ("nulls", r#"{"content":null,"structuredContent":null,"_meta":null}"#),
    (
        "text_that_is_json",
        r#"{"content":[{"type":"text","text":"{\"b\": 1.0, \"a\": [1e400]}"}]}"#,
    ),
];

/// Arguments that a careless relay would change, as the client writes them.
const ARGUMENTS: &[&str] = &[
    "{}",
    r#"{"z":1,"a":2,"m":{"y":1,"b":2}}"#,
    r#"{"big":123456789012345678901234567890,"float":1.0,"huge":1e400,"minus":-0.0}"#,
    r#"{"Notion-Version":"2022-06-28","not required":null,"server_name":"other","tool_name":"x","arguments":{}}"#,
    r#"{"":"empty key","text":"\u0000 \ud83d\ude00 \u2028","list":[[],[{}],null,true]}"#,
];

/// A server whose tools answer with the results above.
fn odd_server() -> Server {
    let server = Server::echo("odd");
    RESULTS
        .iter()
        .fold(server, |server, (tool, result)| server.answers(tool, result))
}

/// The gateways that have to relay alike: nothing here holds a secret, so masking changes nothing.
fn gateways(server: fn() -> Server) -> [(&'static str, Setup); 2] {
    [
        ("plain", Gateway::with([server()])),
        ("masking", Gateway::with([server()]).args(["-p", "basic"])),
    ]
}

#[test]
fn results_arrive_as_they_were_sent() {
    let sandbox = Sandbox::new();
    let mut direct = Client::direct(&odd_server(), &sandbox);
    direct.initialize();
    for (kind, setup) in gateways(odd_server) {
        let mut gateway = setup.open();
        for (tool, _) in RESULTS {
            let expected = direct.call(tool, "{}");
            let run = gateway.run("odd", tool, "{}");
            assert_same(&format!("{tool} by run_tool, {kind}"), &expected, &run);
            let called = gateway.call(&format!("odd_{tool}"), "{}");
            assert_same(&format!("{tool} by its own name, {kind}"), &expected, &called);
        }
    }
}

#[test]
fn an_untouched_result_keeps_its_bytes() {
    let mut gateway = Gateway::with([odd_server()]).args(["-p", "basic"]).open();
    for (tool, result) in RESULTS {
        let id = gateway.start_run("odd", tool, "{}");
        let answer = gateway.answer(&id);
        assert!(
            answer.raw.contains(result),
            "{tool}\n  sent:     {result}\n  received: {}",
            answer.raw
        );
    }
}

#[test]
fn arguments_arrive_as_they_were_sent() {
    for (kind, setup) in gateways(odd_server) {
        let mut gateway = setup.open();
        for arguments in ARGUMENTS {
            gateway.run("odd", "echo", arguments);
            assert_same(
                &format!("by run_tool, {kind}"),
                &parse(arguments),
                &gateway.last_arguments("odd"),
            );
            gateway.call("odd_echo", arguments);
            assert_same(
                &format!("by its own name, {kind}"),
                &parse(arguments),
                &gateway.last_arguments("odd"),
            );
        }
    }
}

#[test]
fn a_call_without_arguments_stays_one() {
    let mut gateway = Gateway::with([odd_server()]).open();
    gateway.ask("tools/call", r#"{"name":"odd_echo"}"#);
    let received = gateway.received("odd", "tools/call");
    let params = &received[0]["params"];
    let arguments = params.get("arguments");
    assert!(
        arguments.is_none_or(|arguments| *arguments == json!({})),
        "invented: {params}"
    );
}

#[test]
fn the_meta_of_a_call_reaches_the_server() {
    let mut gateway = Gateway::with([odd_server()]).open();
    let params = r#"{"name":"odd_echo","arguments":{},"_meta":{"vendor/trace":{"z":1.0,"a":2}}}"#;
    gateway.ask("tools/call", params);
    let received = gateway.received("odd", "tools/call");
    assert_same(
        "_meta",
        &json!({"z": parse("1.0"), "a": 2}),
        &received[0]["params"]["_meta"]["vendor/trace"],
    );
}

#[test]
fn errors_of_a_server_keep_their_message_and_data() {
    let error = r#"{"code":-32055,"message":"the printer is on fire","data":{"z":1.0,"a":1e400}}"#;
    let broken = Server::new("broken").does("print", format!(r#"[{{"fail":{error}}}]"#));
    let mut gateway = Gateway::with([broken]).open();
    for tool in ["broken_print", "run_tool"] {
        let arguments = if tool == "run_tool" {
            r#"{"server_name":"broken","tool_name":"print"}"#
        } else {
            "{}"
        };
        let id = gateway.start_call(tool, arguments);
        let answer = gateway.answer(&id);
        assert!(answer.raw.contains("the printer is on fire"), "{}", answer.raw);
        assert!(answer.raw.contains("-32055"), "{}", answer.raw);
    }
}

#[test]
fn nine_megabytes_pass_untouched() {
    let text = "All work and no play makes Jack a dull boy.\\n".repeat(9 << 20 >> 5);
    let text = &text[..9 << 20];
    let result = format!(r#"{{"content":[{{"type":"text","text":"{text}"}}]}}"#);
    for (kind, setup) in [("plain", vec![]), ("masking", vec!["-p", "basic"])] {
        let server = Server::new("big").answers("novel", &result);
        let mut gateway = Gateway::with([server]).args(setup).open();
        let received = gateway.run("big", "novel", "{}");
        assert_same(kind, &parse(&result), &received);
    }
}

#[test]
fn what_would_break_the_clients_line_limit_becomes_an_error_that_says_so() {
    let text = "x".repeat(12 << 20);
    let result = format!(r#"{{"content":[{{"type":"text","text":"{text}"}}]}}"#);
    let sandbox = Sandbox::new();
    let server = || Server::echo("big").answers("novel", &result);
    let mut direct = Client::direct(&server(), &sandbox);
    direct.initialize();
    assert_same("directly", &parse(&result), &direct.call("novel", "{}"));

    let mut gateway = Gateway::with([server()]).open();
    let id = gateway.start_run("big", "novel", "{}");
    let answer = gateway.answer(&id);
    assert!(answer.raw.len() < 10 << 20, "{} bytes in one line", answer.raw.len());
    assert_eq!(answer.result()["isError"], true);
    let said = text_of(answer.result());
    assert!(
        said.contains("12") && said.to_lowercase().contains("limit"),
        "neither size nor limit: {said}"
    );
    assert_eq!(
        text_of(&gateway.run("big", "echo", r#"{"still":"here"}"#)),
        r#"{"still":"here"}"#
    );
}

#[test]
fn large_arguments_reach_the_server() {
    let text = "y".repeat(4 << 20);
    let mut gateway = Gateway::with([Server::echo("big")]).args(["-p", "basic"]).open();
    let result = gateway.run("big", "echo", format!(r#"{{"text":"{text}"}}"#));
    assert_eq!(
        result["structuredContent"]["arguments"]["text"].as_str().map(str::len),
        Some(text.len())
    );
}

/// A definition with everything that typed models drop.
const DEFINITION: &str = r##"{"name":"draw","title":"Draw it","description":"Draws.","inputSchema":{"type":"object","properties":{"z":{"type":"string","x-order":1.0},"a":{"$ref":"#/$defs/n"}},"required":["z"],"$defs":{"n":{"type":"integer","maximum":18446744073709551616}},"additionalProperties":false},"outputSchema":{"type":"object","properties":{"n":{"type":"number"}}},"annotations":{"title":"Draw","readOnlyHint":true,"x-hint":[1e400]},"icons":[{"src":"data:image/png;base64,AAAA","mimeType":"image/png","sizes":["48x48"]}],"execution":{"taskSupport":"optional"},"_meta":{"vendor/rank":7,"b":{"z":0,"a":1}},"x-unknown":{"deep":[{"er":null}]}}"##;

fn definition() -> Value {
    parse(DEFINITION)
}

#[test]
fn definitions_arrive_with_everything_they_hold() {
    let server = || Server::new("studio").defines(definition());
    for (kind, setup) in gateways(server) {
        let mut gateway = setup.open();
        let mut expected = definition();
        let listed = gateway.list("tools");
        let found = listed.iter().find(|tool| tool["name"] == "studio_draw");
        expected["name"] = "studio_draw".into();
        assert_same(&format!("tools/list, {kind}"), &expected, found.expect("it is listed"));

        let metadata = gateway.metadata(json!({"server_name": "studio", "detail": "full"}));
        let original = &metadata["studio"]["original_tools"][0];
        assert_same(&format!("get_metadata, {kind}"), &definition(), original);
    }
}

#[test]
fn progress_keeps_what_it_holds() {
    let params = r#"{"progressToken":"$token","progress":0.10,"message":"half","x-more":[1.0,{"z":1e400,"a":null}]}"#;
    let send = format!(r#"{{"send":{{"jsonrpc":"2.0","method":"notifications/progress","params":{params}}}}}"#);
    let steps = format!(r#"[{send},{{"reply":{{"content":[]}}}}]"#);
    let mut gateway = Gateway::with([Server::new("talker").does("talk", steps)]).open();
    gateway.ask(
        "tools/call",
        r#"{"name":"talker_talk","arguments":{},"_meta":{"progressToken":"mine"}}"#,
    );
    let progress = gateway.notified("notifications/progress").value["params"].clone();
    assert_same("progress", &parse(&params.replace("$token", "mine")), &progress);
}

#[test]
fn log_messages_keep_what_they_hold() {
    let params = r#"{"level":"warning","logger":"l","data":{"z":1e400,"a":"b"},"x-more":1.0}"#;
    let send = format!(r#"{{"send":{{"jsonrpc":"2.0","method":"notifications/message","params":{params}}}}}"#);
    let steps = format!(r#"[{send},{{"reply":{{"content":[]}}}}]"#);
    let server = Server::new("talker")
        .has("capabilities", json!({"tools": {}, "logging": {}}))
        .does("talk", steps);
    let mut gateway = Gateway::with([server]).open();
    gateway.run("talker", "talk", "{}");
    let logged = gateway.notified("notifications/message").value["params"].clone();
    for key in ["level", "data", "x-more"] {
        assert_same(key, &parse(params)[key], &logged[key]);
    }
}
