"""A server over stdio that says what a file says: its tools, and to each call the text of that `index`."""
import json
import sys
from pathlib import Path

FILE = "said.json"


def says(folder, tools, texts=("",)):
    """Writes what the server of a folder says from now on; it looks again at every handshake and every listing."""
    (folder / FILE).write_text(json.dumps({"tools": tools, "texts": list(texts)}))


def entry(folder, **more):
    """The entry that starts the server of a folder."""
    return {"command": sys.executable, "args": [__file__, FILE], "cwd": str(folder), **more}


def tool(name, description=None, **properties):
    """The definition of a tool that takes these arguments."""
    described = {} if description is None else {"description": description}
    return {"name": name, **described, "inputSchema": {"type": "object", "properties": properties}}


def serve(file):
    said = {}
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        method, params = message["method"], message.get("params") or {}
        if method != "tools/call":
            said = json.loads(file.read_text())
        if method == "initialize":
            about = {"capabilities": {"tools": {}}, "serverInfo": {"name": "scripted", "version": "1"}}
            result = {"protocolVersion": params["protocolVersion"], **about}
        elif method == "tools/list":
            result = {"tools": said["tools"]}
        elif method == "tools/call":
            index = params.get("arguments", {}).get("index", 0)
            result = {"content": [{"type": "text", "text": said["texts"][index]}]}
        else:
            result = {}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
