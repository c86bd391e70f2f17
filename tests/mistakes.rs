//! Wrong configurations: what is said about them, and that nothing else suffers.

use serde_json::json;

use crate::harness::{Gateway, Server, text_of};

/// A wrong entry as it is written, and what the report has to name.
const MISTAKES: &[(&str, &[&str])] = &[
    (r#"{"command": 7}"#, &["command"]),
    (r#"{"command": ""}"#, &["command"]),
    (r#"{"args": ["x"]}"#, &["command"]),
    (r#"{"command": "x", "args": "y"}"#, &["args"]),
    (r#"{"command": "x", "args": [1, {}]}"#, &["args"]),
    (r#"{"command": "x", "env": ["A=1"]}"#, &["env"]),
    (r#"{"command": "x", "env": {"A": {}}}"#, &["`A`"]),
    (r#"{"command": "x", "timeout": "soon"}"#, &["timeout"]),
    (r#"{"command": "x", "disabled": "perhaps"}"#, &["disabled"]),
    (r#"{"command": "x", "blocked": "maybe"}"#, &["blocked", "skipped"]),
    (r#"{"command": "x", "cwd": 5}"#, &["cwd"]),
    (r#"{"command": "x", "envFile": "/no/such/file"}"#, &["envFile"]),
    (r#""npx server""#, &["bad"]),
    ("[]", &["bad"]),
    ("null", &["bad"]),
];

#[test]
fn a_bad_entry_is_reported_with_its_place_and_the_others_run() {
    for (entry, named) in MISTAKES {
        let setup = Gateway::with([]);
        let good = Server::echo("good").install(&setup.sandbox);
        let text = format!(
            "{{\"mcpServers\": {{\"gateway\": {{\"servers\": {{\n  \"good\": {good},\n  \"bad\": {entry}\n}}}}}}}}"
        );
        let mut gateway = setup.config_text(&text).open();
        assert_eq!(text_of(&gateway.run("good", "echo", "{}")), "{}", "{entry}");
        gateway.logged("written.json:3:");
        for name in *named {
            gateway.logged(name);
        }
        assert_eq!(gateway.run("bad", "echo", "{}")["isError"], true, "{entry}");
    }
}

#[test]
fn text_that_is_no_json_is_reported_with_its_place() {
    for text in [
        "{\n  \"mcpServers\": {\n    \"a\": {,}\n  }\n}",
        "{\n\n  nope",
        "",
        "[]",
        "7",
    ] {
        let finished = Gateway::with([]).config_text(text).run(&[], "");
        finished.assert_refused(&["written.json"]);
    }
    let finished = Gateway::with([])
        .config_text("{\n  \"mcpServers\": {\n    \"a\": {,}\n  }\n}")
        .run(&[], "");
    finished.assert_refused(&["written.json:3:"]);
}

#[test]
fn unknown_plugins_stop_the_start_with_the_nearest_name() {
    for arguments in [["-p", "bsic"], ["--plugin", "basics"]] {
        let setup = Gateway::with([Server::echo("it")]).args(arguments);
        setup.run(&[], "").assert_refused(&[arguments[1], "`basic`"]);
        assert!(
            !setup.sandbox.path("servers/it/journal").exists(),
            "a server was started"
        );
    }
}

#[test]
fn unknown_settings_stop_the_start_with_the_nearest_name() {
    let from_entry = Gateway::with([Server::echo("it")])
        .args(["-p", "basic"])
        .entry("plugins", json!({"basic": {"alow": []}}));
    from_entry.run(&[], "").assert_refused(&["alow", "`allow`"]);
    let from_option = Gateway::with([Server::echo("it")]).args(["-p", "basic", "--set", "basic.alow=[]"]);
    from_option.run(&[], "").assert_refused(&["alow", "`allow`"]);
    let of_nobody = Gateway::with([Server::echo("it")]).args(["-p", "basic", "--set", "bsic.allow=[]"]);
    of_nobody.run(&[], "").assert_refused(&["bsic", "`basic`"]);
    let nonsense = Gateway::with([Server::echo("it")]).args(["-p", "basic", "--set", "basic.allow"]);
    nonsense.run(&[], "").assert_refused(&["basic.allow"]);
    let wrong_type = Gateway::with([Server::echo("it")]).args(["-p", "basic", "--set", "basic.allow=7"]);
    wrong_type.run(&[], "").assert_refused(&["allow"]);
}

#[test]
fn settings_of_a_plugin_that_is_off_stop_the_start() {
    let setup = Gateway::with([Server::echo("it")]).args(["--set", "basic.allow=[]"]);
    setup.run(&[], "").assert_refused(&["basic"]);
}

#[test]
fn unknown_keys_of_the_gateways_entry_are_answered_with_the_nearest() {
    let setup = Gateway::with([Server::echo("it")])
        .args(["-p", "basic"])
        .entry("plugin", json!({"basic": {}}));
    let finished = setup.run(&[], "");
    assert!(
        finished.stderr.contains("plugins"),
        "a misspelt key passes unnoticed: {}",
        finished.stderr
    );
}
