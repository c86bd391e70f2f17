"""The trace store, as today's xetrack and DuckDB read it."""
import json
from functools import partial

import install
import recorded
from harness import Sandbox, expect

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
        with recorded.Client(gateway, self.store, self.environment) as client:
            for arguments in CALLS:
                client.call(arguments)

    def read(self, program):
        """What a Python program prints of the store."""
        return json.loads(self.run("python", "-c", program, self.store))


def cases(gateway):
    """One case for each reader."""
    store = Recorded(gateway)
    return [(case.__name__, partial(case, store)) for case in (tail, reader, duckdb)]


def tail(store):
    """`xt tail tracing.db --json --n=1`, as the Python package's README has it."""
    last = json.loads(store.run("xt", "tail", store.store, "--json", "--n=1"))
    expect(len(last) == 1, last)
    wanted = {"capability_type": "tool", "capability_name": "echo", "server_name": "echo", "content_text": "three", "deep": '{"a": [1]}'}
    expect(wanted.items() <= last[0].items(), last)


def reader(store):
    """`Reader("tracing.db").to_df()`."""
    frame = store.read(READER)
    expect(frame["rows"] == len(CALLS) and frame["notes"] == ["first"], frame)
    expect({"timestamp", "track_id", "content_text", "text", "deep", "arguments"} <= set(frame["columns"]), frame)


def duckdb(store):
    """`ATTACH 'tracing.db' AS db (TYPE sqlite)`."""
    found = store.read(DUCKDB)
    expect(found["rows"] == [["echo", "text", 0]] * len(CALLS), found)
    expect(found["sums"] == [len(CALLS), True], found)
