#!/usr/bin/env python3
"""A gateway at work for long, among calls that fail, hang, crash their server, are taken back or carry a secret: what it takes of the machine stays flat.

    python3 tests/suites/soak.py [--gateway target/release/mcp-gateway] [--minutes 60] [--rate 20000]
"""
import argparse
import json
import os
import random
import sqlite3
import sys
import time
from collections import defaultdict, deque
from contextlib import closing
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True  # the checkout stays as it is

from family import family
from harness import ROOT, SHUTDOWN, Sandbox, expect, processes_that_mention
from ledger import Client, anything, is_error, says
from overhead import build
from rough_server import TOKEN

# How long the run of CI takes, and how many calls of the steady server are made in each minute.
MINUTES, RATE = 2, 20_000
# So many calls of the steady server come to one of those that go wrong.
STEADY = 50
# Open requests at a time.
WINDOW = 64
# How much more memory a process may take in the last third than in the second, in KiB: in the median, since the highest
# is what a few large results that meet by chance take. And the most that may be taken at any time.
GROWTH, PEAK = 4096, 256 * 1024
# glibc keeps what the largest result took, up to 64 MiB; with these it gives back what is not in use.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
# The part of a run after which what it takes counts: by then everything that is loaded once is loaded.
WARM = 1 / 3
# Time-out of a call, in seconds.
TIMEOUT = 2
# How long a process may be a zombie, on a busy machine, in seconds.
REAPED = 5
# Between two looks at the processes, and what a look at a resting gateway waits for, in seconds.
INTERVAL, REST = 1, 12
# How often a resting gateway is looked at, and the progress that stands for it.
RESTS, RESTING = 8, 2

TEXT = "x" * 100
MASKED = "GITHUB_TOKEN=<GITHUB_PERSONAL_ACCESS_TOKEN>"
PLUGINS = ("basic", "presidio", "xetrack")


def failed(answer):
    """A check: the call failed, whoever says so."""
    return is_error(answer)


def masked_or_down(answer):
    """A check: the secret is masked, unless the server has just crashed."""
    return is_error(answer) or says(MASKED)(answer)


# (name, how often, what is called, with what, what has to come back)
MIX = (
    ("secret out", 12, "rough_act", {"do": "secret"}, masked_or_down),
    ("secret in", 12, "echo_echo", {"text": f"GITHUB_TOKEN={TOKEN}"}, says(MASKED)),
    ("personal", 6, "echo_echo", {"text": "card 4012888888881881, mail a.b@example.org"}, anything),
    ("error", 8, "rough_act", {"do": "error"}, failed),
    ("failure", 8, "rough_act", {"do": "fail"}, failed),
    ("no such tool", 6, "echo_ecko", {}, failed),
    ("no such server", 6, "run_tool", {"server_name": "eco", "tool_name": "echo", "arguments": {}}, failed),
    ("time-out", 4, "rough_act", {"do": "never"}, failed),
    ("taken back", 10, "rough_act", {"do": "late", "ms": 1500}, anything),
    ("1 MiB", 3, "echo_blob", {"n": 1 << 20, "secrets": 20}, anything),
    ("too much", 1, "rough_act", {"do": "huge"}, failed),
    ("noise", 4, "rough_act", {"do": "noise"}, anything),
    ("twice", 4, "rough_act", {"do": "twice"}, anything),
    ("flood", 2, "rough_act", {"do": "flood"}, anything),
    ("changes", 2, "rough_act", {"do": "storm"}, anything),
    ("question", 4, "rough_act", {"do": "ask"}, anything),
    ("crash", 1, "rough_act", {"do": "exit"}, failed),
    ("orphan", 1, "rough_act", {"do": "orphan"}, failed),
    ("malformed", 4, None, b'{"jsonrpc":"2.0","id":', None),
    ("lists", 2, None, None, None),
)
# The tools of the server that is always there.
STEADY_TOOLS = ("echo_echo", "echo_blob")
# After how long a call is taken back, in seconds.
CHANGE_OF_MIND = 0.3


