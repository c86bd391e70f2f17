"""What two copies of server-everything ask of the client, answered through the gateway by a scripted one."""
import json
import subprocess
import threading
from functools import partial

import install
from harness import Failed, Sandbox, expect

SERVERS = ("one", "two")
# The longest that an answer may take, in seconds.
PATIENCE = 30

# What the client can do, and what it answers.
CAPABILITIES = {"roots": {}, "sampling": {}, "elicitation": {"form": {}}}
ANSWERS = {
    "roots/list": {"roots": [{"uri": "file:///project", "name": "project"}]},
    "sampling/createMessage": {"role": "assistant", "content": {"type": "text", "text": "So it is."}, "model": "m"},
    "elicitation/create": {"action": "accept", "content": {"name": "Ada", "check": True}},
}

# Each tool that makes the server ask: its arguments, what it asks, and what its result holds of the answer.
TOOLS = {
    "get-roots-list": ({}, "roots/list", "file:///project"),
    "trigger-sampling-request": ({"prompt": "Is it?"}, "sampling/createMessage", "So it is."),
    "trigger-elicitation-request": ({}, "elicitation/create", "Ada"),
}


class Client:
    """A client that answers every question; it keeps what it was asked, and every line as it came."""

    def __init__(self, command, **options):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options
        )
        self._lock, self._answers, self.asked, self.lines = threading.Condition(), {}, [], []
        self._last = 0
        threading.Thread(target=self._read, daemon=True).start()

    def shake_hands(self):
        information = {"name": "scripted", "version": "1"}
        self.answer(self.request(
            "initialize", protocolVersion="2025-11-25", capabilities=CAPABILITIES, clientInfo=information
        ))
        self.send(method="notifications/initialized")

    def send(self, **message):
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()

    def request(self, method, **params):
        """Sends a request; returns its id."""
        with self._lock:
            self._last += 1
            self.send(id=self._last, method=method, params=params)
            return self._last

    def answer(self, number):
        """Waits for the result of a request."""
        with self._lock:
            if not self._lock.wait_for(lambda: number in self._answers, PATIENCE):
                raise Failed(f"no answer within {PATIENCE} s; asked so far: {self.asked}")
            answer = self._answers.pop(number)
        expect("result" in answer, f"an error: {answer}")
        return answer["result"]

    def close(self):
        self._process.stdin.close()
        self._process.wait(5)

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            with self._lock:
                self.lines.append(line)
                if "method" not in message:
                    self._answers[message["id"]] = message
                    self._lock.notify_all()
                elif "id" in message:
                    self.asked.append(message["method"])
                    self.send(id=message["id"], result=ANSWERS[message["method"]])


def cases(gateway):
    """One tool after the other, and all of them at once on both servers."""
    packages = install.node()
    return [
        ("one after the other", partial(asks, packages, gateway, [[(SERVERS[0], tool)] for tool in TOOLS])),
        ("all at once on two servers", partial(asks, packages, gateway, [[(server, tool) for server in SERVERS for tool in TOOLS]])),
    ]


def asks(packages, gateway, rounds):
    """Every tool is told what the client answered."""
    sandbox = Sandbox(packages)
    configuration = sandbox.path / "mcp.json"
    servers = {name: {"command": "mcp-server-everything"} for name in SERVERS}
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": servers}}}))
    command = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "basic"]
    client = Client(command, cwd=sandbox.path, env=sandbox.environment)
    try:
        client.shake_hands()
        for calls in rounds:
            numbers = [
                client.request("tools/call", name=f"{server}_{tool}", arguments=TOOLS[tool][0]) for server, tool in calls
            ]
            for (server, tool), number in zip(calls, numbers):
                _, method, holds = TOOLS[tool]
                result = json.dumps(client.answer(number))
                expect(holds in result, f"{tool} of {server} was not told {holds!r}: {result}")
                expect(method in client.asked, f"nobody asked {method}")
    finally:
        client.close()
