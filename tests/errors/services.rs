//! Servers and judges elsewhere.

use serde_json::json;

use super::{Case, called, ran, shown};
use crate::{
    harness::{Gateway, Server, Setup},
    remote::http::{Http, Issuer, Manners, Mcp, Reply},
    sign_in,
};

/// Nothing listens there.
const NOBODY: &str = "http://127.0.0.1:1/mcp";

fn at(url: &str) -> Setup {
    Gateway::with([]).server("it", json!({"url": url, "timeout": 1, "start_timeout": 5}))
}

/// A call of a server that answers everything like this.
fn answering(name: &'static str, answer: impl Fn(&mut Reply) + Send + Sync + 'static) -> Case {
    let server = Http::start(move |_, reply| answer(reply));
    called(name, at(&server.url("/mcp")), "it", "act", "{}")
}

/// A call of a server that answers calls like this, and everything else as it should.
fn acting(name: &'static str, answer: impl Fn(&mut Reply) + Send + Sync + 'static) -> Case {
    let server = Mcp::acting(move |_, reply| answer(reply));
    called(name, at(&server.url()), "it", "act", "{}")
}

fn judged(plugin: &str, settings: serde_json::Value) -> Setup {
    let setup = Gateway::with([Server::echo("it")])
        .args(["-p", plugin])
        .env("LASSO_API_KEY", "key");
    setup.entry("plugins", json!({plugin: settings}))
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        called("nobody there", at(NOBODY), "it", "act", "{}"),
        called(
            "a name that nobody has",
            at("https://mcp.invalid/mcp"),
            "it",
            "act",
            "{}",
        ),
    ];
    let statuses = [
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "405 Method Not Allowed",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "503 Service Unavailable",
    ];
    cases.extend(statuses.map(|status| answering(status, move |reply| reply.status(status))));
    cases.extend([
        answering("a page in place of a message", |reply| {
            reply.whole("200 OK", &["Content-Type: text/html"], "<html>")
        }),
        answering("no HTTP", |reply| reply.bytes("SSH-2.0-OpenSSH_9.6\r\n")),
        answering("a redirect elsewhere", |reply| {
            reply.whole("307 Temporary Redirect", &["Location: https://other.example/mcp"], "")
        }),
        answering("a redirect to a file", |reply| {
            reply.whole("307 Temporary Redirect", &["Location: file:///etc/passwd"], "")
        }),
        answering("a redirect that makes a question of a message", |reply| {
            reply.whole("302 Found", &["Location: /elsewhere"], "")
        }),
        acting("a call that is answered with 500", |reply| {
            reply.status("500 Internal Server Error")
        }),
        acting("a call that is answered with half a message", |reply| {
            reply.whole("200 OK", &["Content-Type: application/json"], "{\"jsonrpc\":")
        }),
        acting("a connection that breaks", |reply| reply.events(&[])),
    ]);
    let plain = Http::start(|_, reply| reply.status("200 OK"));
    cases.push(called(
        "TLS where none is spoken",
        at(&plain.url("/mcp").replace("http:", "https:")),
        "it",
        "act",
        "{}",
    ));
    cases.extend(judges());
    cases.extend(sign_in());
    cases.extend(issuers());
    cases
}

