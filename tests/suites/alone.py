"""Runs the program in a root that holds nothing else but what the kernel gives and certificates, in a network of its own,
with a name server and an MCP server there.

    unshare --map-root-user --net --mount python3 tests/suites/alone.py PROGRAM FOLDER
"""
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.dont_write_bytecode = True

from harness import expect

HOST = "127.0.0.1"
# The first is in the hosts file, the second only the name server knows.
NAMES = ("known.test", "asked.test")
TOKEN = "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"  # made up
PLACEHOLDER = "<HUGGINGFACE_TOKEN>"
PATIENCE = 60
# What the kernel gives: the program finds itself by the one, and draws random numbers from the other.
KERNEL = ("proc", "dev")
# Where systems keep those that they trust.
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
# linux/sockios.h, linux/if.h
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def answer_names(server):
    """A name server: every name has the one address of version 4, and none of version 6."""
    while True:
        query, client = server.recvfrom(4096)
        end = query.index(b"\0", 12) + 5
        is_a = query[end - 4 : end - 2] == b"\0\1"
        answer = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(HOST) if is_a else b""
        head = query[:2] + b"\x81\x80\0\1" + struct.pack(">HHH", int(is_a), 0, 0)
        server.sendto(head + query[12:end] + answer, client)


class Server(BaseHTTPRequestHandler):
    """An MCP server over Streamable HTTP with one tool, which tells a token."""

    RESULTS = {
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "alone", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "tell", "inputSchema": {"type": "object"}}]},
        "tools/call": {"content": [{"type": "text", "text": f"token = {TOKEN}"}]},
    }

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        result = self.RESULTS.get(request["method"])
        error = {"error": {"code": -32601, "message": "Method not found"}}
        body = json.dumps({"jsonrpc": "2.0", "id": request.get("id"), **({"result": result} if result else error)})
        self.send_response(200 if "id" in request else 202)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body) if "id" in request else 0))
        self.end_headers()
        if "id" in request:
            self.wfile.write(body.encode())

    def do_GET(self):
        self.send_error(405)

    def log_message(self, *_):
        pass


def main():
    program, root = Path(sys.argv[1]), Path(sys.argv[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind((HOST, 53))
    threading.Thread(target=answer_names, args=(names,), daemon=True).start()
    server = ThreadingHTTPServer((HOST, 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    for folder in ("etc/ssl/certs", *KERNEL):
        (root / folder).mkdir(parents=True)
    for folder in KERNEL:  # gone with the namespace
        subprocess.run(["mount", "--rbind", f"/{folder}", root / folder], check=True)
    # Without any it makes no connection, not even one that needs none.
    shutil.copy2(next(filter(os.path.exists, CERTIFICATES)), root / "etc/ssl/certs/ca-certificates.crt")
    (root / "etc/hosts").write_text(f"{HOST} {NAMES[0]}\n")
    (root / "etc/resolv.conf").write_text(f"nameserver {HOST}\n")
    entries = {name.split(".")[0]: {"url": f"http://{name}:{server.server_port}/mcp"} for name in NAMES}
    (root / "mcp.json").write_text(json.dumps({"mcpServers": {"gateway": {"command": "mcp-gateway", "servers": entries}}}))
    shutil.copy2(program, root / "mcp-gateway")

    def run(*args):
        command = ["/mcp-gateway", *args]
        enter = lambda: (os.chroot(root), os.chdir("/"))  # noqa: E731
        done = subprocess.run(
            command, executable="/mcp-gateway", preexec_fn=enter, env={"HOME": "/"}, timeout=PATIENCE, capture_output=True, text=True
        )
        expect(done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    expect(PLACEHOLDER in run("demo"), "the demo masks nothing")
    for name in entries:
        said = run("call", name, "tell", "{}", "--mcp-json-path", "/mcp.json", "-p", "basic")
        expect(PLACEHOLDER in said and TOKEN not in said, f"{name} said {said!r}")
    print(f"called {', '.join(NAMES)}")


if __name__ == "__main__":
    main()
