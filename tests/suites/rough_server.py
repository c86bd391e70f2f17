#!/usr/bin/env python3
"""An MCP server over stdio that does to whoever called it what the call says: `act` with `{"do": NAME}`.

`DEEDS` lists the names. What a deed leads to is the client's to know: `soak.py` and `chaos.py` say it beside their calls.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time

# A token that nobody issued, in two halves, so that this source holds none.
TOKEN = "ghp_" + "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8"
# More than the longest answer that the gateway passes on, in bytes.
HUGE = 12 << 20
# What is on standard output beside messages.
NOISE = (b"Listening on :8080\n", b"\n", b"{\n", b"[1,2]\n", b"\xff\xfe\xc3\x28\n", b'{"jsonrpc":"2.0"}\n', b'{"jsonrpc":"2.0","id":1e999,"result":{}}\n')
LIST_CHANGED = {"method": "notifications/tools/list_changed"}
TOOL = {"name": "act", "description": "Does what it is told.", "inputSchema": {"type": "object"}}

lock = threading.Lock()
# Requests of this server that the client has not answered: what is done then.
asked = {}


def write(data):
    with lock:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def send(message):
    write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


def text(words):
    return {"content": [{"type": "text", "text": words}]}


def answer(call, words=None):
    send({"id": call["id"], "result": text(words or call["params"]["arguments"].get("text", "done"))})


def late(call):
    pause = call["params"]["arguments"]["ms"] / 1000
    timer = threading.Timer(pause, answer, [call])
    timer.daemon = True
    timer.start()


def twice(call):
    answer(call)
    answer(call)


def stranger(call):
    for number in ("999999999", -1, None, [1]):
        send({"id": number, "result": text("for nobody")})
    answer(call)


def noise(call):
    for line in NOISE:
        write(line)
    answer(call)


def half(call):
    write(json.dumps({"jsonrpc": "2.0", "id": call["id"], "result": text("cut off")}).encode()[:40])
    os._exit(4)


def flood(call):
    log = {"method": "notifications/message", "params": {"level": "info", "data": "x" * 500}}
    write((json.dumps({"jsonrpc": "2.0", **log}) + "\n").encode() * 500)
    sys.stderr.write(f"using {TOKEN}\n" * 500)
    sys.stderr.flush()
    answer(call)


def storm(call):
    for _ in range(50):
        send(LIST_CHANGED)
    answer(call)


def progress(call):
    token = call["params"].get("_meta", {}).get("progressToken")
    for step in range(20):
        send({"method": "notifications/progress", "params": {"progressToken": token, "progress": step}})
    answer(call)
    send({"method": "notifications/progress", "params": {"progressToken": token, "progress": 99}})


def ask(call):
    number = f"asked-{call['id']}"
    asked[number] = lambda: answer(call)
    schema = {"type": "object", "properties": {}}
    send({"id": number, "method": "elicitation/create", "params": {"message": "May I?", "requestedSchema": schema}})


def orphan(call):
    subprocess.Popen(["sleep", "120"], start_new_session=True)
    os._exit(5)


# Each with the call; one that does not answer leaves it unanswered.
DEEDS = {
    "answer": answer,
    "late": late,
    "never": lambda call: None,
    "error": lambda call: send({"id": call["id"], "result": {**text("It did not work."), "isError": True}}),
    "fail": lambda call: send({"id": call["id"], "error": {"code": -32000, "message": "It did not work."}}),
    "secret": lambda call: answer(call, f"GITHUB_TOKEN={TOKEN}"),
    "big": lambda call: answer(call, "x" * (1 << 20)),
    "huge": lambda call: answer(call, "x" * HUGE),
    "nothing": lambda call: send({"id": call["id"]}),
    "wrong": lambda call: send({"id": call["id"], "result": 42}),
    "twice": twice,
    "stranger": stranger,
    "noise": noise,
    "flood": flood,
    "storm": storm,
    "progress": progress,
    "ask": ask,
    "half": half,
    "exit": lambda call: os._exit(3),
    "orphan": orphan,
    # Reads nothing any more, and is alive.
    "deaf": lambda call: time.sleep(3600),
    # Until somebody outside has mercy.
    "freeze": lambda call: os.kill(os.getpid(), signal.SIGSTOP),
    # Says nothing more, although it reads.
    "mute": lambda call: sys.stdout.buffer.close(),
}


def react(message):
    method, number = message.get("method"), message.get("id")
    if method is None:
        asked.pop(number, lambda: None)()
    elif method == "initialize":
        version = message["params"]["protocolVersion"]
        about = {"name": "rough", "version": "1"}
        send({"id": number, "result": {"protocolVersion": version, "capabilities": {"tools": {"listChanged": True}}, "serverInfo": about}})
    elif method == "tools/list":
        send({"id": number, "result": {"tools": [TOOL]}})
    elif method == "tools/call":
        DEEDS[message["params"]["arguments"]["do"]](message)
    elif number is not None:
        send({"id": number, "result": {}})


def main():
    for line in sys.stdin:
        react(json.loads(line))


if __name__ == "__main__":
    main()
