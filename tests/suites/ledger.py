"""A client that keeps account: every request is answered once, within its time, and nothing follows."""
import json
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass

from harness import expect

# How much longer than its time-out a request may take, in seconds: on a busy machine the client itself is late.
GRACE = 5
# The longest that anything without a time-out of its own may take, in seconds.
PATIENCE = 30


@dataclass
class Open:
    """A request that is not answered yet."""

    what: str
    check: object
    sent: float
    limit: float


class Client:
    """A client of a gateway. What the gateway did wrong is in `wrong`, as texts; `ended` counts how requests ended."""

    def __init__(self, command, secret=None, **options):
        """`secret` is what no line may hold."""
        options = {"stderr": subprocess.DEVNULL, **options}
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.wrong, self.ended, self.slowest = [], Counter(), 0.0
        self._secret = secret
        self._last, self._open, self._cancelled, self._nonsense = 0, {}, set(), 0
        self._changed, self._writing = threading.Condition(), threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def open(self):
        """The handshake, with a client that can be asked."""
        about = {"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {}}, "clientInfo": {"name": "ledger", "version": "1"}}
        self.request("initialize", about, lambda answer: "result" in answer)
        self.wait(0)
        self.send({"method": "notifications/initialized"})

    def send(self, message):
        """Writes a message; what a gateway that has gone is sent is lost."""
        self.line(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def line(self, data):
        """Writes a line as it is."""
        with self._writing:
            try:
                self.process.stdin.write(data + b"\n")
                self.process.stdin.flush()
            except (BrokenPipeError, ValueError):
                pass

    def nonsense(self, data):
        """Writes a line that is no message; it has to be answered with an error to nobody."""
        with self._changed:
            self._nonsense += 1
        self.line(data)

    def request(self, method, params, check, limit=PATIENCE):
        """Sends a request whose answer, which `check` looks at, has to come within so many seconds; returns its id."""
        with self._changed:
            self._last += 1
            number = self._last
            self._open[number] = Open(f"{method} {json.dumps(params)[:200]}", check, time.monotonic(), limit)
        if method == "tools/call":
            params = {**params, "_meta": {"progressToken": number}}
        self.send({"id": number, "method": method, "params": params})
        return number

    def call(self, tool, arguments, check, limit=PATIENCE):
        """Sends a call of a tool; returns its id."""
        return self.request("tools/call", {"name": tool, "arguments": arguments}, check, limit)

    def cancel(self, number):
        """Takes a request back; its answer may have been on its way."""
        with self._changed:
            if self._open.pop(number, None) is None:
                return
            self._cancelled.add(number)
            self.ended["cancelled"] += 1
            self._changed.notify_all()
        self.send({"method": "notifications/cancelled", "params": {"requestId": number}})

    def wait(self, most, seconds=PATIENCE):
        """Waits until at most so many requests are open."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._open) + self._nonsense <= most, seconds):
                self.wrong += [f"not answered: {it.what}" for it in self._open.values()]
                self._open.clear()

    def close(self):
        """Ends the gateway as a client does, and waits for it: (its exit code, seconds)."""
        start = time.monotonic()
        with self._writing:
            self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code, time.monotonic() - start

    def assert_right(self):
        """Fails if the gateway did anything wrong."""
        expect(not self.wrong, f"{len(self.wrong)} wrong: " + "\n".join(self.wrong[:10]))

    def _read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            if self._secret and self._secret in line:
                self.wrong.append(f"a secret passed: {line[:300]}")
            if "method" not in message:
                self._answered(message)
            elif "id" in message:
                self.send({"id": message["id"], "result": {"action": "decline"}})
            elif message["method"] == "notifications/progress":
                self._progressed(message["params"]["progressToken"])

    def _answered(self, answer):
        with self._changed:
            number = answer.get("id")
            if number is None and self._nonsense:
                self._nonsense -= 1
                self._changed.notify_all()
                return
            request = self._open.pop(number, None)
            if request is None:
                if number not in self._cancelled:
                    self.wrong.append(f"an answer that nobody waits for: {json.dumps(answer)[:300]}")
                self._cancelled.discard(number)
                return
            took = time.monotonic() - request.sent
            self.slowest = max(self.slowest, took)
            self.ended["failed" if is_error(answer) else "ok"] += 1
            if took > request.limit + GRACE:
                self.wrong.append(f"took {took:.1f} s: {request.what}")
            if not request.check(answer):
                self.wrong.append(f"{request.what} got {json.dumps(answer)[:300]}")
            self._changed.notify_all()

    def _progressed(self, token):
        with self._changed:
            if token not in self._open and token not in self._cancelled:
                self.wrong.append(f"progress of request {token} after its answer")


def is_error(answer):
    """Whether a call failed, as the protocol or as the tool says it."""
    return "error" in answer or bool(answer["result"].get("isError"))


def says(words):
    """A check: the call succeeded, with this text first."""
    return lambda answer: not is_error(answer) and answer["result"]["content"][0]["text"] == words


def anything(_):
    """A check: whatever the answer is, that there is one."""
    return True
