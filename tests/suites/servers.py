"""Four real servers in one configuration, driven through the gateway by real clients."""
import json
import re
from functools import partial
from itertools import zip_longest

import clients
import install
from harness import ROOT, Sandbox, expect

# Made up; the README's quickstart has it too.
TOKEN = "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"
PLACEHOLDER = "<HUGGINGFACE_TOKEN>"
FOLDER = "files"
README = ROOT / "README.md"
FILES = {
    f"{FOLDER}/tokens.txt": f"token = {TOKEN}\n",
    "memory.jsonl": '{"type": "entity", "name": "Ada", "entityType": "person", "observations": ["born in 1815"]}\n',
}

# One call for each server: the server, its tool, the arguments, and what the text of the result holds.
CALLS = [
    ("filesystem", "read_text_file", {"path": "tokens.txt"}, PLACEHOLDER),
    ("everything", "get-sum", {"a": 19, "b": 23}, "42"),
    ("memory", "search_nodes", {"query": "Ada"}, "born in 1815"),
    ("time", "convert_time", {"source_timezone": "Asia/Tokyo", "time": "16:30", "target_timezone": "UTC"}, "-9.0h"),
]

# How often a list is asked for that lacks a server which is still starting.
ATTEMPTS = 5
LOAD = {"requests": 300, "concurrency": 10}


def four(folder):
    """The entries of the four servers."""
    return {
        "filesystem": {"command": "mcp-server-filesystem", "args": [FOLDER], "cwd": folder},
        "everything": {"command": "mcp-server-everything"},
        "memory": {"command": "mcp-server-memory", "env": {"MEMORY_FILE_PATH": f"{folder}/memory.jsonl"}},
        "time": {"command": "mcp-server-time", "args": ["--local-timezone", "Europe/London"]},
    }


class Fleet(Sandbox):
    """A sandbox with real packages, a token in a file, and the gateway over the four servers."""

    def __init__(self, gateway):
        packages = install.node()
        super().__init__(packages, install.python())
        (self.programs / "mcp-gateway").symlink_to(gateway)
        (self.path / "node_modules").symlink_to(packages.parent)
        (self.path / FOLDER).mkdir()
        for name, text in FILES.items():
            (self.path / name).write_text(text)
        configuration = self.path / "gateway.json"
        entry = {"command": "mcp-gateway", "servers": four(str(self.path))}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}, indent=2))
        self.gateway = ["mcp-gateway", "--mcp-json-path", str(configuration), "--plugin", "basic"]

    def run(self, *command, seconds=60):
        output = super().run(*command, seconds=seconds)
        expect(TOKEN not in output, f"the token came through: {output}")
        return output


def cases(gateway):
    """Every client on every server, then what only one client can show."""
    fleet = Fleet(gateway)
    return [
        *(case for client in clients.CALLERS for case in cases_of(client, fleet)),
        ("inspector: tools/list", partial(relays_tools, fleet)),
        ("inspector: {requests} calls, {concurrency} at once".format(**LOAD), partial(bears_load, fleet)),
        ("claude_code: mcp list", partial(connects, fleet)),
        ("claude_code: install, mcp list, uninstall", partial(installs, Fleet(gateway))),
        ("the README's quickstart", partial(quickstart, fleet)),
        ("claude_code: the README's line", partial(quickstart_of_claude_code, Fleet(gateway))),
    ]


def cases_of(client, fleet):
    """What every client can show."""
    yield f"{client.__name__}: get_metadata", partial(lists_all, client, fleet)
    for server, tool, arguments, holds in CALLS:
        wanted = {"server_name": server, "tool_name": tool, "arguments": arguments}
        yield f"{client.__name__}: run_tool of {server}", partial(calls, client, fleet, "run_tool", wanted, holds)
    direct = partial(calls, client, fleet, "everything_echo", {"message": "hi"}, "hi")
    yield f"{client.__name__}: direct tool", direct


def lists_all(client, fleet):
    """`get_metadata` names the four servers, each active and with tools."""
    listed = once(
        lambda: json.loads(client(fleet, "get_metadata", {})),
        lambda listed: all(server["status"] != "starting" for server in listed.values()),
    )
    wanted = sorted(four(""))
    expect(sorted(listed) == wanted, f"get_metadata names {sorted(listed)}, not {wanted}")
    for name, server in listed.items():
        expect(server["status"] == "active" and server["original_tools"], f"{name} is {server}")


