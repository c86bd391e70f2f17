"""A client for the client scenarios of MCP's conformance suite: the gateway in front of the scenario's server, and someone
who uses all that it offers.

    conformance_client.py GATEWAY URL
"""
import json
import os
import sys
import tempfile
from pathlib import Path

from harness import Failed
from scripted import Client

CAPABILITIES = {"elicitation": {"form": {}}, "sampling": {}, "roots": {}}
# Something of each type for a required argument.
SAMPLES = {"string": "text", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
# Lists of which each item is asked for: the member of the result, how, and the item's member that names it.
LISTS = {
    "prompts/list": ("prompts", "prompts/get", "name"),
    "resources/list": ("resources", "resources/read", "uri"),
}


def fill_in(params):
    """Answers a form with its defaults, and else with something of the type."""
    schema = params["requestedSchema"]
    fields = schema.get("properties", {}).items()
    defaults = {name: field["default"] for name, field in fields if "default" in field}
    return {"action": "accept", "content": {**arguments(schema, {}), **defaults}}


ANSWERS = {
    "elicitation/create": fill_in,
    "roots/list": {"roots": []},
    "sampling/createMessage": {"role": "assistant", "content": {"type": "text", "text": "So it is."}, "model": "m"},
}


def arguments(schema, others):
    """What a schema requires; where it wants a schema, that of another tool."""
    properties = schema.get("properties", {})
    required = {name: SAMPLES.get(properties.get(name, {}).get("type")) for name in schema.get("required", [])}
    return {**required, "schema": others} if "schema" in required else required


def use(client):
    """Calls each tool, all at once, or those that the scenario names; gets each prompt and each resource."""
    context = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT") or "{}")
    listed = client.result("tools/list")["tools"]
    tools = {tool["name"]: tool["inputSchema"] for tool in listed if tool["name"] not in ("get_metadata", "run_tool")}
    first = next(iter(tools.values()), {})
    calls = context.get("toolCalls") or [
        {"name": name, "arguments": arguments(schema, first)} for name, schema in tools.items()
    ]
    for number in [client.request("tools/call", **call) for call in calls]:
        attempt(client.answer, number)
    for listing, (member, method, name) in LISTS.items():
        for item in client.result(listing)[member]:
            attempt(client.result, method, **{name: item[name]})


def attempt(act, *given, **named):
    """What a server refuses is for the scenario to judge."""
    try:
        act(*given, **named)
    except Failed as failure:
        print(failure, file=sys.stderr)


def main(gateway, url):
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "mcp.json")
        servers = {"remote": {"url": url, "prefix": ""}}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": gateway, "servers": servers}}}))
        command = [gateway, "--mcp-json-path", str(configuration)]
        client = Client(command, ANSWERS, cwd=folder, env={**os.environ, "HOME": folder})
        try:
            client.open(CAPABILITIES)
            use(client)
        finally:
            client.close()


main(*sys.argv[1:])
