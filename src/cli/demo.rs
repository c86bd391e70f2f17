//! `demo`: what the gateway is for, in a terminal, with nothing installed.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    path::Path,
    process::{self, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{DONE, FAILED, Outcome, demo_server::READ_FILE, print, runtime};
use crate::{
    app::{App, Parts},
    config::{self, Blocked, Filter, Launch},
    gateway::{Offer, RUN_TOOL},
    guard::{self, Observer, Redaction},
    message::{Envelope, Payload},
    plugins,
    sync::lock,
    wire::Limits,
};

const SERVER: &str = "files";
const FILE: &str = "tokens.txt";

/// Has a server read a file with a token, once directly and once through the gateway, and shows both.
pub(super) fn run() -> Outcome {
    let program = env::current_exe().map_err(|error| format!("this program can't be found again: {error}"))?;
    let directory = directory().map_err(|error| format!("a temporary directory can't be made: {error}"))?;
    let sent = ask_directly(&program, directory.path())
        .map_err(|error| format!("the demo's server does not answer: {error}"))?;
    let seen = Arc::new(Seen::default());
    let chosen = plugins::choose(&["basic".to_owned()], []).map_err(|error| error.to_string())?;
    let parts = Parts {
        guardrails: chosen.guardrails,
        own_files: None,
        gate: None,
        observers: vec![seen.clone()],
        offer: Offer::Meta,
        limits: Limits::default(),
        state: directory.path().to_owned(),
    };
    let call = json!({"name": RUN_TOOL, "arguments": {"server_name": SERVER, "tool_name": READ_FILE, "arguments": {"path": FILE}}});
    let runtime = runtime()?;
    let answer = runtime.block_on(async {
        let app = App::start(parts);
        app.gateway
            .apply(vec![server(&program, directory.path()).into()], Vec::new());
        app.without_client();
        let answer = app.gateway.answer("tools/call", &Payload::from(call)).await;
        app.end().await;
        answer
    });
    let got = text(answer.unwrap_or_else(|error| error).text());
    let masked = lock(&seen.0).clone();
    let secret = token();
    let hidden = sent.contains(&secret) && !got.contains(&secret) && !masked.is_empty();
    print(&picture(&sent, &got, &masked, &secret, io::stdout().is_terminal()))?;
    Ok(if hidden { DONE } else { FAILED })
}

/// A token that nobody issued.
fn token() -> String {
    ["hf_", "QrXbTfJmVkWzYpLdNcGhSsAeRuIoKqMvBw"].concat()
}

fn server(program: &Path, directory: &Path) -> config::Server {
    config::Server {
        name: SERVER.to_owned(),
        launch: Launch::Command {
            program: program.to_owned(),
            args: vec!["demo-server".to_owned()],
            env: Vec::new(),
            cwd: directory.to_owned(),
        },
        prefix: None,
        start_timeout: config::START_TIMEOUT,
        call_timeout: config::CALL_TIMEOUT,
        disabled: false,
        blocked: Blocked::No,
        tools: Filter::default(),
        pointer: String::new(),
    }
}

/// What the server says when nothing stands in between.
fn ask_directly(program: &Path, directory: &Path) -> io::Result<String> {
    let mut server = process::Command::new(program)
        .arg("demo-server")
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = server
        .stdin
        .take()
        .ok_or_else(|| io::Error::other("no standard input"))?;
    let output = server
        .stdout
        .take()
        .ok_or_else(|| io::Error::other("no standard output"))?;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": READ_FILE, "arguments": {"path": FILE}}});
    writeln!(input, "{call}")?;
    drop(input);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    server.wait()?;
    let answer: Map<String, Value> = serde_json::from_str(&line)?;
    Ok(text(&answer["result"].to_string()))
}

/// The text of a tool's result.
fn text(result: &str) -> String {
    let result: Value = serde_json::from_str(result).unwrap_or_default();
    result["content"][0]["text"].as_str().unwrap_or_default().to_owned()
}

/// Remembers what was masked.
#[derive(Default)]
struct Seen(Mutex<Vec<Redaction>>);

impl Observer for Seen {
    fn record(&self, _: &Envelope, outcome: &guard::Outcome<'_>) {
        if let guard::Outcome::Passed(cleared) = outcome {
            lock(&self.0).extend_from_slice(cleared.redactions());
        }
    }
}

/// A directory with the demo's file, removed at the end. Nobody else could make it first, or may look into it.
fn directory() -> io::Result<TempDir> {
    // A system that was stripped to its programs has none.
    fs::create_dir_all(env::temp_dir())?;
    let directory = tempfile::Builder::new().prefix("mcp-gateway-demo-").tempdir()?;
    let notes = format!(
        "# Notes for the release\nregion = eu-west-1\nHF_TOKEN={}\nowner = anna\n",
        token()
    );
    fs::write(directory.path().join(FILE), notes)?;
    Ok(directory)
}

/// The whole demo as text.
fn picture(sent: &str, got: &str, masked: &[Redaction], secret: &str, colours: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let boxed = |title: &str, text: &str, highlight: &str, colour: &str| {
        let width = text.lines().map(str::len).max().unwrap_or_default().max(58);
        let lines: String = text
            .lines()
            .map(|line| {
                let pad = " ".repeat(width - line.len());
                format!("  │ {}{pad} │\n", line.replace(highlight, &paint(colour, highlight)))
            })
            .collect();
        format!(
            "  ┌─ {} {}┐\n{lines}  └{}┘\n",
            paint("1", title),
            "─".repeat(width - title.len() - 1),
            "─".repeat(width + 2)
        )
    };
    let label = masked
        .first()
        .map(|masked| format!("<{}>", masked.label))
        .unwrap_or_default();
    let rules: String = masked
        .iter()
        .map(|masked| {
            format!(
                "    plugin {}, rule {}, at {} of the result\n",
                masked.plugin, masked.rule, masked.place
            )
        })
        .collect();
    let mut picture = format!("\n  A model asks the server `{SERVER}` to read {FILE}.\n\n");
    picture += &boxed("What the server sent", sent, secret, "31;1");
    picture += &format!(
        "                │\n                ▼  {}\n",
        paint("36;1", "mcp-gateway -p basic")
    );
    picture += &boxed("What the model gets", got, &label, "32;1");
    picture += &format!("\n  Masked on the way:\n{rules}\n");
    picture += "  Next: put it before the servers that your client has, and back again whenever you like:\n\n";
    picture += "    mcp-gateway install cursor      or claude-desktop, claude-code, vscode, zed, codex …\n";
    picture += "    mcp-gateway uninstall cursor\n\n";
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_both_sides_and_the_rule() {
        let masked = Redaction {
            plugin: "basic",
            rule: "huggingface-token".into(),
            label: "HUGGINGFACE_TOKEN".into(),
            place: "content[0].text".into(),
        };
        let picture = picture("T=hf_x", "T=<HUGGINGFACE_TOKEN>", &[masked], "hf_x", false);
        for part in [
            "T=hf_x",
            "T=<HUGGINGFACE_TOKEN>",
            "rule huggingface-token, at content[0].text",
        ] {
            assert!(picture.contains(part), "{picture}");
        }
    }
}
