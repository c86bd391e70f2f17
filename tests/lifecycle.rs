//! Start, restart and end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{DEADLINE, Gateway, SHUTDOWN, Server, Setup, Signal, eventually, is_running, text_of};

/// A server that does not want to go: it ignores the end of stdin and SIGTERM, and has left a grandchild behind, once
/// in its own process group and once in a session of its own.
fn stubborn(name: &str, own_session: bool) -> Server {
    let server = Server::echo(name).on("start", json!([{"spawn": {"own_session": own_session}}]));
    server.on("eof", json!([{"sleep": 60000}]))
}

fn stubborn_fleet() -> Setup {
    let setup = Gateway::with([Server::echo("honest"), stubborn("near", false), stubborn("far", true)]);
    let deaf = stubborn("deaf", false).install(&setup.sandbox);
    let [program, scenario] = [&deaf["command"], &deaf["args"][0]].map(|it| it.as_str().expect("text"));
    // Ignored signals stay ignored in what the shell becomes.
    let script = format!("trap '' TERM HUP INT\nexec {program} {scenario}\n");
    let script = setup.sandbox.write("servers/deaf/start.sh", &script);
    setup.server("deaf", json!({"command": "/bin/sh", "args": [script]}))
}

const FLEET: [&str; 4] = ["honest", "near", "far", "deaf"];

/// A gateway whose servers are all up.
fn running() -> Gateway {
    let mut gateway = stubborn_fleet().open();
    for server in FLEET {
        assert_eq!(text_of(&gateway.run(server, "echo", "{}")), "{}", "{server}");
    }
    assert!(
        gateway.sandbox.processes().len() >= 1 + FLEET.len() + 3,
        "{:?}",
        gateway.sandbox.processes()
    );
    gateway
}

/// Ends a gateway, and asserts that it and all it started are gone in time.
#[track_caller]
fn assert_ends(mut gateway: Gateway, end: impl FnOnce(&mut Gateway)) {
    let start = Instant::now();
    end(&mut gateway);
    gateway.exit();
    assert!(start.elapsed() < SHUTDOWN, "the gateway took {:?}", start.elapsed());
    gateway.assert_nothing_survives(start);
}

#[test]
fn the_end_of_stdin_takes_everything_down() {
    assert_ends(running(), |gateway| gateway.close_stdin());
}

#[test]
fn sigterm_takes_everything_down() {
    assert_ends(running(), |gateway| gateway.signal(Signal::TERM));
}

#[test]
fn sigint_takes_everything_down() {
    assert_ends(running(), |gateway| gateway.signal(Signal::INT));
}

#[test]
fn sighup_takes_everything_down() {
    assert_ends(running(), |gateway| gateway.signal(Signal::HUP));
}

#[test]
fn nothing_survives_a_gateway_that_is_killed() {
    assert_ends(running(), |gateway| gateway.signal(Signal::KILL));
}

#[test]
fn calls_in_flight_do_not_hold_the_end_up() {
    let busy = Server::new("busy").does("work", json!([{"sleep": 60000}]));
    let mut gateway = Gateway::with([busy]).open();
    gateway.start_run("busy", "work", "{}");
    gateway.first_received("busy", "tools/call");
    assert_ends(gateway, |gateway| gateway.close_stdin());
}

#[test]
fn servers_that_are_still_starting_do_not_hold_the_end_up() {
    let slow =
        |name: &str| Server::echo(name).on("start", json!([{"spawn": {"own_session": false}}, {"sleep": 60000}]));
    let mut gateway = Gateway::with([slow("a"), slow("b"), slow("c")]).start();
    for server in ["a", "b", "c"] {
        gateway.started(server, 1);
    }
    assert_ends(gateway, |gateway| gateway.close_stdin());

    // Killed before anybody has said a word.
    gateway = Gateway::with([slow("a")]).start();
    gateway.started("a", 1);
    assert_ends(gateway, |gateway| gateway.signal(Signal::KILL));
}

#[test]
fn the_end_comes_at_any_moment_of_a_start() {
    for wait in [0, 5, 20, 60, 120] {
        let mut gateway = stubborn_fleet().start();
        std::thread::sleep(Duration::from_millis(wait));
        gateway.close_stdin();
        let start = Instant::now();
        gateway.exit();
        assert!(
            start.elapsed() < SHUTDOWN,
            "after {wait} ms the gateway took {:?}",
            start.elapsed()
        );
        gateway.assert_nothing_survives(start);
    }
}

