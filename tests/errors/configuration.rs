//! Files, entries, options, plugins.

use serde_json::json;

use super::{Case, ran, started};
use crate::harness::{Gateway, Server, Setup};

/// Entries that are wrong, one after the other in one file.
const ENTRIES: &str = r#"{
  // Comments are fine.
  "mcpServers": {
    "gateway": {
      "command": "mcp-gateway",
      "args": ["-p", "bsic", "--colour", "--set", "basic.alow=[]"],
      "plugin": {"basic": {}},
      "servers": {
        "number": {"command": 7},
        "empty": {"command": ""},
        "nothing": {"args": ["x"]},
        "typo": {"comand": "sh"},
        "args": {"command": "sh", "args": "y"},
        "arg": {"command": "sh", "args": [1, {}]},
        "env": {"command": "sh", "env": ["A=1"]},
        "env-value": {"command": "sh", "env": {"A": {}}},
        "unset": {"command": "sh", "env": {"KEY": "${NEVER_SET_ANYWHERE}"}},
        "input": {"command": "sh", "env": {"KEY": "${input:token}"}},
        "env-file": {"command": "sh", "envFile": "/no/such/file"},
        "timeout": {"command": "sh", "timeout": "soon"},
        "disabled": {"command": "sh", "disabled": "perhaps"},
        "blocked": {"command": "sh", "blocked": "maybe"},
        "cwd": {"command": "sh", "cwd": 5},
        "no-folder": {"command": "sh", "cwd": "/no/such/folder"},
        "gone": {"command": "no-such-program-anywhere"},
        "both": {"command": "sh", "url": "https://mcp.example/"},
        "address": {"url": "mcp.example"},
        "scheme": {"url": "ftp://mcp.example/"},
        "header": {"url": "https://mcp.example/", "headers": {"Authorization": "Bearer ${NEVER_SET_ANYWHERE}"}},
        "text": "npx server",
        "list": [],
        "null": null
      }
    }
  }
}"#;

/// A gateway of one server, started with these options.
fn with(options: &[&str]) -> Setup {
    Gateway::with([Server::echo("it")]).args(options.iter().copied())
}

/// A gateway that reads this file.
fn reading(text: &str) -> Setup {
    Gateway::with([]).config_text(text)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    files(&mut cases);
    options(&mut cases);
    plugins(&mut cases);
    cases
}

