//! A client that makes one call after the other.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// One way to the server.
pub(crate) struct Way {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    /// The plugins of the gateway, and their settings; `None` where there is no gateway.
    gateway: Option<(&'static [&'static str], Option<&'static str>)>,
}

impl Way {
    /// To the server itself.
    pub(crate) const fn direct(name: &'static str) -> Self {
        Self { name, gateway: None }
    }

    /// Through the gateway with these plugins; `settings` are those of `mcp.json`, in which `$PROGRAM` is this program.
    pub(crate) const fn through(
        name: &'static str,
        plugins: &'static [&'static str],
        settings: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            gateway: Some((plugins, settings)),
        }
    }
}

/// What is at the other end of the pipes, and the number of the last request.
pub(crate) struct Client {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    tool: &'static str,
    last: u64,
    line: Vec<u8>,
    _folder: TempDir,
}

impl Client {
    /// Starts what is at the end of a way, and waits until its tool can be called.
    pub(crate) fn start(way: &Way) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let this = env::current_exe().expect("this program has a path");
        let mut command = match way.gateway {
            None => {
                let mut command = Command::new(&this);
                command.arg("serve");
                command
            }
            Some((plugins, settings)) => gateway(folder.path(), &this, plugins, settings),
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("what is measured starts");
        let mut client = Self {
            requests: child.stdin.take().expect("it is piped"),
            answers: BufReader::with_capacity(1 << 16, child.stdout.take().expect("it is piped")),
            child,
            tool: if way.gateway.is_some() { "it_give" } else { "give" },
            last: 0,
            line: Vec::new(),
            _folder: folder,
        };
        client.ask(
            "initialize",
            &json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}),
        );
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    /// One call for a text, by its place in the table.
    pub(crate) fn call(&mut self, text: usize) {
        let params = json!({"name": self.tool, "arguments": {"index": text}});
        self.ask("tools/call", &params);
        let is_error = memchr::memmem::find(&self.line, b"\"isError\":true").is_some();
        assert!(!is_error, "{}", String::from_utf8_lossy(&self.line));
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.last += 1;
        let id = self.last;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let wanted = format!("\"id\":{id},");
        loop {
            self.line.clear();
            let read = self
                .answers
                .read_until(b'\n', &mut self.line)
                .expect("the answers can be read");
            assert!(read > 0, "what is measured ended");
            let head = &self.line[..self.line.len().min(64)];
            if memchr::memmem::find(head, wanted.as_bytes()).is_some() {
                return;
            }
        }
    }

    fn send(&mut self, message: &Value) {
        self.requests
            .write_all(format!("{message}\n").as_bytes())
            .expect("what is measured reads");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It ends with its input, but a benchmark need not wait for that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gateway(folder: &Path, this: &Path, plugins: &[&str], settings: Option<&str>) -> Command {
    let program = this.display().to_string();
    let settings = settings.unwrap_or("{}").replace("$PROGRAM", &program);
    let settings: Value = serde_json::from_str(&settings).expect("the settings are JSON");
    let entry = json!({
        "command": "mcp-gateway",
        "plugins": settings,
        "servers": {"it": {"command": program, "args": ["serve"]}},
    });
    let configuration = folder.join("mcp.json");
    fs::write(&configuration, json!({"mcpServers": {"gateway": entry}}).to_string()).expect("the folder is writable");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-gateway"));
    command.arg("--mcp-json-path").arg(configuration);
    for plugin in plugins {
        command.args(["-p", plugin]);
    }
    for variable in [
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "HOME",
    ] {
        command.env(variable, folder);
    }
    command
}