def once(ask, complete):
    """What `ask` gives once it is complete: on a busy machine a server may start more slowly than a list waits for."""
    for _ in range(ATTEMPTS):
        answer = ask()
        if complete(answer):
            break
    return answer


def calls(client, fleet, tool, arguments, holds):
    """A tool answers with a text that holds what it should."""
    answer = client(fleet, tool, arguments)
    expect(holds in answer, f"no {holds!r} in {answer!r}")


def relays_tools(fleet):
    """`tools/list` has the two meta tools, then every tool just as its server defines it, but for its name."""
    listed = once(
        lambda: clients.inspect(fleet, fleet.gateway, "tools/list")["tools"],
        lambda listed: all(any(tool["name"].startswith(f"{name}_") for tool in listed) for name in four("")),
    )
    wanted = [
        tool | {"name": f"{name}_{tool['name']}"}
        for name, server in four(str(fleet.path)).items()
        for tool in clients.inspect(fleet, [server["command"], *server.get("args", [])], "tools/list")["tools"]
    ]
    expect([tool["name"] for tool in listed[:2]] == ["get_metadata", "run_tool"], f"the first tools are {listed[:2]}")
    for mine, theirs in zip_longest(listed[2:], wanted):
        expect(json.dumps(mine) == json.dumps(theirs), f"listed {mine}, not {theirs}")
    return f"{len(listed)} tools"


def bears_load(fleet):
    """Many calls, several at once, all succeed."""
    load = ["--load", "--load-requests", str(LOAD["requests"]), "--load-concurrency", str(LOAD["concurrency"])]
    echo = ["--tool-name", "everything_echo", "--tool-args-json", '{"message": "hi"}']
    result = clients.inspect(fleet, fleet.gateway, "tools/call", *echo, *load)
    expect(result["ok"] == result["requests"] == LOAD["requests"], f"not every call succeeded: {result}")
    return f"median {result['latencyMs']['p50']} ms, slowest {result['latencyMs']['max']} ms"


def connects(fleet):
    """Claude Code finds the gateway healthy."""
    said = clients.claude_code(fleet)
    expect("Connected" in said, f"not connected: {said}")


def installs(fleet):
    """After `install claude-code` Claude Code finds the gateway healthy; after `uninstall` it has its own server back."""
    file = fleet.home / ".claude.json"
    own = {"time": four("")["time"]}
    file.write_text(json.dumps({"mcpServers": own}, indent=2))
    said = clients.claude_code_installed(fleet)
    expect("mcp-gateway" in said and "Connected" in said, f"not connected: {said}")
    # Claude Code writes to its file whenever it runs, so this moves the entry back rather than restoring a copy.
    fleet.run("mcp-gateway", "uninstall", "claude-code")
    now = json.loads(file.read_text())["mcpServers"]
    expect(now == own, f"after uninstall it has {now}")


def quickstart(fleet):
    """The README's configuration and commands, word for word; npx finds the package in the working directory."""
    entry = readme_block("Put it before your servers", "json")
    configuration = fleet.home / ".cursor/mcp.json"
    configuration.parent.mkdir()
    configuration.write_text(entry)
    output = fleet.run("sh", "-ec", readme_block("Try it", "sh"))
    expect(PLACEHOLDER in output, f"no {PLACEHOLDER} in {output!r}")


def quickstart_of_claude_code(fleet):
    """After the README's `claude mcp add …`, Claude Code finds the gateway healthy."""
    entry = readme_block("Put it before your servers", "json")
    (fleet.home / ".config").mkdir()
    (fleet.home / ".config/mcp-gateway.json").write_text(entry)
    command = next(line for line in README.read_text().splitlines() if line.startswith("claude mcp add"))
    fleet.run("sh", "-ec", command)
    said = fleet.run("claude", "mcp", "list")
    expect("Connected" in said, f"not connected: {said}")


def readme_block(heading, language):
    """The first code block in a language below a heading of the README."""
    pattern = rf"^## {re.escape(heading)}$.*?^```{language}\n(.*?)^```$"
    block = re.search(pattern, README.read_text(), re.DOTALL | re.MULTILINE)
    expect(block, f"the README has no {language} below {heading!r}")
    return block[1]
