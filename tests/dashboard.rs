//! `mcp-gateway dashboard`: one browser of this machine sees what was recorded, and what others wrote stays text.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use serde_json::{Value, json};

use crate::{
    harness::{DEADLINE, Gateway, Server, Setup},
    trace::{STEERS, Store},
};

/// Everything that can be looked at.
const PAGES: [&str; 7] = ["/", "/calls", "/call", "/findings", "/tools", "/patterns", "/scans"];

/// Texts that would do something where they are taken for markup.
const SCRIPT: &str = "<script>alert(1)</script>";
const LINK: &str = "javascript:alert(1)";
const ATTRIBUTE: &str = "\"><img src=x onerror=alert(1)>";

/// A running dashboard. Killed when it is dropped.
struct Dashboard {
    child: Child,
    /// Its sandbox.
    _setup: Setup,
    port: u16,
    token: String,
}

/// What it answered.
struct Answer {
    status: u16,
    /// In small letters.
    head: String,
    body: String,
}

impl Dashboard {
    fn of(store: &Store) -> Self {
        let setup = Gateway::with([]).discovering();
        let path = store.path();
        let mut command = setup.command(&["dashboard", "--db", path.to_str().expect("letters")]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let address = output
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("http://"));
        let address = address.expect("it says where it is");
        let (host, token) = address.split_once("/enter?token=").expect("an address with a token");
        let port = host.rsplit(':').next().expect("a port").parse().expect("a number");
        assert_eq!(host.trim(), format!("http://127.0.0.1:{port}"));
        Self {
            child,
            _setup: setup,
            port,
            token: token.trim().to_owned(),
        }
    }

