"""What a person decides in a terminal: a call that waits, by `mcp-gateway approve`; a tool that changed, by `mcp-gateway pins accept`."""
import json
import os
import pty
import select
import subprocess
import time
from functools import partial

import install
from harness import Failed, Sandbox, expect
from scripted import Client
from scripted_server import entry, says, tool

PATIENCE = 30
POLICY = {"rules": [{"name": "careful", "when": {"tool": "echo"}, "then": "ask"}]}


def cases(gateway):
    """Each answer, against server-everything."""
    packages = install.node()
    return [
        *((f"answered {answer!r}", partial(approves, packages, gateway, answer, passes)) for answer, passes in [("y", True), ("n", False), ("", False)]),
        ("typed ahead", partial(typed_ahead, packages, gateway)),
        *((f"a changed tool, answered {answer!r}", partial(accepts, gateway, answer, passes)) for answer, passes in [("n", False), ("y", True)]),
    ]


def approves(packages, gateway, answer, passes):
    """The call goes through with a yes alone, and the person was shown its arguments."""
    client, sandbox = careful(packages, gateway)
    try:
        call = client.request("tools/call", name="one_echo", arguments={"message": "hello, you"})
        shown = typed([str(gateway), "approve"], answer, sandbox)
        expect('"hello, you"' in shown and "tool: echo" in shown, f"the person was shown: {shown}")
        result = client.answer(call)
        expect(result.get("isError", False) != passes, f"after {answer!r}: {result}")
    finally:
        client.close()


def typed_ahead(packages, gateway):
    """Two calls wait; what is typed at the first question answers it alone."""
    client, sandbox = careful(packages, gateway)
    try:
        calls = [client.request("tools/call", name="one_echo", arguments={"message": text}) for text in ("first", "second")]
        until(lambda: len(list(sandbox.path.rglob("approvals/*.json"))) == 2, "both wait")
        shown = typed([str(gateway), "approve"], "y\ny\ny", sandbox, further="n")
        expect(shown.count("[y/N]") == 2, f"the person was shown: {shown}")
        refused = [client.answer(call).get("isError", False) for call in calls]
        expect(sorted(refused) == [False, True], f"refused: {refused}")
    finally:
        client.close()


def careful(packages, gateway):
    """A client of a gateway that asks a person about `echo`, and its sandbox."""
    sandbox = Sandbox(packages)
    configuration = sandbox.path / "mcp.json"
    servers = {"one": {"command": "mcp-server-everything"}}
    of_gateway = {"command": str(gateway), "plugins": {"policy": POLICY}, "servers": servers}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": of_gateway}}))
    command = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "policy"]
    client = Client(command, cwd=sandbox.path, env=sandbox.environment)
    client.open({})
    return client, sandbox


def until(holds, what):
    """Waits until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        expect(time.monotonic() < deadline, f"not within {PATIENCE} s: {what}")
        time.sleep(0.1)


def accepts(gateway, answer, passes):
    """The person is shown what changed; with a yes alone a scan has nothing against it any more."""
    sandbox = Sandbox()
    configuration = sandbox.path / "mcp.json"
    configuration.write_text(json.dumps({"mcpServers": {"github": entry(sandbox.path)}}))
    scan = ["scan", "--mcp-json-path", str(configuration), "--format", "json"]
    says(sandbox.path, [tool("create_issue", "Makes an issue.")])
    sandbox.run(gateway, *scan)
    says(sandbox.path, [tool("create_issue", "Makes an issue, and tells about it.")])
    expect(ended(sandbox, gateway, *scan) == 1, "the change is no finding")
    shown = typed([str(gateway), "pins", "accept", "github", "create_issue", *scan[1:3]], answer, sandbox)
    expect("+ Makes an issue, and tells about it." in shown, f"the person was shown: {shown}")
    code = ended(sandbox, gateway, *scan)
    expect(code == (0 if passes else 1), f"after {answer!r} a scan ends with {code}")


def ended(sandbox, *command):
    """The exit code of a command."""
    environment = {"env": sandbox.environment, "cwd": sandbox.path}
    return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, **environment).returncode


def typed(command, answer, sandbox, further=None):
    """Runs a command in a terminal of its own until it asks, answers it, and returns what the terminal showed.

    Each further question gets the further answer, if there is one.

    Runs it anew while nothing waits: the call may not have arrived yet.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(command[0], command, sandbox.environment)
        shown, answered = "", 0
        while True:
            readable, _, _ = select.select([terminal], [], [], PATIENCE)
            try:
                read = os.read(terminal, 4096) if readable else b""
            except OSError:  # Linux says so where the other end is closed
                read = b""
            if not read:
                break
            shown += read.decode()
            if shown.count("[y/N]") > answered:
                given = answer if answered == 0 else further
                answered += 1
                if given is not None:
                    os.write(terminal, (given + "\n").encode())
        os.close(terminal)
        os.waitpid(pid, 0)
        if answered:
            return shown
        expect("Nothing waits" in shown, f"it showed {shown!r}")
        time.sleep(0.2)
    raise Failed(f"nothing waited within {PATIENCE} s")
