"""The dashboard in a real browser, over a store that real calls fill while it looks.

Screenshots of every page, light and dark, wide and narrow, are left in target/suites/dashboard.
"""
import json
import subprocess
import threading
from functools import partial

import install
import recorded
from harness import WORK, Failed, Sandbox, bounded, expect

PATIENCE = 240
# Seconds between calls while the browser looks.
PAUSE = 0.4
HOSTILE = "<script>globalThis.ran = 1; alert(1)</script><img src=x onerror=alert(2)>"
LINK = "javascript:alert(3)"
CALLS = [{"text": "hello", "note": HOSTILE}, {"text": LINK, "url": LINK}, {"text": HOSTILE, HOSTILE: "a name"}, {"text": "x " * 4000}]


def cases(gateway):
    """One case for each thing that the browser saw."""
    seen = look(gateway)
    checks = (faultless, entered, followed, live, text)
    return [(check.__name__, partial(check, seen)) for check in checks]


def look(gateway):
    """What the browser saw while calls came."""
    packages, browser = WORK / "browser", install.chromium()
    install.node("browser")
    pictures = WORK / "dashboard"
    pictures.mkdir(exist_ok=True)
    sandbox = Sandbox()
    store, done = sandbox.path / "trace.db", threading.Event()

    with recorded.Client(gateway, store, sandbox.environment) as client:
        for arguments in CALLS * 3:
            client.call(arguments)

        def go_on():
            while not done.wait(PAUSE):
                client.call(CALLS[0])

        calls = threading.Thread(target=go_on)
        command = [str(gateway), "dashboard", "--db", str(store)]
        dashboard = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=sandbox.environment, cwd=sandbox.path)
        try:
            address = next((line.strip() for line in dashboard.stdout if "http://" in line), None)
            if not address:
                raise Failed("the dashboard did not say where it is")
            calls.start()
            script = install.HERE / "browser/look.mjs"
            return json.loads(bounded(["node", script, packages, browser, address, pictures], PATIENCE, env=sandbox.environment))
        finally:
            done.set()
            if calls.ident:
                calls.join()
            dashboard.kill()
            dashboard.wait()


def faultless(seen):
    """No error on any page, no request to elsewhere, nothing wider than its window."""
    expect(not seen["faults"], seen["faults"])


def entered(seen):
    """The token became a cookie that scripts can't read; it lets nobody else in."""
    expect(seen["cookie"] == [{"httpOnly": True, "sameSite": "Strict"}] and seen["scriptSeesCookie"] == "", seen)
    expect([seen["again"], seen["stranger"]] == [403, 401], seen)


def followed(seen):
    """A column of the chart leads to its calls."""
    expect(seen["followed"] > 0, seen)


def live(seen):
    """A call that was made while the page was open arrived there, and could be opened."""
    expect(seen["live"].startswith("Live"), seen)
    expect("hello" in seen["call"] and "Where the time went" in seen["call"], seen["call"])


def text(seen):
    """A stored script and a stored link are text, and the page's policy lets no script make markup."""
    expect(seen["shownAsText"] > 0 and not seen["ran"] and seen["foreign"] == 0, seen)
    expect(seen["addresses"] == ["http:"] and not seen["makesMarkup"], seen)
