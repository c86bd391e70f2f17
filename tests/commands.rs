//! The commands beside the gateway: `demo`, `call`, `mask`, and what help there is.

use serde_json::{Value, json};

use crate::harness::{Finished, Gateway, PLACEHOLDER, Server, TOKEN, assert_same, parse};

/// Runs a sub-command that reads no configuration.
#[track_caller]
fn run(words: &[&str], stdin: &str) -> Finished {
    Gateway::with([]).discovering().run(words, stdin)
}

#[test]
fn demo_shows_what_the_gateway_is_for() {
    let finished = run(&["demo"], "");
    finished.assert_exit(0);
    let shown = &finished.stdout;
    assert!(shown.contains("hf_"), "what the server sent: {shown}");
    assert!(shown.contains("<HUGGINGFACE_TOKEN>"), "what the model gets: {shown}");
    assert!(!shown.contains('\u{1b}'), "colours where nobody looks: {shown:?}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 100),
        "lines too wide for a terminal: {shown}"
    );
    assert!(finished.took.as_secs() < 10, "it took {:?}", finished.took);
}

#[test]
fn demo_leaves_nothing_behind() {
    let setup = Gateway::with([]).discovering();
    setup.run(&["demo"], "");
    assert!(setup.sandbox.processes().is_empty(), "{:?}", setup.sandbox.processes());
    let left: Vec<_> = std::fs::read_dir(setup.sandbox.path("tmp"))
        .expect("it is there")
        .flatten()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn call_prints_the_result_of_one_call() {
    let setup = Gateway::with([Server::echo("files")]);
    let finished = setup.run(&["call", "files", "echo", r#"{"a":1.0}"#], "");
    finished.assert_exit(0);
    assert_same(
        "arguments",
        &parse(r#"{"a":1.0}"#),
        &parse(&finished.stdout)["structuredContent"]["arguments"],
    );
    assert!(setup.sandbox.processes().is_empty(), "{:?}", setup.sandbox.processes());
}

#[test]
fn call_goes_through_the_same_chain() {
    let told = json!({"content": [{"type": "text", "text": format!("it is {TOKEN}")}]});
    let setup = Gateway::with([Server::echo("vault").answers("tell", told)]).args(["-p", "basic"]);
    let finished = setup.run(&["call", "vault", "tell"], "");
    finished.assert_exit(0);
    assert!(
        finished.stdout.contains(&format!("it is {PLACEHOLDER}")),
        "{}",
        finished.stdout
    );
    let finished = setup.run(&["call", "vault", "echo", &json!({"t": TOKEN}).to_string()], "");
    assert!(
        !finished.stdout.contains(TOKEN) && finished.stdout.contains(PLACEHOLDER),
        "{}",
        finished.stdout
    );
}

#[test]
fn call_takes_its_plugins_from_the_configuration() {
    let told = json!({"content": [{"type": "text", "text": TOKEN}]});
    let setup = Gateway::with([Server::new("vault").answers("tell", told)]);
    let setup = setup
        .entry("command", "mcp-gateway")
        .entry("args", json!(["-p", "basic"]));
    let finished = setup.run(&["call", "vault", "tell"], "");
    assert!(
        finished.stdout.contains(PLACEHOLDER),
        "{}\n{}",
        finished.stdout,
        finished.stderr
    );
}

#[test]
fn call_that_fails_exits_with_one() {
    let failing = json!({"content": [{"type": "text", "text": "no such row"}], "isError": true});
    let setup = Gateway::with([Server::echo("files").answers("fail", failing)]);
    let finished = setup.run(&["call", "files", "fail"], "");
    finished.assert_exit(1);
    assert!(format!("{}{}", finished.stdout, finished.stderr).contains("no such row"));
    for (words, hint) in [(["call", "fils", "echo"], "files"), (["call", "files", "ecko"], "echo")] {
        let finished = setup.run(&words, "");
        assert_ne!(finished.status.code(), Some(0), "{words:?}");
        assert!(
            format!("{}{}", finished.stdout, finished.stderr).contains(hint),
            "{}",
            finished.stderr
        );
    }
}

#[test]
fn call_with_wrong_json_is_a_usage_error() {
    let finished = Gateway::with([Server::echo("files")]).run(&["call", "files", "echo", "{nope"], "");
    finished.assert_exit(2);
    assert_eq!(finished.stdout, "");
}

#[test]
fn mask_is_a_filter() {
    let text = format!("first line\r\n  export HF={TOKEN}\n\tlast line without an end");
    let finished = run(&["mask"], &text);
    finished.assert_exit(0);
    let expected = text.replace(TOKEN, PLACEHOLDER);
    assert_eq!(finished.stdout.trim_end_matches('\n'), expected, "{}", finished.stdout);
}

#[test]
fn mask_reads_files_and_json() {
    let setup = Gateway::with([]).discovering();
    let path = setup
        .sandbox
        .write("work/config.json", &json!({"z": TOKEN, "a": [1, TOKEN]}).to_string());
    let finished = setup.run(&["mask", path.to_str().expect("a plain name")], "");
    finished.assert_exit(0);
    assert_eq!(
        parse(&finished.stdout),
        json!({"z": PLACEHOLDER, "a": [1, PLACEHOLDER]})
    );
    let finished = setup.run(&["mask", "missing.txt"], "");
    finished.assert_exit(2);
    assert!(finished.stderr.contains("missing.txt"), "{}", finished.stderr);
}

#[test]
fn mask_by_lines_answers_each_with_offsets_in_code_points() {
    let before = "😀 ünï: ";
    let lines = [
        json!({"id": "one", "text": format!("{before}{TOKEN}!")}),
        json!({"id": 2, "text": "nothing here"}),
        json!({"id": "three", "text": format!("{TOKEN} {TOKEN}")}),
    ];
    let stdin: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let finished = run(&["mask", "--jsonl"], &stdin);
    finished.assert_exit(0);
    let answers: Vec<Value> = finished.stdout.lines().map(parse).collect();
    assert_eq!(answers.len(), 3, "{}", finished.stdout);
    assert_eq!(answers[0]["id"], "one");
    assert_eq!(answers[0]["masked"], format!("{before}{PLACEHOLDER}!"));
    let finding = &answers[0]["findings"][0];
    let start = before.chars().count();
    assert_eq!(
        (&finding["start"], &finding["end"]),
        (&json!(start), &json!(start + TOKEN.len())),
        "{finding}"
    );
    assert!(finding["rule"].is_string() && finding["score"].is_number(), "{finding}");
    assert_eq!(answers[1], json!({"id": 2, "masked": "nothing here", "findings": []}));
    assert_eq!(
        answers[2]["findings"].as_array().map(Vec::len),
        Some(2),
        "{}",
        answers[2]
    );
    assert!(!finished.stdout.contains(TOKEN), "a finding holds the value");
}

#[test]
fn mask_takes_plugins_and_settings() {
    let finished = run(&["mask", "-p", "bsic"], "x");
    finished.assert_exit(2);
    assert!(finished.stderr.contains("basic"), "{}", finished.stderr);
    let finished = run(&["mask", "-p", "basic", "--set", "basic.nope=1"], "x");
    finished.assert_exit(2);
    assert!(finished.stderr.contains("nope"), "{}", finished.stderr);
    assert_eq!(finished.stdout, "");
}

#[test]
fn mask_keeps_bytes_that_are_no_text() {
    let setup = Gateway::with([]).discovering();
    let path = setup.sandbox.path("work/blob");
    let bytes = [&b"\xff\xfe\x00 "[..], TOKEN.as_bytes(), b" \x80\n"].concat();
    std::fs::write(&path, &bytes).expect("the sandbox is writable");
    let output = setup.command(&["mask", "blob"]).output().expect("it runs");
    // Refused or filtered, but never let through as it is.
    assert!(!String::from_utf8_lossy(&output.stdout).contains(TOKEN));
}

#[test]
fn help_ends_with_an_example() {
    for words in [
        vec!["--help"],
        vec!["call", "--help"],
        vec!["mask", "--help"],
        vec!["demo", "--help"],
        vec!["trust", "--help"],
    ] {
        let finished = run(&words, "");
        finished.assert_exit(0);
        let end = finished
            .stdout
            .trim_end()
            .rsplit("\n\n")
            .next()
            .unwrap_or_default()
            .to_owned();
        assert!(end.contains("mcp-gateway"), "{words:?} ends with:\n{end}");
    }
}

#[test]
fn the_version_is_told() {
    let finished = run(&["--version"], "");
    finished.assert_exit(0);
    assert!(
        finished.stdout.contains(env!("CARGO_PKG_VERSION")),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_misspelt_command_or_option_is_answered_with_the_nearest() {
    for (words, nearest) in [
        (["mas", "x"], "mask"),
        (["--mcp-jsn-path", "x"], "--mcp-json-path"),
        (["--plugn", "basic"], "--plugin"),
    ] {
        let finished = run(&words, "");
        finished.assert_exit(2);
        assert_eq!(finished.stdout, "");
        assert!(finished.stderr.contains(nearest), "{words:?}: {}", finished.stderr);
    }
}
