//! The server that is called, and the judge of `external`: as little as can be.

use std::io::{BufRead, Write, stdin, stdout};

use serde_json::{Value, json};

use crate::texts::TEXTS;

/// Answers every call with the text that its argument names.
pub(crate) fn serve() {
    let results: Vec<String> = TEXTS.iter().map(|(_, text)| result(&text()).to_string()).collect();
    let mut output = stdout().lock();
    for line in stdin().lock().lines() {
        let Ok(message) = serde_json::from_str::<Value>(&line.expect("the input is text")) else {
            continue;
        };
        let Some(id) = message.get("id") else { continue };
        let result = match message["method"].as_str() {
            Some("initialize") => json!({
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "bench", "version": "1"},
            })
            .to_string(),
            Some("tools/list") => json!({"tools": [{"name": "give", "inputSchema": {"type": "object"}}]}).to_string(),
            Some("tools/call") => {
                let index = message["params"]["arguments"]["index"].as_u64().unwrap_or_default();
                results[index as usize].clone()
            }
            _ => "{}".to_owned(),
        };
        let answer = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}\n");
        output.write_all(answer.as_bytes()).expect("the answers are read");
        output.flush().expect("the answers are read");
    }
}

fn result(text: &str) -> Value {
    json!({"content": [{"type": "text", "text": text}], "isError": false})
}

/// Allows everything.
pub(crate) fn judge() {
    let mut output = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line.expect("the questions are text");
        let id = line
            .trim_start_matches("{\"id\":")
            .split(',')
            .next()
            .unwrap_or_default()
            .to_owned();
        let answer = format!("{{\"id\":{id},\"verdict\":\"allow\"}}\n");
        output.write_all(answer.as_bytes()).expect("the answers are read");
        output.flush().expect("the answers are read");
    }
}