    /// Sends a request with exactly these headers, each with its line end.
    fn connect(&self, request: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a stream has one");
        let whole = format!("{request} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(whole.as_bytes()).expect("it reads");
        stream
    }

    fn ask(&self, request: &str, headers: &str) -> Answer {
        let mut answer = String::new();
        self.connect(request, headers)
            .read_to_string(&mut answer)
            .expect("an answer of text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.expect("a status"),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    /// The headers of a browser of this machine.
    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    /// Exchanges the token; the headers of the browser from then on.
    fn enter(&self) -> String {
        let entered = self.ask(&format!("GET /enter?token={}", self.token), &self.host());
        assert_eq!(entered.status, 200, "{}", entered.body);
        let cookie = entered.head.split("set-cookie: ").nth(1).expect("a cookie");
        let attributes = cookie.lines().next().expect("a line");
        for attribute in ["httponly", "samesite=strict", "path=/"] {
            assert!(attributes.contains(attribute), "{attributes}");
        }
        let pair = attributes.split(';').next().expect("a name and a value");
        format!("{}Cookie: {pair}\r\n", self.host())
    }

    /// A page that has to be there.
    #[track_caller]
    fn page(&self, path: &str, browser: &str) -> String {
        let answer = self.ask(&format!("GET {path}"), browser);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A store with one call.
fn recorded() -> Store {
    let store = Store::new();
    let mut gateway = store.gateway([Server::echo("files")]).open();
    gateway.run("files", "echo", r#"{"text":"hello"}"#);
    gateway.close().assert_exit(0);
    store
}

#[test]
fn the_address_lets_one_browser_in_once() {
    let store = recorded();
    let dashboard = Dashboard::of(&store);
    let entrance = format!("/enter?token={}", dashboard.token);
    for path in PAGES.iter().chain(&["/calls/events", "/none"]) {
        let refused = dashboard.ask(&format!("GET {path}"), &dashboard.host());
        assert_eq!(refused.status, 401, "{path}");
        assert!(!refused.body.contains("files"), "{}", refused.body);
    }
    for wrong in ["/enter", "/enter?token=", &entrance[..entrance.len() - 1]] {
        assert_eq!(
            dashboard.ask(&format!("GET {wrong}"), &dashboard.host()).status,
            403,
            "{wrong}"
        );
    }
    assert_eq!(
        dashboard.ask(&format!("HEAD {entrance}"), &dashboard.host()).status,
        405
    );
    let browser = dashboard.enter();
    for path in PAGES {
        dashboard.page(path, &browser);
    }
    assert_eq!(dashboard.ask("GET /none", &browser).status, 404);
    assert_eq!(
        dashboard.ask(&format!("GET {entrance}"), &dashboard.host()).status,
        403,
        "the token was used"
    );
    assert_eq!(
        dashboard.ask(&format!("GET {entrance}"), &browser).status,
        200,
        "who is in may load it again"
    );
    let forged = format!(
        "{}Cookie: mcp_gateway_{}={}\r\n",
        dashboard.host(),
        dashboard.port,
        dashboard.token
    );
    assert_eq!(dashboard.ask("GET /", &forged).status, 401, "the token is no cookie");
}

#[test]
fn another_host_another_origin_and_another_method_are_refused() {
    let store = recorded();
    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    let port = dashboard.port;
    let cookie = browser.lines().nth(1).expect("a cookie");
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        &format!("0.0.0.0:{port}"),
    ] {
        let answer = dashboard.ask("GET /", &format!("Host: {host}\r\n{cookie}\r\n"));
        assert_eq!(answer.status, 403, "{host}");
        assert!(!answer.body.contains("files"), "{}", answer.body);
    }
    for origin in [
        "http://evil.example",
        "null",
        &format!("https://127.0.0.1:{port}"),
        "http://127.0.0.1:1",
    ] {
        let answer = dashboard.ask("GET /calls/events", &format!("{browser}Origin: {origin}\r\n"));
        assert_eq!(answer.status, 403, "{origin}");
    }
    let own = format!("{browser}Origin: http://127.0.0.1:{port}\r\n");
    assert_eq!(dashboard.ask("GET /", &own).status, 200);
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = dashboard.ask(&format!("{method} /"), &format!("{own}Content-Length: 0\r\n"));
        assert_eq!(answer.status, 405, "{method}");
    }
    assert!(
        TcpStream::connect(("127.0.0.2", port)).is_err(),
        "it listens at more than one address"
    );
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let store = recorded();
    let dashboard = Dashboard::of(&store);
    let refused = dashboard.ask("GET /", &dashboard.host());
    let browser = dashboard.enter();
    let answers = ["/", "/style.css", "/live.js", "/none"].map(|path| dashboard.ask(&format!("GET {path}"), &browser));
    for Answer { head, .. } in answers.iter().chain([&refused]) {
        for header in [
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self';",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "x-frame-options: deny",
            "cache-control: no-store",
        ] {
            assert!(head.contains(header), "{header}\n{head}");
        }
        assert!(!head.contains("unsafe-"), "{head}");
        assert!(!head.contains("access-control-allow"), "{head}");
    }
    // What the policy would not let run is not there either.
    for path in PAGES {
        let page = dashboard.page(path, &browser);
        for inline in ["<style", " style=", " onclick=", " onload=", "http://", "https://"] {
            assert!(!page.contains(inline), "{inline} in {path}");
        }
    }
}

#[test]
fn markup_in_a_call_is_text_on_every_page() {
    let store = Store::new();
    let hostile = format!("{SCRIPT}{ATTRIBUTE}");
    let answer = json!({"content": [
        {"type": "text", "text": hostile},
        {"type": "resource_link", "uri": LINK, "name": ATTRIBUTE},
    ]});
    let failure = json!({"isError": true, "content": [{"type": "text", "text": hostile}]});
    let server = Server::new("files")
        .answers(SCRIPT, answer)
        .answers("fails", failure)
        .defines(json!({"name": ATTRIBUTE, "description": SCRIPT, "inputSchema": {"type": "object"}}));
    let mut gateway = store.gateway([server]).args(["-p", "basic"]).open();
    let arguments = json!({SCRIPT: ATTRIBUTE, "url": LINK});
    for _ in 0..4 {
        gateway.run("files", SCRIPT, &arguments);
        gateway.run("files", "fails", &arguments);
    }
    gateway.close().assert_exit(0);
    let scan =
        "INSERT INTO scans (at, gateway, server, subject, verdict, score, report) VALUES (1, 'g', ?1, ?1, ?1, 99, ?2)";
    let report = json!({"why": hostile, "severity": hostile, "mend": LINK}).to_string();
    store.open().execute(scan, [&hostile, &report]).expect("it is SQL");

    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    let ids = store.texts("SELECT call_id FROM calls");
    let calls = ids.iter().map(|id| format!("/call?id={id}"));
    let odd = [
        "/calls?server=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&since=%3Cscript%3E",
        "/call?id=%3Cscript%3E",
    ];
    let pages = PAGES.into_iter().chain(odd).map(str::to_owned).chain(calls);
    let mut seen = 0;
    for path in pages {
        let page = dashboard.page(&path, &browser);
        for markup in ["<script>", "<img src=x", "href=\"javascript:", "src=\"javascript:"] {
            assert!(!page.contains(markup), "{markup} in {path}:\n{page}");
        }
        seen += usize::from(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
    assert!(seen >= 6, "only {seen} pages showed it");
}

#[test]
fn nothing_hides_in_a_name_and_none_turns_the_page() {
    let store = Store::new();
    let failure = json!({"isError": true, "content": [{"type": "text", "text": STEERS}]});
    let server = Server::new("files").answers(STEERS, failure).tool("idle\u{202e}");
    let mut gateway = store.gateway([server]).open();
    for _ in 0..8 {
        gateway.call(
            "run_tool",
            json!({"server_name": "files", "tool_name": STEERS, "arguments": {STEERS: STEERS}}),
        );
    }
    gateway.close().assert_exit(0);
    let scan =
        "INSERT INTO scans (at, gateway, server, subject, verdict, score, report) VALUES (1, 'g', ?1, ?1, ?1, 99, ?2)";
    let report = json!({"why": STEERS, "severity": STEERS, "mend": STEERS, "excerpt": STEERS}).to_string();
    store.open().execute(scan, [STEERS, &report]).expect("it is SQL");
    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    let ids = store.texts("SELECT call_id FROM calls LIMIT 1");
    let calls = ids.iter().map(|id| format!("/call?id={id}"));
    let steers = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200b}\u{3164}".contains(c);
    let mut isolated = 0;
    for path in PAGES.into_iter().map(str::to_owned).chain(calls) {
        let page = dashboard.page(&path, &browser);
        let text = page.find(steers).map(|at| page[..at].to_owned());
        assert_eq!(text, None, "{path}");
        isolated += usize::from(page.contains("<bdi") && page.contains("=1+1\\u{1b}]0;pwn\\u{7}"));
    }
    assert!(isolated >= 5, "only {isolated} pages showed it");
}

/// The events of a stream, read as they come.
struct Events(BufReader<TcpStream>);

impl Events {
    #[track_caller]
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.0.read_line(&mut line).expect("a line in time"),
                0,
                "the stream ended"
            );
            if let Some(data) = line.strip_prefix("data:") {
                return serde_json::from_str(data.trim()).expect("JSON");
            }
        }
    }
}

#[test]
fn a_call_arrives_while_one_looks_on() {
    let store = recorded();
    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    let page = dashboard.page("/calls?server=files", &browser);
    let source = page
        .split("data-live=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let source = source.expect("an address of events").replace("&amp;", "&");
    let mut events = Events(BufReader::new(dashboard.connect(&format!("GET {source}"), &browser)));
    let mut gateway = store.gateway([Server::echo("other"), Server::echo("files")]).open();
    gateway.run("other", "echo", r#"{"text":"not asked for"}"#);
    gateway.run("files", "echo", json!({"text": SCRIPT}));
    let mut event = events.next();
    while event["outcome"] == "running" {
        event = events.next();
    }
    let cells: Vec<&str> = event["cells"]
        .as_array()
        .expect("cells")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(cells[1..4], ["ok", "files", "echo"], "{event}");
    assert_eq!(
        cells[6],
        json!({"text": SCRIPT}).to_string(),
        "text, for a script that sets text"
    );
    let call = event["href"].as_str().expect("an address");
    assert!(dashboard.page(call, &browser).contains("&lt;script&gt;"), "{call}");
    gateway.close().assert_exit(0);
}

#[test]
fn looking_changes_nothing() {
    let store = recorded();
    let before = std::fs::read(store.path()).expect("a store");
    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    for path in PAGES {
        dashboard.page(path, &browser);
    }
    drop(dashboard);
    assert_eq!(std::fs::read(store.path()).expect("a store"), before);
    assert_eq!(store.texts("SELECT count(*) || '' FROM calls"), ["1"]);
}

#[test]
fn a_store_that_goes_away_is_told_and_one_that_is_missing_stops_the_start() {
    let store = Store::new();
    let path = store.path();
    let words = ["dashboard", "--db", path.to_str().expect("letters")];
    Gateway::with([])
        .discovering()
        .run(&words, "")
        .assert_refused(&["no trace store", "-p xetrack"]);
    let store = recorded();
    let dashboard = Dashboard::of(&store);
    let browser = dashboard.enter();
    std::fs::remove_file(store.path()).expect("it is there");
    let answer = dashboard.ask("GET /", &browser);
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("no trace store"), "{}", answer.body);
}
