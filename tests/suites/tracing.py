"""The trace store, as today's xetrack and DuckDB read it, and under a load that goes on."""
import json
import os
from functools import partial

import install
import soak
from harness import Sandbox, expect
from overhead import build

# Seconds of the load; `soak.py` runs it for as long as one likes.
BRIEFLY = 15
CALLS = [
    {"text": "one", "note": "first"},
    {"text": "two", "Note": "other case", "timestamp": "forged"},
    {"text": "three", "deep": {"a": [1]}},
]

READER = """
import sys, json
from xetrack import Reader
frame = Reader(sys.argv[1]).to_df()
print(json.dumps({"rows": len(frame), "columns": list(frame.columns), "notes": frame["note"].dropna().tolist()}))
"""
DUCKDB = """
import sys, json, pathlib, duckdb, duckdb_extension_sqlite_scanner as scanner
extension = next(pathlib.Path(scanner.__file__).parent.rglob("sqlite_scanner.duckdb_extension"))
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
connection.execute(f"LOAD '{extension}'")
connection.execute(f"ATTACH '{sys.argv[1]}' AS db (TYPE sqlite)")
rows = connection.execute("SELECT capability_name, content_type, isError FROM db.events ORDER BY timestamp").fetchall()
sums = connection.execute("SELECT count(*), sum(tokens_out) > 0 FROM db.calls WHERE outcome = 'ok'").fetchone()
print(json.dumps({"rows": rows, "sums": sums}))
"""


class Recorded(Sandbox):
    """A store filled by real calls."""

    def __init__(self, gateway):
        super().__init__(install.python("xetrack"))
        self.store = self.path / "tracing.db"
        with soak.Client(gateway, build("echo-server"), self.store, self.environment) as client:
            for arguments in CALLS:
                client.call(arguments)

    def read(self, program):
        """What a Python program prints of the store."""
        return json.loads(self.run("python", "-c", program, self.store))


def cases(gateway):
    """One case for each reader, and the load."""
    recorded = Recorded(gateway)
    readers = (tail, reader, duckdb)
    return [(case.__name__, partial(case, recorded)) for case in readers] + [("load", partial(load, gateway))]


def tail(recorded):
    """`xt tail tracing.db --json --n=1`, as the Python package's README has it."""
    last = json.loads(recorded.run("xt", "tail", recorded.store, "--json", "--n=1"))
    expect(len(last) == 1, last)
    wanted = {"capability_type": "tool", "capability_name": "echo", "server_name": "echo", "content_text": "three", "deep": '{"a": [1]}'}
    expect(wanted.items() <= last[0].items(), last)


def reader(recorded):
    """`Reader("tracing.db").to_df()`."""
    frame = recorded.read(READER)
    expect(frame["rows"] == len(CALLS) and frame["notes"] == ["first"], frame)
    expect({"timestamp", "track_id", "content_text", "text", "deep", "arguments"} <= set(frame["columns"]), frame)


def duckdb(recorded):
    """`ATTACH 'tracing.db' AS db (TYPE sqlite)`."""
    found = recorded.read(DUCKDB)
    expect(found["rows"] == [["echo", "text", 0]] * len(CALLS), found)
    expect(found["sums"] == [len(CALLS), True], found)


def load(gateway):
    """20,000 calls a minute: no row is lost, and memory does not grow."""
    sandbox = Sandbox()
    return soak.run(gateway, build("echo-server"), sandbox.path / "soak.db", BRIEFLY, dict(os.environ, **sandbox.environment))
