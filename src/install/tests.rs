//! Installing and uninstalling, over files of every client.

mod interrupted;

use std::fs;

use super::*;
use crate::config::{Dirs, edit};
pub(super) use interrupted::TWO;

pub(super) const SERVERS_OF_CURSOR: &str = r#"{
  // mine
  "mcpServers": {
    "git": { "command": "uvx", "args": ["mcp-server-git"], "env": {"TOKEN": "${env:TOKEN}"} }, // code
    "far": {
      "url": "https://h/mcp",
      "disabledTools": ["rm"]
    }
  },
  "theme": "dark"
}
"#;

/// Directories of a test, and the place of a client's file in them.
pub(super) fn with_place<T>(client: &str, test: impl FnOnce(&Place<'_>) -> T) -> T {
    let root = tempfile::tempdir().expect("a directory");
    let [home, cwd, state, config] = ["home", "work", "state", "config"].map(|name| root.path().join(name));
    let dirs = Dirs {
        home,
        cwd,
        state,
        config,
    };
    let client = Client::named(client).expect("a client");
    let env = |_: &str| None;
    let place = Place::find(client, None, &dirs, &env);
    for folder in [&dirs.cwd, place.file.parent().expect("a folder")] {
        fs::create_dir_all(folder).expect("writable");
    }
    test(&place)
}

pub(super) fn wish() -> Wish {
    Wish {
        program: "/bin/mcp-gateway".into(),
        plugins: Vec::new(),
        sets: Vec::new(),
        scan: false,
    }
}

pub(super) fn write(place: &Place<'_>, text: &str) {
    fs::write(&place.file, text).expect("writable");
}

pub(super) fn text(place: &Place<'_>) -> String {
    fs::read_to_string(&place.file).expect("there")
}

#[track_caller]
pub(super) fn installed(place: &Place<'_>) -> Plan {
    let plan = install(place, &wish()).expect("understood");
    plan.apply().expect("writable");
    plan
}

#[track_caller]
pub(super) fn uninstalled(place: &Place<'_>) -> Plan {
    let plan = uninstall(place).expect("understood");
    plan.apply().expect("writable");
    plan
}

#[track_caller]
fn refused(client: &str, text: &str) -> String {
    with_place(client, |place| {
        write(place, text);
        install(place, &wish()).expect_err("refused").to_string()
    })
}

#[test]
fn the_servers_stand_under_the_entry_with_their_comments() {
    with_place("cursor", |place| {
        write(place, SERVERS_OF_CURSOR);
        installed(place);
        let path = place.file.display();
        let expected = format!(
            r#"{{
  // mine
  "mcpServers": {{
    "mcp-gateway": {{
      "command": "/bin/mcp-gateway",
      "args": ["--mcp-json-path", "{path}", "-p", "basic"],
      "servers": {{
        "git": {{ "command": "uvx", "args": ["mcp-server-git"], "env": {{"TOKEN": "${{env:TOKEN}}"}} }}, // code
        "far": {{
          "url": "https://h/mcp",
          "disabledTools": ["rm"]
        }}
      }}
    }}
  }},
  "theme": "dark"
}}
"#
        );
        assert_eq!(text(place), expected);
        assert!(
            install(place, &wish()).expect("understood").changes.is_empty(),
            "twice is once"
        );
        uninstalled(place);
        assert_eq!(text(place), SERVERS_OF_CURSOR);
        assert!(
            uninstall(place).expect("understood").changes.is_empty(),
            "twice is once"
        );
    });
}

#[test]
fn a_strict_client_gets_one_entry_and_the_servers_their_own_file() {
    with_place("claude-code", |place| {
        write(place, SERVERS_OF_CURSOR);
        installed(place);
        let own = fs::read_to_string(place.own()).expect("there");
        let now = edit::value(&text(place)).expect("JSON");
        let entry = &now["mcpServers"]["mcp-gateway"];
        assert_eq!(
            (&entry["type"], &entry["args"][1]),
            (&"stdio".into(), &place.own().display().to_string().into())
        );
        assert_eq!(now["mcpServers"].as_object().map(serde_json::Map::len), Some(1));
        assert!(own.contains("// code"), "{own}");
        let own = edit::value(&own).expect("JSON");
        assert_eq!(
            own["mcpServers"]["mcp-gateway"]["servers"]["far"]["disabledTools"][0],
            "rm"
        );
        uninstalled(place);
        assert_eq!(text(place), SERVERS_OF_CURSOR);
        assert!(!place.own().exists());
    });
}