#[test]
fn an_orderly_end_exits_with_success() {
    let gateway = Gateway::with([Server::echo("honest")]).open();
    let finished = gateway.close();
    assert!(finished.status.success(), "{:?}\n{}", finished.status, finished.stderr);
    assert!(finished.took < SHUTDOWN, "{:?}", finished.took);
}

#[test]
fn servers_see_the_end_of_stdin_first() {
    let mut gateway = Gateway::with([Server::echo("honest")]).open();
    gateway.run("honest", "echo", "{}");
    gateway.close_stdin();
    gateway.exit();
    assert_eq!(
        gateway.journal("honest", "eof").len(),
        1,
        "it was not given the chance to end by itself"
    );
}

#[test]
fn a_grandchild_of_a_crashed_server_is_taken_down_too() {
    let steps = json!([{"exit": 1}]);
    let server = Server::echo("messy")
        .on("start", json!([{"spawn": {"own_session": false}}]))
        .does("die", steps);
    let mut gateway = Gateway::with([server]).open();
    gateway.run("messy", "die", "{}");
    let child: u32 = gateway.journal("messy", "child")[0].parse().expect("a process id");
    assert!(
        eventually(DEADLINE, || !is_running(child)),
        "the grandchild {child} lives on"
    );
}

#[test]
fn the_handshake_is_answered_at_once_however_slow_the_servers_are() {
    let slow = Server::echo("slow").on("start", json!([{"sleep": 600_000}]));
    let silent = Server::echo("silent").on("initialize", json!([]));
    let mut gateway = Gateway::with([slow, silent]).start();
    gateway.initialize();
}

#[test]
fn a_process_starts_at_once_and_its_handshake_waits_for_the_client() {
    let mut gateway = Gateway::with([Server::echo("it")]).start();
    gateway.started("it", 1);
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        gateway.received("it", "initialize").is_empty(),
        "the client has not yet said what it can do"
    );
    gateway.initialize();
    let params = gateway.first_received("it", "initialize")["params"].clone();
    assert!(
        params["clientInfo"]["name"].is_string() && params["protocolVersion"].is_string(),
        "{params}"
    );
}

#[test]
fn a_server_is_offered_what_the_client_can_do_and_no_more() {
    let mut gateway = Gateway::with([Server::echo("it")]).start();
    gateway.initialize_with(json!({"sampling": {}, "roots": {"listChanged": true}}));
    let params = gateway.first_received("it", "initialize")["params"].clone();
    let offered = params["capabilities"].as_object().expect("an object");
    assert!(
        offered.contains_key("sampling") && offered.contains_key("roots"),
        "{params}"
    );
    assert!(!offered.contains_key("elicitation"), "{params}");
}

#[test]
fn in_meta_the_list_is_answered_at_once_too() {
    let slow = Server::echo("slow").on("start", json!([{"sleep": 600_000}]));
    let mut gateway = Gateway::with([slow]).args(["--tools", "meta"]).start();
    gateway.initialize();
    assert_eq!(gateway.list("tools").len(), 2);
}

