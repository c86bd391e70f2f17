"""The plugin `presidio` beside a real Presidio analyzer."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from functools import partial
from pathlib import Path

import install
from harness import Failed, Sandbox, bounded, expect, kill, text_of

HERE = Path(__file__).parent
CARD = "4111 1111 1111 1111"
EMAIL = "ada@example.org"

# What stands before an entity: positions in code points, in bytes and in UTF-16 differ after most of these.
BEFORE = {
    "nothing": "",
    "an emoji": "😀 ",
    "a family of emoji": "👩‍👩‍👧 ",
    "combining characters": "e\u0301te\u0301 ",
    "letters of another plane": "𝒳𝒴 ",
    "Japanese": "支払いは ",
    "line ends": "one\r\ntwo\n",
    "a long text": "é naïve 😀 sentence\n" * 2000,
}

# How long the service may take to be ready, in seconds.
PATIENCE = 120


class Service:
    """A real analyzer that serves until it is stopped."""

    def __init__(self):
        programs = install.python("analyzer")
        self._folder = tempfile.TemporaryDirectory(prefix="mcp-gateway-analyzer-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        bounded([programs / "python", HERE / "analyzer/model.py", folder], PATIENCE)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % free.getsockname()[1]
        self.url = f"http://{address}"
        self._log = open(folder / "log", "w+b")
        command = [programs / "gunicorn", "--bind", address, "--threads", "4", "--timeout", "0", "service:app"]
        environment = {**os.environ, "NLP_CONF_FILE": str(folder / "nlp.yaml"), "HOME": str(folder)}
        self._process = subprocess.Popen(
            list(map(str, command)),
            cwd=HERE / "analyzer",
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise Failed(f"the analyzer is not ready after {PATIENCE} s\n{text_of(self._log)[-1500:]}")

    def signal(self, number):
        """Sends a signal to all of its processes."""
        os.killpg(self._process.pid, number)

    def stop(self):
        """Ends it."""
        kill(os.killpg, self._process.pid)
        self._process.wait()

    def __del__(self):
        if hasattr(self, "_process"):
            self.stop()


def cases(gateway):
    """The service alone and beside the native recognizers, then the ways in which it fails."""
    service, sandbox = Service(), Sandbox()
    alone = ["native=false", 'entities=["CREDIT_CARD","EMAIL_ADDRESS"]', "timeout=60"]
    ask = partial(masked, gateway, service, sandbox)
    return [
        *((f"positions after {what}", partial(finds, ask, alone, before)) for what, before in BEFORE.items()),
        ("JSON by its leaves", partial(keeps_json, ask, alone)),
        ("beside the native recognizers", partial(finds, ask, ["timeout=60"], "😀 ")),
        ("epochs and ids stay", partial(keeps_numbers, ask)),
        ("through the gateway", partial(masks_result, gateway, service, sandbox)),
        ("an entity that it does not have", partial(refuses, ask, ['entities=["EMPLOYEE"]'], "finds no EMPLOYEE")),
        ("an error 500", partial(refuses, ask, [*alone, "language=xx"], "HTTP 500")),
        ("too slow", partial(refuses_while_it_hangs, ask, service)),
        ("stopped", partial(refuses_once_stopped, gateway, ask, service, sandbox)),
    ]


def options(service, settings):
    """The plugin and its settings on the command line."""
    sets = [f"presidio.{setting}" for setting in [f"analyzer_url={service.url}", *settings]]
    return ["-p", "presidio", *(part for setting in sets for part in ("--set", setting))]


def masked(gateway, service, sandbox, settings, text):
    """A text as `mcp-gateway mask` gives it back."""
    (sandbox.path / "text").write_text(text, newline="")
    return sandbox.run(gateway, "mask", *options(service, settings), "text", seconds=90)


def finds(ask, settings, before):
    """What stands after `before` is masked, and nothing else."""
    text = f"{before}card {CARD}, mail {EMAIL}! {before}"
    wanted = text.replace(CARD, "<CREDIT_CARD>").replace(EMAIL, "<EMAIL_ADDRESS>")
    got = ask(settings, text)
    expect(got == wanted, f"{got[-300:]!r} is not {wanted[-300:]!r}")


def keeps_json(ask, settings):
    """Keys, strings with escapes and JSON inside a string are masked, and all of it stays JSON."""
    inner = json.dumps({"card": CARD, "n": 1})
    text = '{"\\ud83d\\ude00 %s": "a\\u0301\\n%s", "in": %s, "n": 1.50, "none": ["", null]}' % (EMAIL, CARD, json.dumps(inner))
    got = ask(settings, text)
    wanted = text.replace(EMAIL, "<EMAIL_ADDRESS>").replace(CARD, "<CREDIT_CARD>")
    expect(got == wanted, f"{got} is not {wanted}")


def keeps_numbers(ask):
    """What Presidio takes for a phone or a social security number stays where it is a number under another name."""
    text = '{"order_id": 123456780, "ts": 1732233600, "at": "1732233600"}'
    got = ask([], text)
    expect(got == text, got)


def call(gateway, service, sandbox, *settings):
    """The result of a tool that reads a file with a card in it."""
    (sandbox.path / "note.txt").write_text(f"😀 {CARD}")
    server = {"command": str(gateway), "args": ["demo-server"], "cwd": str(sandbox.path)}
    configuration = sandbox.path / "gateway.json"
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"servers": {"files": server}}}}))
    options_of_it = ["--mcp-json-path", configuration, *options(service, ["native=false", *settings])]
    return sandbox.run(gateway, "call", "files", "read_file", '{"path": "note.txt"}', *options_of_it)


def masks_result(gateway, service, sandbox):
    """A result that only the service can mask is masked."""
    got = call(gateway, service, sandbox)
    expect("😀 <CREDIT_CARD>" in got and CARD not in got, got)


def refuses(ask, settings, reason, text=f"card {CARD}"):
    """Nothing of the text is shown, and the reason is."""
    try:
        got = ask(settings, text)
    except Failed as failure:
        expect(reason in str(failure) and CARD not in str(failure), str(failure))
    else:
        raise Failed(f"it passed: {got}")


def refuses_while_it_hangs(ask, service):
    """A service that answers nothing is waited for as long as the settings say."""
    service.signal(signal.SIGSTOP)
    try:
        refuses(ask, ["timeout=1"], "did not answer within 1 s")
    finally:
        service.signal(signal.SIGCONT)


def refuses_once_stopped(gateway, ask, service, sandbox):
    """A service that is gone stops messages, unless they are allowed to pass."""
    service.stop()
    refuses(ask, [], "can't be reached")
    refuses(lambda *_: call(gateway, service, sandbox), [], "can't be reached")
    got = ask(["on_error=allow"], f"😀 {CARD}")
    expect(got == "😀 <CREDIT_CARD>", got)
