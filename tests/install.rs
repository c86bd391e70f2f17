//! Putting a client's servers behind the gateway, and back.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::{Finished, Gateway, Server, Setup, TOKEN, parse};

const CURSOR: &str = "home/.cursor/mcp.json";

fn setup() -> Setup {
    Gateway::with([]).discovering()
}

/// A client's file, and what is run over it.
struct Sample {
    client: String,
    name: String,
    text: Vec<u8>,
}

/// The sample files of all clients: `CLIENT.WHAT.ENDING`. `@FOLDER@` stands for a folder of the test.
fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/clients");
    let files = fs::read_dir(folder).expect("the samples are there").flatten();
    files
        .map(|file| {
            let name = file.file_name().into_string().expect("a plain name");
            Sample {
                client: name.split('.').next().expect("a name").to_owned(),
                text: fs::read(file.path()).expect("readable"),
                name,
            }
        })
        .collect()
}

#[track_caller]
fn run(setup: &Setup, words: &[&str], code: i32) -> Finished {
    let finished = setup.run(words, "");
    finished.assert_exit(code);
    finished
}

fn read(setup: &Setup, file: &str) -> Value {
    parse(&fs::read_to_string(setup.sandbox.path(file)).expect("there"))
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[test]
fn install_and_uninstall_leave_each_sample_as_it_was() {
    let samples = samples();
    assert!(samples.len() >= 30, "{} samples", samples.len());
    for sample in samples {
        let setup = setup();
        let folder = setup.sandbox.path("work");
        let text = String::from_utf8(sample.text).expect("UTF-8");
        let text = text.replace("@FOLDER@", folder.to_str().expect("a plain name"));
        setup.sandbox.write("work/gateway.json", "{}\n");
        let file = setup.sandbox.write(&format!("work/{}", sample.name), &text);
        let path = file.to_str().expect("a plain name");
        let now = || fs::read_to_string(&file).expect("there");

        run(&setup, &["install", &sample.client, "--mcp-json-path", path], 0);
        let installed = now();
        assert!(
            installed != text && installed.contains("mcp-gateway"),
            "{}: {installed}",
            sample.name
        );
        let own = files(&setup.sandbox.path("config"));
        let read = own.first().map_or(path, |own| own.to_str().expect("a plain name"));
        let checked = setup.run(&["check", "--mcp-json-path", read], "");
        assert_ne!(
            checked.status.code(),
            Some(2),
            "{}: {}{}",
            sample.name,
            checked.stdout,
            checked.stderr
        );

        run(&setup, &["install", &sample.client, "--mcp-json-path", path], 0);
        assert_eq!(now(), installed, "{}: twice is once", sample.name);
        for _ in 0..2 {
            run(&setup, &["uninstall", &sample.client, "--mcp-json-path", path], 0);
            assert_eq!(now(), text, "{}", sample.name);
        }
        assert_eq!(
            files(&setup.sandbox.path("config")),
            Vec::<std::path::PathBuf>::new(),
            "{}",
            sample.name
        );
    }
}

#[test]
fn the_gateway_that_was_installed_serves_the_clients_servers() {
    for (client, file) in [
        ("cursor", CURSOR),
        ("claude-code", "home/.claude.json"),
        ("vscode", "config/Code/User/mcp.json"),
    ] {
        let setup = setup();
        let entry = Server::echo("mine").install(&setup.sandbox);
        let place = if client == "vscode" { "servers" } else { "mcpServers" };
        setup.sandbox.write(file, &json!({place: {"mine": entry}}).to_string());
        run(&setup, &["install", client, "-p", "basic"], 0);
        let entry = read(&setup, file)[place]["mcp-gateway"].clone();
        let args: Vec<String> = entry["args"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|arg| arg.as_str().map(str::to_owned))
            .collect();
        let mut gateway = setup.args(args.iter().map(String::as_str)).open();
        assert_eq!(gateway.server_names(), ["mine"], "{client}");
    }
}

#[test]
fn a_diff_is_shown_without_secrets_and_a_dry_run_changes_nothing() {
    let setup = setup();
    let text = format!(r#"{{"mcpServers": {{"a": {{"command": "x", "env": {{"GITHUB_TOKEN": "{TOKEN}"}}}}}}}}"#);
    let file = setup.sandbox.write(CURSOR, &text);
    let shown = run(&setup, &["install", "cursor", "--dry-run", "--scan"], 0).stdout;
    assert!(
        shown.contains("--- ") && shown.contains("+++ ") && shown.contains("--scan"),
        "{shown}"
    );
    assert!(
        shown.contains("Nothing was changed") && !shown.contains(TOKEN),
        "{shown}"
    );
    assert_eq!(fs::read_to_string(&file).expect("there"), text);
    assert_eq!(files(&setup.sandbox.path("state")), Vec::<std::path::PathBuf>::new());
    run(&setup, &["install", "cursor"], 0);
    let installed = fs::read_to_string(&file).expect("there");
    run(&setup, &["uninstall", "cursor", "--dry-run"], 0);
    assert_eq!(fs::read_to_string(&file).expect("there"), installed);
}

#[test]
fn a_diff_neither_steers_the_terminal_nor_shows_what_signs_in() {
    let setup = setup();
    let text = "{\n\t// \u{1b}[2J\u{202e} hides\n\t\"mcpServers\": {\"a\": {\"command\": \"x\", \"env\": {\"K\": \"hunter2\", \"V\": \"${V}\"}}}\n}\n";
    setup.sandbox.write(CURSOR, text);
    let shown = run(&setup, &["install", "cursor"], 0).stdout;
    assert!(
        !shown.contains(['\u{1b}', '\u{202e}']) && shown.contains("\\u{1b}[2J"),
        "{shown}"
    );
    assert!(
        !shown.contains("hunter2") && shown.contains("\"K\": \"<not shown>\", \"V\": \"${V}\""),
        "{shown}"
    );
    assert!(
        fs::read_to_string(setup.sandbox.path(CURSOR))
            .expect("there")
            .contains("hunter2")
    );
    let odd = setup.sandbox.write("work/a\u{1b}[2J.json", "{");
    let refused = setup.run(
        &["install", "cursor", "--mcp-json-path", odd.to_str().expect("UTF-8")],
        "",
    );
    assert!(!refused.stderr.contains('\u{1b}'), "{:?}", refused.stderr);
}

#[test]
fn what_holds_secrets_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let setup = setup();
    let file = setup
        .sandbox
        .write("home/.claude.json", r#"{"mcpServers": {"a": {"command": "x"}}}"#);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("ours");
    run(&setup, &["install", "claude-code"], 0);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let private = [
        files(&setup.sandbox.path("state")),
        files(&setup.sandbox.path("config")),
    ]
    .concat();
    assert_eq!(
        private.len(),
        4,
        "a copy, what is remembered, a lock, and the servers: {private:?}"
    );
    for path in private {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&file), 0o644, "the client's file keeps its own");
}

#[test]
fn what_was_added_since_is_kept_by_uninstall() {
    let setup = setup();
    setup
        .sandbox
        .write(CURSOR, r#"{"mcpServers": {"a": {"command": "x"}}}"#);
    run(&setup, &["install", "cursor"], 0);
    let mut config = read(&setup, CURSOR);
    config["mcpServers"]["mcp-gateway"]["servers"]["b"] = json!({"command": "y"});
    config["mcpServers"]["c"] = json!({"command": "z"});
    setup.sandbox.write(CURSOR, &config.to_string());
    let shown = run(&setup, &["uninstall", "cursor"], 0).stdout;
    assert!(shown.contains("moved back one by one"), "{shown}");
    let servers = json!({"a": {"command": "x"}, "b": {"command": "y"}, "c": {"command": "z"}});
    assert_eq!(read(&setup, CURSOR)["mcpServers"], servers);
}

#[test]
fn a_second_install_adds_what_is_asked_for() {
    let setup = setup();
    setup
        .sandbox
        .write(CURSOR, r#"{"mcpServers": {"a": {"command": "x"}}}"#);
    run(&setup, &["install", "cursor"], 0);
    run(
        &setup,
        &[
            "install",
            "cursor",
            "-p",
            "EncryptionMasking",
            "-p",
            "presidio",
            "--set",
            "basic.sensitivity=low",
        ],
        2,
    );
    run(&setup, &["install", "cursor", "-p", "presidio", "--scan"], 0);
    let args = read(&setup, CURSOR)["mcpServers"]["mcp-gateway"]["args"].to_string();
    assert!(args.ends_with(r#""-p","basic","-p","presidio","--scan"]"#), "{args}");
    run(&setup, &["uninstall", "cursor"], 0);
    assert_eq!(read(&setup, CURSOR), json!({"mcpServers": {"a": {"command": "x"}}}));
}

#[test]
fn what_is_not_understood_is_refused_and_left_alone() {
    for (client, file, text, says) in [
        ("cursor", CURSOR, Some(r#"{"mcpServers": {"a": }}"#), "it is not JSON"),
        ("cursor", CURSOR, Some(r#"{"mcpServers": []}"#), "is not an object"),
        ("cursor", CURSOR, None, "start Cursor once"),
        (
            "codex",
            "home/.codex/config.toml",
            Some("[mcp_servers"),
            "it is not TOML in line 1",
        ),
        (
            "goose",
            "config/goose/config.yaml",
            Some("extensions: {}\n"),
            "write the entry by hand",
        ),
        ("curser", CURSOR, None, "a similar value exists: 'cursor'"),
    ] {
        let setup = setup();
        if let Some(text) = text {
            setup.sandbox.write(file, text);
        }
        setup.run(&["install", client], "").assert_refused(&[says]);
        assert_eq!(fs::read_to_string(setup.sandbox.path(file)).ok().as_deref(), text);
        assert_eq!(files(&setup.sandbox.path("state")), Vec::<std::path::PathBuf>::new());
    }
}
