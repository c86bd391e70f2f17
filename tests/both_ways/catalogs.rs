//! Prompts, resources and completion.

use std::time::Duration;

use serde_json::{Value, json};

use super::{echo, library, resources, tells};
use crate::harness::{DEADLINE, Gateway, Server, TOKEN, assert_same, eventually, parse};

#[test]
fn what_can_be_asked_is_declared_at_once() {
    let slow = library("slow").on("start", json!([{"sleep": 600_000}]));
    let mut gateway = Gateway::with([slow]).start();
    let declared = gateway.initialize()["capabilities"].clone();
    assert_eq!(declared["resources"], json!({"subscribe": true, "listChanged": true}));
    for capability in ["tools", "prompts", "completions", "logging"] {
        assert!(declared[capability].is_object(), "{capability}: {declared}");
    }
}

#[test]
fn a_prompt_is_named_after_its_server_and_known_there_by_its_own_name() {
    let mut gateway = Gateway::with([library("one"), library("two").entry("prefix", "")]).open();
    let prompts = gateway.list("prompts");
    let names: Vec<&Value> = prompts.iter().map(|prompt| &prompt["name"]).collect();
    assert_eq!(names, ["one_plan", "plan"]);
    assert_eq!(prompts[0]["x-more"], 1);

    let params = r#"{"x":1.0,"name":"one_plan","arguments":{"z":"1","a":"2"},"_meta":{"trace":1e400}}"#;
    let result = gateway.ask("prompts/get", params).result().clone();
    let sent = params.replace("one_plan", "plan");
    assert_same("prompts/get", &parse(&sent), &result["params"]);
}

