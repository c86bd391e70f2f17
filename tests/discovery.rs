//! Which configuration is used: the file, whether it is trusted, and the gateway's entry in it.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::harness::{Gateway, Server, Setup, TOKEN, text_of};

/// The places where a configuration is looked for, in order; the first four lie in the working directory.
const PLACES: [&str; 6] = [
    "work/mcp.json",
    "work/.mcp.json",
    "work/.cursor/mcp.json",
    "work/.vscode/mcp.json",
    "home/.cursor/mcp.json",
    "config/Claude/claude_desktop_config.json",
];

/// A sandbox with a configuration in each of the places from this one on, its server named after the place.
fn with_files_from(first: usize) -> Setup {
    let setup = Gateway::with([]).discovering();
    for (at, place) in PLACES.iter().enumerate().skip(first) {
        let name = format!("place-{at}");
        let entry = Server::echo(&name).install(&setup.sandbox);
        setup
            .sandbox
            .write(place, &json!({"mcpServers": {name: entry}}).to_string());
    }
    setup
}

/// Trusts a file as a person does.
#[track_caller]
fn trust(setup: &Setup, file: &str) {
    let path = setup.sandbox.path(file);
    let finished = setup.run(&["trust", path.to_str().expect("a plain name")], "y\n");
    assert!(finished.status.success(), "{}{}", finished.stdout, finished.stderr);
}

#[test]
fn the_first_file_found_is_used_and_named() {
    for (at, place) in PLACES.iter().enumerate() {
        let setup = with_files_from(at);
        if place.starts_with("work/") {
            trust(&setup, place);
        }
        let file = setup.sandbox.path(place);
        let mut gateway = setup.open();
        assert_eq!(gateway.server_names(), [format!("place-{at}")], "{place}");
        gateway.logged(
            Path::new(place)
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name"),
        );
        assert!(file.exists());
        assert_eq!(text_of(&gateway.run(&format!("place-{at}"), "echo", "{}")), "{}");
    }
}

#[test]
fn without_any_file_the_error_says_where_it_looked_and_shows_one_that_works() {
    let finished = Gateway::with([]).discovering().run(&[], "");
    let looked = [
        ".cursor/mcp.json",
        ".vscode/mcp.json",
        ".mcp.json",
        "claude_desktop_config.json",
    ];
    finished.assert_refused(&looked);
    finished.assert_refused(&["\"mcpServers\"", "\"command\""]);
}

#[test]
fn a_file_that_is_named_but_missing_is_an_error() {
    let finished = Gateway::with([])
        .discovering()
        .args(["--mcp-json-path", "/no/such/mcp.json"])
        .run(&[], "");
    finished.assert_refused(&["/no/such/mcp.json"]);
}

#[test]
fn a_tilde_in_the_path_is_the_home_directory() {
    let setup = Gateway::with([]).discovering();
    let entry = Server::echo("homely").install(&setup.sandbox);
    setup.sandbox.write(
        "home/my/mcp.json",
        &json!({"mcpServers": {"homely": entry}}).to_string(),
    );
    let mut gateway = setup.args(["--mcp-json-path", "~/my/mcp.json"]).open();
    assert_eq!(gateway.server_names(), ["homely"]);
}

#[test]
fn a_file_in_the_working_directory_starts_nothing_until_it_is_trusted() {
    let untrusted = with_files_from(0);
    let finished = untrusted.run(&[], "");
    assert!(
        finished.stderr.contains("mcp-gateway trust"),
        "it does not say how: {}",
        finished.stderr
    );
    let started = |setup: &Setup| setup.sandbox.path("servers/place-0/journal").exists();
    assert!(!started(&untrusted), "a server was started");

    trust(&untrusted, PLACES[0]);
    let kept = std::fs::read_dir(untrusted.sandbox.path("state/mcp-gateway"))
        .expect("the state directory")
        .count();
    assert!(kept > 0, "nothing was remembered");
    let mut gateway = untrusted.open();
    assert_eq!(text_of(&gateway.run("place-0", "echo", "{}")), "{}");
}

/// A gateway before a file of the working directory that holds this entry of the gateway.
fn with_entry(entry: Value) -> Setup {
    let file = json!({"mcpServers": {"gateway": entry}}).to_string();
    Gateway::with([]).discovering().file("work/mcp.json", &file)
}

/// What `trust` says of the file in the working directory.
#[track_caller]
fn trusted(setup: &Setup) -> String {
    let path = setup.sandbox.path("work/mcp.json");
    let finished = setup.run(&["trust", path.to_str().expect("a plain name")], "");
    finished.assert_exit(0);
    finished.stdout
}

