"""A client whose calls go on record."""
import json
from pathlib import Path

import scripted
from harness import expect
from overhead import build


class Client(scripted.Client):
    """A client of a gateway with `xetrack`, in front of the benchmark's echo server; its calls are in `store`."""

    def __init__(self, gateway, store, environment):
        configuration = Path(store).with_suffix(".json")
        entry = {"command": "mcp-gateway", "servers": {"echo": {"command": str(build("echo-server"))}}}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}))
        command = [str(gateway), "--mcp-json-path", str(configuration), "-p", "xetrack"]
        super().__init__(command, env=dict(environment, XETRACK_DB_PATH=str(store)))
        self.open({})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, arguments):
        """The result of the echo server's tool."""
        result = self.result("tools/call", name="echo_echo", arguments=arguments)
        expect(not result.get("isError"), result)
        return result
