"""MCP's own conformance suite: the gateway in front of a fixture server, by name and through the two meta tools, with
clients and servers of either era; and the gateway as the client of the suite's own servers."""
import json
import re
import shlex
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

HERE = Path(__file__).parent
SERVER = HERE / "conformance_server.py"
NAME = "fixture"
# The longest that a bridge may take to listen, in seconds.
PATIENCE = 20

# How tools are offered, and what the bridge from HTTP to stdio has to know of it.
BY_NAME = ([], {})
MODES = {
    "each tool by name": BY_NAME,
    "the two meta tools": (["--tools", "meta"], {"SERVER": NAME}),
}

# The fixture's arguments for each era.
HANDSHAKE, STATELESS = [], ["stateless"]

# What a server with a handshake can't have: names of its own for questions, which two scenarios insist on, and knowledge
# of what each request's client can do, where an earlier request said that it can do nothing.
ONLY_STATELESS = {
    "input-required-result-basic-elicitation",
    "input-required-result-ignore-extra-params",
    "input-required-result-capability-check",
}

# Scenarios for clients that can be played through a gateway over stdio. Signing in is for a person with a browser.
CLIENT_SCENARIOS = {
    "2025-11-25": [
        "initialize",
        "tools_call",
        "elicitation-sep1034-client-defaults",
        "sse-retry",
        "json-schema-2020-12-preservation",
    ],
    "2026-07-28": [
        "tools_call",
        "request-metadata",
        "sep-2322-client-request-state",
        "http-standard-headers",
        "http-custom-headers",
        "http-invalid-tool-headers",
        "json-schema-ref-no-deref",
        "json-schema-2020-12-preservation",
    ],
}


def cases(gateway):
    """Servers for each era of the client, each way in which tools are offered, and each era of the fixture; clients."""
    packages = install.node()
    node = shutil.which("node", path=str(packages))
    earlier = [node, Path(shutil.copy(shared("tools/http2stdio.mjs"), WORK / "node"))]
    latest = [sys.executable, HERE / "stateless_bridge.py"]
    old, new = partial(conforms, packages, gateway, "2025-11-25", earlier), partial(loses_nothing, packages, gateway, latest)
    return [
        *((f"2025-11-25, {mode}", partial(old, HANDSHAKE, *how)) for mode, how in MODES.items()),
        ("2025-11-25, a server of 2026-07-28", partial(old, STATELESS, *BY_NAME)),
        *((f"2026-07-28, {mode}", partial(new, STATELESS, *how)) for mode, how in MODES.items()),
        ("2026-07-28, a server of 2025-11-25", partial(new, HANDSHAKE, *BY_NAME, but=ONLY_STATELESS)),
        *(
            (f"{revision}, as a client: {scenario}", partial(plays, packages, gateway, revision, scenario))
            for revision, scenarios in CLIENT_SCENARIOS.items()
            for scenario in scenarios
        ),
    ]


def conforms(packages, gateway, revision, bridge, fixture, options, variables):
    """Every scenario that the revision scores passes."""
    sandbox = Sandbox(packages)
    with listening(sandbox, [*bridge, *behind(sandbox, gateway, fixture, options)], variables) as port:
        said = bounded(judging(port, revision), 300, cwd=sandbox.path, env=sandbox.environment)
    total = re.search(r"^Total: (\d+) passed", said, re.M)
    expect(total, f"no total: {said[-TAIL:]}")
    return f"{total[1]} checks passed"


def loses_nothing(packages, gateway, bridge, fixture, options, variables, but=frozenset()):
    """What passes with the fixture alone passes through the gateway, in front of this one, too."""
    alone = Sandbox(packages)
    direct = checks(alone, [*bridge, sys.executable, SERVER, *STATELESS], {})
    sandbox = Sandbox(packages)
    through = checks(sandbox, [*bridge, *behind(sandbox, gateway, fixture, options)], variables)
    lost = sorted(direct - through)
    lost = [(scenario, check) for scenario, check in lost if scenario not in but]
    expect(direct and not lost, f"{len(direct)} checks pass directly, and of these not through the gateway: {lost}")
    return f"{len(direct & through)} of the {len(direct)} kinds of checks that pass directly"


def checks(sandbox, command, variables):
    """The checks of 2026-07-28 that pass each time that they are made, scored or not: {(scenario, check)}."""
    results = sandbox.path / "results"
    with listening(sandbox, command, variables) as port:
        try:
            run = [*judging(port, "2026-07-28"), "--output-dir", results]
            bounded(run, 300, cwd=sandbox.path, env=sandbox.environment)
        except Failed as failure:
            expect("exited with 1" in str(failure), failure)
    passed, failed = set(), set()
    for file in results.glob("*/checks.json"):
        scenario = re.fullmatch(r"server-(.*?)-\d{4}-\d\d-\d\dT.*", file.parent.name)[1]
        for check in json.loads(file.read_text()):
            (passed if check["status"] in ("SUCCESS", "INFO") else failed).add((scenario, check["id"]))
    return passed - failed


def plays(packages, gateway, revision, scenario):
    """The suite's own server finds nothing amiss with the gateway as its client."""
    sandbox = Sandbox(packages)
    command = shlex.join([sys.executable, str(HERE / "conformance_client.py"), str(gateway)])
    results = sandbox.path / "results"
    run = ["conformance", "client", "--command", command, "--scenario", scenario, "--spec-version", revision]
    bounded([*run, "--output-dir", results], 90, cwd=sandbox.path, env=sandbox.environment)
    passed = [check for file in results.glob("**/checks.json") for check in json.loads(file.read_text()) if check["status"] == "SUCCESS"]
    expect(passed, "it was not played")
    return f"{len(passed)} checks passed"


def judging(port, revision):
    """The command that judges who listens there."""
    return ["conformance", "server", "--url", f"http://localhost:{port}/mcp", "--requirements", revision]


def behind(sandbox, gateway, fixture, options):
    """The command of a gateway in front of the fixture."""
    configuration = sandbox.path / "mcp.json"
    entry = {"command": sys.executable, "args": [str(SERVER), *fixture], "prefix": ""}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": {NAME: entry}}}}))
    return [gateway, "--mcp-json-path", configuration, "--plugin", "basic", *options]


@contextmanager
def listening(sandbox, command, variables):
    """A bridge while it listens; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**sandbox.environment, **variables, "PORT": str(port)}
    with open(sandbox.path / "bridge.log", "wb") as log:
        bridge = subprocess.Popen(list(map(str, command)), env=environment, cwd=sandbox.path, stdin=subprocess.DEVNULL, stderr=log)
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
