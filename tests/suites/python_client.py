"""Calls one tool of a stdio server with the Python SDK and prints the result as JSON.

    python_client.py MODE TOOL ARGUMENTS COMMAND [ARG ...]
"""
import asyncio
import json
import sys

from mcp import StdioServerParameters
from mcp.client.client import Client


async def main(mode, tool, arguments, command, *args):
    async with Client(StdioServerParameters(command=command, args=list(args)), mode=mode) as client:
        listed = [offered.name for offered in (await client.list_tools()).tools]
        assert tool in listed, f"{tool} is not among {listed}"
        result = await client.call_tool(tool, json.loads(arguments))
    print(result.model_dump_json(by_alias=True, exclude_none=True))


asyncio.run(main(*sys.argv[1:]))