fn judges() -> Vec<Case> {
    let failing = Http::start(|_, reply| reply.status("500 Oops"));
    let denying = Http::start(|_, reply| reply.status("401 Unauthorized"));
    let (failing, denying) = (failing.url("/"), denying.url("/"));
    let ask = |name, setup: Setup| called(name, setup, "it", "echo", r#"{"note":"a b"}"#);
    vec![
        ask(
            "lasso: nobody there",
            judged("lasso", json!({"api_base": "http://127.0.0.1:1/"})),
        ),
        ask("lasso: HTTP 500", judged("lasso", json!({"api_base": failing}))),
        ask(
            "lasso: a key that is refused",
            judged("lasso", json!({"api_base": denying})),
        ),
        ask(
            "presidio: a service that is down",
            judged("presidio", json!({"analyzer_url": "http://127.0.0.1:1/"})),
        ),
        ask(
            "presidio: a service that fails",
            judged("presidio", json!({"analyzer_url": failing})),
        ),
        ask(
            "external: a program that does not exist",
            judged("external", json!({"mine": {"command": "no-such-judge"}})),
        ),
        ask(
            "external: a service that is down",
            judged("external", json!({"mine": {"url": "http://127.0.0.1:1/"}})),
        ),
        ask(
            "external: a program that says nothing",
            judged(
                "external",
                json!({"mine": {"command": "sleep", "args": ["60"], "timeout": 1}}),
            ),
        ),
    ]
}

/// Signing in with an authorization server of these manners: the last line of what is said.
fn signing_in(name: &'static str, manners: Manners) -> Case {
    Case::new(name, move || {
        let issuer = Issuer::with(manners);
        let server = issuer.guards("");
        let setup = sign_in::behind(&server);
        let finished = sign_in::sign_in(&setup);
        shown::normal(&setup.sandbox, &shown::last_line(&finished.stderr))
    })
}

/// What browsers bring back, and metadata, of authorization servers that something is wrong with.
fn issuers() -> Vec<Case> {
    let brings = |name, answer| {
        signing_in(
            name,
            Manners {
                answer,
                ..Manners::default()
            },
        )
    };
    let says = |name, metadata| {
        signing_in(
            name,
            Manners {
                metadata,
                ..Manners::default()
            },
        )
    };
    vec![
        brings("auth: the person said no", |it| {
            drop(it.insert("error", "access_denied".into()));
        }),
        brings("auth: a code that is refused", |it| {
            drop(it.insert("code", "other".into()));
        }),
        brings("auth: neither a code nor an error", |it| {
            drop(it.remove("code"));
        }),
        brings("auth: a server that can't now", |it| {
            drop(it.insert("error", "temporarily_unavailable".into()));
        }),
        brings("auth: no tokens for this server", |it| {
            drop(it.insert("error", "invalid_target".into()));
        }),
        brings("auth: an answer of another issuer", |it| {
            drop(it.insert("iss", "https://evil.example".into()));
        }),
        says("auth: metadata of another issuer", |it| {
            it["issuer"] = json!("https://evil.example");
        }),
        says("auth: no PKCE", |it| {
            it["code_challenge_methods_supported"] = json!(["plain"]);
        }),
        says("auth: nobody registers clients", |it| {
            it["registration_endpoint"] = json!(null);
        }),
        says("auth: the answer of one goes to another", |it| {
            it["authorization_endpoint"] = json!("http://localhost:1/authorize");
        }),
        says("auth: nobody there to register with", |it| {
            it["registration_endpoint"] = json!("http://127.0.0.1:1/register");
        }),
        says("auth: no place to register", |it| {
            it["registration_endpoint"] = json!(format!("{}/nothing", it["issuer"].as_str().unwrap_or_default()));
        }),
        says("auth: an address in the clear", |it| {
            it["token_endpoint"] = json!("http://auth.example/token");
        }),
    ]
}

fn sign_in() -> Vec<Case> {
    let server = Http::start(|_, reply| reply.status("401 Unauthorized"));
    let honest = Mcp::honest();
    vec![
        ran(
            "auth: a server that names nobody to sign in at",
            at(&server.url("/mcp")),
            &["auth", "it"],
        ),
        ran(
            "auth: a server that wants nobody to sign in",
            at(&honest.url()),
            &["auth", "it"],
        ),
        ran("auth: nobody there", at(NOBODY), &["auth", "it"]),
        ran("auth: a server that is misspelt", at(NOBODY), &["auth", "itt"]),
        ran(
            "auth: a server that is a program",
            Gateway::with([Server::echo("it")]),
            &["auth", "it"],
        ),
        ran(
            "auth: signing out of nothing",
            at(NOBODY),
            &["auth", "it", "--sign-out"],
        ),
    ]
}
