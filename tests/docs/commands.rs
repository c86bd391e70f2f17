//! Every command that a page or a `--help` shows runs, and does what is said of it.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::json;

use super::{
    help::helps,
    pages::{pages, read},
    rows::{How, ROWS},
};
use crate::harness::{Client, DEADLINE, Finished, Gateway, Sandbox, Server, Setup, Signal, eventually};

/// The programs whose commands are run where they stand in prose. In a block of `sh` every line is.
const PROGRAMS: &[&str] = &["mcp-gateway", "cargo", "claude", "python3"];

/// What each command reads from its standard input: a client's first line, with a secret in it.
const INPUT: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"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","version":"1"}}}"#;

/// The key that `decrypt` takes from the environment.
const KEY: &str = "0123456789abcdef";

#[test]
fn every_command_is_run_by_a_row_and_every_row_is_shown() {
    let shown = shown();
    let without: Vec<String> = shown
        .iter()
        .filter(|(command, _)| row(command).is_none() && !is_a_mention(command))
        .map(|(command, places)| format!("`{command}` ({})", places.join(", ")))
        .collect();
    assert!(
        without.is_empty(),
        "run by no test, give them rows in tests/docs/rows.rs: {without:#?}"
    );
    for (command, _) in ROWS {
        assert!(
            shown.contains_key(*command),
            "no page shows `{command}`: remove its row"
        );
    }
}

#[test]
fn every_command_does_what_its_row_says() {
    for (command, how) in ROWS {
        how.check(command);
    }
}

#[test]
fn commands_stand_in_blocks_that_say_so() {
    let others = ["apt-get", "curl", "docker", "git", "npm", "npx", "pip", "pipx", "uvx"];
    let is_command = |line: &str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        PROGRAMS.contains(&first) || others.contains(&first)
    };
    for page in pages() {
        for block in page.blocks().iter().filter(|block| block.language != "sh") {
            let stray = block.text.lines().find(|line| is_command(line));
            assert!(
                stray.is_none(),
                "{}:{}: a block with commands is of `sh`: {stray:?}",
                page.name,
                block.line
            );
        }
        let indented = page.prose().into_iter().filter(|line| line.starts_with("    "));
        let stray = indented.into_iter().find(|line| is_command(line));
        assert!(
            stray.is_none(),
            "{}: commands stand in a block of `sh`: {stray:?}",
            page.name
        );
    }
}

/// Every command, and where it is shown.
fn shown() -> BTreeMap<String, Vec<String>> {
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |command: &str, place: &str| shown.entry(command.to_owned()).or_default().push(place.to_owned());
    for page in pages() {
        for block in page.blocks().iter().filter(|block| block.language == "sh") {
            // One that begins so is a program of its own, not something to type.
            if !block.text.starts_with("#!") {
                commands(&block.text)
                    .iter()
                    .for_each(|command| note(command, &page.name));
            }
        }
        for span in page.spans() {
            let mut words = span.split_whitespace();
            let program = words.next().unwrap_or_default();
            if PROGRAMS.contains(&program) && words.next().is_some() && !span.ends_with(':') {
                note(span, &page.name);
            }
        }
    }
    for help in helps() {
        let place = format!("mcp-gateway {} --help", help.words.join(" "));
        let examples = help.examples();
        assert!(!examples.is_empty(), "{place} shows none");
        examples
            .into_iter()
            .for_each(|example| note(&stripped(example), &place));
    }
    shown
}

/// The commands of a block, each in one line and without its remark.
fn commands(block: &str) -> Vec<String> {
    let joined = block.replace("\\\n", "");
    let lines = joined.lines().map(stripped);
    lines.filter(|line| !line.is_empty()).collect()
}

fn stripped(line: &str) -> String {
    line.split(" #").next().unwrap_or_default().trim().to_owned()
}

fn row(command: &str) -> Option<&'static How> {
    ROWS.iter().find(|(shown, _)| *shown == command).map(|(_, how)| how)
}

/// Whether it only names a command, without anything to give to it.
fn is_a_mention(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    command.starts_with("mcp-gateway ") && helps().iter().any(|help| help.words == words)
}

