//! `get_metadata`: what a model learns of the servers.

use serde_json::{Value, json};

use crate::harness::{Gateway, Server, parse, text_of};

fn weather() -> Server {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    let forecast =
        json!({"name": "forecast", "description": "Weather of the coming days for a city.", "inputSchema": schema});
    Server::new("weather")
        .defines(forecast)
        .has("instructions", "Ask for one city at a time.")
}

fn files() -> Server {
    let tool = |name: &str, description: &str| json!({"name": name, "description": description, "inputSchema": {"type": "object"}});
    Server::new("files")
        .defines(tool("read_file", "Reads the whole of a file as text."))
        .defines(tool("move_file", "Moves or renames a file or a directory."))
        .defines(tool("create_directory", "Makes a new directory."))
}

#[test]
fn the_shape_is_that_of_the_python_package() {
    let capabilities = json!({"tools": {}, "resources": {}, "prompts": {}});
    let server = weather()
        .has("capabilities", capabilities)
        .on(
            "resources/list",
            json!([{"reply": {"resources": [{"uri": "weather://stations", "name": "stations"}]}}]),
        )
        .on(
            "prompts/list",
            json!([{"reply": {"prompts": [{"name": "plan_trip", "description": "Plans a trip."}]}}]),
        );
    let mut gateway = Gateway::with([server]).open();
    let metadata = gateway.metadata(json!({"server_name": "weather", "detail": "full"}));
    let weather = &metadata["weather"];
    assert!(weather["status"].is_string(), "{metadata}");
    assert!(weather["capabilities"]["tools"].is_object(), "{metadata}");
    assert_eq!(weather["original_tools"][0]["name"], "forecast", "{metadata}");
    assert_eq!(
        weather["original_tools"][0]["inputSchema"]["required"],
        json!(["city"]),
        "{metadata}"
    );
    assert_eq!(
        weather["original_resources"][0]["uri"], "weather://stations",
        "{metadata}"
    );
    assert_eq!(weather["original_prompts"][0]["name"], "plan_trip", "{metadata}");
    assert!(weather.get("error").is_none_or(Value::is_null), "{metadata}");
}

#[test]
fn the_text_is_the_structured_content_again() {
    let mut gateway = Gateway::with([weather(), files()]).open();
    for arguments in [
        json!({}),
        json!({"server_name": "files"}),
        json!({"detail": "full"}),
        json!({"query": "rename"}),
    ] {
        let result = gateway.call("get_metadata", &arguments);
        assert_eq!(parse(&text_of(&result)), result["structuredContent"], "{arguments}");
        assert_ne!(result["isError"], true, "{arguments}");
    }
}

#[test]
fn it_waits_for_servers_that_are_starting() {
    let slow = weather().on("start", json!([{"sleep": 800}]));
    let mut gateway = Gateway::with([slow]).open();
    let metadata = gateway.metadata(json!({"detail": "full"}));
    assert_eq!(
        metadata["weather"]["original_tools"][0]["name"], "forecast",
        "{metadata}"
    );
}

#[test]
fn a_server_or_a_tool_can_be_asked_for() {
    let mut gateway = Gateway::with([weather(), files()]).open();
    let one = gateway.metadata(json!({"server_name": "files"}));
    assert!(one.get("weather").is_none(), "{one}");
    assert_eq!(
        one["files"]["original_tools"].as_array().map(Vec::len),
        Some(3),
        "{one}"
    );

    let tool = gateway.metadata(json!({"server_name": "weather", "tool_name": "forecast"}));
    let tools = &tool["weather"]["original_tools"];
    assert_eq!(tools.as_array().map(Vec::len), Some(1), "{tool}");
    assert_eq!(
        tools[0]["inputSchema"]["required"],
        json!(["city"]),
        "asked for by name it comes whole: {tool}"
    );
}

#[test]
fn wrong_names_are_answered_with_the_nearest() {
    let mut gateway = Gateway::with([weather(), files()]).open();
    let result = gateway.call("get_metadata", json!({"server_name": "wether"}));
    assert!(
        result["isError"] == true && text_of(&result).contains("`weather`"),
        "{result}"
    );
    let result = gateway.call("get_metadata", json!({"server_name": "files", "tool_name": "mov_file"}));
    assert!(
        result["isError"] == true && text_of(&result).contains("`move_file`"),
        "{result}"
    );
    let result = gateway.call("get_metadata", json!({"detail": "sumary"}));
    assert!(
        result["isError"] == true && text_of(&result).contains("summary"),
        "{result}"
    );
}

#[test]
fn a_query_finds_the_tool_in_plain_words() {
    let mut gateway = Gateway::with([weather(), files()]).open();
    for (question, tool) in [
        ("will it rain tomorrow? what's the weather", "forecast"),
        ("rename a document", "move_file"),
        ("new folder, make directory", "create_directory"),
        ("show me what the file says, read it", "read_file"),
    ] {
        let found = gateway.metadata(json!({"query": question}));
        assert!(found.to_string().contains(tool), "{question}: {found}");
    }
}

#[test]
fn a_large_fleet_is_summed_up_and_tells_how_to_ask_for_more() {
    let properties: Value = (0..20)
        .map(|n| {
            (
                format!("p{n}"),
                json!({"type": "string", "description": "Some words on it."}),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let big = |name: &str| {
        (0..60).fold(Server::new(name), |server, n| {
            let schema = json!({"type": "object", "properties": properties});
            server.defines(json!({"name": format!("tool_{n}"), "description": "First line.\nMany more words follow.", "inputSchema": schema}))
        })
    };
    let mut gateway = Gateway::with(["a", "b", "c", "d"].map(big))
        .args(["--tools", "meta"])
        .open();
    for server in ["a", "b", "c", "d"] {
        gateway.run(server, "tool_0", "{}");
    }
    let summary = gateway.call("get_metadata", "{}");
    let text = text_of(&summary);
    assert!(
        text.contains("tool_59") && !text.contains("\"p19\""),
        "{}",
        &text[..400]
    );
    assert!(
        text.contains("get_metadata") && text.contains("tool_name"),
        "it does not say how to ask for more"
    );
    let full = gateway.call("get_metadata", json!({"server_name": "a", "detail": "full"}));
    assert!(text_of(&full).contains("\"p19\""));
    assert!(
        text.len() < text_of(&full).len(),
        "the summary of four servers is longer than one of them in full"
    );
}

#[test]
fn a_server_that_failed_says_why() {
    let setup = Gateway::with([weather()]).server("gone", json!({"command": "/no/such/program"}));
    let mut gateway = setup.open();
    gateway.run("gone", "x", "{}");
    let metadata = gateway.metadata(json!({}));
    assert!(
        metadata["gone"]["error"].to_string().contains("/no/such/program"),
        "{metadata}"
    );
    assert_ne!(metadata["gone"]["status"], metadata["weather"]["status"], "{metadata}");
}

#[test]
fn a_gateway_without_servers_runs_alone() {
    let mut gateway = Gateway::with([]).open();
    let metadata = gateway.metadata(json!({}));
    assert!(metadata.to_string().contains("standalone_mode"), "{metadata}");
    let tools = gateway.list("tools");
    assert!(tools.iter().any(|tool| tool["name"] == "get_metadata"), "{tools:?}");
}
