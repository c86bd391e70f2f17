//! A JSON-RPC peer over the stdin and stdout of a process.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::processes::send;
use super::{DEADLINE, Sandbox, Server, Signal, eventually, parse};

/// What the process sent, in the order it came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Its line.
    pub(crate) raw: String,
    pub(crate) value: Value,
}

impl Message {
    /// The method of a request or a notification, else nothing.
    pub(crate) fn method(&self) -> &str {
        self.value["method"].as_str().unwrap_or_default()
    }

    fn is_notification(&self) -> bool {
        !self.method().is_empty() && self.value.get("id").is_none()
    }

    /// The result of an answer that has to be one.
    #[track_caller]
    pub(crate) fn result(&self) -> &Value {
        self.value
            .get("result")
            .unwrap_or_else(|| panic!("no result: {}", self.raw))
    }

    /// The error of an answer that has to be one.
    #[track_caller]
    pub(crate) fn error(&self) -> &Value {
        self.value
            .get("error")
            .unwrap_or_else(|| panic!("no error: {}", self.raw))
    }
}

/// A client of one process. Killed when it is dropped.
pub(crate) struct Client {
    child: Child,
    /// Lines for the thread that writes; none once stdin is closed.
    stdin: Option<Sender<Vec<u8>>>,
    stdout: Receiver<String>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Everything received so far.
    inbox: Vec<Message>,
    last_id: u64,
}

impl Client {
    /// Starts a process and talks to it.
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        Self {
            stdin: Some(writer(stdin.expect("it is piped"))),
            stdout: reader(stdout.expect("it is piped")),
            stderr: collector(stderr.expect("it is piped")),
            child,
            inbox: Vec::new(),
            last_id: 0,
        }
    }

    /// Talks to a fixture server without a gateway between.
    pub(crate) fn direct(server: &Server, sandbox: &Sandbox) -> Self {
        let entry = server.install(sandbox);
        let mut command = sandbox.command(entry["command"].as_str().expect("a command").as_ref());
        command.args(
            entry["args"]
                .as_array()
                .expect("arguments")
                .iter()
                .filter_map(Value::as_str),
        );
        Self::start(command)
    }

    /// The process's id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a line as it is.
    pub(crate) fn send_line(&self, line: &str) {
        self.send_bytes(format!("{line}\n").as_bytes());
    }

    /// Sends bytes as they are.
    pub(crate) fn send_bytes(&self, bytes: &[u8]) {
        let stdin = self.stdin.as_ref().expect("stdin is still open");
        // A process that has gone shows in what the test waits for next.
        let _ = stdin.send(bytes.to_vec());
    }

    /// Sends a request and gives its id. The parameters are sent as they are written.
    pub(crate) fn request(&mut self, method: &str, params: impl Display) -> Value {
        self.last_id += 1;
        self.send_line(&format!(
            r#"{{"jsonrpc":"2.0","id":{},"method":"{method}","params":{params}}}"#,
            self.last_id
        ));
        self.last_id.into()
    }

    /// Sends a notification.
    pub(crate) fn notify(&self, method: &str, params: impl Display) {
        self.send_line(&format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#));
    }

    /// Answers a request of the process.
    pub(crate) fn respond(&self, request: &Message, result: impl Display) {
        self.send_line(&format!(
            r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#,
            request.value["id"]
        ));
    }

    /// The first message that fits, of those received or yet to come.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, what: &str, mut fits: impl FnMut(&Message) -> bool) -> Message {
        match self.wait_within(DEADLINE, &mut fits) {
            Some(message) => message,
            None => self.fail(&format!("no {what} arrived")),
        }
    }

    fn wait_within(&mut self, limit: Duration, fits: &mut dyn FnMut(&Message) -> bool) -> Option<Message> {
        if let Some(found) = self.inbox.iter().find(|message| fits(message)) {
            return Some(found.clone());
        }
        let end = Instant::now() + limit;
        while let Ok(line) = self.stdout.recv_timeout(end.saturating_duration_since(Instant::now())) {
            let message = Message {
                value: parse(&line),
                raw: line,
            };
            assert_eq!(
                message.value["jsonrpc"], "2.0",
                "no JSON-RPC on stdout: {}",
                message.raw
            );
            self.inbox.push(message.clone());
            if fits(&message) {
                return Some(message);
            }
        }
        None
    }

    /// The answer to a request.
    #[track_caller]
    pub(crate) fn answer(&mut self, id: &Value) -> Message {
        self.wait_for(&format!("answer to {id}"), |message| {
            message.method().is_empty() && message.value["id"] == *id
        })
    }

    /// A request of the process, by its method.
    #[track_caller]
    pub(crate) fn asked(&mut self, method: &str) -> Message {
        let fits = |message: &Message| message.method() == method && message.value.get("id").is_some();
        self.wait_for(&format!("request {method}"), fits)
    }

    /// Waits for a notification.
    #[track_caller]
    pub(crate) fn notified(&mut self, method: &str) -> Message {
        self.wait_for(method, |message| {
            message.method() == method && message.is_notification()
        })
    }

    /// The notifications of this method that have come by now, in order.
    pub(crate) fn notifications(&mut self, method: &str) -> Vec<Message> {
        self.listen(Duration::ZERO);
        let fit = |message: &&Message| message.is_notification() && message.method() == method;
        self.inbox.iter().filter(fit).cloned().collect()
    }

    /// Takes in all that arrives in this time.
    pub(crate) fn listen(&mut self, time: Duration) {
        let _ = self.wait_within(time, &mut |_| false);
    }

    /// Asserts that no message that was received and no line of the log holds the secret.
    #[track_caller]
    pub(crate) fn assert_no_trace(&mut self, secret: &str) {
        self.listen(Duration::from_millis(100));
        for message in self.inbox() {
            assert!(!message.raw.contains(secret), "the client got it: {}", message.raw);
        }
        assert!(!self.stderr().contains(secret), "the log holds it");
    }

    /// Everything received so far, in order.
    pub(crate) fn inbox(&self) -> &[Message] {
        &self.inbox
    }

    /// Sends a request and waits for its answer.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, params: impl Display) -> Message {
        let id = self.request(method, params);
        self.answer(&id)
    }

    /// Shakes hands as a client without capabilities of its own.
    #[track_caller]
    pub(crate) fn initialize(&mut self) -> Value {
        self.initialize_with(json!({}))
    }

    /// Shakes hands as a client with these capabilities.
    #[track_caller]
    pub(crate) fn initialize_with(&mut self, capabilities: Value) -> Value {
        let client = json!({"name": "black-box", "version": "1"});
        let params = json!({"protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": client});
        let result = self.ask("initialize", params).result().clone();
        self.notify("notifications/initialized", "{}");
        result
    }

    /// Starts a call of a tool. The arguments are sent as they are written.
    pub(crate) fn start_call(&mut self, tool: &str, arguments: impl Display) -> Value {
        self.request("tools/call", format!(r#"{{"name":"{tool}","arguments":{arguments}}}"#))
    }

    /// Calls a tool and gives its result, an error result too.
    #[track_caller]
    pub(crate) fn call(&mut self, tool: &str, arguments: impl Display) -> Value {
        let id = self.start_call(tool, arguments);
        self.answer(&id).result().clone()
    }

    /// Every page of a list.
    #[track_caller]
    pub(crate) fn list(&mut self, kind: &str) -> Vec<Value> {
        let (mut items, mut params) = (Vec::new(), json!({}));
        for _ in 0..1000 {
            let result = self.ask(&format!("{kind}/list"), &params).result().clone();
            items.extend(result[kind].as_array().expect("a list holds an array").iter().cloned());
            match result.get("nextCursor") {
                Some(cursor) => params = json!({"cursor": cursor}),
                None => return items,
            }
        }
        self.fail(&format!("{kind}/list never ends"))
    }

    /// Everything the process has written to stderr.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr.lock().expect("the collector does not panic")).into_owned()
    }

    /// Waits until the log holds this text.
    #[track_caller]
    pub(crate) fn logged(&self, text: &str) {
        if !eventually(DEADLINE, || self.stderr().contains(text)) {
            self.fail(&format!("the log does not say `{text}`"));
        }
    }

    /// Closes stdin.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&self, signal: Signal) {
        send(self.pid(), signal).expect("the process runs");
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub(crate) fn exit(&mut self) -> ExitStatus {
        let child = &mut self.child;
        let mut status = None;
        eventually(DEADLINE, || {
            status = child.try_wait().expect("the process is our child");
            status.is_some()
        });
        status.unwrap_or_else(|| self.fail("the process does not end"))
    }

    /// What a process that has ended wrote: to stdout, as far as it was not read before, and to stderr.
    pub(crate) fn last_words(&self) -> (String, String) {
        // Not for ever: a process that it left behind may hold both open.
        let end = Instant::now() + Duration::from_secs(1);
        let left = || end.saturating_duration_since(Instant::now());
        let next = || self.stdout.recv_timeout(left()).ok();
        let stdout = std::iter::from_fn(next).map(|line| line + "\n").collect();
        eventually(left(), || Arc::strong_count(&self.stderr) == 1);
        (stdout, self.stderr())
    }

    /// Ends the test; what the process wrote follows when the client is dropped.
    #[track_caller]
    pub(crate) fn fail(&self, what: &str) -> ! {
        panic!("{what}")
    }
}

