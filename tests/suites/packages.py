"""What is handed out, made by `.ci/package`, each installed and run as its users do: the static program, the wheel, the npm
packages. And the Dockerfile, as far as it can be judged without a Docker engine."""
import json
import struct
import sys
from functools import cache, partial

import dockerfile
import install
from harness import ROOT, Sandbox, bounded, expect
from scripted import Client

# The longest that a package may take to be made, in seconds: the build is in it, where there was none before.
PATIENCE = 1800
# Made up.
TOKEN = "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"
PLACEHOLDER = "<HUGGINGFACE_TOKEN>"
# Program headers of ELF that a program has which needs a loader.
INTERPRETER = 3
SHORTEST_DEMO = 200


def cases(_):
    """The packages hold the static program, whichever program the other suites test."""
    printed = bounded([sys.executable, ROOT / ".ci/package"], PATIENCE, cwd=ROOT)
    program, wheel, *tarballs = [ROOT / line for line in printed.split()]
    tools = install.python("tools")
    return [
        ("the program needs no loader", partial(is_static, program)),
        ("the program in an empty root: a call by each kind of name", partial(runs_alone, program)),
        *ways("wheel", partial(with_wheel, wheel)),
        ("wheel: an entry of the Python package", partial(serves, partial(with_wheel, wheel), "python", "-m", "mcp_gateway.server")),
        ("wheel: uvx", partial(runs_by_uvx, tools, wheel)),
        *ways("npm", partial(with_npm, tuple(tarballs))),
        ("npm: an entry of npx", partial(serves, partial(with_npm, tuple(tarballs)), "npx", "--no-install", "mcp-gateway")),
        *dockerfile.cases(tools),
    ]


def ways(name, installed):
    """What each package can show."""
    yield f"{name}: --version, demo, a token masked", partial(works, installed)


@cache
def with_wheel(wheel):
    """A sandbox with the wheel in an environment of its own, and the extras that the Python package had."""
    sandbox = Sandbox()
    environment = sandbox.path / "environment"
    bounded([sys.executable, "-m", "venv", environment], PATIENCE)
    pip = [environment / "bin/python", "-m", "pip", "install", "--quiet", "--no-index", f"{wheel}[presidio,xetrack]"]
    said = bounded([*pip, "--report", "-"], PATIENCE)
    sandbox.environment["PATH"] = f"{environment}/bin:{sandbox.environment['PATH']}"
    expect("does not provide the extra" not in said, said)
    return sandbox


@cache
def with_npm(tarballs):
    """A sandbox with the npm packages, installed without a registry."""
    sandbox = Sandbox()
    (sandbox.path / "package.json").write_text("{}")
    sandbox.run("npm", "install", "--offline", "--no-audit", "--no-fund", *tarballs, seconds=PATIENCE)
    sandbox.environment["PATH"] = f"{sandbox.path}/node_modules/.bin:{sandbox.environment['PATH']}"
    return sandbox


def works(installed):
    """It says its version, which is that of Cargo.toml, shows the demo, and masks."""
    sandbox = installed()
    metadata = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    version = json.loads(bounded(metadata, PATIENCE, cwd=ROOT))["packages"][0]["version"]
    said = sandbox.run("mcp-gateway", "--version")
    expect(said.strip() == f"mcp-gateway {version}", f"it is {said!r}, not {version}")
    demo = sandbox.run("mcp-gateway", "demo")
    expect(PLACEHOLDER in demo and len(demo) > SHORTEST_DEMO, f"the demo is {demo!r}")
    (sandbox.path / "tokens.txt").write_text(f"token = {TOKEN}\n")
    masked = sandbox.run("mcp-gateway", "mask", "tokens.txt")
    expect(PLACEHOLDER in masked and TOKEN not in masked, f"masked it is {masked!r}")


def serves(installed, *command):
    """A client that starts it this way is served; when it goes, nothing stays."""
    sandbox = installed()
    configuration = sandbox.path / "mcp.json"
    server = {"command": "mcp-gateway", "args": ["demo-server"]}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": "mcp-gateway", "servers": {"demo": server}}}}))
    line = [*command, "--mcp-json-path", str(configuration), "--plugin", "basic"]
    client = Client(line, cwd=sandbox.path, env=sandbox.environment)
    try:
        client.open({})
        tools = [tool["name"] for tool in client.result("tools/list")["tools"]]
        expect(any(name.startswith("demo_") for name in tools), f"offered are {tools}")
    finally:
        client.close()
    sandbox.run("true")


def runs_by_uvx(tools, wheel):
    """`uvx` runs the program of the wheel, without a network."""
    sandbox = Sandbox(tools)
    said = sandbox.run("uvx", "--offline", "--python", sys.executable, "--from", wheel, "mcp-gateway", "--version")
    expect(said.startswith("mcp-gateway "), f"it said {said!r}")


def is_static(program):
    """No program header names a loader. (A static program that may lie anywhere has a dynamic section: its own.)"""
    head = program.read_bytes()[:4096]
    offset, size, count = struct.unpack_from("<Q", head, 32) + struct.unpack_from("<HH", head, 54)
    kinds = [struct.unpack_from("<I", head, offset + size * number)[0] for number in range(count)]
    expect(INTERPRETER not in kinds, f"its program headers are {kinds}")
    return f"{program.stat().st_size / 1e6:.1f} MB"


def runs_alone(program):
    """With nothing else in its root: the demo, and calls of servers whose names /etc/hosts and a name server know."""
    sandbox = Sandbox()
    driver = ROOT / "tests/suites/alone.py"
    apart = ["unshare", "--map-root-user", "--net", "--mount"]
    return sandbox.run(*apart, sys.executable, driver, program, sandbox.path / "root").strip()