impl How {
    /// Runs the command, and asserts what the row says of it.
    fn check(&self, command: &str) {
        match *self {
            Self::Runs(code, shows) => house().check(&[], command, code, shows),
            Self::After(before, code, shows) => house().check(before, command, code, shows),
            Self::With(words, before, code, shows) => {
                let filled = words.iter().fold(command.to_owned(), |command, (word, value)| {
                    assert!(command.contains(word), "`{command}` has no {word}");
                    command.replace(word, value)
                });
                house().check(before, &filled, code, shows);
            }
            Self::Lasts(before, shows) => house().interrupt(before, command, shows),
            Self::Elsewhere(file, holds) => {
                assert!(read(file).contains(holds), "`{command}`: {file} holds no `{holds}`");
            }
        }
    }
}

/// A machine on which somebody has done what the pages lead up to.
struct House(Setup);

fn house() -> House {
    let setup = Gateway::with([]).discovering();
    let sandbox = &setup.sandbox;
    let say = |text: &str| json!({"content": [{"type": "text", "text": text}]});
    let token = "HF_TOKEN = \"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\"";
    let servers = [
        Server::new("filesystem").answers("read_text_file", say(token)),
        Server::new("time").answers("get_current_time", say("noon")),
        Server::new("github").answers("create_issue", say("done")),
    ];
    let servers: serde_json::Map<_, _> = servers
        .into_iter()
        .map(|server| (server.name.clone(), server.install(sandbox)))
        .collect();
    let clients = json!({"mcpServers": servers}).to_string();
    sandbox.write("home/.cursor/mcp.json", &clients);
    sandbox.write("home/.claude.json", &clients);
    sandbox.write("work/.mcp.json.example", &clients);
    sandbox.write("work/notes.txt", token);
    let captured = json!({"servers": {"files": {"tools": [{"name": "read", "description": "Reads a file.", "inputSchema": {"type": "object"}}]}}});
    sandbox.write("work/definitions.json", &captured.to_string());
    let policy = json!({"rules": [{"name": "times", "when": {"tool": "get_*"}, "then": "deny"}]});
    sandbox.write("work/policy.json", &policy.to_string());
    let program = setup.command(&[]).get_program().to_owned();
    let programs = sandbox.path("programs");
    fs::create_dir(&programs).expect("the sandbox is writable");
    std::os::unix::fs::symlink(program, programs.join("mcp-gateway")).expect("it is new");
    write_program(
        &programs.join("kubectl"),
        &format!("#!/bin/sh\necho 'data: {{{token}}}'\n"),
    );
    House(setup)
}

fn write_program(path: &Path, text: &str) {
    let written = fs::write(path, text).and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o755)));
    written.expect("the sandbox is writable");
}

impl House {
    fn sandbox(&self) -> &Sandbox {
        &self.0.sandbox
    }

    /// A shell that is about to run this.
    fn shell(&self, line: &str) -> Command {
        let programs = self.sandbox().path("programs");
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display());
        let mut shell = self.sandbox().command("bash".as_ref());
        shell
            .args(["-o", "pipefail", "-ec", line])
            .env("PATH", path)
            .env("PII_KEY", KEY);
        shell
    }

    #[track_caller]
    fn prepare(&self, before: &[&str]) {
        for line in before {
            Finished::of(self.shell(line), INPUT).assert_exit(0);
        }
    }

    #[track_caller]
    fn check(&self, before: &[&str], command: &str, code: i32, shows: &str) {
        self.prepare(before);
        let finished = Finished::of(self.shell(command), INPUT);
        let said = format!("{}{}", finished.stdout, finished.stderr);
        assert_eq!(finished.status.code(), Some(code), "`{command}`:\n{said}");
        assert!(said.contains(shows), "`{command}` shows no `{shows}`:\n{said}");
    }

    /// Runs what goes on until it is interrupted.
    #[track_caller]
    fn interrupt(&self, before: &[&str], command: &str, shows: &str) {
        self.prepare(before);
        let said = self.sandbox().path("said");
        let mut process = Client::start(self.shell(&format!("exec {command} > {} 2>&1", said.display())));
        let text = || fs::read_to_string(&said).unwrap_or_default();
        let shown = eventually(DEADLINE, || text().contains(shows));
        assert!(shown, "`{command}` shows no `{shows}`:\n{}", text());
        process.signal(Signal::INT);
        let status = process.exit();
        assert!(
            status.code() == Some(0) || status.code().is_none(),
            "`{command}` ended with {status}:\n{}",
            text()
        );
    }
}
