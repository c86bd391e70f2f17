//! The user's file, after a verdict was written into it: the same but for that one value.

use std::fs;

use mcp_gateway::config::{
    Blocked, Dirs, load,
    verdicts::{Change, Kept, keep},
};

use crate::harness::Sandbox;

/// Entries of the server, without what stands around them; `@` is the place of `blocked`, where it has one.
const ENTRIES: [&str; 5] = [
    r#"{⏎→"command": "x",⏎→"args": ["a"],⏎→"blocked": @⏎}"#,
    r#"{⏎→// "blocked": "passed"⏎→"blocked" : @ , /* why, so */⏎→"command": "x", // {⏎}"#,
    r#"{"command":"x","env":{"KEY":"blocked"},"blocked":@}"#,
    r#"{⏎→"description": "\u00fcn\u012f \"blocked\": null 🦀",⏎→"Blocked": @,⏎→"command": "x",⏎}"#,
    r#"{ "blocked": @, "command": "x", "env": {"A": "1", "A": "2"}, "blocked": null }"#,
];

/// What files look like around an entry.
const FILES: [&str; 5] = [
    r#"{⏎"mcpServers": {⏎"gw": {⏎"servers": {⏎"it": $⏎}⏎}⏎}⏎}⏎"#,
    r#"// settings⏎{ "theme": "dark", /* a "blocked": null */ "mcpServers": { "gw": { "servers": { "it": $, }, }, }, }"#,
    r#"{"mcpServers":{"gw":{"command":"mcp-gateway","servers":{"other":{"command":"y","blocked":null},"it":$}}}}⏎⏎"#,
    r#"{"servers": {"it": $}, "inputs": []}"#,
    r#"{⏎"editor.fontSize": 12.50,⏎"mcp": {⏎"servers": {⏎"é/ü~": {"command": "y"},⏎"it": $⏎}⏎}⏎}"#,
];

/// New lines, indentation and byte order mark.
const STYLES: [(&str, &str, &str); 3] = [("\n", "  ", ""), ("\r\n", "\t", "\u{feff}"), ("\n", "\t\t    ", "")];

fn dirs(sandbox: &Sandbox) -> Dirs {
    Dirs {
        home: sandbox.path("home"),
        cwd: sandbox.path("work"),
        state: sandbox.path("state"),
        config: sandbox.path("config"),
    }
}

#[test]
fn seventy_five_files_differ_in_that_one_value_only() {
    let sandbox = Sandbox::new();
    let dirs = dirs(&sandbox);
    let mut files = 0;
    for file in FILES {
        for entry in ENTRIES {
            for (newline, indent, mark) in STYLES {
                let template = format!("{mark}{}", file.replace('$', entry))
                    .replace('⏎', newline)
                    .replace('→', indent);
                let with = |value: &str| template.replace('@', value);
                let path = sandbox.write("work/mcp.json", &with("null"));
                // An entry with a name twice can't be started; its file is edited all the same.
                let pointer = load(&path, None, &dirs, &|_| None).map(|config| {
                    config
                        .servers
                        .iter()
                        .find(|server| server.name == "it")
                        .map(|server| server.pointer.clone())
                });
                let pointer = pointer.unwrap_or_else(|error| panic!("{error}\n{template}"));
                let pointer = pointer.unwrap_or_else(|| match file {
                    _ if file.contains("\"gw\"") => "/mcpServers/gw/servers/it".to_owned(),
                    _ if file.contains("\"mcp\"") => "/mcp/servers/it".to_owned(),
                    _ => "/servers/it".to_owned(),
                });
                let change = |blocked, over: &'static [Blocked]| {
                    let change = Change {
                        server: "it".into(),
                        pointer: pointer.clone(),
                        blocked,
                        over,
                    };
                    keep(&path, &[change], &dirs).unwrap_or_else(|error| panic!("{error}\n{template}"))
                };
                for (blocked, over, value) in [
                    (Blocked::Passed, &[Blocked::No][..], "\"passed\""),
                    (Blocked::Blocked, &[Blocked::Passed][..], "\"blocked\""),
                ] {
                    assert_eq!(change(blocked, over), Kept::File, "{template}");
                    assert_eq!(fs::read_to_string(&path).expect("there"), with(value), "{template}");
                }
                files += 1;
            }
        }
    }
    assert_eq!(files, 75);
}