#[test]
fn trust_shows_every_entry_whatever_is_wrong_with_it_now() {
    let setup = with_entry(json!({"servers": {
        "later": {"command": "run-later", "cwd": "./sub"},
        "unset": {"command": "run-unset", "env": {"T": "${env:NOT_SET_YET}"}},
        "off": {"command": "run-off", "disabled": true},
        "odd": "run-odd",
        "far": {"url": "https://far.example/mcp", "headers": {"X-Lead": "elsewhere"}},
    }}));
    let said = trusted(&setup);
    for shown in [
        "server `later`, which can't be used as things are, and may start once they change:\n    ! `cwd` is not a directory",
        "command: \"run-later\"\n    cwd: \"./sub\"\n",
        "command: \"run-unset\"\n    env:\n      T: \"${env:NOT_SET_YET}\"\n",
        "server `off`, which is switched off:\n    command: \"run-off\"\n",
        "server `odd`, which can't be used",
        "url: \"https://far.example/mcp\"\n    headers:\n      X-Lead: \"elsewhere\"\n",
    ] {
        assert!(said.contains(shown), "{shown}\n{said}");
    }
}

#[test]
fn trust_shows_what_decides_how_a_program_runs_and_what_loosens_protection() {
    let setup = with_entry(json!({
        "args": ["--allow-own-files"],
        "plugins": {"basic": {"allow": ["/.*/"]}, "lasso": {"api_base": "https://elsewhere.example"}},
        "servers": {"it": {
            "command": "python3",
            "args": ["server.py", TOKEN],
            "env": {"LD_PRELOAD": "./evil.so", "API_TOKEN": TOKEN},
            "envFile": "./more.env",
        }},
    }))
    .file("work/more.env", "NODE_OPTIONS=--require=./evil.js\n");
    let said = trusted(&setup);
    for shown in [
        "args:\n      \"--allow-own-files\"\n",
        "plugins:\n      basic:\n        allow:\n          \"/.*/\"\n      lasso:\n        api_base: \"https://elsewhere.example\"\n",
        "server `it`, which starts:\n    command: \"python3\"\n    args:\n      \"server.py\"\n      \"<",
        "LD_PRELOAD: \"./evil.so\"\n      API_TOKEN: \"<",
        "envFile: \"./more.env\"\n",
        "NODE_OPTIONS: \"--require=./evil.js\"\n",
    ] {
        assert!(said.contains(shown), "{shown}\n{said}");
    }
    assert!(!said.contains(TOKEN) && !said.contains("for a shell"), "{said}");
}

#[test]
fn what_trust_shows_can_be_read_in_one_way_only() {
    let posing = "true #\u{1b}[2K\r  git: mcp-server-git\u{202e}\u{3164}\n  `fs`\", \"x";
    let setup = with_entry(
        json!({"servers": {"it": {"command": "sh", "args": ["-c", posing, format!("a{}b", " ".repeat(3000))]}}}),
    );
    let untrusted = setup.run(&[], "").stderr;
    for said in [untrusted, trusted(&setup)] {
        let shown = concat!(
            r#""true #\u{1b}[2K\u{d}  git: mcp-server-git\u{202e}\u{3164}\n  `fs`\", \"x""#,
            "\n",
            r#"      "a\x20{3000}b""#
        );
        assert!(said.contains(shown), "{said}");
        assert!(!said.contains(['\u{1b}', '\r', '\u{202e}', '\u{3164}']), "{said:?}");
    }
}

#[test]
fn a_command_that_looks_like_a_secret_does_not_hide_unsaid() {
    let hides = "password: Kq7v;touch$IFS/x;Zx9dM2pL";
    let setup = with_entry(json!({"servers": {"it": {"command": "sh", "args": ["-c", hides]}}}));
    let said = trusted(&setup);
    assert!(
        said.contains("\"password: <PASSWORD>\"") && said.contains("may be a command for a shell"),
        "{said}"
    );
}

/// Asserts that a gateway asks for trust, and starts nothing before it has that.
#[track_caller]
fn assert_starts_nothing(setup: &Setup) {
    let finished = setup.run(&[], "");
    assert!(finished.stderr.contains("mcp-gateway trust"), "{}", finished.stderr);
    assert!(
        !setup.sandbox.path("servers/place-0/journal").exists(),
        "a server was started"
    );
}

