use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::message::Hints;

fn policy(settings: Value) -> Policy {
    let Value::Object(settings) = settings else {
        panic!("an object: {settings}")
    };
    Policy::new(settings).unwrap_or_else(|error| panic!("{error}"))
}

fn call(tool: &str) -> Envelope {
    Envelope::request(&"files".into(), "tools/call", tool)
}

/// What becomes of a call: `allow`, `deny: …`, `ask: …`, or the changed parameters.
async fn judged(policy: &Policy, envelope: &Envelope, payload: &Value) -> String {
    match policy.inspect(envelope, &Payload::from(payload.clone())).await {
        Ok(Verdict::Allow) => "allow".to_owned(),
        Ok(Verdict::Block(reason)) => format!("deny: {}", reason.0),
        Ok(Verdict::Ask(reason)) => format!("ask: {}", reason.0),
        Ok(Verdict::Modified(changed, _)) => changed.text().to_owned(),
        Err(error) => format!("error: {error}"),
    }
}

#[tokio::test]
async fn the_first_rule_that_counts_decides() {
    let policy = policy(json!({"default": "deny", "rules": [
        {"name": "no secrets", "when": {"server": "f*", "arguments": {"path": "/\\.env$/"}}, "then": "deny", "message": "not that file"},
        {"name": "reading", "when": {"tool": ["read_*", "list"]}, "then": "allow"},
        {"name": "writing", "when": {"tool": "write_*"}, "then": "ask"},
    ]}));
    let with = |path: &str| json!({"name": "x", "arguments": {"path": path}});
    for (tool, path, want) in [
        ("read_file", "a.txt", "allow"),
        ("read_file", "a/.env", "deny: the rule `no secrets` says: not that file"),
        (
            "write_file",
            "a.txt",
            "ask: a person has to allow this call (the rule `writing`)",
        ),
        ("format_disk", "a.txt", "deny: no rule allows it"),
    ] {
        assert_eq!(judged(&policy, &call(tool), &with(path)).await, want, "{tool} {path}");
    }
}

#[tokio::test]
async fn every_value_at_a_path_has_to_be_allowed_and_one_is_enough_to_deny() {
    let allows = policy(json!({"default": "deny", "rules": [
        {"name": "mine", "when": {"arguments": {"paths[*]": "/home/*"}}, "then": "allow"},
    ]}));
    let denies = policy(json!({"rules": [
        {"name": "theirs", "when": {"arguments": {"paths[*]": "/etc/*"}}, "then": "deny"},
    ]}));
    for (paths, allowed, denied) in [
        (json!(["/home/a", "/home/b"]), true, false),
        (json!(["/home/a", "/etc/passwd"]), false, true),
        (json!(["/home/../etc/passwd"]), false, true),
        (json!([]), false, false),
    ] {
        let payload = json!({"name": "x", "arguments": {"paths": paths}});
        assert_eq!(
            judged(&allows, &call("x"), &payload).await == "allow",
            allowed,
            "{paths}"
        );
        assert_eq!(
            judged(&denies, &call("x"), &payload).await != "allow",
            denied,
            "{paths}"
        );
    }
}

