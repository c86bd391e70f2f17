"""Real clients: each calls one tool of the gateway in a process of its own and returns the text of the result."""
import json
from pathlib import Path

PYTHON_CLIENT = Path(__file__).parent / "python_client.py"


def inspector(fleet, tool, arguments):
    """The Inspector's command line, the reference client on TypeScript's SDK."""
    wanted = ["--tool-name", tool, "--tool-args-json", json.dumps(arguments)]
    return text(inspect(fleet, fleet.gateway, "tools/call", *wanted))


def inspect(fleet, server, method, *options):
    """The result of any method that the Inspector can ask of a server, which is the command that starts it."""
    inspector = ["mcp-inspector", "--cli", "--format", "json", "--method", method, *options, "--"]
    return json.loads(fleet.run(*inspector, *server))["result"]


def python_legacy(fleet, tool, arguments):
    """The Python SDK, which opens with `initialize`."""
    return python(fleet, "legacy", "2025-11-25", tool, arguments)


def python_auto(fleet, tool, arguments):
    """The Python SDK, which opens with `server/discover` and speaks what it finds."""
    return python(fleet, "auto", "2026-07-28", tool, arguments)


def python(fleet, mode, version, tool, arguments):
    """The Python SDK's client in one of its modes, in which it is to speak this version."""
    wanted = [mode, version, tool, json.dumps(arguments)]
    return text(json.loads(fleet.run("python", PYTHON_CLIENT, *wanted, *fleet.gateway)))


def fastmcp(fleet, tool, arguments):
    """FastMCP's command line."""
    wanted = ["--target", tool, "--input-json", json.dumps(arguments), "--json"]
    return text(json.loads(fleet.run("fastmcp", "call", "--command", " ".join(fleet.gateway), *wanted)))


def mcporter(fleet, tool, arguments):
    """mcporter's command line, which prints the text itself."""
    wanted = ["--tool", tool, "--args", json.dumps(arguments), "--output", "text"]
    return fleet.run("mcporter", "call", "--stdio", " ".join(fleet.gateway), *wanted)


def claude_code(fleet):
    """What Claude Code says of the gateway once it is in its configuration."""
    fleet.run("claude", "mcp", "add", "--scope", "user", "gateway", "--", *fleet.gateway)
    return fleet.run("claude", "mcp", "list")


def text(result):
    """The text of a result's first content block."""
    return result["content"][0]["text"]


# Those that can call a tool without a model.
CALLERS = (inspector, python_legacy, python_auto, fastmcp, mcporter)
