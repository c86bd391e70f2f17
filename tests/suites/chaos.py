#!/usr/bin/env python3
"""A thousand calls among servers that are killed, stopped, slow, flooding, broken and restarting, at random: each is
answered once and in its time, healthy servers notice nothing, and nothing is left.

    python3 tests/suites/chaos.py [--gateway target/release/mcp-gateway] [--calls 1000] [--seed 1]
"""
import argparse
import json
import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

sys.dont_write_bytecode = True  # the checkout stays as it is

from family import family
from harness import ROOT, SHUTDOWN, Sandbox, expect, kill, processes_that_mention
from ledger import Client, anything, is_error, says
from overhead import build
from rough_server import TOKEN

# What CI runs.
CALLS, SEED = 1000, 1
# Servers that do nothing wrong, and those that do.
CALM, ROUGH = ("calm0", "calm1"), ("rough0", "rough1", "rough2", "rough3")
# Time-out of a call of a rough server, in seconds; one that is down is waited for a while as well.
TIMEOUT, COMING_UP = 2, 4
# The longest that a call of a calm server may take, in seconds.
CALM_LIMIT = 3
# Open requests at a time.
WINDOW = 32
# How long a server may need to come back, in seconds: the pauses between restarts grow.
RECOVERY = 90
# How often a client leaves in the middle of calls.
DEPARTURES = 6


def failed(answer):
    """A check: the call failed."""
    return is_error(answer)


# What a rough server is asked to do, how often, and what has to come back: nobody else's deeds may change an error into
# a result, and any call may fail since its server was killed.
DEEDS = (
    ("answer", 30, anything),
    ("late", 10, anything),
    ("never", 4, failed),
    ("error", 6, failed),
    ("fail", 6, failed),
    ("secret", 6, anything),
    ("big", 2, anything),
    ("huge", 1, failed),
    ("nothing", 3, failed),
    ("wrong", 3, failed),
    ("twice", 5, anything),
    ("stranger", 5, anything),
    ("noise", 5, anything),
    ("flood", 3, anything),
    ("storm", 3, anything),
    ("progress", 5, anything),
    ("ask", 5, anything),
    ("half", 2, failed),
    ("exit", 2, failed),
    ("orphan", 2, failed),
    ("deaf", 1, failed),
    ("freeze", 1, failed),
    ("mute", 1, failed),
)