#[test]
fn a_prompt_may_be_asked_for_before_its_server_is_ready() {
    let slow = library("slow").on("start", json!([{"sleep": 800}]));
    let mut gateway = Gateway::with([slow]).open();
    gateway.ask("prompts/get", r#"{"name":"slow_plan"}"#).result();
}

#[test]
fn what_nobody_offers_is_an_error_with_the_nearest_name() {
    let mut gateway = Gateway::with([library("one")]).open();
    let error = gateway.ask("prompts/get", r#"{"name":"one_pln"}"#).error().clone();
    assert_eq!(error["code"], -32602);
    assert!(error.to_string().contains("`one_plan`"), "{error}");
    let mut bare = Gateway::with([Server::echo("it")]).open();
    assert_eq!(bare.ask("resources/read", r#"{"uri":"x:y"}"#).error()["code"], -32602);
    for method in ["prompts/get", "resources/read", "completion/complete"] {
        assert_eq!(gateway.ask(method, "{}").error()["code"], -32602, "{method}");
    }
}

#[test]
fn resources_keep_their_uris() {
    let mut gateway = Gateway::with([library("one"), Server::echo("other")]).open();
    let listed = gateway.list("resources");
    assert_eq!(listed, [json!({"uri": "shelf:top", "name": "r"})]);
    let templates = gateway.ask("resources/templates/list", "{}").result()["resourceTemplates"].clone();
    assert_eq!(templates[0]["uriTemplate"], "book://{isbn}/pages/{page}");
    for (method, uri) in [
        ("resources/read", "shelf:top"),
        ("resources/read", "book://7/pages/2"),
        ("resources/read", "nobody:lists/this"),
        ("resources/read", "mcp-gateway://one/shelf:top"),
        ("resources/subscribe", "shelf:top"),
        ("resources/unsubscribe", "shelf:top"),
    ] {
        gateway.ask(method, json!({"uri": uri})).result();
        let last = gateway.received("one", method).pop().expect("it was asked");
        assert_eq!(
            last["params"]["uri"],
            uri.trim_start_matches("mcp-gateway://one/"),
            "{method}"
        );
    }
}

#[test]
fn a_resource_link_that_nobody_lists_finds_its_server() {
    let missing = json!([{"fail": {"code": -32002, "message": "Resource not found"}}]);
    let first = Server::new("first")
        .has("capabilities", json!({"resources": {}}))
        .on("resources/list", resources(&[]))
        .on("resources/read", missing);
    let mut gateway = Gateway::with([first, library("second")]).open();
    let result = gateway.ask("resources/read", r#"{"uri":"a:link"}"#).result().clone();
    assert_eq!(result["params"]["uri"], "a:link");
}

#[test]
fn a_uri_of_two_servers_is_the_firsts_and_the_other_stays_reachable() {
    let contents = json!([{"reply": {"contents": [{"uri": "shelf:top", "text": "the second's"}]}}]);
    let second = library("second").on("resources/read", contents).does(
        "touch",
        json!([tells("notifications/resources/updated", json!({"uri": "shelf:top"})), {"reply": {"content": []}}]),
    );
    let mut gateway = Gateway::with([library("first"), second]).open();
    let uris: Vec<Value> = gateway
        .list("resources")
        .iter()
        .map(|item| item["uri"].clone())
        .collect();
    let other = "mcp-gateway://second/shelf:top";
    assert_eq!(uris, ["shelf:top", other]);

    let bare = gateway.ask("resources/read", r#"{"uri":"shelf:top"}"#).result().clone();
    assert_eq!(bare["params"]["uri"], "shelf:top");
    let read = gateway.ask("resources/read", json!({"uri": other})).result().clone();
    assert_eq!(read["contents"][0], json!({"uri": other, "text": "the second's"}));
    assert_eq!(
        gateway.first_received("second", "resources/read")["params"]["uri"],
        "shelf:top"
    );
    gateway.run("second", "touch", "{}");
    assert_eq!(
        gateway.notified("notifications/resources/updated").value["params"]["uri"],
        other
    );

    let metadata = gateway.metadata(json!({}));
    assert_eq!(
        metadata["second"]["resource_clashes"],
        json!([{"uri": "shelf:top", "offered_as": other}])
    );
    assert!(metadata["first"].get("resource_clashes").is_none(), "{metadata}");
}

#[test]
fn a_uri_is_the_firsts_however_long_that_takes_to_start() {
    let slow = library("first").on("start", json!([{"sleep": 1000}]));
    let mut gateway = Gateway::with([slow, library("second")]).open();
    gateway.run("second", "nothing", "{}");
    gateway.ask("resources/read", r#"{"uri":"shelf:top"}"#).result();
    assert_eq!(gateway.received("first", "resources/read").len(), 1);
}

#[test]
fn a_uri_that_holds_a_secret_leads_back_to_its_resource_and_is_not_shown() {
    let secret = format!("https://example.com/x?key={TOKEN}");
    let contents = json!([{"reply": {"contents": [{"uri": secret, "text": "t"}]}}]);
    let server = library("vault")
        .on("resources/list", resources(&[&secret]))
        .on("resources/read", contents);
    let mut gateway = Gateway::with([server]).args(["-p", "basic"]).open();
    let listed = gateway.list("resources");
    let shown = listed[0]["uri"].clone();
    let result = gateway.ask("resources/read", json!({"uri": shown})).result().clone();
    assert_eq!(result["contents"][0]["uri"], shown);
    let received = gateway.first_received("vault", "resources/read");
    assert_eq!(received["params"]["uri"], secret);
    assert!(gateway.inbox().iter().all(|message| !message.raw.contains(TOKEN)));
}

#[test]
fn cursors_of_a_server_return_as_they_came() {
    let page = json!([{"reply": {"resources": [], "nextCursor": TOKEN}}]);
    let mut gateway = Gateway::with([library("vault").on("resources/list", page)])
        .args(["-p", "basic"])
        .open();
    gateway.list("resources");
    assert_eq!(
        gateway.received("vault", "resources/list")[1]["params"]["cursor"],
        TOKEN
    );
}

#[test]
fn completion_asks_the_server_of_the_prompt_or_the_template() {
    let mut gateway = Gateway::with([library("one"), library("two")]).open();
    let argument = json!({"name": "city", "value": "P"});
    let of_prompt =
        json!({"ref": {"type": "ref/prompt", "name": "two_plan"}, "argument": argument, "context": {"a": 1}});
    let result = gateway.ask("completion/complete", of_prompt).result().clone();
    assert_eq!(
        result["params"],
        json!({"ref": {"type": "ref/prompt", "name": "plan"}, "argument": argument, "context": {"a": 1}})
    );
    assert_eq!(gateway.received("two", "completion/complete").len(), 1);
    for uri in [
        "book://{isbn}/pages/{page}",
        "mcp-gateway://two/book://{isbn}/pages/{page}",
    ] {
        let of_template = json!({"ref": {"type": "ref/resource", "uri": uri}, "argument": argument});
        let result = gateway.ask("completion/complete", of_template).result().clone();
        assert_eq!(result["params"]["ref"]["uri"], "book://{isbn}/pages/{page}");
    }
    assert_eq!(gateway.received("one", "completion/complete").len(), 1);
}

#[test]
fn large_lists_come_in_pages_and_garbage_is_no_cursor() {
    let prompts: Vec<Value> = (0..2500).map(|n| json!({"name": format!("p{n}")})).collect();
    let tools = (0..1200).fold(Server::new("big"), |server, n| server.tool(&format!("t{n}")));
    let server = tools
        .has("capabilities", json!({"tools": {}, "prompts": {}}))
        .on("prompts/list", json!([{"reply": {"prompts": prompts}}]));
    let mut gateway = Gateway::with([server]).open();
    let first = gateway.ask("prompts/list", "{}").result().clone();
    assert!(first["nextCursor"].is_string() && first["prompts"].as_array().is_some_and(|page| page.len() < 2500));
    let names: Vec<Value> = gateway
        .list("prompts")
        .iter()
        .map(|prompt| prompt["name"].clone())
        .collect();
    let expected: Vec<Value> = (0..2500).map(|n| json!(format!("big_p{n}"))).collect();
    assert_eq!(names, expected);
    assert_eq!(gateway.list("tools").len(), 1202);
    for cursor in [
        json!("x"),
        json!(""),
        json!(7),
        json!("-1"),
        json!("99999999999999999999"),
        json!([]),
        json!("4000"),
    ] {
        for method in [
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
        ] {
            assert_eq!(
                gateway.ask(method, json!({"cursor": cursor})).error()["code"],
                -32602,
                "{method} {cursor}"
            );
        }
    }
    gateway.ask("prompts/list", json!({"cursor": null})).result();
}

#[test]
fn changes_of_each_list_are_announced_to_a_client_that_has_read_it() {
    let change = |list: &str| json!([tells(&format!("notifications/{list}/list_changed"), json!({})), {"reply": {"content": []}}]);
    let server = library("one")
        .does("prompts", change("prompts"))
        .does("resources", change("resources"));
    let mut gateway = Gateway::with([server]).open();
    gateway.list("prompts");
    for list in ["prompts", "resources"] {
        gateway.run("one", list, "{}");
        let twice = || gateway.received("one", &format!("{list}/list")).len() == 2;
        assert!(eventually(DEADLINE, twice), "{list}/list is not read again");
    }
    gateway.notified("notifications/prompts/list_changed");
    gateway.listen(Duration::from_millis(300));
    for unread in ["resources", "tools"] {
        let notifications = gateway.notifications(&format!("notifications/{unread}/list_changed"));
        assert!(notifications.is_empty(), "{unread} was never listed");
    }
    gateway.list("resources");
    gateway.run("one", "resources", "{}");
    gateway.notified("notifications/resources/list_changed");
}

#[test]
fn an_answer_that_names_no_list_costs_only_that_list() {
    let server = Server::echo("half")
        .has("capabilities", json!({"tools": {}, "prompts": {}, "resources": {}}))
        .on("resources/list", resources(&["a:b"]))
        .on("resources/read", echo());
    let mut gateway = Gateway::with([server]).open();
    assert_eq!(gateway.list("prompts"), Vec::<Value>::new());
    assert_eq!(gateway.list("resources").len(), 1);
    gateway.run("half", "echo", "{}");
}
