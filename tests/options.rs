//! Plugins and options as people write them, the old ways included.

use serde_json::{Map, json};

use crate::harness::{Gateway, Server, TOKEN, parse, text_of};

#[test]
fn settings_of_a_plugin_are_applied() {
    let told = json!({"content": [{"type": "text", "text": TOKEN}]});
    let server = || Server::new("vault").answers("tell", &told);
    let allow = json!([TOKEN]);
    for setup in [
        Gateway::with([server()])
            .args(["-p", "basic"])
            .entry("plugins", json!({"basic": {"allow": allow}})),
        Gateway::with([server()]).args(["-p", "basic", "--set", &format!("basic.allow={allow}")]),
    ] {
        let mut gateway = setup.open();
        assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), TOKEN);
    }
}

#[test]
fn plugin_names_are_taken_in_any_case_and_as_python_classes() {
    let told = json!({"content": [{"type": "text", "text": TOKEN}]});
    for arguments in [
        vec!["-p", "BASIC"],
        vec!["--plugin", "Basic"],
        vec!["-p", "BasicGuardrailPlugin"],
        vec!["--plugin=basicguardrailplugin"],
        vec!["-p", "basic", "-p", "basic"],
    ] {
        let mut gateway = Gateway::with([Server::new("vault").answers("tell", &told)])
            .args(arguments.iter().copied())
            .open();
        assert!(
            !text_of(&gateway.run("vault", "tell", "{}")).contains(TOKEN),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_deprecated_options_work_with_a_warning() {
    let told = json!({"content": [{"type": "text", "text": TOKEN}]});
    for arguments in [
        vec!["--enable-guardrails", "basic"],
        vec!["--enable-guardrails=basic"],
        vec!["--enable-guardrails"],
    ] {
        let setup = Gateway::with([Server::new("vault").answers("tell", &told)]).args(arguments.iter().copied());
        let mut gateway = setup.open();
        let masked = !text_of(&gateway.run("vault", "tell", "{}")).contains(TOKEN);
        assert!(masked, "{arguments:?}");
        gateway.logged("--enable-guardrails");
        gateway.logged("`-p basic`");
    }
    let mut gateway = Gateway::with([Server::echo("it")]).args(["--enable-tracing"]).open();
    assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
    gateway.logged("--enable-tracing");
}

#[test]
fn the_log_level_is_taken_from_the_environment_and_the_command_line() {
    let log = |level: Option<&str>, arguments: &[&str]| {
        let setup = Gateway::with([Server::echo("it")]).args(arguments.iter().copied());
        let setup = level
            .into_iter()
            .fold(setup, |setup, level| setup.env("LOGLEVEL", level));
        let mut gateway = setup.open();
        gateway.run("it", "echo", "{}");
        gateway.close().stderr
    };
    let usual = log(None, &[]);
    let error = log(Some("ERROR"), &[]);
    let debug = log(Some("DEBUG"), &[]);
    assert!(
        error.len() < usual.len() && usual.len() < debug.len(),
        "{} {} {}",
        error.len(),
        usual.len(),
        debug.len()
    );
    assert_eq!(error, "", "nothing went wrong");
    assert!(
        log(Some("debug"), &["--log-level", "CRITICAL"]).is_empty(),
        "the command line wins"
    );
    for level in ["INFO", "WARNING", "warning", "CRITICAL", "Error"] {
        log(Some(level), &[]);
    }
}

#[test]
fn an_unknown_log_level_is_answered_with_the_levels() {
    Gateway::with([])
        .args(["--log-level", "LOUD"])
        .run(&[], "")
        .assert_refused(&["LOUD", "WARNING"]);
}

#[test]
fn the_file_is_left_as_it_is() {
    let setup = Gateway::with([Server::echo("it")]);
    let text = format!("// mine\n{:#}\n\n", setup.config());
    let mut gateway = setup.config_text(&text).open();
    gateway.run("it", "echo", "{}");
    let path = gateway.sandbox.path("written.json");
    drop(gateway.list("tools"));
    assert_eq!(std::fs::read_to_string(path).expect("it is there"), text);
    assert_eq!(
        parse(text.trim_start_matches("// mine\n"))["mcpServers"]
            .as_object()
            .map(Map::len),
        Some(1)
    );
}
