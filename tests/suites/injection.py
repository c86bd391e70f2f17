"""The guardrail `injection` over the scanner's labelled descriptions, as if a tool had returned them."""
import gzip
import json
from functools import partial

from harness import Sandbox, expect, shared
from scripted import Client
from scripted_server import entry, says, tool

# What begins every note of the gateway's own.
NOTE = "[mcp-gateway: "

# The shares that must hold. What is left tells a model nothing to do: a tool that only reads, and a parameter of it that lets it write.
POISONED_HANDLED = 0.97
BENIGN_TOUCHED = 0.003


def cases(gateway):
    """One case for each label; that every text went through is the set-up."""
    with gzip.open(shared("eval/scan-dev.jsonl.gz"), "rt") as lines:
        rows = [row for row in map(json.loads, lines) if row["description"]]
    results = given(gateway, [row["description"] for row in rows])
    touched = [result["content"] != [{"type": "text", "text": row["description"]}] for row, result in zip(rows, results)]
    def of(label):
        return [(row, was) for row, was in zip(rows, touched) if (row["label"], row["attack"] == OVERT) == label]
    return [
        ("poisoned texts are stripped, fenced or stopped", partial(handled, of(("malicious", False)))),
        ("benign texts pass unchanged", partial(untouched, of(("benign", False)))),
    ]


# Rows that are offensive in what they do rather than in what they tell a model.
OVERT = "overt_malicious_function"


def given(gateway, texts):
    """The result of the tool for each text."""
    sandbox = Sandbox()
    says(sandbox.path, [tool("give", index={"type": "integer"})], texts)
    server = entry(sandbox.path)
    configuration = sandbox.path / "mcp.json"
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": {"it": server}}}}))
    command = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "injection"]
    client = Client(command, cwd=sandbox.path, env=sandbox.environment)
    try:
        client.open({})
        return [client.result("tools/call", name="it_give", arguments={"index": index}) for index in range(len(texts))]
    finally:
        client.close()


def handled(rows):
    share = sum(was for _, was in rows) / len(rows)
    said = f"{share:.1%} of {len(rows)}, wanted at least {POISONED_HANDLED:.0%}"
    expect(share >= POISONED_HANDLED, said)
    return said


def untouched(rows):
    changed = [row["description"] for row, was in rows if was]
    said = f"{len(changed)} of {len(rows)} changed, wanted at most {BENIGN_TOUCHED:.1%}"
    expect(len(changed) <= BENIGN_TOUCHED * len(rows), said + f": {changed[:5]}")
    return said
