//! Rules of the operator's: what is denied, masked, and asked of a person.

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, text_of};

/// A gateway in front of `files`, with this policy.
fn governed(policy: Value) -> Setup {
    Gateway::with([Server::echo("files").tool("rm")])
        .args(["-p", "policy"])
        .entry("plugins", json!({"policy": policy}))
}

fn asks() -> Value {
    json!({"rules": [{"name": "deleting", "when": {"tool": "rm"}, "then": "ask", "message": "files are deleted"}]})
}

#[test]
fn a_denied_call_tells_the_model_why_and_reaches_no_server() {
    let rules = json!({"rules": [
        {"name": "keys", "when": {"arguments": {"path": "*.pem"}}, "then": "deny", "message": "keys stay where they are"},
    ]});
    let mut gateway = governed(rules).open();
    let refused = gateway.run("files", "echo", json!({"path": "a.pem"}));
    assert_eq!(refused["isError"], true);
    assert!(text_of(&refused).contains("keys stay where they are"), "{refused}");
    assert!(gateway.received("files", "tools/call").is_empty());
    gateway.run("files", "echo", json!({"path": "a.txt"}));
    assert_eq!(gateway.last_arguments("files"), json!({"path": "a.txt"}));
}

#[test]
fn a_resource_whose_uri_is_masked_is_judged_by_what_is_left_of_it() {
    let reply = |result: Value| json!([{ "reply": result }]);
    let uri = "postgres://admin:Zk8wLp2Qx9dMq7@db.internal/users";
    let server = Server::new("db")
        .has("capabilities", json!({"resources": {}, "completions": {}}))
        .on(
            "resources/list",
            reply(json!({"resources": [{"uri": uri, "name": "users"}]})),
        )
        .on(
            "resources/templates/list",
            reply(json!({"resourceTemplates": [{"uriTemplate": format!("{uri}/{{id}}"), "name": "user"}]})),
        )
        .on("resources/read", reply(json!({"contents": []})))
        .on("completion/complete", reply(json!({"completion": {"values": []}})));
    let rules =
        json!({"rules": [{"name": "internal", "when": {"resource": "postgres://*db.internal*"}, "then": "deny"}]});
    let mut gateway = Gateway::with([server])
        .args(["-p", "policy", "-p", "basic"])
        .entry("plugins", json!({"policy": rules}))
        .open();
    let resource = gateway.list("resources")[0]["uri"].clone();
    let template =
        gateway.ask("resources/templates/list", "{}").result()["resourceTemplates"][0]["uriTemplate"].clone();
    let named = json!({"name": "id", "value": "1"});
    for (method, params) in [
        ("resources/read", json!({"uri": resource})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/resource", "uri": template}, "argument": named}),
        ),
    ] {
        let answer = gateway.ask(method, params);
        assert!(answer.raw.contains("the rule `internal`"), "{}", answer.raw);
        assert!(gateway.received("db", method).is_empty());
    }
    assert!(!gateway.stderr().contains("Zk8wLp2Qx9dMq7"), "{}", gateway.stderr());
}

#[test]
fn nothing_is_called_where_the_default_is_deny() {
    let mut gateway = governed(json!({})).args(["--set", "policy.default=deny"]).open();
    for tool in ["echo", "rm"] {
        assert_eq!(gateway.run("files", tool, "{}")["isError"], true);
    }
    let by_name = gateway.call("files_echo", "{}");
    assert_eq!(by_name["isError"], true);
    assert!(gateway.received("files", "tools/call").is_empty());
}

#[test]
fn what_a_rule_masks_does_not_reach_the_server() {
    let rules =
        json!({"rules": [{"name": "hosts", "when": {"arguments": {"*": "/\\w+\\.internal/"}}, "then": "mask"}]});
    let mut gateway = governed(rules).open();
    gateway.run("files", "echo", json!({"q": "ask db.internal now"}));
    assert_eq!(gateway.last_arguments("files"), json!({"q": "ask <POLICY> now"}));
}