#[tokio::test]
async fn what_a_tool_says_of_itself_can_be_asked_for() {
    let policy = policy(json!({"rules": [{"name": "care", "when": {"destructive": true}, "then": "ask"}]}));
    let reads = Envelope {
        hints: Hints::of(Some(r#"{"readOnlyHint":true}"#)),
        ..call("read")
    };
    assert_eq!(judged(&policy, &reads, &json!({})).await, "allow");
    assert!(judged(&policy, &call("silent"), &json!({})).await.starts_with("ask"));
}

#[tokio::test]
async fn numbers_and_words_are_compared_like_texts() {
    let policy = policy(json!({"rules": [
        {"name": "force", "when": {"arguments": {"force": "true", "depth": "/^[0-9]{2,}$/"}}, "then": "deny"},
    ]}));
    let with = |arguments: Value| json!({"name": "x", "arguments": arguments});
    assert!(
        judged(&policy, &call("x"), &with(json!({"force": true, "depth": 12})))
            .await
            .starts_with("deny")
    );
    assert_eq!(
        judged(&policy, &call("x"), &with(json!({"force": false, "depth": 12}))).await,
        "allow"
    );
    assert_eq!(
        judged(&policy, &call("x"), &with(json!({"force": true}))).await,
        "allow"
    );
}

#[tokio::test]
async fn what_a_rule_names_is_masked_and_nothing_else() {
    let policy = policy(json!({"rules": [
        {"name": "hosts", "when": {"arguments": {"*query": "/[a-z]+\\.internal/"}}, "then": "mask"},
        {"name": "ids", "when": {"result": {"structuredContent.id": "*"}}, "then": "mask"},
        {"name": "flag", "when": {"arguments": {"flag": "true"}}, "then": "mask"},
    ]}));
    let sent = json!({"name": "x", "arguments": {"a": {"query": "ask db.internal now"}, "other": "db.internal"}});
    assert_eq!(
        judged(&policy, &call("x"), &sent).await,
        r#"{"name":"x","arguments":{"a":{"query":"ask <POLICY> now"},"other":"db.internal"}}"#
    );
    let result = call("x").with(Kind::Result, Direction::ToClient);
    let got = json!({"content": [], "structuredContent": {"id": 12, "n": 3}});
    assert_eq!(
        judged(&policy, &result, &got).await,
        r#"{"content":[],"structuredContent":{"id":0,"n":3}}"#
    );
    let flag = json!({"name": "x", "arguments": {"flag": true}});
    assert!(judged(&policy, &call("x"), &flag).await.contains("can't be masked"));
}

#[tokio::test]
async fn what_is_masked_is_masked_in_every_spelling_and_beneath() {
    let policy = policy(json!({"rules": [{"name": "keys", "when": {"arguments": {"path": "*.pem"}}, "then": "mask"}]}));
    let sent = json!({"name": "x", "arguments": {"path": ["/a/x.pem/", "/a/x.txt", {"file": "/a/X.PEM\0"}]}});
    assert_eq!(
        judged(&policy, &call("x"), &sent).await,
        json!({"name": "x", "arguments": {"path": ["<POLICY>", "/a/x.txt", {"file": "<POLICY>"}]}}).to_string()
    );
}

#[tokio::test]
async fn prompts_and_resources_are_governed_and_the_protocol_is_not() {
    let policy = policy(json!({"default": "deny", "rules": [
        {"name": "docs", "when": {"resource": "docs:*", "prompt": "plan"}, "then": "allow"},
    ]}));
    for (method, name, allowed) in [
        ("resources/read", "docs:a", true),
        ("resources/subscribe", "docs:a", true),
        ("resources/read", "file:a", false),
        ("prompts/get", "plan", true),
        ("prompts/get", "docs:a", false),
        ("completion/complete", "plan", true),
        ("completion/complete", "other", false),
        ("tools/call", "plan", false),
        ("initialize", "", true),
        ("tools/list", "", true),
    ] {
        let envelope = Envelope::request(&"s".into(), method, name);
        let judged = judged(&policy, &envelope, &json!({})).await;
        assert_eq!(judged == "allow", allowed, "{method} {name}: {judged}");
    }
}

#[tokio::test]
async fn a_resource_is_judged_by_where_it_leads() {
    let denies = policy(json!({"rules": [{"name": "etc", "when": {"resource": "file:///etc/*"}, "then": "deny"}]}));
    let allows = policy(json!({"default": "deny", "rules": [
        {"name": "safe", "when": {"resource": "file:///safe/*"}, "then": "allow"},
    ]}));
    for (uri, denied, allowed) in [
        ("file:///safe/a", false, true),
        ("file:///safe/a%20b", false, true),
        ("file:///etc/passwd", true, false),
        ("file:///safe/../etc/passwd", true, false),
        ("file:///safe/%2e%2e/etc/passwd", true, false),
        ("FILE:///etc/passwd", true, false),
        ("file://localhost/etc/passwd", true, false),
        ("file:///%65tc/passwd", true, false),
        ("file://127.0.0.1/etc/passwd/", true, false),
        ("file:///safe/<TOKEN_1_x00ff7a>", false, false),
    ] {
        let envelope = Envelope::request(&"s".into(), "resources/read", uri);
        let payload = json!({"uri": uri});
        assert_eq!(judged(&denies, &envelope, &payload).await != "allow", denied, "{uri}");
        assert_eq!(judged(&allows, &envelope, &payload).await == "allow", allowed, "{uri}");
    }
}

#[tokio::test]
async fn arguments_are_found_however_they_are_packed() {
    let denies = policy(json!({"rules": [
        {"name": "etc", "when": {"arguments": {"path": "/etc/*"}}, "then": "deny"},
        {"name": "each", "when": {"arguments": {"paths[*]": "/etc/*"}}, "then": "deny"},
    ]}));
    let allows = policy(json!({"default": "deny", "rules": [
        {"name": "mine", "when": {"arguments": {"path": "/home/*"}}, "then": "allow"},
    ]}));
    for (arguments, denied, allowed) in [
        (json!({"path": "/home/x"}), false, true),
        (json!({"path": "/home/%2e%2e/etc/x"}), true, false),
        (json!({"path": "/home/../etc/passwd"}), true, false),
        (json!(r#"{"path":"/etc/passwd"}"#), true, false),
        (json!(r#"{"path":"/home/x"}"#), false, false),
        (json!({"paths": r#"["/etc/passwd"]"#}), true, false),
        (json!({"": {"path": "/etc/passwd"}}), true, false),
        (json!({"": {"path": "/home/x"}, "Path": "/etc/passwd"}), true, false),
        (json!({"path": ["/home/x", "/etc/passwd"]}), true, false),
        (json!({"path": {"x": "/home/x"}}), false, false),
        (json!({"path": "/home/x", "Path": "/etc/passwd"}), true, false),
        (json!({"paths": "/etc/passwd"}), true, false),
        (json!({"": {"path": "/home/x"}}), false, false),
    ] {
        let payload = json!({"name": "x", "arguments": arguments});
        assert_eq!(
            judged(&denies, &call("x"), &payload).await != "allow",
            denied,
            "{arguments}"
        );
        assert_eq!(
            judged(&allows, &call("x"), &payload).await == "allow",
            allowed,
            "{arguments}"
        );
    }
    let twice = Payload::from(r#"{"name":"x","arguments":{"path":"/etc/x","path":"/home/x"}}"#.to_owned());
    assert!(matches!(
        denies.inspect(&call("x"), &twice).await,
        Ok(Verdict::Block(_))
    ));
    assert!(matches!(
        allows.inspect(&call("x"), &twice).await,
        Ok(Verdict::Block(_))
    ));
}

#[tokio::test]
async fn what_stands_in_a_string_that_holds_json_is_masked_there() {
    let policy = policy(json!({"rules": [{"name": "ids", "when": {"result": {"*id": "*"}}, "then": "mask"}]}));
    let result = call("x").with(Kind::Result, Direction::ToClient);
    let got = json!({"content": [{"text": r#"{"id":"a7","n":[1]}"#}]});
    assert_eq!(
        judged(&policy, &result, &got).await,
        json!({"content": [{"text": r#"{"id":"<POLICY>","n":[1]}"#}]}).to_string()
    );
}

#[test]
fn a_policy_that_makes_no_sense_stops_the_start_and_says_where() {
    for (settings, said) in [
        (
            json!({"default": "maybe"}),
            "`default` has to be `allow`, `deny` or `ask`",
        ),
        (json!({"default": "mask"}), "`default` has to be"),
        (json!({"rules": {}}), "`rules` has to be a list"),
        (
            json!({"rules": [{"name": "a", "then": "deny"}, {"name": "b", "then": "stop"}]}),
            "`rules[1]` (`b`)",
        ),
        (
            json!({"rules": [{"name": "a", "when": {"tol": "x"}, "then": "deny"}]}),
            "there is no key `tol`",
        ),
        (
            json!({"rules": [{"name": "a", "when": {"tool": "/(/"}, "then": "deny"}]}),
            "no valid regular expression",
        ),
        (json!({"rules": [{"name": "a", "then": "mask"}]}), "say what is masked"),
        (
            json!({"rules": [{"name": "a", "when": {"direction": "response", "arguments": {"a": "b"}}, "then": "deny"}]}),
            "`result`",
        ),
        (json!({"rules": [{"then": "deny"}]}), "`name` is missing"),
    ] {
        let Value::Object(settings) = settings else { panic!() };
        let error = Policy::new(settings).err().expect("no sense").to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}

proptest! {
    #[test]
    fn nothing_is_called_where_nothing_is_allowed(server in ".{0,8}", tool in ".{0,8}", value in ".{0,8}", denied in ".{0,8}") {
        let policy = policy(json!({"default": "deny", "rules": [
            {"name": "more", "when": {"tool": denied}, "then": "deny"},
        ]}));
        let envelope = Envelope::request(&server.as_str().into(), "tools/call", &tool);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let judged = runtime.block_on(judged(&policy, &envelope, &json!({"name": tool, "arguments": {"a": value}})));
        prop_assert!(judged.starts_with("deny"), "{judged}");
    }
}
