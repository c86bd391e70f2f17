//! A file of every client, as its documentation shows it.

use std::fs;
use std::path::Path;

use super::load::parse;
use super::testing::{environment, in_project, shown};
use super::{Blocked, CALL_TIMEOUT, Dirs, START_TIMEOUT, Server};

/// The client, its file, and the servers in it: `name: launch`, then what differs from the defaults.
const SAMPLES: &[(&str, &str, &[&str])] = &[
    (
        "Claude Desktop",
        r#"{"globalShortcut": "", "mcpServers": {"filesystem": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/data"], "env": {"A": "1"}}}}"#,
        &["filesystem: npx -y @modelcontextprotocol/server-filesystem /data; A=1"],
    ),
    (
        "Claude Code, .mcp.json",
        r#"{"mcpServers": {
            "local": {"type": "stdio", "command": "${HOME_BIN:-node}", "args": ["s.js", "${TOKEN}"], "env": {}},
            "http": {"type": "http", "url": "https://h/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}},
            "stream": {"type": "streamable-http", "url": "https://h/mcp"},
            "sse": {"type": "sse", "url": "https://h/events"}}}"#,
        &[
            "local: node s.js t0ken;",
            "http: StreamableHttp https://h/mcp; Authorization=Bearer t0ken",
            "stream: StreamableHttp https://h/mcp;",
            "sse: Sse https://h/events;",
        ],
    ),
    (
        "Claude Code, ~/.claude.json",
        r#"{"numStartups": 3, "mcpServers": {"mine": {"command": "a"}, "both": {"command": "b"}},
            "projects": {"/elsewhere": {"mcpServers": {"no": {"command": "x"}}},
                         "CWD": {"history": [], "mcpServers": {"both": {"command": "c"}}}}}"#,
        &["both: c;", "mine: a;"],
    ),
    (
        "Cursor",
        r#"{
            // comments are welcome
            "mcpServers": {
                "local": {"command": "${userHome}/bin/s", "args": ["${workspaceFolder}"], "envFile": "${workspaceFolder}/.env", "env": {"B": "${env:TOKEN}"}, "cwd": "~"},
                "remote": {"url": "https://h/mcp", "headers": {"X-Key": "${env:TOKEN}"}, "auth": {"CLIENT_ID": "id", "CLIENT_SECRET": "s", "scopes": ["read"]}},
            },
        }"#,
        &["local: HOME/bin/s CWD; A=from the file B=t0ken in HOME", "remote: StreamableHttp https://h/mcp; X-Key=t0ken oauth id"],
    ),
    (
        "VS Code, .vscode/mcp.json",
        r#"{"inputs": [{"type": "promptString", "id": "key", "password": true}],
            "servers": {"local": {"type": "stdio", "command": "uvx", "args": ["mcp-server-time"], "env": {"NONE": null}, "dev": {"watch": "src"}},
                        "remote": {"type": "http", "url": "https://h/mcp"}}}"#,
        &["local: uvx mcp-server-time;", "remote: StreamableHttp https://h/mcp;"],
    ),
    (
        "VS Code, settings.json",
        r#"{"editor.tabSize": 4, "mcp": {"inputs": [], "servers": {"time": {"command": "uvx", "args": ["mcp-server-time"]}}}}"#,
        &["time: uvx mcp-server-time;"],
    ),
    (
        "Windsurf",
        r#"{"mcpServers": {"remote": {"serverUrl": "https://h/mcp", "headers": {"X": "${file:~/key}"}}, "sse": {"url": "https://h/v1/sse?x=1"}}}"#,
        &["remote: StreamableHttp https://h/mcp; X=from home", "sse: Sse https://h/v1/sse?x=1;"],
    ),
    (
        "Zed",
        r#"{"theme": "One Dark", "context_servers": {
            "new": {"source": "custom", "command": "s", "args": ["x"], "env": {}},
            "old": {"command": {"path": "s", "args": ["x"], "env": {"A": "1"}}, "settings": {}}}}"#,
        &["new: s x;", "old: s x; A=1"],
    ),
    (
        "Cline",
        r#"{"mcpServers": {
            "local": {"command": "node", "args": ["s.js"], "disabled": false, "alwaysAllow": ["x"], "timeout": 3600},
            "remote": {"type": "streamableHttp", "url": "https://h/mcp", "autoApprove": [], "disabled": true}}}"#,
        &["local: node s.js; call 3600s", "remote: StreamableHttp https://h/mcp; disabled"],
    ),
    (
        "Roo",
        r#"{"mcpServers": {"it": {"type": "streamable-http", "url": "https://h/mcp", "disabledTools": ["rm"], "timeout": 60}}}"#,
        &["it: StreamableHttp https://h/mcp; call 60s deny rm"],
    ),
    (
        "Kiro",
        r#"{"mcpServers": {"it": {"command": "uvx", "args": ["s@latest"], "disabled": false, "autoApprove": ["*"], "disabledTools": ["a", "b"]}}}"#,
        &["it: uvx s@latest; deny a b"],
    ),
    (
        "Gemini",
        r#"{"mcpServers": {
            "local": {"command": "python", "args": ["-m", "s"], "cwd": "./", "env": {"KEY": "$TOKEN"}, "timeout": 15000, "trust": true,
                      "includeTools": ["a", "b"], "excludeTools": ["b"]},
            "http": {"httpUrl": "https://h/mcp", "url": "https://h/sse", "timeout": 5000},
            "sse": {"url": "https://h/sse"}}}"#,
        &[
            "local: python -m s; KEY=t0ken call 15s allow a b deny b",
            "http: StreamableHttp https://h/mcp; call 5s",
            "sse: Sse https://h/sse;",
        ],
    ),
    (
        "Codex's keys in JSON",
        r#"{"mcpServers": {
            "local": {"command": "s", "enabled": false, "enabled_tools": ["a"], "disabled_tools": ["b"], "startup_timeout_sec": 20, "tool_timeout_sec": 90.5},
            "remote": {"url": "https://h/mcp", "bearer_token_env_var": "TOKEN", "http_headers": {"X": "1"}}}}"#,
        &[
            "local: s; start 20s call 90.5s disabled allow a deny b",
            "remote: StreamableHttp https://h/mcp; X=1 Authorization=Bearer t0ken",
        ],
    ),
    (
        "OpenCode",
        r#"{"$schema": "x", "mcp": {
            "local": {"type": "local", "command": ["bun", "x", "s"], "environment": {"KEY": "{env:TOKEN}"}, "enabled": true, "timeout": 5000},
            "remote": {"type": "remote", "url": "https://h/mcp", "enabled": false, "oauth": {}}}}"#,
        &["local: bun x s; KEY=t0ken call 5s", "remote: StreamableHttp https://h/mcp; disabled"],
    ),
    (
        "Goose",
        r#"{"extensions": {"git": {"type": "stdio", "name": "Git", "cmd": "uvx", "args": ["mcp-server-git"], "envs": {"A": "1"}, "enabled": true, "timeout": 300},
                           "web": {"type": "streamable_http", "uri": "https://h/mcp", "enabled": true}}}"#,
        &["git: uvx mcp-server-git; A=1 call 300s", "web: StreamableHttp https://h/mcp;"],
    ),
    (
        "names alone",
        r#"{"time": {"command": "uvx mcp-server-time --local-timezone 'Europe/Berlin'", "args": null}, "web": {"url": "http://localhost:1/mcp"}}"#,
        &["time: uvx mcp-server-time --local-timezone Europe/Berlin;", "web: StreamableHttp http://localhost:1/mcp;"],
    ),
    (
        "this gateway",
        "\u{feff}{\"mcpServers\": {\"mcp-gateway\": {\"command\": \"mcp-gateway\", \"args\": [\"-p\", \"basic\"], \"env\": {\"REGION\": \"eu\"}, \"servers\": {
            \"git\": {\"command\": \"git-mcp\", \"args\": [\"${REGION}\", 3, true], \"env\": {\"PORT\": 80, \"ON\": true}, \"prefix\": \"\", \"blocked\": \"skipped\",
                      \"start_timeout\": \"2m\", \"timeout\": 30, \"tools\": {\"allow\": [\"git_*\"], \"deny\": [\"*_push\"]}}}},
            \"beside\": {\"command\": \"not ours\"}}}",
        &["git: git-mcp eu 3 true; PORT=80 ON=true prefix=\"\" Skipped call 30s allow git_* deny *_push"],
    ),
];

