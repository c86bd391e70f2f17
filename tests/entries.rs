//! What the entry of a server may say.

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, TOKEN, text_of};

/// A server that tells its environment and its working directory.
fn teller(name: &str) -> Server {
    let told = json!({"content": [], "structuredContent": {"env": "$env", "cwd": "$cwd"}});
    Server::echo(name).answers("tell", told)
}

#[track_caller]
fn told(gateway: &mut Gateway, server: &str) -> Value {
    gateway.run(server, "tell", "{}")["structuredContent"].clone()
}

#[test]
fn variables_are_filled_in_everywhere() {
    let env = json!({
        "PLAIN": "${COLOUR}", "CURSOR": "<${env:COLOUR}>", "DEFAULT": "${UNSET_ANYWHERE:-fall back}",
        "HOME_OF": "${userHome}/x", "TWICE": "${COLOUR}${COLOUR}", "NONE": "a$b {c} $$",
    });
    let server = teller("it").entry("env", env).entry("cwd", "${FOLDER}");
    let setup = Gateway::with([server]).env("COLOUR", "green").env("FOLDER", "/usr");
    let home = setup.sandbox.path("home");
    let mut gateway = setup.open();
    let told = told(&mut gateway, "it");
    let env = &told["env"];
    assert_eq!(env["PLAIN"], "green");
    assert_eq!(env["CURSOR"], "<green>");
    assert_eq!(env["DEFAULT"], "fall back");
    assert_eq!(env["HOME_OF"], format!("{}/x", home.display()));
    assert_eq!(env["TWICE"], "greengreen");
    assert_eq!(env["NONE"], "a$b {c} $$");
    assert_eq!(told["cwd"], "/usr");
}

#[test]
fn an_unset_variable_is_an_error_of_that_entry_by_name() {
    let servers = [
        Server::echo("good"),
        Server::echo("bad").entry("env", json!({"K": "${NEVER_SET_ANYWHERE}"})),
    ];
    let mut gateway = Gateway::with(servers).open();
    assert_eq!(text_of(&gateway.run("good", "echo", "{}")), "{}");
    gateway.logged("NEVER_SET_ANYWHERE");
    assert_eq!(gateway.run("bad", "echo", "{}")["isError"], true);
    assert!(
        gateway.journal("bad", "start").is_empty(),
        "it was started all the same"
    );
}

#[test]
fn an_env_file_is_read_and_env_wins() {
    let setup = Gateway::with([]).file(
        "home/it.env",
        "# comment\nexport A=1\nB=\"two words\"\nC='3'\n\nD=from file\n",
    );
    let mut entry = teller("it").install(&setup.sandbox);
    entry["envFile"] = "${userHome}/it.env".into();
    entry["env"] = json!({"D": "from env"});
    let mut gateway = setup.server("it", entry).open();
    let env = told(&mut gateway, "it")["env"].clone();
    assert_eq!(
        [&env["A"], &env["B"], &env["C"], &env["D"]],
        ["1", "two words", "3", "from env"]
    );
}

#[test]
fn a_server_gets_a_clean_environment() {
    let setup = Gateway::with([teller("it").entry("env", json!({"MINE": "yes"}))]);
    let setup = setup
        .env("GITHUB_TOKEN", TOKEN)
        .env("LASSO_API_KEY", "x")
        .env("LD_PRELOAD_NOT", "1")
        .env("LC_ALL", "C.UTF-8");
    let mut gateway = setup.open();
    let env = told(&mut gateway, "it")["env"].clone();
    let names: Vec<&str> = env.as_object().expect("an object").keys().map(String::as_str).collect();
    for wanted in [
        "HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "TMPDIR", "LANG", "LC_ALL", "MINE",
    ] {
        assert!(names.contains(&wanted), "{wanted} is missing: {names:?}");
    }
    for unwanted in ["GITHUB_TOKEN", "LASSO_API_KEY", "LD_PRELOAD_NOT", "XDG_STATE_HOME"] {
        assert!(!names.contains(&unwanted), "{unwanted} was handed on");
    }
}

#[test]
fn a_command_may_hold_a_whole_command_line() {
    let setup = Gateway::with([]);
    let entry = Server::echo("it").install(&setup.sandbox);
    let [program, scenario] = [&entry["command"], &entry["args"][0]].map(|it| it.as_str().expect("text"));
    let line = format!("{program} '{scenario}'");
    let mut gateway = setup.server("it", json!({"command": line})).open();
    assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
}

#[test]
fn a_disabled_server_is_not_started() {
    let mut off = Vec::new();
    for (name, key, value) in [("off-1", "disabled", true), ("off-2", "enabled", false)] {
        off.push(Server::echo(name).entry(key, value));
    }
    off.push(Server::echo("on").entry("disabled", false));
    let mut gateway = Gateway::with(off).open();
    gateway.run("on", "echo", "{}");
    assert!(gateway.journal("off-1", "start").is_empty() && gateway.journal("off-2", "start").is_empty());
    assert_eq!(gateway.run("off-1", "echo", "{}")["isError"], true);
}

#[test]
fn a_blocked_server_is_never_started_and_a_skipped_one_is_named() {
    let servers = [
        Server::echo("risky").entry("blocked", "blocked"),
        Server::echo("vouched").entry("blocked", "skipped"),
        Server::echo("fine").entry("blocked", "passed"),
        Server::echo("new").entry("blocked", Value::Null),
    ];
    let mut gateway = Gateway::with(servers).open();
    for name in ["vouched", "fine", "new"] {
        assert_eq!(text_of(&gateway.run(name, "echo", "{}")), "{}", "{name}");
    }
    let result = gateway.run("risky", "echo", "{}");
    assert!(
        result["isError"] == true && text_of(&result).contains("blocked"),
        "{result}"
    );
    assert!(
        gateway.journal("risky", "start").is_empty(),
        "a blocked server was started"
    );
    gateway.logged("vouched");
    let listed = gateway.list("tools");
    assert!(listed.iter().all(|tool| tool["name"] != "risky_echo"));
}