fn files(cases: &mut Vec<Case>) {
    let nowhere = || Gateway::with([]).discovering();
    let foreign = || nowhere().file("work/mcp.json", r#"{"mcpServers": {"it": {"command": "sh"}}}"#);
    let two =
        r#"{"mcpServers": {"a": {"servers": {"x": {"command": "sh"}}}, "b": {"servers": {"y": {"command": "sh"}}}}}"#;
    let lines = "{\n  \"mcpServers\": {\n    \"a\": {,}\n  }\n}";
    let no_text = nowhere();
    std::fs::write(no_text.sandbox.path("work/image.json"), b"\x89PNG\r\n\x1a\n\xff\xfe").expect("ours");
    let folder = nowhere().file("work/folder/file", "");
    let fixed = [
        started("no configuration anywhere", nowhere()),
        ran("a file that is missing", nowhere(), &["--mcp-json-path", "gone.json"]),
        ran("a file that is a folder", folder, &["--mcp-json-path", "folder"]),
        started("no JSON", reading(lines)),
        started("an empty file", reading("")),
        ran("a file that is no text", no_text, &["--mcp-json-path", "image.json"]),
        started("no object", reading("[]")),
        started("no servers in it", reading("{}")),
        started("servers that are no object", reading(r#"{"mcpServers": [1]}"#)),
        started("two gateways in one file", reading(two)),
        ran("a name that the file does not hold", reading(two), &["--name", "c"]),
        started("a file that nobody trusted", foreign()),
        ran("trust of a file that is missing", nowhere(), &["trust", "gone.json"]),
        ran("check of every wrong entry", reading(ENTRIES), &["check"]),
        ran(
            "the same, started",
            reading(&ENTRIES.replace(r#""plugin": {"basic": {}},"#, "")),
            &["--log-level", "WARNING"],
        ),
    ];
    cases.extend(fixed);
}

fn options(cases: &mut Vec<Case>) {
    let table: &[(&'static str, &[&str])] = &[
        ("an option that does not exist", &["--plugins", "basic"]),
        ("a plugin that does not exist", &["-p", "bsic"]),
        ("a plugin far from any", &["-p", "firewall"]),
        ("a log level that does not exist", &["--log-level", "LOUD"]),
        ("a way of tools that does not exist", &["--tools", "all"]),
        ("a size that is none", &["--max-response", "big"]),
        ("a threshold out of range", &["--scan", "--threshold", "200"]),
        ("a threshold without a scan", &["--threshold", "20"]),
        ("a setting without a value", &["-p", "basic", "--set", "basic.allow"]),
        ("a setting without a plugin", &["-p", "basic", "--set", "allow=[]"]),
        (
            "a setting of a plugin that does not exist",
            &["-p", "basic", "--set", "bsic.allow=[]"],
        ),
        ("a setting of a plugin that is off", &["--set", "basic.allow=[]"]),
        (
            "a setting that does not exist",
            &["-p", "basic", "--set", "basic.alow=[]"],
        ),
        (
            "a setting of the wrong kind",
            &["-p", "basic", "--set", "basic.allow=7"],
        ),
        (
            "a setting that is broken JSON",
            &["-p", "basic", "--set", "basic.allow=[\"a"],
        ),
        (
            "a value that does not exist",
            &["-p", "basic", "--set", "basic.sensitivity=hgih"],
        ),
    ];
    cases.extend(table.iter().map(|(name, options)| started(name, with(options))));
}

fn plugins(cases: &mut Vec<Case>) {
    let plugin = |name: &'static str, id: &'static str, settings: serde_json::Value| {
        started(name, with(&["-p", id]).entry("plugins", json!({id: settings})))
    };
    let policy = |rule: serde_json::Value| json!({"rules": [rule]});
    let made = [
        plugin(
            "plugins: a setting in the file that does not exist",
            "basic",
            json!({"sensitivty": "high"}),
        ),
        plugin(
            "basic: a pattern that is no regular expression",
            "basic",
            json!({"rules": [{"id": "x", "regex": "(", "placeholder": "X"}]}),
        ),
        plugin(
            "basic: a rule that does not exist",
            "basic",
            json!({"disable": ["github-patt"]}),
        ),
        plugin(
            "basic: a way of masking that does not exist",
            "basic",
            json!({"masking": "vualt"}),
        ),
        plugin(
            "presidio: an entity that nobody has",
            "presidio",
            json!({"entities": ["CREDIT_CRAD"]}),
        ),
        plugin(
            "presidio: an operator that does not exist",
            "presidio",
            json!({"operators": {"DEFAULT": {"type": "hide"}}}),
        ),
        plugin(
            "presidio: encryption without a key",
            "presidio",
            json!({"operators": {"DEFAULT": {"type": "encrypt"}}}),
        ),
        plugin(
            "presidio: a service that is no address",
            "presidio",
            json!({"analyzer_url": "localhost"}),
        ),
        plugin(
            "policy: a verdict that does not exist",
            "policy",
            policy(json!({"name": "mine", "when": {"tool": "a"}, "then": "forbid"})),
        ),
        plugin(
            "policy: a rule without a verdict",
            "policy",
            policy(json!({"name": "mine", "when": {"tool": "a"}})),
        ),
        plugin(
            "policy: a condition that does not exist",
            "policy",
            policy(json!({"name": "mine", "when": {"tools": "a"}, "then": "deny"})),
        ),
        plugin(
            "policy: a pattern that is none",
            "policy",
            policy(json!({"name": "mine", "when": {"tool": "/(/"}, "then": "deny"})),
        ),
        plugin(
            "policy: a pattern of the wrong kind",
            "policy",
            policy(json!({"name": "mine", "when": {"tool": 7}, "then": "deny"})),
        ),
        plugin(
            "injection: a way that does not exist",
            "injection",
            json!({"review": "shout"}),
        ),
        plugin("external: nobody to ask", "external", json!({})),
        plugin(
            "external: neither program nor service",
            "external",
            json!({"mine": {"kinds": ["result"]}}),
        ),
        plugin("external: not of the form", "external", json!({"command": "judge"})),
        plugin("lasso: no key", "lasso", json!({})),
        plugin("xetrack: an age that is none", "xetrack", json!({"max_age": "ninety"})),
        plugin(
            "xetrack: a price without a currency",
            "xetrack",
            json!({"cost": {"it": {"per_cal": 1}}}),
        ),
        plugin(
            "xetrack: a collector that is no address",
            "xetrack",
            json!({"otlp_endpoint": "collector"}),
        ),
        plugin(
            "xetrack: a store that can't be written, and is required",
            "xetrack",
            json!({"db_path": "/proc/no/trace.db", "required": true}),
        ),
    ];
    cases.extend(made);
    let text = with(&["-p", "xetrack"]).file(
        "work/text.db",
        "this is no database, whatever its name says, and it is long enough",
    );
    let settings = json!({"xetrack": {"db_path": text.sandbox.path("work/text.db"), "required": true}});
    cases.push(started(
        "xetrack: a store that is no database",
        text.entry("plugins", settings),
    ));
}
