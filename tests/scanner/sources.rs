//! Reputation, against a server of this machine that answers in the shapes of the real sources.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{parse, says, scan};
use crate::{
    harness::{Finished, Gateway, Server, Setup, text_of},
    remote::http::{Http, Reply, Request},
};

const SOURCES: [&str; 8] = [
    "npm",
    "pypi",
    "registry",
    "smithery",
    "npm-downloads",
    "deps.dev",
    "github",
    "osv",
];

/// Seconds in which even a busy machine has asked all sources.
const SLOW_MACHINE: u64 = 60;

/// What the sources say, by the beginning of the path.
#[derive(Clone)]
struct World(Vec<(&'static str, Value)>);

impl World {
    /// An old and widely used package.
    fn renowned() -> Self {
        Self(vec![
            (
                "/npm/",
                json!({
                    "dist-tags": {"latest": "1.2.0"}, "license": "MIT",
                    "time": {"created": "2020-01-01T00:00:00Z", "1.0.0": "2020-01-01T00:00:00Z", "1.2.0": "2024-01-01T00:00:00Z"},
                    "maintainers": [{"name": "ada"}, {"name": "bob"}, {"name": "cleo"}],
                    "repository": {"url": "git+https://github.com/acme/server.git"},
                    "versions": {"1.0.0": {}, "1.2.0": {"dist": {"attestations": {"url": "x"}}}},
                }),
            ),
            (
                "/npm-downloads/downloads/point/last-month/",
                json!({"downloads": 90_000}),
            ),
            ("/registry/v0.1/servers", json!({"servers": []})),
            ("/deps.dev/v3/", json!({"versions": [], "starsCount": 500})),
            (
                "/github/repos/acme/server",
                json!({"stargazers_count": 500, "forks_count": 50, "pushed_at": "2999-01-01T00:00:00Z", "archived": false}),
            ),
            ("/github/users/acme", json!({"type": "Organization"})),
            ("/osv/v1/query", json!({})),
        ])
    }

    /// The same with another answer.
    fn with(mut self, path: &'static str, answer: Value) -> Self {
        self.0.retain(|(other, _)| *other != path);
        self.0.push((path, answer));
        self
    }

    fn start(self) -> Http {
        Http::start(move |request: &Request, reply: &mut Reply| {
            let found = self.0.iter().find(|(path, _)| request.target.starts_with(path));
            match found {
                Some((_, answer)) => reply.json(answer),
                None => reply.status("404 Not Found"),
            }
        })
    }
}

/// A gateway whose one server is started by `npx`, which starts a fixture here.
fn packaged(package: &str, http: &Http) -> Setup {
    let setup = Gateway::with([Server::echo("other")]);
    let fixture = Server::echo("it").install(&setup.sandbox);
    let script = format!("#!/bin/sh\nexec {} {}\n", fixture["command"], fixture["args"][0]);
    let npx = setup.sandbox.write("bin/npx", &script);
    std::fs::set_permissions(&npx, std::fs::Permissions::from_mode(0o755)).expect("ours");
    let sources: Value = SOURCES
        .iter()
        .map(|id| (*id, Value::from(http.url(&format!("/{id}")))))
        .collect();
    setup
        .server("it", json!({"command": npx, "args": ["-y", package]}))
        .entry("scan", json!({"sources": sources, "timeout": SLOW_MACHINE}))
}

fn assess(setup: &Setup, words: &[&str]) -> (Finished, Value, Vec<Value>) {
    let (finished, report) = scan(setup, &[&["it"], words].concat());
    let server = &report["servers"]["it"];
    let ids = server["findings"]
        .as_array()
        .map_or_else(Vec::new, |all| all.iter().map(|it| it["id"].clone()).collect());
    (finished, server["reputation"][0].clone(), ids)
}

#[test]
fn a_renowned_package_passes_with_every_signal_in_the_report() {
    let http = World::renowned().start();
    let (finished, reputation, _) = assess(&packaged("@acme/server@1.2.0", &http), &[]);
    finished.assert_exit(0);
    assert_eq!(reputation["verdict"], "pass", "{reputation:#}");
    assert!(reputation["score"].as_f64().expect("a score") > 80.0 && reputation["confidence"].as_f64() >= Some(0.9));
    let signals = reputation["signals"].as_array().expect("signals");
    assert!(signals.iter().any(|signal| signal["name"] == "adoption"
        && signal["weight"] == 25.0
        && signal["value"].as_f64() > Some(0.9)));
    let asked = http
        .requests()
        .into_iter()
        .find(|request| request.target.starts_with("/osv"))
        .expect("OSV was asked");
    assert_eq!(
        asked.json(),
        json!({"package": {"name": "@acme/server", "ecosystem": "npm"}, "version": "1.2.0"})
    );
}

#[test]
fn an_answer_is_kept_for_the_next_scan() {
    let http = World::renowned().start();
    let setup = packaged("@acme/server@1.2.0", &http);
    assess(&setup, &[]);
    let asked = http.requests().len();
    let (finished, reputation, _) = assess(&setup, &[]);
    finished.assert_exit(0);
    assert_eq!((http.requests().len(), &reputation["verdict"]), (asked, &json!("pass")));
}

#[test]
fn an_old_answer_is_asked_again_by_its_etag_and_used_where_no_other_comes() {
    let (world, down) = (World::renowned(), Arc::new(AtomicBool::new(false)));
    let is_down = down.clone();
    let http = Http::start(move |request, reply| {
        if is_down.load(Ordering::SeqCst) {
            return reply.status("503 Service Unavailable");
        }
        match world.0.iter().find(|(path, _)| request.target.starts_with(path)) {
            Some(_) if request.header("if-none-match") == "\"one\"" => reply.status("304 Not Modified"),
            Some((_, answer)) => reply.whole("200 OK", &["ETag: \"one\""], answer.to_string()),
            None => reply.status("404 Not Found"),
        }
    });
    let setup = packaged("@acme/server@1.2.0", &http);
    let kept = setup.sandbox.path("state");
    let (_, first, _) = assess(&setup, &[]);
    for out_of_reach in [false, true] {
        assert!(age(&kept) > 0, "answers are kept");
        down.store(out_of_reach, Ordering::SeqCst);
        let before = http.requests().len();
        let (finished, again, _) = assess(&setup, &[]);
        finished.assert_exit(0);
        assert_eq!(
            (&again["verdict"], &again["score"]),
            (&first["verdict"], &first["score"])
        );
        let asked = http.requests().split_off(before);
        assert!(
            asked.iter().any(|request| request.header("if-none-match") == "\"one\""),
            "{asked:?}"
        );
    }
}

/// Makes every answer that is kept below a folder one of 1970; how many there are.
fn age(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("it is there").flatten();
    let aged = files.map(|file| {
        let path = file.path();
        if path.is_dir() {
            return age(&path);
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        match serde_json::from_str::<Value>(&text) {
            Ok(mut kept) if kept["at"].is_u64() => {
                kept["at"] = json!(1);
                std::fs::write(&path, kept.to_string()).expect("ours");
                1
            }
            _ => 0,
        }
    });
    aged.sum()
}

#[test]
fn a_source_that_hangs_costs_no_more_than_the_time_that_is_set() {
    let http = Http::start(|_, reply| {
        reply.left_within(Duration::from_secs(120));
    });
    let setup = packaged("@acme/server@1.2.0", &http);
    let mut section = setup.config()["mcpServers"]["mcp-gateway"]["scan"].clone();
    section["timeout"] = json!(1);
    let setup = setup.entry("scan", section);
    let begin = Instant::now();
    let (finished, reputation, _) = assess(&setup, &[]);
    finished.assert_exit(3);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!(reputation["verdict"], Value::Null, "{reputation:#}");
    assert!(
        finished.stdout.contains("did not answer in time"),
        "{}",
        finished.stdout
    );
}

#[test]
fn malware_is_blocked_and_never_started() {
    let http = World::renowned()
        .with("/osv/v1/query", json!({"vulns": [{"id": "MAL-2026-1"}]}))
        .start();
    let setup = packaged("@acme/server@1.2.0", &http);
    let (finished, reputation, ids) = assess(&setup, &[]);
    finished.assert_exit(1);
    assert_eq!(
        (&reputation["verdict"], &ids[0]),
        (&json!("block"), &json!("package-malware"))
    );

    let mut gateway = setup.args(["--scan"]).open();
    let refused = gateway.run("it", "echo", "{}");
    assert!(text_of(&refused).contains("known to be malware"), "{refused}");
    assert!(
        gateway.run("other", "echo", "{}").get("isError").is_none(),
        "the others work"
    );
    assert_eq!(gateway.journal("it", "start"), [""; 0]);
    says(&gateway, "it", "blocked");
}

#[test]
fn what_a_person_looked_at_is_suppressed_with_its_reason() {
    let http = World::renowned()
        .with("/osv/v1/query", json!({"vulns": [{"id": "GHSA-1"}]}))
        .start();
    let setup = packaged("@acme/server@1.2.0", &http);
    let (finished, report) = scan(&setup, &["it"]);
    finished.assert_exit(1);
    let hash = report["servers"]["it"]["findings"][0]["hash"].clone();
    let mut section = setup.config()["mcpServers"]["mcp-gateway"]["scan"].clone();
    section["suppress"] = json!([{"id": "package-vulnerable", "hash": hash, "reason": "not reachable"}]);
    let (finished, report) = scan(&setup.entry("scan", section), &["it"]);
    finished.assert_exit(0);
    assert_eq!(report["servers"]["it"]["findings"][0]["suppressed"], "not reachable");
}

#[test]
fn a_low_score_blocks_only_with_enough_confidence() {
    let nobody = json!({
        "dist-tags": {"latest": "0.0.1"}, "time": {"created": "2999-01-01T00:00:00Z", "0.0.1": "2999-01-01T00:00:00Z"},
        "maintainers": [], "versions": {"0.0.1": {}}, "license": "NONE",
    });
    let world = || World::renowned().with("/npm/", nobody.clone());
    let http = world()
        .with("/npm-downloads/downloads/point/last-month/", json!({"downloads": 0}))
        .start();
    let setup = packaged("@acme/unknown@0.0.1", &http);
    let (finished, reputation, ids) = assess(&setup, &[]);
    finished.assert_exit(1);
    assert_eq!(
        (&reputation["verdict"], &ids[0]),
        (&json!("block"), &json!("package-low-reputation")),
        "{reputation:#}"
    );
    assess(&setup, &["--threshold", "1"]).0.assert_exit(0);

    let http = world()
        .with("/npm-downloads/downloads/point/last-month/", json!({}))
        .start();
    let (finished, reputation, _) = assess(&packaged("@acme/unknown@0.0.1", &http), &[]);
    finished.assert_exit(0);
    assert_eq!(reputation["verdict"], Value::Null, "{reputation:#}");
    assert!(reputation["confidence"].as_f64() < Some(0.5));
}

#[test]
fn the_score_of_the_python_package_is_there_on_request() {
    let http = World::renowned()
        .with("/github/users/acme", json!({"type": "User"}))
        .start();
    let (_, reputation, _) = assess(&packaged("@acme/server@1.2.0", &http), &["--compat-score"]);
    // Of GitHub .4·1 + .3·log10(51)/2 + .1·1 (npm's licence), of npm .30·log10(90001)/5 + .25·log10(3)/2 + .15 + .10 + .20·log10(4).
    let repository = 0.4 + 0.3 * 51f64.log10() / 2.0 + 0.1;
    let npm = 0.3 * 90_001f64.log10() / 5.0 + 0.25 * 3f64.log10() / 2.0 + 0.15 + 0.1 + 0.2 * 4f64.log10();
    let by_hand = 100.0 * (0.6 * repository + 0.4 * npm);
    let score = reputation["score"].as_f64().expect("a score");
    assert!((score - by_hand).abs() < 1e-6, "{score} {by_hand}");
}

#[test]
fn a_typosquat_and_a_package_that_does_not_exist_are_told() {
    let http = World::renowned().start();
    let (_, _, ids) = assess(&packaged("@modelcontextprotocol/server-filesytem@1.2.0", &http), &[]);
    assert!(ids.contains(&json!("package-typosquat")), "{ids:?}");
    let nothing = World(vec![]).start();
    let (finished, reputation, _) = assess(&packaged("@acme/none@1.0.0", &nothing), &[]);
    finished.assert_exit(0);
    assert_eq!(reputation["verdict"], Value::Null);
    assert!(
        reputation["reason"].to_string().contains("no such package"),
        "{reputation:#}"
    );
}

#[test]
fn sources_that_fail_block_nothing_and_leave_the_scan_incomplete() {
    let failures: [fn(&Request, &mut Reply); 5] = [
        |_, reply| reply.status("500 Internal Server Error"),
        |_, reply| reply.status("429 Too Many Requests"),
        |_, reply| reply.whole("200 OK", &["Content-Type: text/html"], "<html>sign in</html>"),
        |_, reply| reply.whole("200 OK", &[], "[1, 2"),
        |_, _| {},
    ];
    for failure in failures {
        let http = Http::start(failure);
        let (finished, reputation, _) = assess(&packaged("@acme/server@1.2.0", &http), &[]);
        finished.assert_exit(3);
        assert_eq!(reputation["verdict"], Value::Null, "{reputation:#}");
        assert!(
            parse(&finished.stdout)["incomplete"].to_string().contains("npm: it"),
            "{}",
            finished.stdout
        );
    }
}

#[test]
fn nonsense_in_the_right_shape_is_not_believed() {
    let nonsense = json!({"downloads": "many", "time": 1, "versions": [1], "maintainers": {}, "vulns": "x", "servers": {}, "dist-tags": []});
    let http = Http::start(move |_, reply| reply.json(&nonsense));
    let (finished, reputation, _) = assess(&packaged("@acme/server@1.2.0", &http), &[]);
    finished.assert_exit(0);
    assert_eq!(
        (&reputation["verdict"], &reputation["score"]),
        (&Value::Null, &Value::Null),
        "{reputation:#}"
    );
}

#[test]
fn offline_is_a_choice_and_nobody_is_asked() {
    let http = World::renowned().start();
    let (finished, reputation, _) = assess(&packaged("@acme/server@1.2.0", &http), &["--offline"]);
    finished.assert_exit(0);
    assert_eq!(http.requests().len(), 0);
    assert!(reputation["reason"].to_string().contains("offline"), "{reputation:#}");
}

#[test]
fn an_index_of_python_packages_is_asked_as_uv_is_set_up() {
    let project = json!({"versions": ["1.0"], "files": [{"filename": "acme-1.0.tar.gz", "upload-time": "2020-01-01T00:00:00Z", "yanked": true}]});
    let http = World(vec![("/simple/acme/", project)]).start();
    let setup = Gateway::with([Server::echo("other")])
        .server(
            "it",
            json!({"command": "/nowhere/uvx", "args": ["acme==1.0"], "env": {"UV_DEFAULT_INDEX": http.url("/simple")}}),
        )
        .entry(
            "scan",
            json!({"sources": {"deps.dev": http.url("/d"), "osv": http.url("/o"), "registry": http.url("/r")}}),
        );
    let (_, reputation, ids) = assess(&setup, &[]);
    assert_eq!(reputation["evidence"]["yanked"], true, "{reputation:#}");
    assert!(ids.contains(&json!("package-yanked")), "{ids:?}");
    let asked = http
        .requests()
        .into_iter()
        .find(|request| request.target == "/simple/acme/")
        .expect("it was asked");
    assert!(asked.header("accept").contains("simple.v1+json"));
}
