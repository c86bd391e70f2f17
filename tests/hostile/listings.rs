//! Lists without end, without sense, or without rest.

use std::time::Duration;

use serde_json::json;

use super::{acting, assert_good, beside, done, is_done, play};
use crate::harness::Server;

#[test]
fn a_repeated_cursor_ends_the_list() {
    let page = json!({"tools": [{"name": "act", "inputSchema": {"type": "object"}}], "nextCursor": "again"});
    play(
        acting(json!([done()])).on("tools/list", json!([{"reply": page}])),
        is_done,
    );
}

#[test]
fn pages_without_end_end_the_list() {
    // Ids of requests do not repeat, so no cursor does: only a cap ends this list.
    let page = r#"{"tools":[{"name":"act","inputSchema":{"type":"object"}}],"nextCursor":"$text:id"}"#;
    let server = Server::new("bad")
        .on("call act", json!([done()]))
        .on("tools/list", format!(r#"[{{"reply":{page}}}]"#));
    let mut gateway = beside(server).open();
    assert_good(&mut gateway);
    is_done(&gateway.run("bad", "act", "{}"));
}

#[test]
fn lists_that_are_nonsense_are_reported() {
    for tools in [
        json!(5),
        json!(null),
        json!([7, {}, {"name": 3}, null, {"name": ""}]),
        json!({"act": {}}),
    ] {
        let bad = acting(json!([done()])).on("tools/list", json!([{"reply": {"tools": tools}}]));
        let mut gateway = beside(bad).open();
        assert_good(&mut gateway);
        let listed = gateway.list("tools");
        assert!(listed.iter().all(|tool| tool["name"].is_string()), "{listed:?}");
        gateway.metadata(json!({}));
    }
}

#[test]
fn a_list_of_prompts_or_resources_that_is_nonsense_costs_nothing_else() {
    for (method, reply) in [
        ("prompts/list", json!({})),
        ("resources/list", json!({"resources": 5})),
        ("resources/templates/list", json!([])),
    ] {
        let capabilities = json!({"tools": {}, "prompts": {}, "resources": {}});
        let bad = acting(json!([done()]))
            .has("capabilities", capabilities)
            .on(method, json!([{"reply": reply}]));
        let mut gateway = beside(bad).open();
        is_done(&gateway.run("bad", "act", "{}"));
        gateway.logged(&format!("it answered `{method}` with something unexpected"));
        assert_eq!(gateway.journal("bad", "start").len(), 1, "it is not started again");
    }
}

#[test]
fn a_tool_listed_twice_is_listed_once() {
    let tool = json!({"name": "act", "inputSchema": {"type": "object"}});
    let bad = acting(json!([done()])).on("tools/list", json!([{"reply": {"tools": [tool, tool]}}]));
    let mut gateway = beside(bad).open();
    let mut names: Vec<String> = gateway
        .list("tools")
        .iter()
        .map(|tool| tool["name"].to_string())
        .collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "{names:?}");
}

#[test]
fn a_storm_of_list_changes_is_survived() {
    let change = json!({"line": r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#});
    let mut steps = vec![change; 500];
    steps.push(done());
    let mut gateway = beside(acting(steps.into())).open();
    is_done(&gateway.run("bad", "act", "{}"));
    assert_good(&mut gateway);
    gateway.listen(Duration::from_millis(500));
    let lists = gateway.received("bad", "tools/list").len();
    assert!(lists < 500, "the server was asked {lists} times");
}
