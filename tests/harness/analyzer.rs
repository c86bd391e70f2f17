//! A fixture of Presidio's analyzer service, on a port of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use super::parse;

/// What the service says to a request.
pub(crate) enum Reply {
    /// A status and the body.
    Is(u16, String),
    /// The same after a while.
    After(Duration, Box<Reply>),
    /// The connection is closed.
    Nothing,
}

/// A running service. Stopped when it is dropped.
pub(crate) struct Analyzer {
    pub(crate) url: String,
    state: Arc<State>,
    listening: Option<JoinHandle<()>>,
}

struct State {
    answer: Box<dyn Fn(&Value) -> Reply + Send + Sync>,
    asked: Mutex<Vec<Value>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
    ended: AtomicBool,
}

impl Reply {
    /// A success.
    pub(crate) fn ok(body: impl ToString) -> Self {
        Self::Is(200, body.to_string())
    }
}

impl Analyzer {
    /// The one person that [`Analyzer::honest`] knows.
    pub(crate) const PERSON: &str = "Ada Lovelace";

    /// A service that answers as it should: it finds one person, wherever she is named.
    pub(crate) fn honest() -> Self {
        Self::answering(Self::honestly)
    }

    /// A service that is honest but with texts that hold this word.
    pub(crate) fn failing_at(word: &'static str, how: impl Fn(&Value) -> Reply + Send + Sync + 'static) -> Self {
        Self::answering(move |question| match question["text"].to_string().contains(word) {
            true => how(question),
            false => Self::honestly(question),
        })
    }

    /// A service that answers `POST /analyze` with what is made of its body.
    pub(crate) fn answering(answer: impl Fn(&Value) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let state = Arc::new(State {
            answer: Box::new(answer),
            asked: Mutex::default(),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let (of_thread, listening) = (state.clone(), thread::Builder::new());
        let listening = listening.spawn(move || {
            for connection in listener.incoming().flatten() {
                if of_thread.ended.load(Ordering::SeqCst) {
                    return;
                }
                let state = of_thread.clone();
                thread::spawn(move || state.serve(connection));
            }
        });
        Self {
            url,
            state,
            listening: Some(listening.expect("a thread")),
        }
    }

    /// What an honest service says: positions count code points, and nobody asks about nothing.
    pub(crate) fn honestly(question: &Value) -> Reply {
        let texts: Vec<&str> = question["text"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        if texts.iter().any(|text| text.is_empty()) {
            return Reply::Is(500, json!({"error": "No text provided"}).to_string());
        }
        let found = |text: &&str| -> Value {
            let starts = text
                .match_indices(Self::PERSON)
                .map(|(at, _)| text[..at].chars().count());
            let found = |start| {
                let end = start + Self::PERSON.chars().count();
                json!({"start": start, "end": end, "entity_type": "PERSON", "score": 0.85, "analysis_explanation": null})
            };
            starts.map(found).collect()
        };
        Reply::ok(texts.iter().map(found).collect::<Value>())
    }

    /// The bodies of the requests, in the order they came.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.state.asked.lock().expect("no test failed in it").clone()
    }

    /// All texts that it was asked about.
    pub(crate) fn texts(&self) -> Vec<String> {
        let of = |question: &Value| question["text"].as_array().cloned().unwrap_or_default();
        self.asked()
            .iter()
            .flat_map(of)
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    }

    /// How many requests it had at once, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }

    /// Stops it: nobody listens any more.
    pub(crate) fn stop(&mut self) {
        if let Some(listening) = self.listening.take() {
            self.state.ended.store(true, Ordering::SeqCst);
            // Wakes the thread, which then lets go of the port.
            let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
            let _ = listening.join();
        }
    }
}

impl Drop for Analyzer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl State {
    /// Answers the one request of a connection.
    fn serve(&self, connection: TcpStream) {
        let Some((head, body)) = read(&connection) else { return };
        let reply = if head.starts_with("GET /supportedentities?language=en ") {
            Reply::ok(json!(["PERSON", "CREDIT_CARD"]))
        } else if head.starts_with("POST /analyze ") {
            let question = parse(&body);
            self.asked.lock().expect("no test failed in it").push(question.clone());
            let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_open.fetch_max(open, Ordering::SeqCst);
            let reply = (self.answer)(&question);
            write(&connection, reply);
            self.open.fetch_sub(1, Ordering::SeqCst);
            return;
        } else {
            Reply::Is(404, String::new())
        };
        write(&connection, reply);
    }
}

/// The first line and the body of a request.
fn read(connection: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(connection);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line);
    }
    let length = |line: &String| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    };
    let mut body = vec![0; lines.iter().find_map(length).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((lines.first()?.clone(), String::from_utf8(body).ok()?))
}

fn write(mut connection: &TcpStream, reply: Reply) {
    match reply {
        Reply::Is(status, body) => {
            let head = format!(
                "HTTP/1.1 {status} So\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // Whoever asked may have gone.
            let _ = connection
                .write_all(head.as_bytes())
                .and_then(|()| connection.write_all(body.as_bytes()));
        }
        Reply::After(time, reply) => {
            thread::sleep(time);
            write(connection, *reply);
        }
        Reply::Nothing => {}
    }
}
