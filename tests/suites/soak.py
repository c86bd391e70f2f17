#!/usr/bin/env python3
"""Calls through a gateway that records them, at a steady rate: no row may be lost, and memory may not grow.

    python3 tests/suites/soak.py [--gateway target/release/mcp-gateway] [--minutes 10]
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.dont_write_bytecode = True  # the checkout stays as it is

from harness import ROOT, expect
from overhead import build

RATE = 20_000 / 60
# What each call brings, and gets back.
TEXT = "x" * 100
# How much more memory the second half of a run may take than the first, in KiB.
GROWTH = 4096
# The part of a run after which its memory counts: by then everything that is loaded once is loaded.
WARM = 0.3


class Client:
    """A client of a gateway with `xetrack`, in front of the benchmark's echo server."""

    def __init__(self, gateway, server, store, environment):
        configuration = Path(store).with_suffix(".json")
        entry = {"command": "mcp-gateway", "servers": {"echo": {"command": str(server)}}}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}))
        command = [gateway, "--mcp-json-path", configuration, "-p", "xetrack", "--log-level", "WARNING"]
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(environment, XETRACK_DB_PATH=str(store)),
        )
        self.number = 0
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "soak", "version": "1"}})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        """The result of a request."""
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while True:
            answer = json.loads(self.process.stdout.readline())
            if answer.get("id") == self.number:
                return answer["result"]

    def call(self, arguments):
        """The result of the echo server's tool."""
        result = self.ask("tools/call", {"name": "echo_echo", "arguments": arguments})
        expect(not result.get("isError"), result)
        return result

    def memory(self):
        """The gateway's resident memory, in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def run(gateway, server, store, seconds, environment):
    """Calls for so many seconds; says what it saw, or fails."""
    sizes = []
    with Client(gateway, server, store, environment) as client:
        start, calls = time.monotonic(), 0
        while (elapsed := time.monotonic() - start) < seconds:
            if calls < elapsed * RATE:
                client.call({"text": TEXT})
                calls += 1
            else:
                time.sleep(0.001)
            if elapsed > seconds * WARM and calls % 100 == 0:
                sizes.append(client.memory())
    with closing(sqlite3.connect(store)) as connection:
        recorded, events, lost = (connection.execute(sql).fetchone()[0] for sql in COUNTS)
    expect(recorded == events == calls and lost == 0, f"{calls} calls, {recorded} recorded, {events} events, {lost} lost")
    half = len(sizes) // 2
    growth = max(sizes[half:]) - max(sizes[:half])
    said = f"{calls} calls, {calls / seconds * 60:.0f} a minute, all recorded; {sizes[-1]} KiB, {growth:+} KiB in the second half"
    expect(growth <= GROWTH, said)
    return said


COUNTS = ("SELECT count(*) FROM calls WHERE outcome = 'ok'", "SELECT count(*) FROM events", "SELECT sum(lost) FROM gateways")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", type=Path, default=ROOT / "target/release/mcp-gateway")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(run(options.gateway.resolve(), build("echo-server"), Path(folder) / "soak.db", options.minutes * 60, os.environ))


if __name__ == "__main__":
    main()
