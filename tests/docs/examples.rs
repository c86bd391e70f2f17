//! The configurations that pages show are what the schema describes, and `check` has nothing against them.

use std::{fs, os::unix::fs::PermissionsExt};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::{pages::pages, tables::schema};
use crate::harness::{Finished, Gateway};

/// Variables that the examples take something from.
const VARIABLES: &[&str] = &["GITHUB_TOKEN", "LASSO_API_KEY", "DLP_TOKEN"];

/// A configuration that a page shows.
struct Example {
    place: String,
    text: String,
    value: Value,
}

/// Every block of JSON that is a configuration or a part of one, made whole.
fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for page in pages() {
        let blocks = page.blocks();
        for block in blocks.iter().filter(|block| block.language.starts_with("json")) {
            let place = format!("{}:{}", page.name, block.line);
            let is_part = !block.text.trim_start().starts_with('{');
            let text = if is_part {
                format!("{{{}}}", block.text)
            } else {
                block.text.clone()
            };
            let Some(value) = parsed(&text) else {
                // Lines of a protocol: each is JSON.
                let lines = block.text.lines();
                lines.for_each(|line| assert!(parsed(line).is_some(), "{place} is no JSON: {line}"));
                continue;
            };
            let has = |key: &str| value.get(key).is_some();
            let text = if has("mcpServers") {
                text
            } else if is_part && has("gateway") {
                format!("{{\"mcpServers\": {text}}}")
            } else if is_part && (has("plugins") || has("scan")) {
                let names = value["plugins"].as_object().into_iter().flat_map(Map::keys);
                let args: Vec<&str> = names.flat_map(|name| ["-p", name]).collect();
                let entry = format!(
                    "\"command\": \"mcp-gateway\", \"args\": {}, \"servers\": {{}}",
                    json!(args)
                );
                format!("{{\"mcpServers\": {{\"gateway\": {{{entry}, {}}}}}}}", block.text)
            } else {
                panic!("{place}: neither a configuration nor a part of one");
            };
            let value = parsed(&text).unwrap_or_else(|| panic!("{place}: {text}"));
            examples.push(Example { place, text, value });
        }
    }
    assert!(examples.len() >= 6, "{} examples", examples.len());
    examples
}

/// JSON with comments and trailing commas, as the gateway reads it.
fn parsed(text: &str) -> Option<Value> {
    jsonc_parser::parse_to_serde_value::<Option<Value>>(text, &jsonc_parser::ParseOptions::default()).ok()?
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).expect("the schema is one")
}

#[test]
fn the_schema_describes_every_example() {
    let schema = validator();
    for Example { place, value, .. } in examples() {
        let faults: Vec<String> = schema
            .iter_errors(&value)
            .map(|fault| format!("{} at {}", fault, fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{place}: {faults:#?}");
    }
}

#[test]
fn the_schema_tells_what_is_wrong() {
    let schema = validator();
    let gateway = |gateway: Value| json!({"mcpServers": {"gateway": gateway}});
    for wrong in [
        gateway(json!({"servers": {"a": {"command": "x", "timeout": []}}})),
        gateway(json!({"servers": {}, "plugins": {"basic": {"colour": 1}}})),
        gateway(json!({"servers": {}, "plugins": {"basic": {"responses": "hide"}}})),
        gateway(json!({"servers": {}, "plugins": {"baisc": {}}})),
        gateway(json!({"servers": {}, "scan": {"treshold": 3}})),
        json!({"mcpServers": {"a": {"command": 1}}}),
    ] {
        assert!(!schema.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn check_has_nothing_against_any_example() {
    for Example { place, text, value } in examples() {
        let setup = Gateway::with([]).discovering();
        let programs = setup.sandbox.path("programs");
        fs::create_dir(&programs).expect("the sandbox is writable");
        for program in ["npx", "uvx", "mcp-gateway"] {
            let file = programs.join(program);
            let written = fs::write(&file, "#!/bin/sh\n")
                .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o755)));
            written.expect("the sandbox is writable");
        }
        let file = setup.sandbox.write("home/mcp.json", &text);
        let mut check = setup.command(&["check", "--format", "json", "--mcp-json-path"]);
        check.arg(file).env("PATH", &programs);
        check.envs(VARIABLES.iter().map(|name| (name, "0123456789abcdef0123456789abcdef")));
        let finished = Finished::of(check, "");
        assert_eq!(
            finished.status.code(),
            Some(0),
            "{place}:\n{}\n{}",
            finished.stdout,
            finished.stderr
        );
        let report: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
        assert_eq!(report["notes"], json!([]), "{place}");
        let servers = report["servers"].as_array().map_or(0, Vec::len);
        let written = value["mcpServers"].as_object().expect("entries");
        let written = written.values().filter_map(|entry| entry["servers"].as_object());
        assert_eq!(servers, written.map(Map::len).sum::<usize>(), "{place}");
    }
}

#[test]
fn every_value_that_the_schema_offers_is_taken() {
    let schema = schema();
    let plugins = schema["$defs"]["gateway"]["properties"]["plugins"]["properties"].as_object();
    let mut tried = 0;
    for (plugin, about) in plugins.expect("plugins") {
        for (setting, about) in about["properties"].as_object().expect("settings") {
            for value in about["enum"].as_array().into_iter().flatten() {
                let value = value.as_str().expect("a word");
                let set = format!("{plugin}.{setting}={value}");
                let setup = Gateway::with([])
                    .args(["-p", plugin, "--set", &set])
                    .env("LASSO_API_KEY", "x");
                // `vault` needs masked responses; `on_error` of a service needs one.
                let setup = setup.args(
                    if plugin == "presidio" && setting == "on_error" {
                        &["--set", "presidio.analyzer_url=http://127.0.0.1:1"][..]
                    } else {
                        &[]
                    }
                    .iter()
                    .copied(),
                );
                let finished = setup.run(&["check"], "");
                assert_eq!(
                    finished.status.code(),
                    Some(0),
                    "{set}:\n{}{}",
                    finished.stdout,
                    finished.stderr
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}