#[test]
fn trust_ends_where_the_file_changes() {
    let setup = with_files_from(0);
    trust(&setup, PLACES[0]);
    let text = std::fs::read_to_string(setup.sandbox.path(PLACES[0])).expect("it was written");
    setup
        .sandbox
        .write(PLACES[0], &text.replace("place-0\":", "renamed\":"));
    assert_starts_nothing(&setup);
}

#[test]
fn a_file_of_that_name_elsewhere_is_not_trusted_with_it() {
    let setup = with_files_from(0);
    trust(&setup, PLACES[1]);
    assert_starts_nothing(&setup);
}

#[test]
fn the_entry_with_servers_is_the_gateways_own() {
    let setup = Gateway::with([]);
    let mine = Server::echo("mine").install(&setup.sandbox);
    let other = Server::echo("other").install(&setup.sandbox);
    let text = json!({"mcpServers": {"other": other, "any-name": {"command": "x", "servers": {"mine": mine}}}});
    let mut gateway = setup.config_text(&text.to_string()).open();
    assert_eq!(gateway.server_names(), ["mine"]);
}

#[test]
fn several_such_entries_need_a_name() {
    let setup = || {
        let setup = Gateway::with([]);
        let [a, b] = ["a", "b"].map(|name| Server::echo(name).install(&setup.sandbox));
        let text = json!({"mcpServers": {"work-gate": {"servers": {"a": a}}, "home-gate": {"servers": {"b": b}}}});
        setup.config_text(&text.to_string())
    };
    setup()
        .run(&[], "")
        .assert_refused(&["work-gate", "home-gate", "--name"]);
    let mut gateway = setup().args(["--name", "home-gate"]).open();
    assert_eq!(gateway.server_names(), ["b"]);
    setup()
        .args(["--name", "home-gat"])
        .run(&[], "")
        .assert_refused(&["home-gat", "`home-gate`"]);
}

#[test]
fn a_file_without_such_an_entry_is_used_whole_less_gateways() {
    let setup = Gateway::with([]);
    let mut entries = Map::new();
    entries.insert("plain".into(), Server::echo("plain").install(&setup.sandbox));
    entries.insert(
        "binary".into(),
        json!({"command": "/usr/local/bin/mcp-gateway", "args": ["-p", "basic"]}),
    );
    entries.insert(
        "python".into(),
        json!({"command": "python", "args": ["-m", "mcp_gateway.server"]}),
    );
    entries.insert("uvx".into(), json!({"command": "uvx", "args": ["mcp-gateway"]}));
    let mut gateway = setup.config_text(&json!({"mcpServers": entries}).to_string()).open();
    assert_eq!(gateway.server_names(), ["plain"]);
}

#[test]
fn the_shapes_of_other_clients_are_read() {
    type Shape = fn(Value) -> Value;
    let shapes: [(&str, Shape); 6] = [
        ("mcpServers", |entry| json!({"mcpServers": {"it": entry}})),
        ("VS Code", |entry| json!({"inputs": [], "servers": {"it": entry}})),
        (
            "VS Code settings",
            |entry| json!({"editor.tabSize": 4, "mcp": {"servers": {"it": entry}}}),
        ),
        ("Zed", |entry| json!({"theme": "x", "context_servers": {"it": entry}})),
        (
            "OpenCode",
            |entry| json!({"mcp": {"it": {"type": "local", "command": [entry["command"], entry["args"][0]], "enabled": true}}}),
        ),
        ("flat", |entry| json!({"it": entry})),
    ];
    for (client, shape) in shapes {
        let setup = Gateway::with([]);
        let entry = Server::echo("it").install(&setup.sandbox);
        let mut gateway = setup.config_text(&shape(entry).to_string()).open();
        assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}", "{client}");
    }
}

#[test]
fn comments_trailing_commas_and_other_habits_are_read() {
    let setup = Gateway::with([]);
    let entry = Server::echo("it").install(&setup.sandbox);
    let text = format!(
        "\u{feff}// who wrote this?\r\n{{\r\n  /* mine */ \"mcpServers\": {{\r\n    \"it\": {{\"command\": {}, \"args\": {}, \"env\": null, \"unheardOf\": [1],}}, // yes\r\n    \"none\": {{\"command\": \"/bin/true\", \"args\": null, \"disabled\": true,}},\r\n  }},\r\n}}\r\n",
        entry["command"], entry["args"]
    );
    let mut gateway = setup.config_text(&text).open();
    assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
}
