//! `-p basic`: wherever a secret stands, neither the client nor a server nor the log gets it.

use serde_json::{Value, json};

use crate::harness::{Gateway, PLACEHOLDER, Server, Setup, TOKEN, assert_same, parse, text_of};

/// The twelve kinds of the Python package: the placeholder, a text that holds such a secret, and the part of it that
/// must be gone. All of them are made up.
const KINDS: &[(&str, &str, &str)] = &[
    (
        "AZURE_KEY",
        "aZ38Q~tX2kLm9QvR4sW7yB1nC5dF8gH3jK6pT0uV",
        "tX2kLm9QvR4sW7yB1nC5dF8gH3jK6pT0uV",
    ),
    (
        "GITHUB_APP_TOKEN",
        "ghs_Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2",
        "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2",
    ),
    (
        "GITHUB_FINE_GRAINED_TOKEN",
        "github_pat_11ABCDE0Y0aBcDeFgHiJkL_mN0pQrStUvWxYz1A2b3C4d5E6f7G8h9I0jKlMnOpQrStUvWxYz1A2b3C4d5E6f",
        "mN0pQrStUvWxYz1A2b3C4d5E6f7G8h9I0jKlMn",
    ),
    (
        "GITHUB_OAUTH_TOKEN",
        "gho_Zy1Xw2Vu3Ts4Rq5Po6Nm7Lk8Ji9Hg0Fe1Dc2",
        "Zy1Xw2Vu3Ts4Rq5Po6Nm7Lk8Ji9Hg0Fe1Dc2",
    ),
    (
        "GITHUB_PERSONAL_ACCESS_TOKEN",
        TOKEN,
        "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8",
    ),
    (
        "GCP_API_KEY",
        "AIzaSyD4k8Jq2Lx7Rv1Nw5Tb9Zc3Ym6Hp0Gf_E-",
        "SyD4k8Jq2Lx7Rv1Nw5Tb9Zc3Ym6Hp0Gf",
    ),
    ("AWS_ACCESS_KEY", "AKIAQ3EGVXJ7KM5RZT2W", "Q3EGVXJ7KM5RZT2W"),
    (
        "JWT_TOKEN",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIyNDY4MDEzNTc5IiwibmFtZSI6IkFkYSJ9.k3Jx9QpL2mVn7RtYw8ZbC4dFgH6sT1uE5oXiA0qKyNw",
        "k3Jx9QpL2mVn7RtYw8ZbC4dFgH6sT1uE5oXiA0qKyNw",
    ),
    (
        "GITLAB_SESSION_TOKEN",
        "_gitlab_session=7f3a9c1e5b8d2046f1c3e5a7b9d0f2e4",
        "7f3a9c1e5b8d2046f1c3e5a7b9d0f2e4",
    ),
    (
        "HUGGINGFACE_TOKEN",
        "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",
        "QwErTyUiOpAsDfGhJkLzXcVbNmQaZwSxEd",
    ),
    (
        "MICROSOFT_TEAMS_WEBHOOK",
        "https://example.webhook.office.com/webhookb2/3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b@6a5b4c3d-2e1f-4a0b-9c8d-7e6f5a4b3c2d/IncomingWebhook/0a1b2c3d4e5f60718293a4b5c6d7e8f9/1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    ),
    (
        "SLACK_APP_TOKEN",
        "xapp-1-A07QWERTY12-7123456789012-3f9a1c5e7b2d4068f1e3c5a7b9d0f2e43f9a1c5e7b2d4068f1e3c5a7b9d0f2e4",
        "3f9a1c5e7b2d4068f1e3c5a7b9d0f2e4",
    ),
];

fn masking(server: Server) -> Setup {
    Gateway::with([server]).args(["-p", "basic"])
}

#[test]
fn the_twelve_kinds_are_masked_in_answers() {
    for (label, text, secret) in KINDS {
        let written = json!({"content": [{"type": "text", "text": format!("the first is {text} and\nthat was it")}]});
        let mut gateway = masking(Server::new("vault").answers("tell", written)).open();
        for result in [gateway.run("vault", "tell", "{}"), gateway.call("vault_tell", "{}")] {
            let told = text_of(&result);
            assert!(told.contains(&format!("<{label}>")), "{label}: {told}");
            assert!(
                told.starts_with("the first is ") && told.ends_with(" and\nthat was it"),
                "{label}: {told}"
            );
        }
        gateway.assert_no_trace(secret);
    }
}

#[test]
fn the_twelve_kinds_are_masked_in_requests() {
    for door in ["run_tool", "vault_echo"] {
        let mut gateway = masking(Server::echo("vault")).open();
        for (label, text, secret) in KINDS {
            let arguments = json!({"text": format!("use {text} please"), "nested": [{"deep": text}]});
            match door {
                "run_tool" => gateway.run("vault", "echo", &arguments),
                _ => gateway.call(door, &arguments),
            };
            let received = gateway.last_arguments("vault");
            assert!(
                received["text"]
                    .as_str()
                    .is_some_and(|it| it.contains(&format!("<{label}>"))),
                "{received}"
            );
            assert!(
                !received.to_string().contains(secret),
                "{label} reached the server: {received}"
            );
        }
    }
}

#[test]
fn without_the_plugin_nothing_is_masked() {
    let written = json!({"content": [{"type": "text", "text": TOKEN}]});
    let mut gateway = Gateway::with([Server::echo("vault").answers("tell", written)]).open();
    assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), TOKEN);
    gateway.run("vault", "echo", json!({"text": TOKEN}));
    assert_eq!(gateway.last_arguments("vault")["text"], TOKEN);
}