/// What of a server differs from the defaults.
fn extras(server: &Server) -> String {
    let mut extras = String::new();
    if let Some(prefix) = &server.prefix {
        extras += &format!(" prefix={prefix:?}");
    }
    if server.blocked != Blocked::No {
        extras += &format!(" {:?}", server.blocked);
    }
    if server.start_timeout != START_TIMEOUT {
        extras += &format!(" start {:?}", server.start_timeout);
    }
    if server.call_timeout != CALL_TIMEOUT {
        extras += &format!(" call {:?}", server.call_timeout);
    }
    if server.disabled {
        extras += " disabled";
    }
    if let Some(allow) = &server.tools.allow {
        extras += &format!(" allow {}", allow.join(" "));
    }
    if !server.tools.deny.is_empty() {
        extras += &format!(" deny {}", server.tools.deny.join(" "));
    }
    extras
}

fn read(client: &str, text: &str, dirs: &Dirs) -> Vec<String> {
    fs::write(dirs.cwd.join(".env"), "A=from the file\nB=hidden\n").expect("writable");
    fs::write(dirs.home.join("key"), "from home\n").expect("writable");
    let text = text.replace("CWD", &dirs.cwd.to_string_lossy().replace('\\', "\\\\"));
    let config = parse(Path::new("mcp.json"), text.as_bytes(), None, dirs, &environment);
    let config = config.unwrap_or_else(|error| panic!("{client}: {error}"));
    assert_eq!(config.problems, [], "{client}");
    let line = |server: &Server| format!("{}: {}{}", server.name, shown(&server.launch, dirs), extras(server));
    config.servers.iter().map(line).collect()
}