impl Drop for Client {
    #[expect(clippy::print_stderr, reason = "the test runner shows it beside the failure")]
    fn drop(&mut self) {
        // Both fail only for a process that has gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let received: Vec<String> = self.inbox.iter().map(|it| it.raw.chars().take(400).collect()).collect();
            let stderr = self.stderr();
            let stderr: Vec<&str> = stderr.lines().collect();
            eprintln!(
                "received last:\n  {}",
                received[received.len().saturating_sub(5)..].join("\n  ")
            );
            eprintln!(
                "end of stderr:\n  {}",
                stderr[stderr.len().saturating_sub(40)..].join("\n  ")
            );
        }
    }
}

/// A thread of its own, so that a process that does not read cannot hang the test.
fn writer(mut stdin: impl Write + Send + 'static) -> Sender<Vec<u8>> {
    let (sender, receiver) = channel::<Vec<u8>>();
    thread::spawn(move || {
        for bytes in receiver {
            if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
                break;
            }
        }
    });
    sender
}

fn reader(stdout: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).split(b'\n') {
            let Ok(line) = line else { break };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
    receiver
}

fn collector(mut stderr: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let target = Arc::clone(&collected);
    thread::spawn(move || {
        let mut buffer = [0; 64 * 1024];
        while let Ok(count @ 1..) = stderr.read(&mut buffer) {
            target
                .lock()
                .expect("no reader panics")
                .extend_from_slice(&buffer[..count]);
        }
    });
    collected
}
