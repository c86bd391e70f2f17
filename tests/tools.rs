//! Tools by their own names, and the two that reach all others.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, Setup, text_of};

fn names(tools: &[Value]) -> Vec<&str> {
    tools
        .iter()
        .map(|tool| tool["name"].as_str().expect("a tool has a name"))
        .collect()
}

fn two_servers() -> [Server; 2] {
    [
        Server::echo("files").tool("read_file"),
        Server::echo("web").tool("fetch"),
    ]
}

fn listed(setup: Setup) -> Vec<Value> {
    setup.open().list("tools")
}

#[test]
fn both_doors_are_open_unless_told_otherwise() {
    let tools = listed(Gateway::with(two_servers()));
    let expected = [
        "get_metadata",
        "run_tool",
        "files_echo",
        "files_read_file",
        "web_echo",
        "web_fetch",
    ];
    assert_eq!(names(&tools).into_iter().collect::<HashSet<_>>(), expected.into());
    assert_eq!(tools.len(), expected.len());
}

#[test]
fn meta_offers_the_two_alone() {
    let setup = Gateway::with(two_servers()).args(["--tools", "meta"]);
    let mut gateway = setup.open();
    let tools = gateway.list("tools");
    assert_eq!(
        names(&tools).into_iter().collect::<HashSet<_>>(),
        ["get_metadata", "run_tool"].into()
    );
    assert_eq!(text_of(&gateway.run("files", "echo", r#"{"a":1}"#)), r#"{"a":1}"#);
}

#[test]
fn direct_offers_the_others_and_get_metadata() {
    let tools = listed(Gateway::with(two_servers()).args(["--tools", "direct"]));
    let expected = ["get_metadata", "files_echo", "files_read_file", "web_echo", "web_fetch"];
    assert_eq!(names(&tools).into_iter().collect::<HashSet<_>>(), expected.into());
}

#[test]
fn an_unknown_way_to_offer_tools_stops_the_start() {
    let finished = Gateway::with(two_servers()).args(["--tools", "metta"]).run(&[], "");
    assert_eq!(finished.status.code(), Some(2));
    assert!(
        finished.stderr.contains("metta") && finished.stderr.contains("meta"),
        "{}",
        finished.stderr
    );
}

#[test]
fn run_tool_is_described_so_that_a_model_can_use_it() {
    let tools = listed(Gateway::with(two_servers()));
    let tool = |name: &str| {
        tools
            .iter()
            .find(|tool| tool["name"] == name)
            .expect("it is listed")
            .clone()
    };
    let run = tool("run_tool");
    let schema = &run["inputSchema"];
    for argument in ["server_name", "tool_name"] {
        assert_eq!(schema["properties"][argument]["type"], "string", "{schema}");
        assert!(
            schema["required"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(argument))),
            "{schema}"
        );
    }
    assert!(schema["properties"]["arguments"].is_object(), "{schema}");
    assert_eq!(run["annotations"]["destructiveHint"], true, "{run}");
    assert_eq!(run["annotations"]["openWorldHint"], true, "{run}");
    let metadata = tool("get_metadata");
    for argument in ["server_name", "tool_name", "query", "detail"] {
        assert!(
            metadata["inputSchema"]["properties"][argument].is_object(),
            "{metadata}"
        );
    }
    assert_eq!(metadata["annotations"]["readOnlyHint"], true, "{metadata}");
    for tool in [run, metadata] {
        assert!(
            tool["description"].as_str().is_some_and(|text| text.len() > 40),
            "{tool}"
        );
    }
}

#[test]
fn a_prefix_can_be_chosen_or_dropped() {
    let servers = [
        Server::echo("filesystem").entry("prefix", "fs"),
        Server::new("web").tool("fetch").entry("prefix", ""),
    ];
    let mut gateway = Gateway::with(servers).open();
    let tools = gateway.list("tools");
    let names = names(&tools);
    assert!(names.contains(&"fs_echo") && names.contains(&"fetch"), "{names:?}");
    assert_eq!(text_of(&gateway.call("fs_echo", r#"{"a":1}"#)), r#"{"a":1}"#);
    assert_eq!(text_of(&gateway.call("fetch", "{}")), "fetch");
    // `run_tool` takes the names of the configuration and of the server.
    assert_eq!(text_of(&gateway.run("filesystem", "echo", "{}")), "{}");
    assert_eq!(text_of(&gateway.run("web", "fetch", "{}")), "fetch");
}

#[test]
fn names_that_clash_stay_apart() {
    let unprefixed = |name: &str| {
        let result = json!({"content": [{"type": "text", "text": format!("from {name}")}]});
        Server::new(name)
            .answers("search", result)
            .answers("run_tool", json!({"content": []}))
            .entry("prefix", "")
    };
    // `a` + `b_c` and `a_b` + `c` make the same name as well.
    let servers = [
        unprefixed("one"),
        unprefixed("two"),
        Server::new("a").tool("b_c"),
        Server::new("a_b").tool("c"),
    ];
    let mut gateway = Gateway::with(servers).open();
    let tools = gateway.list("tools");
    let listed = names(&tools);
    assert_eq!(listed.iter().collect::<HashSet<_>>().len(), listed.len(), "{listed:?}");
    assert_eq!(listed.len(), 2 + 4 + 2, "a tool is missing: {listed:?}");

    let mut answers: Vec<String> = Vec::new();
    for name in listed.iter().filter(|name| name.contains("search")) {
        answers.push(text_of(&gateway.call(name, "{}")));
    }
    answers.sort();
    assert_eq!(answers, ["from one", "from two"]);
    let meta: Vec<&Value> = tools.iter().filter(|tool| tool["name"] == "run_tool").collect();
    assert!(
        meta.len() == 1 && meta[0]["inputSchema"]["properties"]["server_name"].is_object(),
        "`run_tool` was hijacked"
    );
}

#[test]
fn long_names_fit_into_64_characters_and_still_work() {
    let long = |end: &str| format!("{}_{end}", "a_tool_with_a_remarkably_long_name_indeed".repeat(2));
    let result = |text: &str| json!({"content": [{"type": "text", "text": text}]});
    let server = Server::new("a_server_with_a_remarkably_long_name_too");
    let server = server
        .answers(&long("one"), result("one"))
        .answers(&long("two"), result("two"))
        .answers("x", result("x"));
    let mut gateway = Gateway::with([server]).open();
    let tools = gateway.list("tools");
    let mut answers = Vec::new();
    for name in names(&tools) {
        assert!(name.len() <= 64, "{name} has {} characters", name.len());
        if !["run_tool", "get_metadata"].contains(&name) {
            answers.push(text_of(&gateway.call(name, "{}")));
        }
    }
    answers.sort();
    assert_eq!(answers, ["one", "two", "x"]);
}

#[test]
fn names_hold_only_what_clients_accept() {
    let server = Server::new("my server/ü")
        .tool("read file")
        .tool("läse.datei")
        .tool("plain");
    let mut gateway = Gateway::with([server]).open();
    let tools = gateway.list("tools");
    for name in names(&tools) {
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)),
            "{name}"
        );
    }
    assert_eq!(tools.len(), 5);
    assert_eq!(text_of(&gateway.run("my server/ü", "read file", "{}")), "read file");
}

#[test]
fn names_are_the_same_at_each_start() {
    let servers = || {
        [
            Server::new("a").tool("b_c"),
            Server::new("a_b").tool("c"),
            Server::echo("z"),
        ]
    };
    let once = listed(Gateway::with(servers()));
    assert_eq!(names(&once), names(&listed(Gateway::with(servers()))));
}

#[test]
fn a_wrong_server_is_answered_with_the_nearest_names() {
    let mut gateway = Gateway::with(two_servers()).open();
    let result = gateway.run("fils", "echo", "{}");
    assert_eq!(result["isError"], true, "{result}");
    assert!(text_of(&result).contains("`files`"), "{result}");
}

#[test]
fn a_wrong_tool_is_answered_with_the_nearest_names() {
    let mut gateway = Gateway::with(two_servers()).open();
    let result = gateway.run("files", "read_fil", "{}");
    assert_eq!(result["isError"], true, "{result}");
    assert!(text_of(&result).contains("`read_file`"), "{result}");
    assert!(
        gateway.received("files", "tools/call").is_empty(),
        "the server was called all the same"
    );
}

#[test]
fn a_wrong_direct_name_is_an_error_with_the_nearest_names() {
    let mut gateway = Gateway::with(two_servers()).open();
    let answer = gateway.ask("tools/call", r#"{"name":"files_read_fil","arguments":{}}"#);
    assert!(answer.raw.contains("files_read_file"), "{}", answer.raw);
}

#[test]
fn a_missing_required_argument_is_said_in_one_line_with_the_schema() {
    let schema = json!({"type": "object", "properties": {"path": {"type": "string"}, "head": {"type": "integer"}}, "required": ["path"]});
    let reader = json!({"name": "read", "inputSchema": schema});
    let server = Server::new("files")
        .defines(reader)
        .on("call read", json!([{"reply": {"content": []}}]));
    let mut gateway = Gateway::with([server]).open();
    for result in [
        gateway.run("files", "read", r#"{"head":1}"#),
        gateway.call("files_read", "{}"),
    ] {
        assert_eq!(result["isError"], true, "{result}");
        let said = text_of(&result);
        assert!(
            said.lines().next().is_some_and(|line| line.contains("`path`")),
            "{said}"
        );
        assert!(
            said.contains("\"required\"") && said.contains("\"head\""),
            "no schema: {said}"
        );
    }
    assert!(gateway.received("files", "tools/call").is_empty());
    // Of the wrong type, unknown, or null: that is for the server to judge.
    for arguments in [r#"{"path":7}"#, r#"{"path":"a","nope":1}"#, r#"{"path":null}"#] {
        assert_eq!(
            gateway.run("files", "read", arguments),
            json!({"content": []}),
            "{arguments}"
        );
    }
}

#[test]
fn run_tool_without_its_own_arguments_says_what_is_missing() {
    let mut gateway = Gateway::with(two_servers()).open();
    for arguments in [
        json!({}),
        json!({"server_name": "files"}),
        json!({"tool_name": "echo"}),
        json!({"server_name": 7, "tool_name": "echo"}),
    ] {
        let answer = gateway.ask("tools/call", json!({"name": "run_tool", "arguments": arguments}));
        assert!(
            answer.raw.contains("server_name") || answer.raw.contains("tool_name"),
            "{}",
            answer.raw
        );
        assert!(
            answer.value.get("error").is_some() || answer.value["result"]["isError"] == true,
            "{}",
            answer.raw
        );
    }
}

#[test]
fn run_tool_takes_arguments_written_as_a_json_text() {
    // Models do so now and then; a server never wants a string here.
    let mut gateway = Gateway::with(two_servers()).open();
    let params = json!({"name": "run_tool", "arguments": {"server_name": "files", "tool_name": "echo", "arguments": "{\"a\":1}"}});
    let answer = gateway.ask("tools/call", params);
    let understood = text_of(answer.result()) == r#"{"a":1}"#;
    assert!(
        understood || answer.result()["isError"] == true,
        "neither taken nor refused: {}",
        answer.raw
    );
}

#[test]
fn the_tools_of_many_pages_are_all_there() {
    let server = (0..57).fold(Server::new("many"), |server, n| server.tool(&format!("tool_{n}")));
    let mut gateway = Gateway::with([server.has("page_size", 10)]).open();
    let tools = gateway.list("tools");
    for n in 0..57 {
        assert!(
            names(&tools).contains(&format!("many_tool_{n}").as_str()),
            "tool_{n} is missing"
        );
    }
    assert_eq!(text_of(&gateway.run("many", "tool_56", "{}")), "tool_56");
}

#[test]
fn many_tools_come_with_the_advice_to_use_meta() {
    let server = (0..45).fold(Server::new("many"), |server, n| server.tool(&format!("tool_{n}")));
    let mut gateway = Gateway::with([server]).open();
    gateway.list("tools");
    gateway.logged("meta");
}