#[test]
fn what_was_edited_since_is_moved_back_and_nothing_is_lost() {
    for client in ["cursor", "windsurf", "opencode", "vscode", "codex"] {
        with_place(client, |place| {
            let entries = r#"{"git": {"command": "uvx", "args": ["mcp-server-git"]}}"#;
            match client {
                "codex" => write(
                    place,
                    "model = \"o\"\n\n[mcp_servers.git]\ncommand = \"uvx\"\nargs = [\"mcp-server-git\"]\n",
                ),
                _ => write(place, &format!("{{\n  \"{}\": {entries}\n}}\n", place.client.place[0])),
            }
            installed(place);
            let holder = if place.client.is_inline {
                place.file.clone()
            } else {
                place.own()
            };
            let edited = fs::read_to_string(&holder)
                .expect("there")
                .replace("mcp-server-git", "mcp-server-time");
            fs::write(&holder, edited).expect("writable");
            let plan = uninstalled(place);
            assert!(plan.notes[0].contains("edited since"), "{client}");
            let file = place.parse(Some(&text(place))).expect("valid");
            let entries = file.entries().expect("entries");
            assert_eq!(entries.len(), 1, "{client}: {}", text(place));
            assert!(
                entries[0].value().contains("mcp-server-time"),
                "{client}: {}",
                text(place)
            );
            assert!(!place.own().exists(), "{client}");
        });
    }
}

#[test]
fn servers_that_were_added_beside_the_gateway_follow() {
    with_place("cursor", |place| {
        write(place, SERVERS_OF_CURSOR);
        installed(place);
        let added = text(place).replacen(
            "\"mcpServers\": {",
            "\"mcpServers\": {\n    \"new\": {\"command\": \"x\"},",
            1,
        );
        write(place, &added);
        installed(place);
        let now = edit::value(&text(place)).expect("JSON");
        assert_eq!(now["mcpServers"].as_object().map(serde_json::Map::len), Some(1));
        let servers = now["mcpServers"]["mcp-gateway"]["servers"]
            .as_object()
            .expect("servers")
            .clone();
        assert_eq!(servers.keys().collect::<Vec<_>>(), ["git", "far", "new"]);
        uninstalled(place);
        let now = edit::value(&text(place)).expect("JSON");
        assert_eq!(
            now["mcpServers"].as_object().expect("servers").len(),
            3,
            "the copy from before lacks one"
        );
    });
}

#[test]
fn an_entry_of_the_python_package_is_converted() {
    for (client, entry) in [
        (
            "cursor",
            r#""command": "python", "args": ["-m", "mcp_gateway.server", "--mcp-json-path", "~/.cursor/mcp.json", "--plugin", "basic"]"#,
        ),
        (
            "cursor",
            r#""command": "uvx", "args": ["mcp-gateway", "--plugin", "basic"]"#,
        ),
        (
            "kiro",
            r#""command": "docker", "args": ["run", "-e", "KEY=1", "-v", "FILE:/y", "mcp/gateway:latest", "--mcp-json-path", "/y", "--plugin", "basic"]"#,
        ),
    ] {
        with_place(client, |place| {
            let before = format!(
                r#"{{"mcpServers": {{"gw": {{{entry}, "env": {{"LASSO_API_KEY": "k"}}, "servers": {{"a": {{"command": "x"}}}}}}}}}}"#
            );
            let before = before.replace("FILE", &place.file.display().to_string());
            write(place, &before);
            installed(place);
            let now = edit::value(&text(place)).expect("JSON");
            let gateway = &now["mcpServers"]["gw"];
            assert_eq!(
                (
                    &gateway["command"],
                    &gateway["args"][2],
                    &gateway["env"]["LASSO_API_KEY"]
                ),
                (&"/bin/mcp-gateway".into(), &"--plugin".into(), &"k".into())
            );
            assert_eq!(gateway["args"].as_array().map(Vec::len), Some(4));
            for _ in 0..2 {
                uninstalled(place);
                assert_eq!(text(place), before, "what stood there before is not ours to take apart");
            }
        });
    }
}