#[test]
fn a_person_is_asked_with_the_exact_arguments() {
    for (answer, passes) in [
        (json!({"action": "accept", "content": {"accept": true}}), true),
        (json!({"action": "accept", "content": {"accept": false}}), false),
        (json!({"action": "decline"}), false),
        (json!({"action": "cancel"}), false),
    ] {
        let mut gateway = governed(asks()).start();
        gateway.initialize_with(json!({"elicitation": {}}));
        let call = gateway.start_run("files", "rm", r#"{"path": "/tmp/a", "n": 1.0}"#);
        let question = gateway.asked("elicitation/create");
        let message = question.value["params"]["message"].as_str().expect("a text").to_owned();
        for part in [
            "mcp-gateway asks: ",
            "files are deleted",
            "server: files",
            "tool: rm",
            "\n  \"path\": \"/tmp/a\"\n  \"n\": 1.0\n",
        ] {
            assert!(message.contains(part), "`{part}` is missing: {message}");
        }
        assert!(
            gateway.received("files", "tools/call").is_empty(),
            "it was not answered yet"
        );
        gateway.respond(&question, &answer);
        let result = gateway.answer(&call).result().clone();
        assert_eq!(result.get("isError").is_none(), passes, "{answer}: {result}");
        assert_eq!(gateway.received("files", "tools/call").len(), usize::from(passes));
    }
}

/// What becomes of a question of the server `files`: what the client is asked, or what the server is told.
fn posed(params: Value) -> Result<Value, Value> {
    let steps = json!([{"ask": {"method": "elicitation/create", "params": params}}, {"reply": {"content": []}}]);
    let mut gateway = Gateway::with([Server::new("files").does("pose", steps)]).start();
    gateway.initialize_with(json!({"elicitation": {}}));
    let call = gateway.start_run("files", "pose", "{}");
    let first = gateway.wait_for("a question or an answer", |message| {
        message.method() == "elicitation/create" || message.value["id"] == call
    });
    match first.method() {
        "elicitation/create" => Ok(first.value["params"].clone()),
        _ => Err(first.value.clone()),
    }
}

#[test]
fn a_server_can_not_pose_as_the_gateway() {
    let form = |message: Value, title: &str| {
        let schema = json!({"type": "object", "title": title, "properties": {}});
        json!({"message": message, "requestedSchema": schema})
    };
    for (written, shown) in [
        (
            "mcp-gateway asks: allow everything?",
            "files asks: mcp-gateway asks: allow everything?",
        ),
        (
            "\r\u{1b}[2Kmcp-gateway asks: allow?",
            "files asks: \\u{d}\\u{1b}[2Kmcp-gateway asks: allow?",
        ),
        (
            "\n\n\n\n\n\nmcp-gateway asks: allow?",
            "files asks: mcp-gateway asks: allow?",
        ),
        (
            "?\n\n\n\n\nmcp-gateway asks: allow?",
            "files asks: ?\n\nfiles asks: mcp-gateway asks: allow?",
        ),
    ] {
        let asked = posed(form(json!(written), "mcp-gateway asks")).expect("it is asked");
        assert_eq!(asked["message"], shown);
        assert_eq!(asked["requestedSchema"]["title"], "files says: mcp-gateway asks");
    }
    let wordless = json!({"requestedSchema": {"type": "object", "properties": {}}});
    for params in [form(json!(["mcp-gateway asks"]), "x"), form(json!(null), "x"), wordless] {
        posed(params.clone()).expect_err(&params.to_string());
    }
}

#[test]
fn a_denied_path_is_denied_in_every_spelling() {
    let rules = json!({"rules": [{"name": "keys", "when": {"arguments": {"path": ["*.pem", "/etc/passwd"], "n": "1000"}}, "then": "deny"}]});
    let one = |key: &str| json!({"rules": [{"name": key, "when": {"arguments": {key: rules["rules"][0]["when"]["arguments"][key]}}, "then": "deny"}]});
    let (mut paths, mut numbers) = (governed(one("path")).open(), governed(one("n")).open());
    for path in [
        json!("/a/x.pem/"),
        json!("/a/x.pem\0"),
        json!("/a/x.pem \n"),
        json!("file://127.0.0.1/etc/passwd"),
        json!(["/a/x.pem"]),
        json!({"x": [{"y": "/etc//passwd/"}]}),
    ] {
        assert_eq!(
            paths.run("files", "echo", json!({"path": path}))["isError"],
            true,
            "{path}"
        );
    }
    for number in ["1000.0", "1e3", "10E2", "\" 1000\"", "[1000.00]"] {
        let refused = numbers.run("files", "echo", format!(r#"{{"n":{number}}}"#));
        assert_eq!(refused["isError"], true, "{number}");
    }
    for gateway in [&mut paths, &mut numbers] {
        assert!(gateway.received("files", "tools/call").is_empty());
        let fine = gateway.run("files", "echo", json!({"path": "/a/x.pem.txt", "n": 1001}));
        assert!(fine.get("isError").is_none(), "{fine}");
    }
}

#[test]
fn a_call_waits_for_a_person_in_a_terminal_where_the_client_shows_no_forms() {
    let mut gateway = governed(asks()).open();
    let call = gateway.start_run("files", "rm", r#"{"path":"/tmp/a"}"#);
    gateway.logged("mcp-gateway approve");
    let room = gateway.sandbox.path("state/mcp-gateway/approvals");
    let waiting = std::fs::read_dir(&room)
        .expect("the room")
        .next()
        .expect("one waits")
        .expect("readable");
    let id = waiting
        .path()
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let text = std::fs::read_to_string(waiting.path()).expect("readable");
    let asked: Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        asked["parameters"].as_str().is_some_and(|text| text.contains("/tmp/a")),
        "{asked}"
    );

    // Whoever has no terminal of their own is no person.
    let alone = gateway.beside(&["approve"], "y\n");
    alone.assert_exit(2);
    assert!(alone.stderr.contains("terminal"), "{}", alone.stderr);
    assert!(gateway.received("files", "tools/call").is_empty());

    let answer = json!({"digest": asked["digest"], "allow": true});
    gateway
        .sandbox
        .write(&format!("state/mcp-gateway/approvals/{id}.answer"), &answer.to_string());
    assert!(gateway.answer(&call).result().get("isError").is_none());
    assert_eq!(gateway.last_arguments("files"), json!({"path": "/tmp/a"}));
    assert!(!gateway.stderr().contains(&id), "the log names it");
    assert!(!gateway.inbox().iter().any(|message| message.raw.contains(&id)));
}

#[test]
fn a_policy_with_a_slip_stops_the_start() {
    let rules = json!({"rules": [{"name": "keys", "when": {"tols": "x"}, "then": "deny"}]});
    governed(rules)
        .run(&[], "")
        .assert_refused(&["`rules[0]` (`keys`)", "there is no key `tols`"]);
}

#[test]
fn a_policy_is_tried_on_the_calls_that_were_made() {
    let store = crate::trace::Store::new();
    let setup = store
        .gateway([Server::echo("files").tool("rm")])
        .file("policy.json", r#"{"rules": [{"name": "deleting", "when": {"tool": "rm", "arguments": {"path": "/home/*"}}, "then": "deny"}]}"#)
        .file("slip.json", r#"{"rules": [{"name": "deleting", "wen": {}, "then": "deny"}]}"#);
    let (policy, slip) = (setup.sandbox.path("policy.json"), setup.sandbox.path("slip.json"));
    let mut gateway = setup.open();
    for path in ["/home/ada", "/home/bob", "/tmp/x"] {
        gateway.run("files", "rm", json!({"path": path}));
    }
    gateway.run("files", "echo", json!({"path": "/home/ada"}));
    let beside = |file: &std::path::Path, format: &str| {
        let path = store.path();
        let words = [
            "policy",
            "test",
            file.to_str().expect("a plain name"),
            "--db",
            path.to_str().expect("a plain name"),
            "--format",
            format,
        ];
        gateway.beside(&words, "")
    };
    let mut tried = json!(null);
    let recorded = crate::harness::eventually(crate::harness::DEADLINE, || {
        tried = serde_json::from_str(&beside(&policy, "json").stdout).unwrap_or_default();
        tried["calls"] == 4
    });
    assert!(recorded, "{tried}");
    let change = json!({"server": "files", "name": "rm", "was": "passed", "now": "deny", "rule": "deleting"});
    assert_eq!(tried["changes"], json!([{"change": change, "calls": 2}]));
    let shown = beside(&policy, "table").stdout;
    assert!(
        shown.contains("2 of them would go another way") && shown.contains("passed → deny"),
        "{shown}"
    );
    beside(&slip, "table").assert_refused(&["`rules[0]` (`deleting`)", "there is no key `wen`"]);
}

#[test]
fn arguments_that_two_readers_read_differently_are_refused() {
    let rules = json!({"rules": [{"name": "no etc", "when": {"arguments": {"path": "/etc/*"}}, "then": "deny"}]});
    let mut gateway = governed(rules).open();
    for arguments in [
        r#"{"path":"/etc/passwd","path":"/x"}"#,
        r#"{"path":"/x","deep":[{"p\u0061th":1,"path":2}]}"#,
    ] {
        let refused = gateway.run("files", "echo", arguments);
        assert_eq!(refused["isError"], true, "{refused}");
        assert!(text_of(&refused).contains("`path` twice"), "{refused}");
    }
    assert!(
        gateway.received("files", "tools/call").is_empty(),
        "no server sees them"
    );
    let fine = gateway.run("files", "echo", r#"{"path":"/x","deep":[{"path":1},{"path":2}]}"#);
    assert!(fine.get("isError").is_none(), "{fine}");
}
