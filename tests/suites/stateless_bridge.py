"""An HTTP front, as 2026-07-28 has it, for a stdio server of that version: for suites that speak HTTP only.

    PORT=… [SERVER=NAME] stateless_bridge.py COMMAND [ARG ...]

One server answers every request. With SERVER, `tools/list` and `tools/call` become `get_metadata` and `run_tool` for it.
"""
import base64
import binascii
import itertools
import json
import os
import queue
import re
import select
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RESERVED = "io.modelcontextprotocol/"
SERVER = os.environ.get("SERVER")
# The member of a request's parameters that `Mcp-Name` repeats.
NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
# The status of an answer that is an error.
STATUS = {-32700: 400, -32600: 400, -32602: 400, -32020: 400, -32021: 400, -32022: 400, -32601: 404}
LOCAL = re.compile(r"(https?://)?(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$")


class Child:
    """The server: requests under numbers of the bridge's own, each with a queue for what belongs to it."""

    def __init__(self, command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._open = {}  # by number: the request and its queue
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, request):
        """Sends a request; returns its number and its queue."""
        with self._lock:
            number, arriving = next(self._numbers), queue.Queue()
            self._open[number] = (request, arriving)
            params = request.get("params", {})
            if "progressToken" in params.get("_meta", {}):
                params = {**params, "_meta": {**params["_meta"], "progressToken": number}}
            self._send({**for_the_two_tools({**request, "params": params}), "id": number})
        return number, arriving

    def cancel(self, number):
        """Nobody waits for a request any more."""
        with self._lock:
            if self._open.pop(number, None):
                self._send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}})

    def _send(self, message):
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            with self._lock:
                self._deliver(message)
        os._exit(1)

    def _deliver(self, message):
        if "method" not in message:
            request, arriving = self._open.pop(message.get("id"), (None, None))
            if request:
                arriving.put({**of_the_two_tools(request, message), "id": request["id"]})
            return
        number = self._of(message)
        if number not in self._open:
            return
        request, arriving = self._open[number]
        params = message.get("params", {})
        if "progressToken" in params:
            params = {**params, "progressToken": request["params"]["_meta"]["progressToken"]}
        if subscription(message) is not None:
            params = {**params, "_meta": {**params["_meta"], f"{RESERVED}subscriptionId": request["id"]}}
        arriving.put({**message, "params": params})

    def _of(self, message):
        """The number of the request that a message of the server's own belongs to."""
        if message["method"] == "notifications/progress":
            return message["params"]["progressToken"]
        if subscription(message) is not None:
            return subscription(message)
        calls = [number for number, (request, _) in self._open.items() if request["method"] == "tools/call"]
        return max(calls, default=None)


def subscription(message):
    """The number of the subscription that a message belongs to."""
    return message.get("params", {}).get("_meta", {}).get(f"{RESERVED}subscriptionId")


def for_the_two_tools(request):
    """A request in terms of the two meta tools."""
    params = request["params"]
    if SERVER and request["method"] == "tools/list":
        arguments = {"server_name": SERVER, "detail": "full"}
        return {**request, "method": "tools/call", "params": {**params, "name": "get_metadata", "arguments": arguments}}
    if SERVER and request["method"] == "tools/call":
        arguments = {"server_name": SERVER, "tool_name": params["name"], "arguments": params.get("arguments", {})}
        return {**request, "params": {**params, "name": "run_tool", "arguments": arguments}}
    return request


def of_the_two_tools(request, answer):
    """An answer in terms of the server's own tools."""
    if SERVER and request["method"] == "tools/list" and "result" in answer:
        tools = answer["result"]["structuredContent"][SERVER]["original_tools"]
        hints = {"ttlMs": 0, "cacheScope": "private"}
        rest = {name: value for name, value in answer["result"].items() if name in ("resultType", "_meta")}
        return {**answer, "result": {**rest, **hints, "tools": tools}}
    return answer


def decoded(header):
    """The text that a header stands for."""
    encoded = re.fullmatch(r"=\?base64\?(.*)\?=", header or "")
    try:
        return base64.b64decode(encoded[1], validate=True).decode() if encoded else header
    except (binascii.Error, UnicodeDecodeError):
        return None


def mismatch(request, headers):
    """What in the headers is not as in the request, if anything is."""
    params = request.get("params", {})
    version = params.get("_meta", {}).get(f"{RESERVED}protocolVersion")
    wanted = {"Mcp-Method": request["method"]}
    if version is not None:
        wanted["MCP-Protocol-Version"] = version
    if params.get(NAMED.get(request["method"])) is not None:
        wanted["Mcp-Name"] = params[NAMED[request["method"]]]
    return next((name for name, value in wanted.items() if decoded(headers.get(name)) != value), None)


class Front(BaseHTTPRequestHandler):
    """One request: its answer as JSON, or a stream of events if something comes before it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not all(LOCAL.match(self.headers.get(name, "localhost")) for name in ("Host", "Origin")):
            return self._json(403, {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": "not from here"}})
        request = json.loads(body)
        if "id" not in request:
            return self._json(202, None)
        if name := mismatch(request, self.headers):
            error = {"code": -32020, "message": f"{name} is not as in the request"}
            return self._json(400, {"jsonrpc": "2.0", "id": request["id"], "error": error})
        number, arriving = child.ask(request)
        first = self._next(number, arriving)
        if first is None:
            return None
        if "method" not in first:
            return self._json(STATUS.get(first.get("error", {}).get("code"), 200), first)
        return self._stream(number, arriving, first)

    def do_GET(self):
        self._json(405, None)

    do_DELETE = do_GET

    def _json(self, status, message):
        body = b"" if message is None else json.dumps(message).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, number, arriving, message):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while message is not None:
                self.wfile.write(f"event: message\ndata: {json.dumps(message)}\n\n".encode())
                message = self._next(number, arriving) if "method" in message else None
        except OSError:
            child.cancel(number)

    def _next(self, number, arriving):
        """What arrives next; nothing once the client has gone."""
        while True:
            try:
                return arriving.get(timeout=0.05)
            except queue.Empty:
                readable, _, _ = select.select([self.connection], [], [], 0)
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    child.cancel(number)
                    self.close_connection = True
                    return None

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    child = Child(sys.argv[1:])
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Front).serve_forever()
