"""Reversible masking in front of the real filesystem server: a client copies a token that it never sees."""
import json
import re
from functools import partial

import install
from harness import Sandbox, expect
from scripted import Client

# Made up.
TOKEN = "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"
KIND = "HUGGINGFACE_TOKEN"
FOLDER = "files"
# `write_file` says of itself that it may destroy, so a person has to name what may be given to it.
FLOW = {"from": "filesystem", "to": "filesystem", "kinds": [KIND], "tools": ["write_file"]}


def cases(gateway):
    """The same token with and without a flow, and on its way to another server."""
    packages = install.node()
    return [
        ("write_file with a flow", partial(with_client, copies, packages, gateway, [FLOW])),
        ("write_file without a flow", partial(with_client, is_refused, packages, gateway, [])),
        ("another server", partial(with_client, stays_a_placeholder, packages, gateway, [FLOW])),
    ]


def with_client(check, packages, gateway, flows):
    """Lets a client read the file with the token and go on; nothing it gets and nothing on disk may hold the token."""
    sandbox = Sandbox(packages)
    folder, configuration = sandbox.path / FOLDER, sandbox.path / "mcp.json"
    folder.mkdir()
    (folder / "tokens.txt").write_text(f"token = {TOKEN}\n")
    servers = {
        "filesystem": {"command": "mcp-server-filesystem", "args": [FOLDER], "cwd": str(sandbox.path)},
        "everything": {"command": "mcp-server-everything"},
    }
    configuration.write_text(json.dumps({"mcpServers": {"gateway": {"command": str(gateway), "servers": servers}}}))
    settings = ["--set", "basic.masking=vault", "--set", f"basic.flows={json.dumps(flows)}"]
    command = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "basic", *settings]
    client = Client(command, cwd=sandbox.path, env=sandbox.environment)
    try:
        client.open({})
        read = call(client, "filesystem_read_text_file", path="tokens.txt")
        placeholder = re.search(rf"<{KIND}_1_x[0-9a-f]+>", read["content"][0]["text"])
        expect(placeholder, f"no placeholder in {read}")
        check(client, folder, placeholder[0])
    finally:
        client.close()
    seen = [line for line in client.lines if TOKEN in line]
    expect(not seen, f"the client got the token: {seen}")
    kept = [path for path in sandbox.path.rglob("*") if path.is_file() and path.parent != folder]
    holding = [str(path) for path in kept if TOKEN.encode() in path.read_bytes()]
    expect(not holding, f"the token is in {holding}")


def call(client, tool, **arguments):
    """The result of a tool."""
    return client.answer(client.request("tools/call", name=tool, arguments=arguments))


def copies(client, folder, placeholder):
    """What the client writes as a placeholder is in the file as the token."""
    text = f"export HF_TOKEN={placeholder}\n"
    written = call(client, "filesystem_write_file", path="copy.sh", content=text)
    expect(not written.get("isError"), f"refused: {written}")
    found = (folder / "copy.sh").read_text()
    expect(found == text.replace(placeholder, TOKEN), f"the file holds {found!r}")


def is_refused(client, folder, placeholder):
    """No file is written, and the answer says what a person can do."""
    refused = call(client, "filesystem_write_file", path="copy.sh", content=placeholder)
    expect(refused.get("isError"), f"not refused: {refused}")
    expect("basic.flows" in refused["content"][0]["text"], f"it does not say how to allow it: {refused}")
    expect(not (folder / "copy.sh").exists(), "the file was written")


def stays_a_placeholder(client, _, placeholder):
    """A server that the token did not come from is not given it."""
    name = placeholder.strip("<>").rsplit("_", 1)[0]
    echoed = call(client, "everything_echo", message=f"it is {placeholder}")
    # What a server writes like a placeholder is told from one.
    expect(f"<{name}_not_x" in echoed["content"][0]["text"], f"no placeholder was sent: {echoed}")