/// Results that hold the token in a place of their own; `TOKEN` and `MASKED` stand for the two.
const PLACES: &[(&str, &str)] = &[
    ("text", r#"{"content":[{"type":"text","text":"is TOKEN here"}]}"#),
    (
        "second item",
        r#"{"content":[{"type":"text","text":"one"},{"type":"text","text":"TOKEN"}]}"#,
    ),
    (
        "structured content",
        r#"{"content":[],"structuredContent":{"a":{"b":["x","TOKEN"]},"n":1.0}}"#,
    ),
    (
        "key",
        r#"{"content":[],"structuredContent":{"a":1,"TOKEN":{"n":1e400},"z":2}}"#,
    ),
    ("_meta", r#"{"content":[],"_meta":{"vendor/token":"TOKEN","k":7}}"#),
    (
        "_meta of an item",
        r#"{"content":[{"type":"text","text":"x","_meta":{"t":"TOKEN"}}]}"#,
    ),
    (
        "embedded text",
        r#"{"content":[{"type":"resource","resource":{"uri":"file:///a","text":"k=\"TOKEN\"\n"}}]}"#,
    ),
    (
        "resource link",
        r#"{"content":[{"type":"resource_link","uri":"file:///a","name":"TOKEN","description":"is TOKEN ok"}]}"#,
    ),
    (
        "unknown item",
        r#"{"content":[{"type":"hologram","layers":[["TOKEN"]]}]}"#,
    ),
    ("unknown field", r#"{"content":[],"x-vendor":{"auth":["TOKEN"]}}"#),
    (
        "error result",
        r#"{"content":[{"type":"text","text":"denied for TOKEN"}],"isError":true}"#,
    ),
    (
        "annotations",
        r#"{"content":[{"type":"text","text":"x","annotations":{"note":"TOKEN"}}]}"#,
    ),
];

#[test]
fn a_secret_is_masked_wherever_it_stands_and_the_rest_stays() {
    for (place, written) in PLACES {
        let mut gateway = masking(Server::new("vault").answers("tell", written.replace("TOKEN", TOKEN))).open();
        let id = gateway.start_run("vault", "tell", "{}");
        let answer = gateway.answer(&id);
        assert!(!answer.raw.contains(TOKEN), "{place}: {}", answer.raw);
        let expected = parse(&written.replace("TOKEN", PLACEHOLDER));
        assert_same(place, &expected, answer.result());
    }
}

#[test]
fn escaped_spellings_are_masked_too() {
    let escaped: String = TOKEN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let slash = r#"{"content":[{"type":"text","text":"key: TOKEN"}]}"#;
    let inner = json!({"config": {"token": TOKEN, "n": 1}}).to_string();
    for (how, written) in [
        ("as \\u escapes", slash.replace("TOKEN", &escaped)),
        (
            "as JSON in a text",
            json!({"content": [{"type": "text", "text": inner}]}).to_string(),
        ),
    ] {
        let mut gateway = masking(Server::new("vault").answers("tell", written)).open();
        let told = text_of(&gateway.run("vault", "tell", "{}"));
        assert!(told.contains(PLACEHOLDER) && !told.contains(TOKEN), "{how}: {told}");
    }
}

#[test]
fn json_in_a_text_stays_json() {
    let inner = format!("{{\"config\": {{\"token\": \"{TOKEN}\", \"n\": 1.0}}}}");
    let written = json!({"content": [{"type": "text", "text": inner}]});
    let mut gateway = masking(Server::new("vault").answers("tell", written)).open();
    let told = parse(&text_of(&gateway.run("vault", "tell", "{}")));
    assert_eq!(told["config"]["token"], PLACEHOLDER);
    assert_eq!(told["config"]["n"].to_string(), "1.0");
}

#[test]
fn two_keys_masked_to_the_same_text_lose_no_entry() {
    let other = format!("ghp_{}", "Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2");
    let object = json!({TOKEN: "one", &other: "two", "<GITHUB_PERSONAL_ACCESS_TOKEN>": "three", "plain": "four"});
    let written = json!({"content": [], "structuredContent": object});
    let mut gateway = masking(Server::echo("vault").answers("tell", &written)).open();
    gateway.run("vault", "echo", &object);
    let arguments = gateway.last_arguments("vault");
    let result = gateway.run("vault", "tell", "{}");
    for (direction, masked) in [("answer", &result["structuredContent"]), ("request", &arguments)] {
        let values: Vec<&str> = masked
            .as_object()
            .expect("an object")
            .values()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(values, ["one", "two", "three", "four"], "{direction}: {masked}");
        assert!(
            !masked.to_string().contains(TOKEN) && !masked.to_string().contains(&other),
            "{masked}"
        );
    }
}

#[test]
fn keys_of_arguments_and_their_meta_are_masked() {
    let mut gateway = masking(Server::echo("vault")).open();
    gateway.run("vault", "echo", json!({TOKEN: 1, "headers": {"a": [TOKEN]}}));
    let params = json!({"name": "vault_echo", "arguments": {}, "_meta": {"vendor/t": TOKEN}});
    gateway.ask("tools/call", params);
    for call in gateway.received("vault", "tools/call") {
        assert!(!call.to_string().contains(TOKEN), "{call}");
    }
    assert!(
        gateway.received("vault", "tools/call")[0]
            .to_string()
            .contains(PLACEHOLDER)
    );
}

#[test]
fn errors_of_a_server_are_masked() {
    let error = json!({"code": -32050, "message": format!("bad token {TOKEN}"), "data": {"header": [TOKEN]}});
    let mut gateway = masking(Server::new("vault").does("fail", json!([{"fail": error}]))).open();
    for door in [
        r#"{"name":"vault_fail"}"#,
        r#"{"name":"run_tool","arguments":{"server_name":"vault","tool_name":"fail"}}"#,
    ] {
        let answer = gateway.ask("tools/call", door);
        assert!(answer.raw.contains(PLACEHOLDER), "{}", answer.raw);
    }
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn definitions_and_instructions_are_masked() {
    let schema = json!({"type": "object", "properties": {"k": {"type": "string", "default": TOKEN}}});
    let tool =
        json!({"name": "use", "description": format!("Uses {TOKEN}."), "inputSchema": schema, "_meta": {"t": TOKEN}});
    let server = Server::new("vault")
        .defines(tool)
        .has("instructions", format!("Send {TOKEN} along."));
    let mut gateway = masking(server).open();
    gateway.list("tools");
    let metadata = gateway.metadata(json!({"detail": "full"}));
    assert!(metadata.to_string().contains(PLACEHOLDER), "{metadata}");
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn progress_and_logs_of_a_server_are_masked() {
    let progress = json!({"progressToken": "$token", "progress": 1, "message": format!("with {TOKEN}")});
    let log = json!({"level": "error", "data": {"header": TOKEN}});
    let steps = json!([
        {"send": {"jsonrpc": "2.0", "method": "notifications/progress", "params": progress}},
        {"send": {"jsonrpc": "2.0", "method": "notifications/message", "params": log}},
        {"reply": {"content": []}},
    ]);
    let server = Server::new("vault")
        .has("capabilities", json!({"tools": {}, "logging": {}}))
        .does("talk", steps);
    let mut gateway = masking(server).open();
    let params = json!({"name": "vault_talk", "arguments": {}, "_meta": {"progressToken": "p"}});
    gateway.ask("tools/call", params);
    let message = gateway.notified("notifications/progress").value["params"]["message"].clone();
    assert_eq!(message, format!("with {PLACEHOLDER}"));
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn stderr_of_a_server_is_masked_in_the_log_whichever_plugins_are_on() {
    for arguments in [vec![], vec!["-p", "basic"]] {
        let line = format!("GET /repos with {TOKEN} took 3 ms");
        let server = Server::echo("vault").on("start", json!([{"stderr": {"line": line, "times": 3}}]));
        let mut gateway = Gateway::with([server])
            .args(arguments)
            .args(["--log-level", "DEBUG"])
            .open();
        gateway.run("vault", "echo", "{}");
        gateway.logged("took 3 ms");
        gateway.assert_no_trace(TOKEN);
    }
}

#[test]
fn a_crash_report_is_masked() {
    let steps = json!([{"stderr": {"line": format!("panic: cannot use {TOKEN}"), "times": 1}}, {"exit": 1}]);
    let mut gateway = Gateway::with([Server::new("vault").does("die", steps)]).open();
    assert_eq!(gateway.run("vault", "die", "{}")["isError"], true);
    gateway.logged("cannot use");
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn secrets_of_the_configuration_are_never_shown() {
    let setup = Gateway::with([Server::echo("vault").entry("env", json!({"GITHUB_TOKEN": TOKEN}))]);
    let setup = setup.server(
        "gone",
        json!({"command": "/no/such/program", "args": ["--token", TOKEN]}),
    );
    let setup = setup
        .server("wrong", json!({"command": 7, "env": {"T": TOKEN}}))
        .args(["--log-level", "DEBUG"]);
    let mut gateway = setup.open();
    gateway.run("vault", "echo", "{}");
    gateway.run("gone", "echo", "{}");
    gateway.metadata(json!({"detail": "full"}));
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn a_secret_in_a_wrong_name_is_not_echoed_into_the_log() {
    let mut gateway = masking(Server::echo("vault")).args(["--log-level", "DEBUG"]).open();
    gateway.run(TOKEN, "echo", "{}");
    gateway.run("vault", TOKEN, "{}");
    gateway.ask("tools/call", json!({"name": TOKEN, "arguments": {}}));
    assert!(!gateway.stderr().contains(TOKEN), "{}", gateway.stderr());
}

#[test]
fn what_only_looks_like_a_secret_stays() {
    let text = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= 6ba7b810-9dad-11d1-80b4-00c04fd430c8 \
                da39a3ee5e6b4b0d3255bfef95601890afd80709 ghp_ AKIA hf_ https://example.com/a?b=c&page=2 ${TOKEN} <TOKEN>";
    let written = json!({"content": [{"type": "text", "text": text}]});
    let mut gateway = masking(Server::new("vault").answers("tell", written)).open();
    assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), text);
}

#[test]
fn requests_of_a_server_are_masked_on_their_way_to_the_client() {
    let question = json!({"messages": [{"role": "user", "content": {"type": "text", "text": format!("is {TOKEN} safe?")}}], "maxTokens": 5});
    let steps = json!([{"ask": {"method": "sampling/createMessage", "params": question}}, {"reply": {"content": [], "structuredContent": "$answer"}}]);
    let mut gateway = masking(Server::new("vault").does("sample", steps)).start();
    gateway.initialize_with(json!({"sampling": {}}));
    let call = gateway.start_run("vault", "sample", "{}");
    let asked = gateway.asked("sampling/createMessage");
    assert_eq!(
        asked.value["params"]["messages"][0]["content"]["text"],
        format!("is {PLACEHOLDER} safe?")
    );
    let said = json!({"role": "assistant", "content": {"type": "text", "text": format!("no: {TOKEN}")}, "model": "m"});
    gateway.respond(&asked, said);
    gateway.answer(&call);
    let answers: Vec<String> = gateway
        .journal("vault", "in")
        .into_iter()
        .filter(|line| line.contains("assistant"))
        .collect();
    assert!(
        answers.len() == 1 && answers[0].contains(PLACEHOLDER) && !answers[0].contains(TOKEN),
        "{answers:?}"
    );
}

#[test]
fn the_schema_of_a_password_stays() {
    let schema = json!({"type": "object", "properties": {
        "password": {"type": "string", "description": "What the user chose.", "minLength": 8, "format": "password"},
        "token": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null},
    }});
    let mut gateway = masking(Server::new("vault").defines(json!({"name": "sign_in", "inputSchema": schema}))).open();
    let tools = gateway.list("tools");
    let tool = tools
        .iter()
        .find(|tool| tool["name"] == "vault_sign_in")
        .expect("it is offered");
    assert_eq!(tool["inputSchema"], schema);
}

#[test]
fn the_place_of_a_secret_shows_no_name_that_is_masked() {
    let name = "Kq7vLp2Zx9dM";
    let told = json!({"content": [], "structuredContent": {"password": {name: {"token": TOKEN}}}});
    let mut gateway = masking(Server::new("vault").answers("tell", told)).open();
    let result = gateway.run("vault", "tell", "{}");
    assert!(result.to_string().contains("password"), "{result}");
    gateway.logged("structuredContent.password.<");
    gateway.assert_no_trace(name);
    gateway.assert_no_trace(TOKEN);
}

#[test]
fn a_secret_in_angle_brackets_is_no_placeholder() {
    let mut gateway = masking(Server::new("vault").answers(
        "tell",
        json!({"content": [{"type": "text", "text": "use <AKIAQ6U7Y2P5ZN3WXRTD>"}]}),
    ))
    .open();
    let result = gateway.run("vault", "tell", "{}");
    assert!(text_of(&result).contains("AWS_ACCESS_KEY"), "{result}");
    gateway.assert_no_trace("AKIAQ6U7Y2P5ZN3WXRTD");
}

#[test]
fn a_method_of_a_servers_own_carries_nothing_out() {
    let tells =
        |method: &str| json!({"send": {"jsonrpc": "2.0", "method": format!("notifications/{method}"), "params": {}}});
    let steps = json!([
        tells(TOKEN),
        {"ask": {"method": format!("sampling/{TOKEN}"), "params": {}}},
        tells("vendor/fine"),
        {"reply": {"content": [], "structuredContent": {"said": "$answer"}}},
    ]);
    let mut gateway = masking(Server::new("vault").does("shout", steps)).start();
    gateway.initialize_with(json!({"sampling": {}}));
    let told = gateway.run("vault", "shout", "{}");
    assert_eq!(told["structuredContent"]["said"]["code"], -32601, "{told}");
    gateway.notified("notifications/vendor/fine");
    gateway.assert_no_trace(TOKEN);
}
