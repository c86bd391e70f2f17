"""A client of the versions with a handshake, over stdio, that does what it is told."""
import json
import subprocess
import threading

from harness import Failed, expect

# The longest that an answer may take, and the end of a server, in seconds: others may keep the machine busy.
PATIENCE = 30


class Client:
    """Answers every question; it keeps what it was asked, and every line as it came."""

    def __init__(self, command, answers=(), **options):
        """`answers` has for each method a result, or a function that makes one of the parameters."""
        self._results = dict(answers)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options
        )
        self._lock, self._answers, self.asked, self.lines = threading.Condition(), {}, [], []
        self._last = 0
        threading.Thread(target=self._read, daemon=True).start()

    def open(self, capabilities):
        """The handshake."""
        information = {"name": "scripted", "version": "1"}
        self.result("initialize", protocolVersion="2025-11-25", capabilities=capabilities, clientInfo=information)
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

    def result(self, method, **params):
        """Sends a request and waits for its result."""
        return self.answer(self.request(method, **params))

    def close(self):
        self._process.stdin.close()
        self._process.wait(PATIENCE)

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
                    result = self._results[message["method"]]
                    self.send(id=message["id"], result=result(message["params"]) if callable(result) else result)
