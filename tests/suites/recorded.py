"""A client whose calls go on record."""
import json
import time
from pathlib import Path

import scripted
from harness import expect
from overhead import build

# How long the gateway may take to make its store, in seconds.
PATIENCE = 10


class Client(scripted.Client):
    """A client of a gateway with `xetrack`, in front of the benchmark's echo server; its calls are in `store`."""

    def __init__(self, gateway, store, environment):
        configuration = Path(store).with_suffix(".json")
        entry = {"command": "mcp-gateway", "servers": {"echo": {"command": str(build("echo-server"))}}}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}))
        command = [str(gateway), "--mcp-json-path", str(configuration), "-p", "xetrack"]
        super().__init__(command, env=dict(environment, XETRACK_DB_PATH=str(store)))
        self.open({})
        # It is made beside the start of the gateway.
        end = time.monotonic() + PATIENCE
        while not Path(store).exists():
            expect(time.monotonic() < end, "no store is made")
            time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, arguments):
        """The result of the echo server's tool."""
        result = self.result("tools/call", name="echo_echo", arguments=arguments)
        expect(not result.get("isError"), result)
        return result
