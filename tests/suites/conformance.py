"""MCP's own conformance suite against the gateway in front of a fixture server, by name and through the two meta tools."""
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import install
from harness import TAIL, WORK, Failed, Sandbox, bounded, expect, shared

SERVER = Path(__file__).parent / "conformance_server.py"
NAME = "fixture"
REVISION = "2025-11-25"
# The longest that the bridge may take to listen, in seconds.
PATIENCE = 20

# How tools are offered, and what the bridge from HTTP to stdio has to know of it.
MODES = {
    "each tool by name": ([], {}),
    "the two meta tools": (["--tools", "meta"], {"SERVER": NAME}),
}


def cases(gateway):
    """One case for each way in which tools are offered."""
    packages = install.node()
    bridge = Path(shutil.copy(shared("tools/http2stdio.mjs"), WORK / "node"))
    return [(f"{REVISION}, {mode}", partial(conforms, packages, bridge, gateway, *how)) for mode, how in MODES.items()]


def conforms(packages, bridge, gateway, options, variables):
    """Every scenario that the revision scores passes."""
    sandbox = Sandbox(packages)
    configuration = sandbox.path / "mcp.json"
    entry = {"command": sys.executable, "args": [str(SERVER)], "prefix": ""}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": {NAME: entry}}}}))
    command = [gateway, "--mcp-json-path", configuration, "--plugin", "basic", *options]
    with listening(sandbox, [bridge, *command], variables) as port:
        run = ["conformance", "server", "--url", f"http://localhost:{port}/mcp", "--requirements", REVISION]
        said = bounded(run, 300, cwd=sandbox.path, env=sandbox.environment)
    total = re.search(r"^Total: (\d+) passed", said, re.M)
    expect(total, f"no total: {said[-TAIL:]}")
    return f"{total[1]} checks passed"


@contextmanager
def listening(sandbox, command, variables):
    """The bridge in front of a gateway while it listens; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**sandbox.environment, **variables, "PORT": str(port)}
    node = shutil.which("node", path=environment["PATH"])
    with open(sandbox.path / "bridge.log", "wb") as log:
        bridge = subprocess.Popen([node, *map(str, command)], env=environment, cwd=sandbox.path, stdin=subprocess.DEVNULL, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_open(port):
            if bridge.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"the bridge does not listen: {(sandbox.path / 'bridge.log').read_text()}")
            time.sleep(0.05)
        yield port
    finally:
        bridge.kill()
        bridge.wait()


def is_open(port):
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
