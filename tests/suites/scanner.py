"""The scanner over the registry of npm, as npm is set up on this machine."""
import json
from functools import partial

import install
from harness import Sandbox, expect

POPULAR = "@modelcontextprotocol/server-filesystem"
NOBODYS = "@modelcontextprotocol/server-that-nobody-published"
# The exit code of a scan that could not look at everything.
INCOMPLETE = 3


class Scan(Sandbox):
    """A sandbox in which npm is set up as it is for whoever runs the suite, and a stand-in for `npx` that starts nothing."""

    def __init__(self, gateway):
        super().__init__(install.node())
        self.gateway = gateway
        npx = self.programs / "npx"
        npx.write_text("#!/bin/sh\nexit 1\n")
        npx.chmod(0o755)

    def of(self, package, *options):
        """The exit code of the scan of a package, and what it says of its reputation."""
        from_npm = {"NPM_CONFIG_REGISTRY": install.registry()}
        entry = {"servers": {"it": {"command": "npx", "args": ["-y", package], "env": from_npm}}}
        # Another package under the same name would be a change since it was pinned.
        (self.path / "mcp.lock").unlink(missing_ok=True)
        configuration = self.path / "mcp.json"
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}))
        script = '"$@" > report.json 2> errors; echo $?'
        scan = [self.gateway, "scan", "--format", "json", "--mcp-json-path", configuration, *options]
        code = int(self.run("sh", "-c", script, "sh", *scan))
        report = json.loads((self.path / "report.json").read_text() or "{}")
        expect(report, f"no report, and the exit code {code}: {(self.path / 'errors').read_text()}")
        return code, report["servers"]["it"]["reputation"][0]


def popular(scan):
    _, found = scan.of(POPULAR)
    expect(found["verdict"] != "block", f"{POPULAR} is blocked: {found}")
    expect(found["evidence"].get("exists"), f"the registry says nothing of it: {found}")
    known = [signal["name"] for signal in found["signals"] if signal["value"] is not None]
    return f"score {found['score']:.0f}, confidence {found['confidence']:.2f}, of {', '.join(known)}"


def missing(scan):
    _, found = scan.of(NOBODYS)
    expect(found["verdict"] is None, f"{NOBODYS} is judged: {found}")
    expect("no such package" in found["reason"], f"the reason is another one: {found['reason']}")


def offline(scan):
    code, found = scan.of(NOBODYS + "-either", "--offline")
    expect(found["verdict"] is None and not found["failed"], f"somebody was asked: {found}")
    # The stand-in for npx starts no server, which is what is incomplete here.
    expect(code == INCOMPLETE, f"exit code {code}")


def cases(gateway):
    scan = Scan(gateway)
    checks = {"a popular package is not blocked": popular, "a name that nobody has is unknown": missing, "offline, nobody is asked": offline}
    return [(name, partial(check, scan)) for name, check in checks.items()]
