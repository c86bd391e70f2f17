"""Calls one tool of a stdio server with the Python SDK and prints the result as JSON.

    python_client.py MODE VERSION TOOL ARGUMENTS COMMAND [ARG ...]

It fails where another version is spoken.
"""
import asyncio
import json
import sys

from mcp import StdioServerParameters
from mcp.client.client import Client


# How long the tool may take to be listed, in seconds.
PATIENCE = 30


async def main(mode, version, tool, arguments, command, *args):
    async with Client(StdioServerParameters(command=command, args=list(args)), mode=mode) as client:
        spoken = client.session.protocol_version
        if spoken != version:
            sys.exit(f"{spoken} is spoken, not {version}")
        async with asyncio.timeout(PATIENCE):
            while tool not in [offered.name for offered in (await client.list_tools()).tools]:
                await asyncio.sleep(0.2)  # its server is still starting
        result = await client.call_tool(tool, json.loads(arguments))
    print(result.model_dump_json(by_alias=True, exclude_none=True))


asyncio.run(main(*sys.argv[1:]))