#[test]
fn a_list_waits_for_servers_a_while_and_the_rest_follows() {
    let quick = Server::echo("quick").on("start", json!([{"sleep": 700}]));
    let slow = Server::echo("slow").on("start", json!([{"sleep": 7000}]));
    let mut gateway = Gateway::with([quick, slow]).open();
    let names = |tools: Vec<Value>| {
        tools
            .iter()
            .map(|tool| tool["name"].to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let first = names(gateway.list("tools"));
    assert!(first.contains("quick_echo") && !first.contains("slow_echo"), "{first}");
    gateway.notified("notifications/tools/list_changed");
    assert!(
        eventually(DEADLINE, || names(gateway.list("tools")).contains("slow_echo")),
        "the slow one never comes"
    );
}

#[test]
fn a_call_waits_for_a_server_that_is_starting() {
    let slow = Server::echo("slow").on("start", json!([{"sleep": 1200}]));
    let mut gateway = Gateway::with([slow]).open();
    assert_eq!(
        text_of(&gateway.run("slow", "echo", r#"{"early":true}"#)),
        r#"{"early":true}"#
    );
}

#[test]
fn servers_start_side_by_side() {
    let never = |name: &str| Server::echo(name).on("start", json!([{"sleep": 600_000}]));
    let mut gateway = Gateway::with([never("a"), never("b"), Server::echo("c"), never("d"), Server::echo("e")]).open();
    for name in ["c", "e"] {
        gateway.run(name, "echo", "{}");
    }
}

#[test]
fn a_crashed_server_comes_back_with_a_fresh_handshake_and_listing() {
    let die = json!([{"exit": 1}]);
    let changed = json!([{"on_run": {"runs": [2], "steps": [{"tools": [{"name": "newer", "inputSchema": {"type": "object"}}]}]}}]);
    let server = Server::echo("phoenix")
        .does("die", die)
        .on("start", changed)
        .answers("newer", r#"{"content":[]}"#);
    let mut gateway = Gateway::with([server]).open();
    assert!(gateway.list("tools").iter().any(|tool| tool["name"] == "phoenix_echo"));
    assert_eq!(gateway.run("phoenix", "die", "{}")["isError"], true);
    gateway.started("phoenix", 2);
    gateway.notified("notifications/tools/list_changed");
    assert!(eventually(DEADLINE, || gateway
        .list("tools")
        .iter()
        .all(|tool| tool["name"] != "phoenix_echo")));
    assert_eq!(gateway.run("phoenix", "newer", "{}"), json!({"content": []}));
    assert_eq!(gateway.received("phoenix", "initialize").len(), 2);
    assert_eq!(gateway.received("phoenix", "notifications/initialized").len(), 2);
}

#[test]
fn a_server_that_leaves_in_silence_comes_back() {
    let server = Server::echo("leaver").does("leave", json!([{"reply": {"content": []}}, {"sleep": 50}, {"exit": 0}]));
    let mut gateway = Gateway::with([server]).open();
    gateway.run("leaver", "leave", "{}");
    gateway.started("leaver", 2);
    assert_eq!(
        text_of(&gateway.run("leaver", "echo", r#"{"back":1}"#)),
        r#"{"back":1}"#
    );
}

#[test]
fn a_server_that_was_killed_comes_back() {
    let mut gateway = Gateway::with([Server::echo("victim")]).open();
    gateway.run("victim", "echo", "{}");
    let pid: u32 = gateway.journal("victim", "start")[0].parse().expect("a process id");
    let processes = gateway.sandbox.processes();
    processes
        .iter()
        .find(|process| process.pid == pid)
        .expect("it runs")
        .kill();
    gateway.started("victim", 2);
    assert_eq!(
        text_of(&gateway.run("victim", "echo", r#"{"back":1}"#)),
        r#"{"back":1}"#
    );
}

#[test]
fn changed_tools_are_announced_and_listed() {
    let newer = json!({"name": "newer", "inputSchema": {"type": "object"}});
    let change = json!([
        {"tools": [newer]},
        {"send": {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}},
        {"reply": {"content": []}},
    ]);
    let server = Server::new("mutable")
        .does("change", change)
        .on("call newer", json!([{"reply": {"content": []}}]));
    let mut gateway = Gateway::with([server]).open();
    assert!(
        gateway
            .list("tools")
            .iter()
            .any(|tool| tool["name"] == "mutable_change")
    );
    gateway.run("mutable", "change", "{}");
    gateway.notified("notifications/tools/list_changed");
    let listed = |gateway: &mut Gateway| gateway.list("tools").iter().any(|tool| tool["name"] == "mutable_newer");
    assert!(eventually(DEADLINE, || listed(&mut gateway)));
    assert_eq!(gateway.call("mutable_newer", "{}"), json!({"content": []}));
}

#[test]
fn no_zombie_is_left_by_a_server_that_restarts() {
    let mut gateway = Gateway::with([Server::echo("mayfly").does("die", json!([{"exit": 1}]))]).open();
    gateway.run("mayfly", "die", "{}");
    gateway.started("mayfly", 2);
    let first: u32 = gateway.journal("mayfly", "start")[0].parse().expect("a process id");
    let gone = || !std::path::Path::new(&format!("/proc/{first}")).exists();
    assert!(eventually(DEADLINE, gone), "the process {first} was never reaped");
}
