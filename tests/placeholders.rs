//! What a mask looks like to those who get it: placeholders that come back, types that stay, notes that say so.

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, text_of};

const TOKEN: &str = "ghp_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8";
const PLACEHOLDER: &str = "<GITHUB_PERSONAL_ACCESS_TOKEN>";

/// A server that tells a token, writes what it is given, and searches without writing.
fn notes() -> Server {
    let echo = r#"[{"reply":{"content":[{"type":"text","text":"$text:arguments"}]}}]"#;
    let schema = json!({"type": "object"});
    Server::new("notes")
        .answers(
            "read",
            json!({"content": [{"type": "text", "text": format!("token = {TOKEN}")}]}),
        )
        .does("write", echo)
        .defines(json!({"name": "search", "inputSchema": schema, "annotations": {"readOnlyHint": true}}))
        .on("call search", echo)
}

fn masking(server: Server) -> Setup {
    Gateway::with([server]).args(["-p", "basic"])
}

#[test]
fn a_placeholder_that_comes_back_is_not_written_over_the_real_value() {
    let mut gateway = masking(notes()).open();
    let edit = json!({"text": format!("# mine\ntoken = {PLACEHOLDER}")});
    assert!(
        text_of(&gateway.run("notes", "write", &edit)).contains(PLACEHOLDER),
        "before it was issued it is a text like any other"
    );
    gateway.run("notes", "read", "{}");
    let refused = gateway.run("notes", "write", &edit);
    assert_eq!(refused["isError"], true);
    let why = text_of(&refused);
    assert!(
        why.contains(PLACEHOLDER) && why.contains("basic.placeholders=pass"),
        "{why}"
    );
    let found = gateway.run("notes", "search", &edit);
    assert!(
        text_of(&found).contains(PLACEHOLDER),
        "a tool that only reads may get it"
    );
    let plain = gateway.run("notes", "write", json!({"text": "nothing masked"}));
    assert!(text_of(&plain).contains("nothing masked"));
}

#[test]
fn a_person_can_let_placeholders_pass() {
    let mut gateway = masking(notes()).args(["--set", "basic.placeholders=pass"]).open();
    gateway.run("notes", "read", "{}");
    let written = gateway.run("notes", "write", json!({"text": PLACEHOLDER}));
    assert!(text_of(&written).contains(PLACEHOLDER));
    assert!(written.get("isError").is_none());
}

#[test]
fn a_result_says_which_of_its_arguments_were_masked() {
    let mut gateway = masking(notes()).open();
    let written = gateway.run("notes", "write", json!({"deep": [{"text": TOKEN}]}));
    let items = written["content"].as_array().expect("content");
    let note = items[1]["text"].as_str().expect("a note");
    assert!(
        note.contains("arguments.deep[0].text") && note.contains(PLACEHOLDER),
        "{note}"
    );
    assert!(!written.to_string().contains(TOKEN));
    let masked = &written["_meta"]["mcp-gateway/masked"]["arguments"][0];
    assert_eq!(masked["place"], "arguments.deep[0].text");
    assert_eq!(masked["label"], "GITHUB_PERSONAL_ACCESS_TOKEN");
}

#[test]
fn structured_content_keeps_its_types_and_says_what_was_masked() {
    let tool = json!({
        "name": "pay",
        "inputSchema": {"type": "object"},
        "outputSchema": {"type": "object", "properties": {"card": {"type": "number"}}},
    });
    let result = json!({"content": [], "structuredContent": {"card": 4111111111111111_u64, "id": 7}});
    let server = Server::new("shop")
        .defines(tool)
        .on("call pay", json!([{"reply": result}]));
    let mut gateway = Gateway::with([server]).args(["-p", "presidio"]).open();
    let paid = gateway.run("shop", "pay", "{}");
    assert_eq!(paid["structuredContent"], json!({"card": 0, "id": 7}));
    let masked: &Value = &paid["_meta"]["mcp-gateway/masked"]["result"][0];
    assert_eq!(masked["place"], "structuredContent.card");
    assert_eq!(masked["label"], "CREDIT_CARD");
}

#[test]
fn each_direction_can_be_blocked_or_left_alone() {
    let told = |sets: &[&str]| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        let mut gateway = masking(notes()).args(sets).open();
        (
            gateway.run("notes", "read", "{}"),
            gateway.run("notes", "search", json!({"q": TOKEN})),
        )
    };
    let (read, search) = told(&["basic.responses=block", "basic.requests=off"]);
    assert_eq!(read["isError"], true);
    assert!(text_of(&read).contains("GITHUB_PERSONAL_ACCESS_TOKEN") && !text_of(&read).contains(TOKEN));
    assert_eq!(
        search["isError"], true,
        "the server was given the token, and its answer holds it: {search}"
    );
    let (read, search) = told(&["basic.responses=off", "basic.requests=block"]);
    assert!(text_of(&read).contains(TOKEN));
    assert_eq!(search["isError"], true);
    assert!(text_of(&search).contains("basic.requests"));
}

#[test]
fn rules_can_be_disabled_allowed_and_added() {
    let told = |sets: &[&str], text: &str| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        let told = json!({"content": [{"type": "text", "text": text}]});
        let mut gateway = masking(Server::new("vault").answers("tell", told)).args(sets).open();
        text_of(&gateway.run("vault", "tell", "{}"))
    };
    let allow = format!(r#"basic.allow=["{TOKEN}"]"#);
    assert_eq!(told(&[&allow], TOKEN), TOKEN);
    let own = r#"basic.rules=[{"id":"badge","regex":"BADGE-[0-9]{6}","placeholder":"BADGE"}]"#;
    assert_eq!(told(&[own], "mine is BADGE-123456."), "mine is <BADGE>.");
    let broken = r#"basic.rules=[{"id":"badge","regex":"(","placeholder":"BADGE"}]"#;
    let finished = masking(notes()).args(["--set", broken]).run(&[], "");
    finished.assert_exit(2);
    assert!(finished.stderr.contains("badge"), "{}", finished.stderr);
}
