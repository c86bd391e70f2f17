"""What two copies of server-everything ask of the client, answered through the gateway by a scripted one."""
import json
from functools import partial

import install
from harness import Sandbox, expect
from scripted import Client

SERVERS = ("one", "two")
# What the client can do, and what it answers.
CAPABILITIES = {"roots": {}, "sampling": {}, "elicitation": {"form": {}}}
ANSWERS = {
    "roots/list": {"roots": [{"uri": "file:///project", "name": "project"}]},
    "sampling/createMessage": {"role": "assistant", "content": {"type": "text", "text": "So it is."}, "model": "m"},
    "elicitation/create": {"action": "accept", "content": {"name": "Ada", "check": True}},
}

# Each tool that makes the server ask: its arguments, what it asks, and what its result holds of the answer.
TOOLS = {
    "get-roots-list": ({}, "roots/list", "file:///project"),
    "trigger-sampling-request": ({"prompt": "Is it?"}, "sampling/createMessage", "So it is."),
    "trigger-elicitation-request": ({}, "elicitation/create", "Ada"),
}


def cases(gateway):
    """One tool after the other, and all of them at once on both servers."""
    packages = install.node()
    return [
        ("one after the other", partial(asks, packages, gateway, [[(SERVERS[0], tool)] for tool in TOOLS])),
        ("all at once on two servers", partial(asks, packages, gateway, [[(server, tool) for server in SERVERS for tool in TOOLS]])),
    ]


def asks(packages, gateway, rounds):
    """Every tool is told what the client answered."""
    sandbox = Sandbox(packages)
    configuration = sandbox.path / "mcp.json"
    servers = {name: {"command": "mcp-server-everything"} for name in SERVERS}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": servers}}}))
    command = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "basic"]
    client = Client(command, ANSWERS, cwd=sandbox.path, env=sandbox.environment)
    try:
        client.open(CAPABILITIES)
        for calls in rounds:
            numbers = [
                client.request("tools/call", name=f"{server}_{tool}", arguments=TOOLS[tool][0]) for server, tool in calls
            ]
            for (server, tool), number in zip(calls, numbers):
                _, method, holds = TOOLS[tool]
                result = json.dumps(client.answer(number))
                expect(holds in result, f"{tool} of {server} was not told {holds!r}: {result}")
                expect(method in client.asked, f"nobody asked {method}")
    finally:
        client.close()
