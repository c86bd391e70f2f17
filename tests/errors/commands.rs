//! Commands in a terminal.

use std::net::TcpListener;

use super::{Case, ran};
use crate::harness::{Gateway, Server, Setup};

fn bare() -> Setup {
    Gateway::with([]).discovering()
}

fn one() -> Setup {
    Gateway::with([Server::echo("it")])
}

/// Cases of commands that need no more than a home without anything in it.
const BARE: &[(&str, &[&str])] = &[
    ("a command that does not exist", &["instal", "cursor"]),
    ("an option of a command that does not exist", &["check", "--strat"]),
    ("a command without what it needs", &["call", "it"]),
    ("install: a client that does not exist", &["install", "emacs"]),
    ("install: a client that is misspelt", &["install", "cursr"]),
    ("install: nothing to install for", &["install", "cursor"]),
    ("uninstall: nothing to put back", &["uninstall", "cursor"]),
    ("trace: no store", &["trace", "tail"]),
    ("trace: a store that is missing", &["trace", "tail", "--db", "gone.db"]),
    (
        "trace: a time that is none",
        &["trace", "stats", "--since", "yesterday"],
    ),
    (
        "trace: a format that does not exist",
        &["trace", "export", "--format", "xml"],
    ),
    ("trace: nothing to prune by", &["trace", "prune"]),
    ("dashboard: no store", &["dashboard", "--db", "gone.db"]),
    ("dashboard: a port that is none", &["dashboard", "--port", "80000"]),
    ("policy: a file that is missing", &["policy", "test", "gone.json"]),
    ("approve: nothing waits", &["approve"]),
    ("mask: a file that is missing", &["mask", "-p", "basic", "gone.txt"]),
    ("mask: a judge does not mask", &["mask", "-p", "policy"]),
    ("decrypt: no key", &["decrypt"]),
    (
        "decrypt: a variable that is not set",
        &["decrypt", "--key-env", "NEVER_SET"],
    ),
    (
        "decrypt: a file that is missing",
        &["decrypt", "--key-file", "gone.key"],
    ),
    ("completions: a shell that does not exist", &["completions", "csh"]),
    (
        "scan: definitions that are missing",
        &["scan", "--tools-json", "gone.json"],
    ),
    ("scan: no configuration", &["scan"]),
    ("check: no configuration", &["check"]),
];

/// Cases of commands in front of one server.
const ONE: &[(&str, &[&str])] = &[
    ("scan: a server that is misspelt", &["scan", "itt"]),
    ("pins: a server that is misspelt", &["pins", "accept", "itt"]),
    ("pins: nothing was pinned", &["pins", "accept", "it"]),
    ("check: nothing wrong", &["check"]),
];

pub(super) fn cases() -> Vec<Case> {
    let run =
        |setup: fn() -> Setup| move |(name, words): &(&'static str, &'static [&'static str])| ran(name, setup(), words);
    let mut cases: Vec<Case> = BARE.iter().map(run(bare)).chain(ONE.iter().map(run(one))).collect();
    cases.extend(files());
    cases
}

fn files() -> Vec<Case> {
    // For as long as the tests run.
    let taken: &TcpListener = Box::leak(Box::new(TcpListener::bind("127.0.0.1:0").expect("a free port")));
    let port: &str = taken.local_addr().expect("it is bound").port().to_string().leak();
    let recorded = || {
        let setup = one().args(["-p", "xetrack"]);
        setup.run(&["call", "it", "echo"], "").assert_exit(0);
        setup
    };
    let newer = || {
        let setup = recorded();
        let store = rusqlite::Connection::open(setup.sandbox.path("state/mcp-gateway/trace.db")).expect("it is there");
        store
            .pragma_update(None, "user_version", 9999)
            .expect("it can be written");
        setup
    };
    let (text, cut) = (
        bare().file(
            "work/notes.db",
            "these are notes, and no database at all, however long they become",
        ),
        bare().file("work/tools.json", "{\"tools\": [}"),
    );
    let foreign = bare().file("work/tools.json", "{\"colours\": []}");
    let strange = bare().file("home/.cursor/mcp.json", "{\"mcpServers\": [1, 2]}");
    let broken = bare().file("home/.cursor/mcp.json", "{\"mcpServers\": {");
    let key = bare().file("work/short.key", "abc");
    let policy = bare().file(
        "work/policy.json",
        r#"{"rules": [{"name": "mine", "when": {"tool": "a"}, "then": "deny"}]}"#,
    );
    let slip = bare().file(
        "work/policy.json",
        r#"{"rules": [{"name": "mine", "when": {"tol": "a"}, "then": "deny"}]}"#,
    );
    vec![
        ran(
            "dashboard: a port that is taken",
            recorded(),
            &["dashboard", "--port", port],
        )
        .without(port.to_owned()),
        ran("trace: a store of a newer gateway", newer(), &["trace", "tail"]),
        ran(
            "trace: a store that is no database",
            text,
            &["trace", "tail", "--db", "notes.db"],
        ),
        ran(
            "scan: definitions that are no JSON",
            cut,
            &["scan", "--tools-json", "tools.json"],
        ),
        ran(
            "scan: definitions of another kind",
            foreign,
            &["scan", "--tools-json", "tools.json"],
        ),
        ran("install: servers that are no object", strange, &["install", "cursor"]),
        ran("install: a file that is no JSON", broken, &["install", "cursor"]),
        ran(
            "policy: nothing was recorded",
            policy,
            &["policy", "test", "policy.json"],
        ),
        ran("policy: a rule with a slip", slip, &["policy", "test", "policy.json"]),
        ran(
            "decrypt: a key of the wrong length",
            key,
            &["decrypt", "--key-file", "short.key"],
        ),
    ]
}
