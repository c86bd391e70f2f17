//! Every kind of secret that the table knows, on every way out: nothing of it is left.

use std::collections::HashMap;
use std::path::Path;

use mcp_gateway::detect::secrets::{Engine, Options, Sensitivity, rules};
use mcp_gateway::detect::{Context, Detector};
use serde_json::{Value, json};

use super::Store;
use crate::harness::{Server, text_of};

/// How many bytes of a secret in a row must not be left.
const WINDOW: usize = 8;

/// The windows of all secrets, each with the row that it is of.
struct Secrets(HashMap<Vec<u8>, &'static str>);

impl Secrets {
    /// What the search finds of each row's example.
    fn new() -> Self {
        let options = Options {
            sensitivity: Sensitivity::High,
            ..Options::default()
        };
        let engine = Engine::new(options).expect("valid options");
        let mut windows = HashMap::new();
        for row in rules() {
            let mut found = Vec::new();
            engine.find(&sentence(row.example), &Context::default(), &mut found);
            let found = found.into_iter().map(|found| found.start..found.end);
            for secret in found.map(|span| sentence(row.example)[span].to_owned()) {
                let of_secret = secret
                    .as_bytes()
                    .windows(WINDOW)
                    .map(|window| (window.to_vec(), row.id));
                windows.extend(of_secret.filter(|(window, _)| is_opaque(window)));
            }
        }
        assert!(windows.len() > 5_000, "{}", windows.len());
        Self(windows)
    }

    #[track_caller]
    fn assert_none_in(&self, what: &str, bytes: &[u8]) {
        for (at, window) in bytes.windows(WINDOW).enumerate() {
            if let Some(row) = self.0.get(window) {
                let around = &bytes[at.saturating_sub(100)..bytes.len().min(at + 100)];
                panic!("{what} holds a part of {row}: {}", String::from_utf8_lossy(around));
            }
        }
    }

    /// In no file below a folder.
    #[track_caller]
    fn assert_none_below(&self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => self.assert_none_below(&path),
                false => self.assert_none_in(&path.display().to_string(), &std::fs::read(&path).expect("a file")),
            }
        }
    }
}

/// Whether it is a part of what was drawn by lot, not of a prefix, a host or a name.
fn is_opaque(window: &[u8]) -> bool {
    let digits = window.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = window.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    digits >= 2 && letters >= 2
}

fn sentence(secret: &str) -> String {
    format!("this is one:\n{secret}\nand that is all")
}

#[test]
fn eight_bytes_of_a_secret_of_any_row_come_out_nowhere() {
    let secrets = Secrets::new();
    let store = Store::new();
    let sentences: Vec<String> = rules().map(|row| sentence(row.example)).collect();
    let items: Vec<Value> = sentences
        .iter()
        .map(|text| json!({"type": "text", "text": text}))
        .collect();
    let by_row: Value = rules()
        .map(|row| (row.id.to_owned(), Value::from(sentence(row.example))))
        .collect();
    let on_stderr: Vec<Value> = sentences
        .iter()
        .map(|line| json!({"stderr": {"line": line, "times": 1}}))
        .collect();
    let talk = sentences.iter().map(|text| {
        let params = json!({"level": "error", "data": {"said": text}});
        json!({"send": {"jsonrpc": "2.0", "method": "notifications/message", "params": params}})
    });
    let fail = json!({"fail": {"code": -1, "message": sentences.join("\n"), "data": by_row}});
    let server = Server::echo("vault")
        .has("capabilities", json!({"tools": {}, "logging": {}}))
        .answers("tell", json!({"content": items, "structuredContent": {"rows": by_row}}))
        .does(
            "talk",
            Value::from_iter(talk.chain([json!({"reply": {"content": []}})])),
        )
        .does(
            "warn",
            Value::from_iter(on_stderr.into_iter().chain([json!({"reply": {"content": []}})])),
        )
        .does("fail", json!([fail]));
    let mut gateway = store
        .gateway([server])
        .args(["-p", "basic", "--set", "basic.sensitivity=high", "--log-level", "DEBUG"])
        .open();
    let told = gateway.run("vault", "tell", "{}");
    assert!(text_of(&told).contains("<GITHUB_PERSONAL_ACCESS_TOKEN>"), "{told}");
    let echoed = gateway.run("vault", "echo", json!({"rows": by_row, "list": sentences}));
    assert!(text_of(&echoed).contains("<GITHUB_PERSONAL_ACCESS_TOKEN>"), "{echoed}");
    for tool in ["talk", "warn"] {
        gateway.run("vault", tool, "{}");
    }
    let failed = gateway.start_run("vault", "fail", "{}");
    gateway.answer(&failed);
    secrets.assert_none_in(
        "what the server got",
        gateway.last_arguments("vault").to_string().as_bytes(),
    );
    for message in gateway.inbox() {
        secrets.assert_none_in("what the client got", message.raw.as_bytes());
    }
    let finished = gateway.close();
    finished.assert_exit(0);
    secrets.assert_none_in("the log", finished.stderr.as_bytes());
    secrets.assert_none_below(store.root.path());
    let findings = store.texts("SELECT DISTINCT rule FROM guardrail_actions");
    assert!(findings.len() > 300, "the findings name their rows: {}", findings.len());
}
