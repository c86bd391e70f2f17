//! The server that is called, and the judge of `external`: as little as can be.

use std::io::{BufRead, Write, stdin, stdout};

use serde_json::{Value, json};

use crate::texts::TEXTS;

/// Answers every call with the text that its argument names. What it says is put together in one buffer that it keeps: a
/// large one given back to the system and asked for again at each call would be measured too.
pub(crate) fn serve() {
    let results: Vec<String> = TEXTS.iter().map(|(_, text)| result(&text()).to_string()).collect();
    let mut output = stdout().lock();
    let mut answer = Vec::new();
    for line in stdin().lock().lines() {
        let Ok(message) = serde_json::from_str::<Value>(&line.expect("the input is text")) else {
            continue;
        };
        let Some(id) = message.get("id") else { continue };
        answer.clear();
        write!(answer, "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":").expect("memory takes it");
        match message["method"].as_str() {
            Some("initialize") => {
                let result = json!({
                    "protocolVersion": message["params"]["protocolVersion"],
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "bench", "version": "1"},
                });
                answer.extend_from_slice(result.to_string().as_bytes());
            }
            Some("tools/list") => {
                let result = json!({"tools": [{"name": "give", "inputSchema": {"type": "object"}}]});
                answer.extend_from_slice(result.to_string().as_bytes());
            }
            Some("tools/call") => {
                let index = message["params"]["arguments"]["index"].as_u64().unwrap_or_default();
                answer.extend_from_slice(results[index as usize].as_bytes());
            }
            _ => answer.extend_from_slice(b"{}"),
        }
        answer.extend_from_slice(b"}\n");
        output.write_all(&answer).expect("the answers are read");
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
