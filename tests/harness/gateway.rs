//! The gateway under test.

use std::ffi::OsString;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::{Client, SHUTDOWN, Sandbox, Server, eventually, parse};

/// What a gateway is started with.
pub(crate) struct Setup {
    pub(crate) sandbox: Sandbox,
    servers: Map<String, Value>,
    entry: Map<String, Value>,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    /// The configuration that is named on the command line; none where the gateway has to find one.
    config: Option<PathBuf>,
}

/// A running gateway: a client of it, and the sandbox it runs in.
pub(crate) struct Gateway {
    client: Client,
    pub(crate) sandbox: Sandbox,
}

/// A process that has ended.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) took: Duration,
    /// The lines of stdout that were not read before.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Gateway {
    /// A gateway in front of these servers.
    pub(crate) fn with(servers: impl IntoIterator<Item = Server>) -> Setup {
        let sandbox = Sandbox::new();
        let servers = servers
            .into_iter()
            .map(|server| (server.name.clone(), server.install(&sandbox)))
            .collect();
        let config = Some(sandbox.path("mcp.json"));
        Setup {
            sandbox,
            servers,
            entry: Map::new(),
            arguments: Vec::new(),
            environment: Vec::new(),
            config,
        }
    }

    /// Calls a tool of a server through `run_tool`.
    #[track_caller]
    pub(crate) fn run(&mut self, server: &str, tool: &str, arguments: impl std::fmt::Display) -> Value {
        let id = self.start_run(server, tool, arguments);
        self.answer(&id).result().clone()
    }

    /// Starts a call through `run_tool`.
    pub(crate) fn start_run(&mut self, server: &str, tool: &str, arguments: impl std::fmt::Display) -> Value {
        let whole = format!(r#"{{"server_name":"{server}","tool_name":"{tool}","arguments":{arguments}}}"#);
        self.start_call("run_tool", whole)
    }

    /// The structured content of `get_metadata`.
    #[track_caller]
    pub(crate) fn metadata(&mut self, arguments: Value) -> Value {
        self.call("get_metadata", arguments)["structuredContent"].clone()
    }

    /// The names of the servers that the gateway knows, in order.
    #[track_caller]
    pub(crate) fn server_names(&mut self) -> Vec<String> {
        let metadata = self.metadata(json!({}));
        metadata.as_object().expect("an object").keys().cloned().collect()
    }

    /// What a fixture server has noted under a word: `start` and `child` with a process id, `in` with a line it
    /// received, `eof`, `exit` with a code.
    pub(crate) fn journal(&self, server: &str, word: &str) -> Vec<String> {
        let journal = std::fs::read_to_string(self.sandbox.path(&format!("servers/{server}/journal")));
        let journal = journal.unwrap_or_default();
        let lines = journal.split('\n').filter_map(|line| line.split_once(' '));
        lines
            .filter(|(noted, _)| *noted == word)
            .map(|(_, text)| text.to_owned())
            .collect()
    }

    /// Waits until a server has been started this many times.
    #[track_caller]
    pub(crate) fn started(&self, server: &str, times: usize) {
        if !eventually(super::DEADLINE, || self.journal(server, "start").len() >= times) {
            self.fail(&format!("`{server}` has not been started {times} times"));
        }
    }

    /// The messages that a server has received, by method, in order.
    pub(crate) fn received(&self, server: &str, method: &str) -> Vec<Value> {
        let lines = self.journal(server, "in");
        let messages = lines.iter().filter(|line| !line.is_empty()).map(|line| parse(line));
        messages.filter(|message| message["method"] == method).collect()
    }

    /// Waits until a server has received a message of this method, and gives the first.
    #[track_caller]
    pub(crate) fn first_received(&self, server: &str, method: &str) -> Value {
        if !eventually(super::DEADLINE, || !self.received(server, method).is_empty()) {
            self.fail(&format!("`{server}` has not received {method}"));
        }
        self.received(server, method).swap_remove(0)
    }

    /// The arguments of the last call that a server has received.
    #[track_caller]
    pub(crate) fn last_arguments(&self, server: &str) -> Value {
        let calls = self.received(server, "tools/call");
        let Some(call) = calls.last() else {
            self.fail(&format!("`{server}` has not been called"))
        };
        call["params"]["arguments"].clone()
    }

    /// Runs a sub-command beside this gateway, to its end.
    #[track_caller]
    pub(crate) fn beside(&self, words: &[&str], stdin: &str) -> Finished {
        let mut command = program(&self.sandbox);
        command.args(words);
        finish(command, stdin)
    }

    /// Closes stdin and waits for the end.
    #[track_caller]
    pub(crate) fn close(mut self) -> Finished {
        let start = Instant::now();
        self.close_stdin();
        let status = self.exit();
        let took = start.elapsed();
        let (stdout, stderr) = self.last_words();
        Finished {
            status,
            took,
            stdout,
            stderr,
        }
    }

    /// Asserts that nothing of this test runs any more within the time of a shutdown that began then.
    #[track_caller]
    pub(crate) fn assert_nothing_survives(&self, began: Instant) {
        if !eventually(SHUTDOWN.saturating_sub(began.elapsed()), || {
            self.sandbox.processes().is_empty()
        }) {
            self.fail(&format!("still running: {:#?}", self.sandbox.processes()));
        }
    }
}

