//! The small server that `demo` puts behind the gateway: one tool, which reads files of its working directory.

use std::{
    fs,
    io::{self, BufRead, Write},
    path::{Component, Path},
};

use serde_json::{Value, json};

use super::{DONE, Outcome};
use crate::wire::code;

/// The name of its only tool.
pub(super) const READ_FILE: &str = "read_file";

/// Serves standard input until its end.
pub(super) fn run() -> Outcome {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("standard input can't be read: {error}"))?;
        let Ok(message) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        if message["id"].is_null() {
            continue;
        }
        let answer = match answer(message["method"].as_str().unwrap_or_default(), &message["params"]) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": message["id"], "result": result}),
            Err((code, text)) => {
                json!({"jsonrpc": "2.0", "id": message["id"], "error": {"code": code, "message": text}})
            }
        };
        writeln!(output, "{answer}").map_err(|error| format!("standard output can't be written: {error}"))?;
    }
    Ok(DONE)
}

fn answer(method: &str, params: &Value) -> Result<Value, (i32, String)> {
    match method {
        "initialize" => Ok(json!({
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "demo-files", "version": env!("CARGO_PKG_VERSION")},
        })),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({"tools": [{
            "name": READ_FILE,
            "description": "Reads a text file of the working directory.",
            "inputSchema": {
                "type": "object",
                "properties": {"path": {"type": "string", "description": "The file's name."}},
                "required": ["path"],
            },
            "annotations": {"readOnlyHint": true, "openWorldHint": false},
        }]})),
        "tools/call" if params["name"] == READ_FILE => Ok(match read(&params["arguments"]["path"]) {
            Ok(text) => json!({"content": [{"type": "text", "text": text}]}),
            Err(why) => json!({"content": [{"type": "text", "text": why}], "isError": true}),
        }),
        "tools/call" => Err((code::INVALID_PARAMS, "there is only the tool `read_file`".to_owned())),
        other => Err((code::METHOD_NOT_FOUND, format!("Method not found: {other}"))),
    }
}

fn read(path: &Value) -> Result<String, String> {
    let path = path.as_str().ok_or("`path` is not a text")?;
    if !Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err(format!("`{path}` does not lie in the working directory"));
    }
    fs::read_to_string(path).map_err(|error| format!("`{path}` can't be read: {error}"))
}
