//! The gateway's own two tools.

use serde_json::{Value, json};

/// The name of the tool that lists what there is.
pub const GET_METADATA: &str = "get_metadata";
/// The name of the tool that runs any other.
pub const RUN_TOOL: &str = "run_tool";

/// Up to this many servers are named in the definitions.
const NAMED: usize = 40;

/// What a model is told of `get_metadata`.
pub(super) fn get_metadata(servers: &[&str]) -> Value {
    let description = format!(
        "Lists the MCP servers behind this gateway and what each one offers: its status, tools (with their input schemas), resources and \
         prompts. Call it before run_tool to learn exact tool names and arguments. With many tools the answer without arguments is a \
         summary; to find the right tool, pass `query` with the task in plain words, or narrow it down by `server_name` and \
         `tool_name`, which also gives the full definitions.{}",
        named(servers)
    );
    json!({
        "name": GET_METADATA,
        "title": "List servers and their tools",
        "description": description,
        "inputSchema": {
            "type": "object",
            "properties": {
                "server_name": {"type": "string", "description": "Only this server."},
                "tool_name": {"type": "string", "description": "Only tools of this name, with their full definitions."},
                "query": {"type": "string", "description": "What you want to do, in plain words, e.g. \"open a pull request\": the tools that fit best, the best first."},
                "detail": {"type": "string", "enum": ["summary", "full"], "description": "`summary`: names and one line each. `full`: complete definitions with input schemas. Without it, what fits the amount."}
            }
        },
        "annotations": {"title": "List servers and their tools", "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false}
    })
}

/// What a model is told of `run_tool`.
pub(super) fn run_tool(servers: &[&str]) -> Value {
    let description = format!(
        "Runs one tool of one MCP server behind this gateway and returns its result unchanged, except that secrets and personal data may \
         be replaced by placeholders such as <GITHUB_PERSONAL_ACCESS_TOKEN>. Use the server, the tool name and the arguments exactly as \
         get_metadata gives them (the tool's own name, without the server's name before it).{}",
        named(servers)
    );
    json!({
        "name": RUN_TOOL,
        "title": "Run a tool of a server",
        "description": description,
        "inputSchema": {
            "type": "object",
            "properties": {
                "server_name": {"type": "string", "description": "The server that has the tool."},
                "tool_name": {"type": "string", "description": "The tool's name at that server."},
                "arguments": {"type": "object", "description": "The tool's arguments, as its inputSchema in get_metadata says. Leave it out for a tool without any.", "additionalProperties": true}
            },
            "required": ["server_name", "tool_name"]
        },
        "annotations": {"title": "Run a tool of a server", "readOnlyHint": false, "destructiveHint": true, "idempotentHint": false, "openWorldHint": true}
    })
}

fn named(servers: &[&str]) -> String {
    match servers.len() {
        0 => String::new(),
        1..=NAMED => format!(" Servers: {}.", servers.join(", ")),
        more => format!(" There are {more} servers."),
    }
}