/// The gateway's program.
fn program(sandbox: &Sandbox) -> Command {
    let program = std::env::var_os("MCP_GATEWAY_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_mcp-gateway").into());
    sandbox.command(program.as_ref())
}

/// Runs a command to its end.
#[track_caller]
fn finish(command: Command, stdin: &str) -> Finished {
    let start = Instant::now();
    let mut process = Client::start(command);
    process.send_bytes(stdin.as_bytes());
    process.close_stdin();
    let status = process.exit();
    let took = start.elapsed();
    let (stdout, stderr) = process.last_words();
    Finished {
        status,
        took,
        stdout,
        stderr,
    }
}

impl Finished {
    /// Runs a command to its end; stdin holds this text.
    #[track_caller]
    pub(crate) fn of(command: Command, stdin: &str) -> Self {
        finish(command, stdin)
    }

    /// Asserts how it ended.
    #[track_caller]
    pub(crate) fn assert_exit(&self, code: i32) {
        let Self {
            status, stdout, stderr, ..
        } = self;
        assert_eq!(
            status.code(),
            Some(code),
            "{status}\nstdout:\n{stdout}\nstderr:\n{stderr}"
        );
    }

    /// Asserts that a usage or configuration error stopped it, and that the report names all of these.
    #[track_caller]
    pub(crate) fn assert_refused(&self, named: &[&str]) {
        self.assert_exit(2);
        assert_eq!(self.stdout, "");
        for name in named {
            assert!(self.stderr.contains(name), "`{name}` is not named:\n{}", self.stderr);
        }
    }
}

impl Deref for Gateway {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Gateway {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Setup {
    /// Adds arguments of the command line.
    pub(crate) fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.arguments.extend(arguments.into_iter().map(OsString::from));
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets a key of the gateway's own entry in `mcp.json`, beside `servers`.
    pub(crate) fn entry(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.entry.insert(key.into(), value.into());
        self
    }

    /// Adds a server whose entry is written by hand.
    pub(crate) fn server(mut self, name: &str, entry: Value) -> Self {
        self.servers.insert(name.into(), entry);
        self
    }

    /// Writes a file into the sandbox.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.sandbox.write(name, text);
        self
    }

    /// The whole configuration as it would be written.
    pub(crate) fn config(&self) -> Value {
        let mut entry = self.entry.clone();
        entry.insert("servers".into(), self.servers.clone().into());
        json!({"mcpServers": {"mcp-gateway": entry}})
    }

    /// Where the configuration will be.
    pub(crate) fn config_path(&self) -> PathBuf {
        self.config.clone().expect("one is named")
    }

    /// Uses this text as the configuration.
    pub(crate) fn config_text(mut self, text: &str) -> Self {
        self.config = Some(self.sandbox.write("written.json", text));
        self
    }

    /// Names no configuration: the gateway has to find one.
    pub(crate) fn discovering(mut self) -> Self {
        self.config = None;
        self
    }

    /// Starts the gateway on stdio.
    pub(crate) fn start(self) -> Gateway {
        let command = self.command(&[]);
        Gateway {
            client: Client::start(command),
            sandbox: self.sandbox,
        }
    }

    /// Starts the gateway on stdio and shakes hands.
    #[track_caller]
    pub(crate) fn open(self) -> Gateway {
        let mut gateway = self.start();
        gateway.initialize();
        gateway
    }

    /// Runs a sub-command to its end; stdin holds this text.
    #[track_caller]
    pub(crate) fn run(&self, command: &[&str], stdin: &str) -> Finished {
        finish(self.command(command), stdin)
    }

    /// The program itself, with the sub-command first.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = program(&self.sandbox);
        command
            .args(words)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(path) = &self.config {
            if *path == self.sandbox.path("mcp.json") {
                self.sandbox.write("mcp.json", &format!("{:#}", self.config()));
            }
            command.arg("--mcp-json-path").arg(path);
        }
        command
    }
}