#[test]
fn what_the_gateway_cannot_run_stays_and_why_is_said() {
    with_place("vscode", |place| {
        write(
            place,
            r#"{"inputs": [], "servers": {"asks": {"command": "x", "env": {"K": "${input:k}"}}, "fine": {"command": "x", "env": {"K": "${env:UNSET}"}}}}"#,
        );
        let plan = installed(place);
        assert!(
            plan.notes[0].starts_with("`asks` stays where it is: `K` asks for"),
            "{:?}",
            plan.notes
        );
        let now = edit::value(&text(place)).expect("JSON");
        assert_eq!(
            now["servers"].as_object().expect("servers").keys().collect::<Vec<_>>(),
            ["asks", "mcp-gateway"]
        );
    });
}

#[test]
fn lists_of_denied_tools_are_carried_over() {
    with_place("opencode", |place| {
        write(
            place,
            r#"{"mcp": {"git": {"type": "local", "command": ["x"]}}, "tools": {"git_push": false}}"#,
        );
        let plan = installed(place);
        assert_eq!(plan.notes, ["`git` keeps `push` denied, as OpenCode has it"]);
        let own = fs::read_to_string(place.own()).expect("there");
        let config = crate::config::parse(&place.own(), own.as_bytes(), None, place.dirs, &|_| None).expect("valid");
        assert_eq!(config.servers[0].tools.deny, ["push"]);
    });
}

#[test]
fn a_list_that_keeps_the_gateway_out_is_named() {
    with_place("gemini", |place| {
        write(
            place,
            r#"{"mcpServers": {"a": {"command": "x"}}, "mcp": {"allowed": ["a"]}}"#,
        );
        let plan = installed(place);
        assert!(
            plan.notes[0].contains("keeps `mcp-gateway`, which is the gateway, from being used"),
            "{:?}",
            plan.notes
        );
    });
}

#[test]
fn codex_passes_the_variables_on_and_gets_its_words_back() {
    with_place("codex", |place| {
        let before = "[mcp_servers.git]\ncommand = \"uvx\"\nenv_vars = [\"TOKEN\"]\n";
        write(place, before);
        installed(place);
        assert!(text(place).contains("env_vars = [\"TOKEN\"]"), "{}", text(place));
        assert!(
            install(place, &wish()).expect("understood").changes.is_empty(),
            "twice is once"
        );
        let own = fs::read_to_string(place.own()).expect("there");
        assert!(own.contains("${TOKEN}"), "{own}");
        fs::write(place.own(), own + "\n").expect("writable");
        uninstalled(place);
        assert_eq!(text(place), before);
    });
}

#[test]
fn a_missing_file_is_made_and_goes_again() {
    with_place("claude-code", |place| {
        installed(place);
        assert!(text(place).contains("mcp-gateway"));
        uninstalled(place);
        assert!(!place.file.exists() && !place.own().exists());
    });
}

#[test]
fn what_is_not_understood_is_refused_with_a_reason() {
    for (client, text, says) in [
        ("cursor", "{\"mcpServers\": {", "it is not JSON"),
        ("cursor", r#"{"mcpServers": []}"#, "`mcpServers` is not an object"),
        (
            "cursor",
            r#"{"mcpServers": {}, "mcpServers": {}}"#,
            "`mcpServers` stands twice",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}"#,
            "`a` stands twice",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"a": {"command": "x", "servers": {}}}}"#,
            "does not start a gateway that is known",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"a": {"command": "uvx", "args": ["mcp-gateway"]}, "b": {"command": "mcp-gateway"}}}"#,
            "several entries that start a gateway, `a`, `b`",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"g": {"command": "mcp-gateway", "servers": {"a": {"command": "x"}}}, "a": {"command": "y"}}}"#,
            "`a` stands both beside",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"mcp-gateway": {"url": 1}}}"#,
            "is the name of an entry that can't be moved",
        ),
        (
            "cursor",
            r#"{"mcpServers": {"g": {"command": "mcp-gateway", "args": ["--mcp-json-path", "/no/such"]}}}"#,
            "reads /no/such, which is not there",
        ),
        ("codex", "model = ", "it is not TOML in line 1"),
        ("goose", "extensions: {}", "write the entry by hand"),
    ] {
        let refusal = refused(client, text);
        assert!(refusal.contains(says), "{text}: {refusal}");
    }
}

