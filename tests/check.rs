//! `check`: every problem at once, and what would start.

use serde_json::{Value, json};

use crate::harness::{Finished, Gateway, Server, TOKEN, parse};

fn report(finished: &Finished) -> Value {
    parse(&finished.stdout)
}

#[test]
fn a_configuration_that_is_right_says_what_would_start() {
    let setup = Gateway::with([Server::echo("mine"), Server::echo("off").entry("disabled", true)])
        .entry("command", "mcp-gateway")
        .entry("args", json!(["-p", "basic"]))
        .entry("plugins", json!({"basic": {"sensitivity": "low"}}));
    let finished = setup.run(&["check", "--set", "basic.disable=[]"], "");
    finished.assert_exit(0);
    for line in [
        "starts    `mine`",
        "disabled  `off`",
        "basic  (from `args` of `mcp-gateway`",
        "disable  (from --set basic.disable)",
        "no problem",
    ] {
        assert!(finished.stdout.contains(line), "no `{line}` in {}", finished.stdout);
    }
    assert!(
        finished.stdout.contains("sensitivity  (from ") && finished.stdout.contains("mcp.json:"),
        "{}",
        finished.stdout
    );
    assert!(
        setup.sandbox.processes().is_empty(),
        "nothing is started without --start"
    );
}

#[test]
fn every_problem_is_reported_at_once_with_its_place_and_mend() {
    let text = r#"{
  "mcpServers": {
    "gw": {
      "command": "mcp-gateway",
      "args": ["--plugin", "presido", "--colour"],
      "servers": {
        "typo": {"comand": "npx"},
        "unset": {"command": "sh", "env": {"KEY": "${NEVER_SET_ANYWHERE}"}},
        "gone": {"command": "no-such-program-anywhere", "args": ["TOKEN"]},
        "fine": {"command": "sh"}
      }
    }
  }
}"#;
    let setup = Gateway::with([]).config_text(&text.replace("TOKEN", TOKEN));
    let finished = setup.run(&["check", "--format", "json"], "");
    finished.assert_exit(2);
    let report = report(&finished);
    let problems: Vec<String> = report["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|problem| {
            format!(
                "{}:{} {}",
                problem["line"],
                problem["column"],
                problem["server"].as_str().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(problems, ["5:7 -", "7:9 typo", "8:44 unset", "9:18 gone"]);
    for problem in report["problems"].as_array().expect("a list") {
        assert!(
            problem["mend"].as_str().is_some_and(|mend| !mend.is_empty()),
            "{problem}"
        );
    }
    let rows = report["servers"].as_array().expect("a list").iter();
    let rows: Vec<String> = rows.map(|row| format!("{} {}", row["name"], row["state"])).collect();
    assert_eq!(
        rows,
        [
            r#""typo" "broken""#,
            r#""unset" "broken""#,
            r#""gone" "broken""#,
            r#""fine" "starts""#
        ]
    );
    assert!(!finished.stdout.contains(TOKEN), "{}", finished.stdout);
    let typed = setup.run(&["check", "-p", "presido"], "");
    typed.assert_exit(2);
    assert!(typed.stdout.contains("did you mean `presidio`"), "{}", typed.stdout);
}

#[test]
fn a_server_that_would_not_run_is_told_from_a_gateway_that_would_not() {
    let one_broken = Gateway::with([Server::echo("fine")]).server("gone", json!({"command": "/no/such/program"}));
    let finished = one_broken.run(&["check"], "");
    finished.assert_exit(1);
    assert!(
        finished.stdout.contains("BROKEN    `gone`") && finished.stdout.contains("correct the path"),
        "{}",
        finished.stdout
    );
    Gateway::with([])
        .entry("plugins", json!({"basic": {"colour": 1}}))
        .args(["-p", "basic"])
        .run(&["check"], "")
        .assert_exit(2);
}

#[test]
fn a_file_that_is_no_json_has_its_place_for_machines_too() {
    let setup = Gateway::with([]).config_text("{\n  \"mcpServers\": {\n");
    let finished = setup.run(&["check", "--format", "json"], "");
    finished.assert_exit(2);
    assert_eq!(report(&finished)["problems"][0]["line"], 2);
    setup
        .run(&["check"], "")
        .assert_refused(&["written.json:2:", "mend: close the `{`"]);
}

#[test]
fn start_lists_what_each_server_offers() {
    let setup = Gateway::with([Server::echo("mine").tool("second")]).server("ends", json!({"command": "false"}));
    let finished = setup.run(&["check", "--start", "--format", "json"], "");
    finished.assert_exit(1);
    let report = report(&finished);
    let mine = &report["servers"][0];
    assert_eq!(
        (&mine["state"], &report["servers"][1]["state"]),
        (&json!("started"), &json!("broken")),
        "{report:#}"
    );
    let offers = &mine["offers"];
    let names: Vec<&str> = offers["tools"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    assert_eq!(names, ["echo", "second"]);
    let tokens = |value: &Value| value["tokens"].as_u64().expect("a number");
    assert!(
        tokens(&offers["tools"][0]) > 5 && tokens(offers) >= tokens(&offers["tools"][0]) + tokens(&offers["tools"][1])
    );
    assert!(offers["milliseconds"].is_u64());
    assert!(setup.sandbox.processes().is_empty(), "{:?}", setup.sandbox.processes());
    let text = setup.run(&["check", "--start"], "").stdout;
    assert!(
        text.contains("started   `mine`") && text.contains("tool `second`"),
        "{text}"
    );
}

#[test]
fn a_file_of_the_working_directory_is_checked_and_not_started() {
    let setup = Gateway::with([]).discovering();
    let entry = Server::echo("mine").install(&setup.sandbox);
    setup
        .sandbox
        .write("work/mcp.json", &json!({"mcpServers": {"mine": entry}}).to_string());
    let finished = setup.run(&["check"], "");
    finished.assert_exit(0);
    assert!(finished.stdout.contains("not trusted"), "{}", finished.stdout);
    setup
        .run(&["check", "--start"], "")
        .assert_refused(&["mcp-gateway trust"]);
}

#[test]
fn whatever_is_wrong_whoever_asks_for_json_gets_json() {
    for (file, says) in [
        (None, "there is no file"),
        (Some(""), "holds no servers"),
        (Some("[]"), "holds no servers"),
        (Some("{"), "unterminated object"),
        (
            Some(
                r#"{"mcpServers": {"a": {"command": "mcp-gateway", "servers": {}}, "b": {"command": "mcp-gateway", "servers": {}}}}"#,
            ),
            "has several gateways",
        ),
    ] {
        let setup = Gateway::with([]).discovering();
        if let Some(text) = file {
            setup.sandbox.write("work/it.json", text);
        }
        let finished = setup.run(&["check", "--format", "json", "--mcp-json-path", "it.json"], "");
        finished.assert_exit(2);
        let problem = &report(&finished)["problems"][0];
        let what = problem["what"].as_str().expect("text");
        assert!(
            what.contains(says) && problem["mend"].as_str() != Some(""),
            "{file:?}: {problem}"
        );
    }
}
