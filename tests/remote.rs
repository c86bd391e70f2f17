//! Remote servers: whatever the network and the server do, each call is answered, and no secret is in the log.

#[path = "fixtures/http/mod.rs"]
pub(crate) mod http;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::channel,
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use self::http::{Http, Mcp, Reply, done, sse};
use crate::harness::{DEADLINE, Gateway, Server, Setup, eventually, text_of};

/// What must not be in any log; it stands in the headers and the addresses of the tests.
const SECRET: &str = "s3cret";

/// A gateway in front of this server, with the chattiest log.
fn behind(entry: Value) -> Setup {
    Gateway::with([Server::echo("good")])
        .server("it", entry)
        .args(["--log-level", "DEBUG"])
}

/// Asserts that the log names nothing secret.
#[track_caller]
fn assert_discreet(gateway: &Gateway) {
    let log = gateway.stderr();
    assert!(!log.contains(SECRET), "a secret is in the log:\n{log}");
}

/// Calls `act`, and gives the text of its result.
#[track_caller]
fn act(gateway: &mut Gateway) -> String {
    text_of(&gateway.run("it", "act", "{}"))
}

/// Asserts that `act` fails with these words, and that everything else goes on.
#[track_caller]
fn assert_fails(server: &Mcp, words: &[&str]) {
    let mut gateway = behind(server.entry()).open();
    let call = gateway.start_run("it", "act", "{}");
    let answer = gateway.answer(&call).raw;
    for word in words {
        assert!(answer.contains(word), "`{word}` is not in {answer}");
    }
    assert_eq!(
        text_of(&gateway.run("it", "echo", r#"{"a":1}"#)),
        r#"{"a":1}"#,
        "the next call is answered"
    );
    assert_eq!(text_of(&gateway.run("good", "echo", r#"{"a":1}"#)), r#"{"a":1}"#);
    assert_discreet(&gateway);
}

#[test]
fn each_message_carries_what_the_protocol_wants_and_the_entry_says() {
    let server = Mcp::honest();
    let mut entry = server.entry();
    entry["headers"] = json!({"X-Key": SECRET, "Authorization": format!("Bearer {SECRET}")});
    let mut gateway = behind(entry).open();
    assert_eq!(text_of(&gateway.run("it", "echo", r#"{"a": 1.0}"#)), r#"{"a":1.0}"#);
    assert_discreet(&gateway);
    gateway.close().assert_exit(0);
    let requests = server.requests();
    for request in &requests {
        assert_eq!(
            (request.header("x-key"), request.header("authorization")),
            (SECRET, "Bearer s3cret")
        );
    }
    let call = &server.received("POST", "tools/call")[0];
    assert_eq!(call.header("accept"), "application/json, text/event-stream");
    assert_eq!(
        (call.header("mcp-session-id"), call.header("mcp-protocol-version")),
        ("session-0", "2025-11-25")
    );
    let handshake = &server.received("POST", "initialize")[0];
    assert_eq!(
        (
            handshake.header("mcp-session-id"),
            handshake.header("mcp-protocol-version")
        ),
        ("", "")
    );
    assert_eq!(
        requests
            .last()
            .map(|last| (last.method.as_str(), last.header("mcp-session-id"))),
        Some(("DELETE", "session-0"))
    );
}

#[test]
fn a_user_in_the_address_is_who_asks() {
    for (user, authorization) in [("me:s3cret@", "Basic bWU6czNjcmV0"), ("m%40:@", "Basic bUA6"), ("", "")] {
        let server = Mcp::honest();
        let url = server.url().replace("http://", &format!("http://{user}"));
        let mut gateway = behind(json!({"url": url, "timeout": 5})).open();
        assert_eq!(act(&mut gateway), "{}");
        assert_discreet(&gateway);
        let requests = server.requests();
        assert!(
            requests
                .iter()
                .all(|request| request.header("authorization") == authorization),
            "{user}"
        );
    }
}

#[test]
fn an_answer_may_come_as_events_in_any_form() {
    for form in [
        |message: &Value| format!("data: {message}\n\n"),
        |message: &Value| format!("\u{feff}: hello\r\nevent: message\r\ndata:{message}\r\n\r\n"),
        |message: &Value| {
            format!(
                "id: 1\ndata:\n\ndata: {}\n\n",
                format!("{message:#}").replace('\n', "\ndata: ")
            )
        },
        |message: &Value| {
            format!(
                "retry: 5\ndata: {}\n\ndata: {message}\n\n",
                json!({"jsonrpc": "2.0", "method": "x"})
            )
        },
        |message: &Value| format!("event: other\ndata: x\n\ndata: <html>\n\ndata: [{message}]\n\n"),
    ] {
        let server = Mcp::acting(move |message, reply| {
            reply.events(&[]);
            for piece in form(&done(message)).as_bytes().chunks(7) {
                reply.bytes(piece);
                thread::sleep(Duration::from_micros(200));
            }
        });
        assert_eq!(act(&mut behind(server.entry()).open()), "done");
    }
}

#[test]
fn a_server_may_ask_before_it_answers() {
    let server = Mcp::acting(|message, reply| {
        reply.events(&[]);
        reply.event(&json!({"jsonrpc": "2.0", "id": "p", "method": "ping"}));
        thread::sleep(Duration::from_millis(300));
        reply.event(&done(message));
    });
    assert_eq!(act(&mut behind(server.entry()).open()), "done");
    let answers = server.received("POST", "");
    assert_eq!(
        answers.iter().map(|answer| answer.json()).collect::<Vec<_>>(),
        [json!({"jsonrpc": "2.0", "id": "p", "result": {}})]
    );
}

#[test]
fn its_own_messages_come_by_a_stream_that_is_opened_again() {
    let opened = AtomicUsize::new(0);
    let server = Mcp::twisted(move |request, _, reply| {
        let get = request.method == "GET";
        if get {
            let count = opened.fetch_add(1, Ordering::Relaxed);
            assert_eq!(request.header("last-event-id"), ["", "first"][count.min(1)]);
            reply.events(&[]);
            reply.bytes("id: first\nretry: 10\ndata:\n\n");
            if count > 0 {
                reply.event(&json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}));
                reply.left_within(DEADLINE);
            }
        }
        get
    });
    let _gateway = behind(server.entry()).open();
    assert!(eventually(Duration::from_secs(10), || server
        .received("POST", "tools/list")
        .len()
        == 2));
}

#[test]
fn a_connection_that_breaks_fails_its_call_once() {
    let server = Mcp::acting(|_, _| {});
    assert_fails(&server, &["broke before its answer came"]);
    let calls = server.received("POST", "tools/call");
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.json()["params"]["name"] == "act")
            .count(),
        1,
        "no call is repeated"
    );
    assert_fails(
        &Mcp::acting(|message, reply| {
            reply.bytes(format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{}",
                done(message)
            ))
        }),
        &["broke before its answer came"],
    );
    assert_fails(
        &Mcp::acting(|_, reply| reply.events(&[])),
        &["without a message that answers"],
    );
}

#[test]
fn a_stream_that_breaks_is_taken_up_where_it_was() {
    let call = Mutex::new(Value::Null);
    let server = Mcp::twisted(move |request, message, reply| {
        let mut call = call.lock().expect("no thread fails with it");
        if request.method == "GET" && request.header("last-event-id") == "7" {
            reply.events(&[]);
            reply.event(&done(&call));
        } else if message["params"]["name"] == "act" {
            *call = message.clone();
            reply.events(&[]);
            reply.bytes("id: 7\nretry: 20\ndata:\n\n");
        } else {
            return false;
        }
        true
    });
    assert_eq!(act(&mut behind(server.entry()).open()), "done");
}

#[test]
fn nonsense_is_an_error_that_says_what_came() {
    type Answer = fn(&mut Reply);
    let nonsense: [(Answer, &str); 6] = [
        (
            |reply| reply.whole("200 OK", &["Content-Type: text/html"], "<html>"),
            "`it` gave no answer to `act`: it answered with text/html",
        ),
        (
            |reply| reply.whole("200 OK", &["Content-Type: application/json"], "{\"jsonrpc\":"),
            "without a message",
        ),
        (|reply| reply.status("202 Accepted"), "without a message"),
        (
            |reply| reply.whole("500 Oops", &["Content-Type: text/plain"], SECRET),
            "HTTP 500",
        ),
        (|reply| reply.status("404 Not Found"), "session has expired"),
        (|reply| reply.bytes("SSH-2.0-OpenSSH_9.6\r\n"), "broke"),
    ];
    for (answer, words) in nonsense {
        assert_fails(&Mcp::acting(move |_, reply| answer(reply)), &[words]);
    }
    let error =
        json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32000, "message": "its own words"}}).to_string();
    let own = Mcp::acting(move |_, reply| reply.whole("400 Bad", &["Content-Type: application/json"], &error));
    assert_fails(&own, &["its own words"]);
}

