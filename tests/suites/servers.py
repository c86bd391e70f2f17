"""Four real servers in one configuration, driven through the gateway by real clients."""
import json
from functools import partial

import clients
import install
from harness import Sandbox, expect

# Made up; the mask that `basic` puts in its place is known from the Python package.
TOKEN = "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"
PLACEHOLDER = "<HUGGINGFACE_TOKEN>"
FOLDER = "files"

# The server, its tool, the arguments, and what the text of the result holds.
CALLS = [
    ("filesystem", "read_text_file", {"path": f"{FOLDER}/tokens.txt"}, PLACEHOLDER),
    ("everything", "get-sum", {"a": 19, "b": 23}, "42"),
    ("memory", "create_entities", {"entities": [{"name": "Ada", "entityType": "person", "observations": []}]}, "Ada"),
    ("time", "convert_time", {"source_timezone": "Asia/Tokyo", "time": "16:30", "target_timezone": "UTC"}, "-9.0h"),
]


class Fleet(Sandbox):
    """A sandbox with a configuration of servers, and the command that starts the gateway over it."""

    def __init__(self, gateway, programs, servers):
        super().__init__(*programs)
        files = self.path / FOLDER
        files.mkdir()
        (files / "tokens.txt").write_text(f"token = {TOKEN}\n")
        entry = {"command": str(gateway), "servers": {name: server(self.path) for name, server in servers.items()}}
        configuration = self.path / "gateway.json"
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}, indent=2))
        self.gateway = [str(gateway), "--mcp-json-path", str(configuration), "-p", "basic"]

    def run(self, *command, seconds=60):
        output = super().run(*command, seconds=seconds)
        expect(TOKEN not in output, f"the token came through: {output}")
        return output


def entry(command, *args, **settings):
    """What stands under a server's name; its folder is the sandbox's."""
    return lambda folder: {"command": command, "args": args, "cwd": str(folder), **settings}


SERVERS = {
    "filesystem": entry("mcp-server-filesystem", FOLDER),
    "everything": entry("mcp-server-everything"),
    "memory": lambda folder: entry("mcp-server-memory", env={"MEMORY_FILE_PATH": f"{folder}/memory.jsonl"})(folder),
    "time": entry("mcp-server-time", "--local-timezone", "Europe/London"),
}