class Soak:
    """A gateway with everything on, its client, and what was seen of its processes."""

    def __init__(self, gateway, folder, environment, seed):
        self.folder, self.random = folder, random.Random(seed)
        self.store, configuration = folder / "trace.db", folder / "mcp.json"
        rough = {"command": sys.executable, "args": [str(Path(__file__).parent / "rough_server.py")], "timeout": TIMEOUT}
        servers = {"echo": {"command": str(build("echo-server"))}, "rough": rough}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": "mcp-gateway", "servers": servers}}}))
        command = [gateway, "--mcp-json-path", configuration, "--log-level", "WARNING"]
        command += [word for plugin in PLUGINS for word in ("-p", plugin)]
        self.log = (folder / "log").open("wb")
        self.client = Client(command, TOKEN.encode(), stderr=self.log, cwd=folder, env={**environment, **ALLOCATOR, "XETRACK_DB_PATH": str(self.store)})
        self.calls, self.reached, self.seen, self.zombies = 0, 0, [], {}
        # Requests that are taken back, and when.
        self.second_thoughts = deque()
        self.client.open()

    def run(self, seconds, rate):
        """Works for so many seconds; returns what was reported, or fails."""
        for row in MIX:
            self.go_wrong(row)
        self.client.wait(0)
        start, looked = time.monotonic(), 0.0
        while (elapsed := time.monotonic() - start) < seconds:
            if elapsed - looked >= INTERVAL:
                looked = elapsed
                self.look(elapsed / seconds)
            while self.second_thoughts and self.second_thoughts[0][0] <= time.monotonic():
                self.client.cancel(self.second_thoughts.popleft()[1])
            if self.calls >= elapsed * rate / 60:
                time.sleep(0.002)
                continue
            self.client.wait(WINDOW - 1)
            self.call("echo_echo", {"text": TEXT}, says(TEXT))
            if self.calls % STEADY == 0:
                self.go_wrong(self.random.choices(MIX, [row[1] for row in MIX])[0])
        self.client.wait(0)
        return self.judged(seconds)

    def call(self, tool, arguments, check):
        self.calls += 1
        # What is asked of the other server while that is down, or of nobody, reaches none and is not on record.
        self.reached += tool in STEADY_TOOLS
        return self.client.call(tool, arguments, check)

    def go_wrong(self, row):
        """One of the mix."""
        name, _, tool, arguments, check = row
        if name == "lists":
            self.client.request("tools/list", {}, lambda answer: "result" in answer)
        elif name == "malformed":
            self.client.nonsense(arguments)
        else:
            number = self.call(tool, arguments, check)
            if name == "taken back":
                self.second_thoughts.append((time.monotonic() + CHANGE_OF_MIND, number))

    def look(self, progress):
        """Notes what the processes take; a zombie that stays one is never reaped."""
        processes = family(self.client.process.pid)
        expect(self.client.process.pid in processes, f"the gateway ended: {self.last_words()}")
        now = time.monotonic()
        self.zombies = {pid: self.zombies.get(pid, now) for pid, it in processes.items() if it.zombie}
        lasting = [pid for pid, since in self.zombies.items() if now - since > REAPED]
        expect(not lasting, f"zombies for more than {REAPED} s: {[processes[pid] for pid in lasting]}")
        self.seen.append((progress, {self.part(it): it for it in processes.values() if self.part(it)}))

    def part(self, process):
        """Which one it is; a server that is started again and again is judged only by what the others keep of it."""
        if process.pid == self.client.process.pid:
            return "gateway"
        return next((name for name in ("watchdog", "echo-server") if name in process.command and not process.zombie), None)

    def judged(self, seconds):
        """Compares the second third with the last one, and the store with what was sent."""
        time.sleep(REST)
        for _ in range(RESTS):
            time.sleep(INTERVAL)
            self.look(RESTING)
        verdicts = [self.flat(name) for name in ("gateway", "watchdog", "echo-server")]
        said = " | ".join(text for _, text in verdicts)
        code, took = self.client.close()
        expect(code == 0 and took <= SHUTDOWN, f"the gateway ended with {code} after {took:.1f} s | {said}")
        time.sleep(1)
        left = processes_that_mention(self.folder)
        expect(not left, f"still running: {left}")
        self.client.assert_right()
        expect(TOKEN.encode() not in Path(self.log.name).read_bytes(), "a token stands in the log")
        recorded, lost = self.recorded()
        expect(recorded == self.reached and lost == 0, f"{recorded} of {self.reached} calls recorded, {lost} lost | {said}")
        ended = ", ".join(f"{count} {how}" for how, count in self.client.ended.most_common())
        expect(all(flat for flat, _ in verdicts), said)
        return f"{self.calls} calls in {seconds / 60:.0f} min ({ended}), {self.reached} of the steady server, all recorded | {said}"

    def flat(self, name):
        """(whether a process took no more and more, what it took, as a text)."""
        figures = defaultdict(lambda: ([], []))
        for progress, processes in self.seen:
            if WARM < progress < RESTING and name in processes:
                half = progress > (1 + WARM) / 2
                for what in ("memory", "files", "threads"):
                    figures[what][half].append(getattr(processes[name], what))
        before, after = ({what: (median(halves[n]), max(halves[n])) for what, halves in figures.items()} for n in (0, 1))
        # A server that is just started has pipes and threads of its own.
        resting = [processes[name] for progress, processes in self.seen if progress == RESTING]
        rest = {what: min(getattr(look, what) for look in resting) for what in figures}
        shown = [
            f"{what} {before[what][0]:.0f} then {after[what][0]:.0f}, at most {before[what][1]} then {after[what][1]}, at rest {rest[what]}"
            for what in figures
        ]
        grown = after["memory"][0] - before["memory"][0]
        # Servers that start, those that are down for a while, and blocking threads come and go: what is never given back
        # shows at rest, as more than there ever was.
        kept = any(rest[what] > before[what][1] for what in ("files", "threads"))
        return grown <= GROWTH and after["memory"][1] <= PEAK and not kept, f"{name}: {'; '.join(shown)}"

    def recorded(self):
        with closing(sqlite3.connect(self.store)) as connection:
            return [connection.execute(sql).fetchone()[0] for sql in ("SELECT count(*) FROM calls WHERE server = 'echo'", "SELECT sum(lost) FROM gateways")]

    def last_words(self):
        return Path(self.log.name).read_text(errors="replace")[-1500:]


def soak(gateway, minutes, rate):
    """Runs a soak in a sandbox; returns what to say of it."""
    sandbox = Sandbox()
    return Soak(gateway, sandbox.path, sandbox.environment, seed=1).run(minutes * 60, rate)


def cases(gateway):
    """One case."""
    build("echo-server")
    return [(f"{MINUTES} minutes", lambda: soak(gateway, MINUTES, RATE))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", type=Path, default=ROOT / "target/release/mcp-gateway")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=RATE, help="calls of the steady server in each minute")
    options = parser.parse_args()
    print(soak(options.gateway.resolve(), options.minutes, options.rate))


if __name__ == "__main__":
    main()