#[test]
fn a_session_that_expires_is_made_anew() {
    let expired = AtomicBool::new(false);
    let server = Mcp::twisted(move |request, message, reply| {
        let ends = message["params"]["name"] == "act" && !expired.swap(true, Ordering::Relaxed);
        let old = expired.load(Ordering::Relaxed) && request.header("mcp-session-id") == "session-0";
        if ends || old {
            reply.status("404 Not Found");
        }
        ends || old
    });
    let mut gateway = behind(server.entry()).open();
    assert!(act(&mut gateway).contains("session has expired"));
    assert_eq!(act(&mut gateway), "{}", "the next call waits for the new session");
    assert_eq!(server.received("POST", "initialize").len(), 2);
    assert!(
        server
            .received("POST", "tools/call")
            .last()
            .is_some_and(|call| call.header("mcp-session-id") == "session-1")
    );
}

#[test]
fn a_server_that_speaks_no_streamable_http_is_told_from_one_that_is_gone() {
    let server = Http::start(|_, reply| reply.status("405 Method Not Allowed"));
    let mut gateway = behind(json!({"url": server.url("/mcp")})).open();
    let text = act(&mut gateway);
    assert!(text.contains(r#"write `"type": "sse"` into its entry"#), "{text}");
}

#[test]
fn a_redirect_is_followed_at_home_only() {
    let elsewhere = Http::start(|_, reply| reply.status("200 OK"));
    let away = format!("Location: {}", elsewhere.url("/mcp?s3cret"));
    let near = Mcp::twisted(|request, _, reply| {
        let moved = request.target == "/mcp" && request.method == "POST";
        if moved {
            reply.whole("307 Temporary Redirect", &["Location: /mcp/"], "");
        }
        moved
    });
    assert_eq!(act(&mut behind(near.entry()).open()), "{}");
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let away = away.clone();
        let server = Mcp::acting(move |_, reply| reply.whole(status, &[&away], ""));
        assert_fails(&server, &["redirects to 127.0.0.1"]);
    }
    let round = Mcp::acting(|_, reply| reply.whole("307 Temporary Redirect", &["Location: /mcp"], ""));
    assert_fails(&round, &["redirects too often"]);
    assert!(elsewhere.requests().is_empty(), "{:?}", elsewhere.requests());
}

#[test]
fn a_server_that_stalls_is_given_up_and_told_so() {
    let (closed, ends) = channel();
    let server = Mcp::acting(move |_, reply| {
        closed.send(reply.left_within(DEADLINE)).expect("the test waits for it");
    });
    let mut entry = server.entry();
    entry["timeout"] = json!(1);
    let mut gateway = behind(entry).open();
    let stalled = gateway.start_run("it", "act", "{}");
    assert_eq!(
        text_of(&gateway.run("it", "echo", "{}")),
        "{}",
        "another call does not wait"
    );
    assert!(text_of(gateway.answer(&stalled).result()).contains("did not answer within 1 s"));
    assert!(eventually(Duration::from_secs(5), || server
        .received("POST", "notifications/cancelled")
        .len()
        == 1));
    assert_eq!(
        ends.recv_timeout(DEADLINE),
        Ok(true),
        "nobody waits for the stalled answer any more"
    );
    gateway.close().assert_exit(0);
}

#[test]
fn a_server_that_cannot_be_reached_is_named_without_its_address() {
    let mut gateway = behind(json!({"url": "http://s3cret:s3cret@127.0.0.1:1/s3cret?s3cret"})).open();
    let text = act(&mut gateway);
    assert!(
        text.contains("127.0.0.1:1 can't be reached") && !text.contains(SECRET),
        "{text}"
    );
    assert_discreet(&gateway);
}

#[test]
fn the_old_transport_is_spoken_where_the_entry_says_so() {
    let server = sse("/messages?session=s3cret");
    let mut gateway = behind(json!({"url": server.url("/sse"), "type": "sse", "timeout": 5})).open();
    assert_eq!(text_of(&gateway.run("it", "echo", r#"{"a":1}"#)), r#"{"a":1}"#);
    assert!(act(&mut gateway).contains("closed its stream of events"));
    assert_eq!(
        text_of(&gateway.run("it", "echo", r#"{"a":2}"#)),
        r#"{"a":2}"#,
        "it is connected again"
    );
    assert_discreet(&gateway);
}

#[test]
fn the_old_transport_sends_messages_to_its_own_origin_only() {
    let elsewhere = Http::start(|_, reply| reply.status("202 Accepted"));
    let server = sse(&elsewhere.url("/messages?s3cret"));
    let entry = json!({"url": server.url("/sse"), "type": "sse", "headers": {"X-Key": SECRET}});
    let mut gateway = behind(entry).open();
    assert!(act(&mut gateway).contains("redirects to 127.0.0.1"));
    assert!(elsewhere.requests().is_empty());
    assert_discreet(&gateway);
}