class Chaos:
    """A gateway, its client, and somebody who ends and stops servers."""

    def __init__(self, gateway, folder, environment, seed):
        self.folder, self.random = folder, random.Random(seed)
        configuration = folder / "mcp.json"
        script = str(Path(__file__).parent / "rough_server.py")
        rough = {name: {"command": sys.executable, "args": [script, name], "timeout": TIMEOUT} for name in ROUGH}
        calm = {name: {"command": str(build("echo-server"))} for name in CALM}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": "mcp-gateway", "servers": rough | calm}}}))
        command = [gateway, "--mcp-json-path", configuration, "-p", "basic", "--log-level", "ERROR"]
        self.client = Client(command, TOKEN.encode(), cwd=folder, env=environment)
        self.client.open()
        # Processes that stand still, and when somebody has mercy.
        self.stopped = {}

    def call(self, server):
        """A call of this server, whatever comes to mind."""
        if server in CALM:
            text = f"text {self.random.random()}"
            return self.client.call(f"{server}_echo", {"text": text}, says(text), CALM_LIMIT)
        deed, _, check = self.random.choices(DEEDS, [weight for _, weight, _ in DEEDS])[0]
        arguments = {"do": deed, "ms": self.random.randrange(2 * 1000 * TIMEOUT)}
        return self.client.call(f"{server}_act", arguments, check, TIMEOUT + COMING_UP)

    def interfere(self):
        """Ends a rough server, or stops it for a while."""
        servers = [it.pid for it in family(self.client.process.pid).values() if "rough_server.py" in it.command]
        now = time.monotonic()
        for pid in [pid for pid, until in self.stopped.items() if until <= now]:
            del self.stopped[pid]
            kill_with(pid, self.random.choice((signal.SIGCONT, signal.SIGKILL)))
        if servers and self.random.random() < 0.5:
            pid = self.random.choice(servers)
            if self.random.random() < 0.5:
                kill(os.kill, pid)
            else:
                kill_with(pid, signal.SIGSTOP)
                self.stopped[pid] = now + self.random.uniform(0.2, 2 * TIMEOUT)

    def settle(self):
        """Ends what stands still, and waits until every server answers again."""
        for it in family(self.client.process.pid).values():
            if "rough_server.py" in it.command:
                kill(os.kill, it.pid)
        waiting, deadline = dict.fromkeys(ROUGH + CALM), time.monotonic() + RECOVERY
        while waiting:
            expect(time.monotonic() < deadline, f"not back after {RECOVERY} s: {waiting}")
            for server in sorted(waiting):
                answered = partial(self.came_back, waiting, server)
                tool, arguments = ("echo", {"text": "x"}) if server in CALM else ("act", {"do": "answer"})
                self.client.call(f"{server}_{tool}", arguments, answered)
            self.client.wait(0)
            time.sleep(0.5)

    @staticmethod
    def came_back(waiting, server, answer):
        """A check: an answer; servers that are back are not waited for any more."""
        waiting[server] = json.dumps(answer)[:500]
        if not is_error(answer):
            del waiting[server]
        return True

    def files(self):
        """The open files of the gateway."""
        return family(self.client.process.pid)[self.client.process.pid].files

    def leave(self, in_order=True):
        """The client goes, or the gateway is killed; nothing may be left of either."""
        if in_order:
            code, took = self.client.close()
            expect(code == 0 and took <= SHUTDOWN, f"the gateway ended with {code} after {took:.1f} s")
        else:
            kill(os.kill, self.client.process.pid)
            self.client.process.wait()
        deadline = time.monotonic() + SHUTDOWN
        while (left := processes_that_mention(self.folder)) and time.monotonic() < deadline:
            time.sleep(0.05)
        expect(not left, f"still running: {left}")
        self.client.assert_right()


def kill_with(pid, what):
    """Sends a signal to a process, which may have gone."""
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def storm(gateway, calls, seed):
    """So many calls, a third of them to the calm servers, while a saboteur is at work."""
    sandbox = Sandbox()
    chaos = Chaos(gateway, sandbox.path, sandbox.environment, seed)
    chaos.settle()
    before, chaos.client.ended = chaos.files(), type(chaos.client.ended)()
    for number in range(calls):
        chaos.client.wait(WINDOW - 1)
        call = chaos.call(chaos.random.choice(CALM if chaos.random.random() < 1 / 3 else ROUGH))
        if chaos.random.random() < 0.05:
            chaos.client.cancel(call)
        if number % 10 == 0:
            chaos.interfere()
        time.sleep(chaos.random.uniform(0, 0.02))
    chaos.client.wait(0)
    ended, slowest = dict(chaos.client.ended), chaos.client.slowest
    expect(sum(ended.values()) == calls, f"{calls} calls, {ended}")
    chaos.settle()
    after = chaos.files()
    expect(after <= before, f"{before} open files before, {after} after")
    chaos.leave()
    return f"seed {seed}: {ended}, the slowest after {slowest:.1f} s; {before} open files before, {after} after"


def departures(gateway, seed):
    """Clients that leave, and gateways that are killed, with calls under way."""
    for number in range(DEPARTURES):
        sandbox = Sandbox()
        chaos = Chaos(gateway, sandbox.path, sandbox.environment, seed + number)
        for _ in range(WINDOW):
            chaos.call(chaos.random.choice(ROUGH + CALM))
        time.sleep(chaos.random.uniform(0, 1.5))
        chaos.leave(in_order=number % 2 == 0)
    return f"seed {seed}: {DEPARTURES} times"


def cases(gateway):
    """Two cases."""
    build("echo-server")
    return [(f"{CALLS} calls", partial(storm, gateway, CALLS, SEED)), ("clients that leave", partial(departures, gateway, SEED))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", type=Path, default=ROOT / "target/release/mcp-gateway")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    gateway = options.gateway.resolve()
    print(storm(gateway, options.calls, options.seed))
    print(departures(gateway, options.seed))


if __name__ == "__main__":
    main()