#[test]
fn servers_whose_gateway_a_person_removed_come_back() {
    with_place("claude-code", |place| {
        write(place, TWO);
        installed(place);
        write(place, r#"{"mcpServers": {"a": {"command": "x", "env": {"K": "1"}}}}"#);
        let plan = uninstalled(place);
        assert!(plan.notes[0].contains("moved back"), "{:?}", plan.notes);
        assert_eq!(edit::value(&text(place)), edit::value(TWO));
        write(place, TWO);
        installed(place);
        write(place, r#"{"mcpServers": {"a": {"command": "another"}}}"#);
        let refusal = uninstall(place).expect_err("two that are not the same").to_string();
        assert!(
            refusal.contains("`a` stands both") && refusal.contains("claude-code.json"),
            "{refusal}"
        );
    });
}

#[test]
fn a_file_of_a_project_names_none_of_the_users_others() {
    with_place("claude-code", |place| {
        let project = Place::find(place.client, Some(".mcp.json"), place.dirs, place.env);
        let (others, inside) = (place.dirs.home.join("others.json"), place.dirs.cwd.join("gateway.json"));
        let mine = r#"{"mcpServers": {"mine": {"command": "x", "env": {"K": "s3cret"}}}}"#;
        for file in [&others, &inside] {
            fs::write(file, mine).expect("writable");
        }
        let entry = |file: &Path| {
            let args = serde_json::json!(["--mcp-json-path", file]);
            let entries =
                serde_json::json!({"gw": {"command": "/x/mcp-gateway", "args": args}, "evil": {"command": "e"}});
            fs::write(&project.file, serde_json::json!({"mcpServers": entries}).to_string()).expect("writable");
        };
        entry(&others);
        for refused in [install(&project, &wish()), uninstall(&project)] {
            let refusal = refused.expect_err("not its business").to_string();
            assert!(
                refusal.contains("others.json, which is none of its project's"),
                "{refusal}"
            );
        }
        assert_eq!(fs::read_to_string(&others).expect("there"), mine);
        entry(&inside);
        install(&project, &wish()).expect("a file of the project");
    });
}

#[test]
fn files_that_an_entry_names_from_its_own_are_found_from_the_gateways() {
    with_place("opencode", |place| {
        let before = r#"{"mcp": {"a": {"type": "local", "command": ["x"], "environment": {"K": "{file:./key}"}}}}"#;
        write(place, before);
        fs::write(place.file.with_file_name("key"), "k").expect("writable");
        installed(place);
        let own = fs::read_to_string(place.own()).expect("there");
        let config = crate::config::parse(&place.own(), own.as_bytes(), None, place.dirs, &|_| None).expect("valid");
        assert_eq!(config.problems, []);
        fs::write(place.own(), own + "\n").expect("writable");
        uninstalled(place);
        assert_eq!(edit::value(&text(place)), edit::value(before));
    });
}

#[test]
fn however_often_it_is_installed_all_servers_come_back() {
    for client in ["cursor", "claude-code"] {
        with_place(client, |place| {
            write(place, r#"{"mcpServers": {"a": {"command": "x"}}}"#);
            installed(place);
            for name in ["b", "c", "d"] {
                let added = format!("{{\"mcpServers\": {{\"{name}\": {{\"command\": \"x\"}}, ");
                write(place, &text(place).replacen("{\"mcpServers\": {", &added, 1));
                installed(place);
            }
            uninstalled(place);
            let now = edit::value(&text(place)).expect("JSON");
            let names: Vec<&String> = now["mcpServers"].as_object().expect("servers").keys().collect();
            assert_eq!(names, ["a", "b", "c", "d"], "{client}");
        });
    }
}
