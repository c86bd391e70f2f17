//! Which tools are offered, how much is asked at once, how large an answer may be, and entries that can't be used.

use serde_json::{Value, json};

use super::{library, resources};
use crate::harness::{Gateway, Server, text_of};

fn filtered(tools: Value) -> Server {
    let server = Server::new("files").tool("read_text").tool("read_all").tool("write");
    server.entry("tools", tools)
}

#[test]
fn a_denied_tool_is_offered_by_no_door() {
    let filters = [
        json!({"deny": ["read_all", "wri*"]}),
        json!({"allow": ["read_*", "write"], "deny": ["*_all", "writ?"]}),
        json!({"allow": ["read_text"]}),
    ];
    for filter in filters {
        let mut gateway = Gateway::with([filtered(filter.clone())]).open();
        let listed: Vec<Value> = gateway.list("tools").iter().map(|tool| tool["name"].clone()).collect();
        assert_eq!(listed, ["get_metadata", "run_tool", "files_read_text"], "{filter}");
        let everything = gateway.metadata(json!({"detail": "full"})).to_string();
        let found = gateway.metadata(json!({"query": "write all"})).to_string();
        for denied in ["read_all", "write"] {
            assert!(
                !everything.contains(denied) && !found.contains(denied),
                "{denied}: {everything} {found}"
            );
            assert_eq!(gateway.run("files", denied, "{}")["isError"], true);
            gateway
                .ask(
                    "tools/call",
                    json!({"name": format!("files_{denied}"), "arguments": {}}),
                )
                .error();
        }
        assert!(gateway.received("files", "tools/call").is_empty(), "{filter}");
        assert_eq!(text_of(&gateway.run("files", "read_text", "{}")), "read_text");
    }
}

#[test]
fn a_filter_holds_when_the_list_changes() {
    let newer = json!({"name": "write_more", "inputSchema": {"type": "object"}});
    let change = json!([
        {"tools": [newer]},
        super::tells("notifications/tools/list_changed", json!({})),
        {"reply": {"content": []}},
    ]);
    let server = Server::new("files")
        .does("change", change)
        .entry("tools", json!({"deny": ["write*"]}));
    let mut gateway = Gateway::with([server]).open();
    gateway.list("tools");
    gateway.run("files", "change", "{}");
    gateway.notified("notifications/tools/list_changed");
    assert_eq!(gateway.list("tools").len(), 2);
    assert_eq!(gateway.run("files", "write_more", "{}")["isError"], true);
}

#[test]
fn a_pattern_that_fits_nothing_is_reported() {
    let mut gateway = Gateway::with([filtered(json!({"allow": ["read_*", "raed"], "deny": ["delete_*"]}))]).open();
    gateway.list("tools");
    for pattern in ["`raed`", "`delete_*`"] {
        gateway.logged(pattern);
    }
    assert!(!gateway.stderr().contains("`read_*`"), "{}", gateway.stderr());
}

#[test]
fn calls_over_the_bound_of_a_server_are_refused_and_harm_nobody() {
    let busy = Server::echo("busy").does("nap", json!([{"sleep": 3000}, {"reply": {"content": []}}]));
    let mut gateway = Gateway::with([busy, Server::echo("other")]).open();
    gateway.run("busy", "echo", "{}");
    let calls: Vec<Value> = (0..512).map(|_| gateway.start_run("busy", "nap", "{}")).collect();
    let refused = gateway.run("busy", "nap", "{}");
    assert_eq!(refused["isError"], true);
    assert!(text_of(&refused).contains("512"), "{refused}");
    assert_eq!(text_of(&gateway.run("other", "echo", "{}")), "{}");
    for call in &calls {
        assert_eq!(gateway.answer(call).result(), &json!({"content": []}));
    }
    assert_eq!(text_of(&gateway.run("busy", "echo", "{}")), "{}");
}

#[test]
fn no_answer_is_larger_than_the_client_takes() {
    let text = "x".repeat(200_000);
    let large = json!([{"reply": {"contents": [{"uri": "shelf:top", "text": text}]}}]);
    let server = library("big")
        .on("resources/read", large)
        .on("prompts/get", json!([{"fail": {"code": 1, "message": text}}]))
        .on("resources/list", resources(&["shelf:top"]));
    let mut gateway = Gateway::with([server]).args(["--max-response", "100000"]).open();
    for (method, params) in [
        ("resources/read", json!({"uri": "shelf:top"})),
        ("prompts/get", json!({"name": "big_plan"})),
    ] {
        let answer = gateway.ask(method, params);
        let said = answer.error()["message"].as_str().unwrap_or_default().to_owned();
        assert!(said.contains("200") && said.contains("100000"), "{said}");
    }
}

#[test]
fn an_entry_that_cannot_be_used_is_shown_with_its_problem() {
    let setup = Gateway::with([Server::echo("good")]).server("bad", json!({"command": 7}));
    let mut gateway = setup.open();
    for asked in [json!({}), json!({"server_name": "bad"})] {
        let bad = gateway.metadata(asked)["bad"].clone();
        assert_eq!(bad["status"], "inactive");
        assert!(
            bad["error"].as_str().is_some_and(|error| error.contains("command")),
            "{bad}"
        );
        assert_eq!(bad["original_tools"], json!([]));
    }
    let said = text_of(&gateway.run("bad", "echo", "{}"));
    assert!(
        said.contains("command") && !said.contains("There is no server"),
        "{said}"
    );
    let good = gateway.metadata(json!({"server_name": "good"}));
    assert_eq!(good.as_object().map(serde_json::Map::len), Some(1), "{good}");
}