#[test]
fn the_file_of_every_client_is_understood() {
    for (client, text, servers) in SAMPLES {
        in_project(|dirs| assert_eq!(read(client, text, dirs), *servers, "{client}"));
    }
}

#[test]
fn every_sample_is_understood_with_windows_line_ends_and_tabs() {
    for (client, text, servers) in SAMPLES {
        let text = text.replace('\n', "\r\n\t");
        in_project(|dirs| assert_eq!(read(client, &text, dirs), *servers, "{client}"));
    }
}

#[test]
fn a_sample_that_is_cut_anywhere_is_an_error_and_no_panic() {
    in_project(|dirs| {
        for (_, text, _) in SAMPLES {
            for (end, _) in text.char_indices() {
                let config = parse(Path::new("mcp.json"), &text.as_bytes()[..end], None, dirs, &environment);
                assert!(config.is_err(), "{}", &text[..end]);
            }
        }
    });
}

mod arbitrary {
    use super::{Dirs, environment, parse};
    use proptest::prelude::*;
    use serde_json::{Map, Value};
    use std::path::Path;

    /// JSON made of the keys and values that mean something, in places where they do and do not belong.
    fn json() -> impl Strategy<Value = Value> {
        let keys = super::super::raw::KEYS
            .iter()
            .flat_map(|(_, names)| names.iter().copied());
        let places = [
            "mcpServers",
            "projects",
            "mcp",
            "extensions",
            "allow",
            "deny",
            "path",
            "",
            "x",
        ];
        let keys: Vec<&str> = keys.chain(places).collect();
        let texts = [
            "npx -y 'x",
            "~",
            "${",
            "${TOKEN}",
            "${file:/}",
            "$NONE",
            "https://",
            "5ms",
            "stdio",
            "\u{0}",
            "é",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            prop::sample::select(texts.to_vec()).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((prop::sample::select(keys.clone()), inner), 0..6)
                    .prop_map(|members| members
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect::<Map<_, _>>())
                    .prop_map(Value::Object),
            ]
        })
    }

    fn load(bytes: &[u8]) {
        let [home, cwd, state, config] =
            ["/none/home", "/none/project", "/none/state", "/none/settings"].map(Into::into);
        let dirs = Dirs {
            home,
            cwd,
            state,
            config,
        };
        if let Ok(config) = parse(Path::new("mcp.json"), bytes, None, &dirs, &environment) {
            for problem in config.problems.iter().chain(&config.notes) {
                let _ = format!("{problem}{problem:#}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            load(&bytes);
        }

        #[test]
        fn text_of_json_signs_never_panics(text in r#"[\{\}\[\]":,/*\\$a-c0-9é\n -]{0,120}"#) {
            load(text.as_bytes());
        }

        #[test]
        fn json_in_the_wrong_places_never_panics(value in json()) {
            load(serde_json::to_string(&value).expect("serializable").as_bytes());
            load(serde_json::to_string(&serde_json::json!({"mcpServers": {"a": value}})).expect("serializable").as_bytes());
        }
    }
}
