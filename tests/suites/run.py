#!/usr/bin/env python3
"""Runs the suites: the gateway's binary against real servers, real clients and labelled data.

    python3 tests/suites/run.py [--gateway target/release/mcp-gateway] [SUITE ...]

What a suite needs it installs below target/suites, with npm, pip and cargo, once; in CI, a browser with apt-get. A suite never skips: what is missing
fails it, with the command that mends that. Python 3.11, standard library only.
"""
import argparse
import os
import sys
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True  # the checkout stays as it is

import audit
import chaos
import conformance
import dashboard
import detectors
import injection
import ordinary
import overhead
import packages
import presidio
import questions
import recording
import scanner
import servers
import shells
import soak
import terminal
import tracing
import vault
from harness import ROOT, Failed

# Each is a module with `cases(gateway)`, which sets up and returns [(name, check)]. A check raises `Failed`, or returns
# a remark to print, or None.
MODULES = (
    recording,
    shells,
    servers,
    questions,
    terminal,
    vault,
    conformance,
    detectors,
    injection,
    ordinary,
    presidio,
    scanner,
    tracing,
    dashboard,
    packages,
    overhead,
    audit,
    chaos,
    soak,
)
SUITES = {module.__name__: module for module in MODULES}


def attempt(name, check):
    """Runs a check and prints how it went: (whether it passed, what it returned)."""
    start = time.monotonic()
    try:
        value, verdict, remark = check(), "ok", None
    except Exception as error:  # an answer of a shape that the check did not expect fails the case too
        value, verdict, remark = None, "FAILED", error if isinstance(error, Failed) else traceback.format_exc()
    seconds = f"({time.monotonic() - start:.1f} s)"
    if isinstance(value, str):
        remark = value
    print(f"{verdict} {name} {seconds}" + (f": {remark}" if remark else ""), flush=True)
    return verdict == "ok", value


def outcomes(suite, gateway):
    """Whether each case of the suite passed, its set-up being the first."""
    ready, cases = attempt(f"{suite}: set-up", lambda: SUITES[suite].cases(gateway))
    yield ready
    for name, check in cases or ():
        yield attempt(f"{suite}: {name}", check)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", type=Path, default=ROOT / "target/release/mcp-gateway", help="the binary to test")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all of them without any")
    options = parser.parse_args()
    if unknown := set(options.suites) - set(SUITES):
        parser.error(f"no suite {', '.join(sorted(unknown))}: there are {', '.join(SUITES)}")
    gateway = options.gateway.resolve()
    if not os.access(gateway, os.X_OK):
        sys.exit(f"{gateway} is no program: cargo build --release")

    passed = [outcome for suite in options.suites or SUITES for outcome in outcomes(suite, gateway)]
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
