"""A stdio server with the tools, prompts and resources that the scenarios of MCP's conformance suite name."""
import itertools
import json
import sys
import threading
import time

# The smallest image and the smallest sound.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

CAPABILITIES = {
    "tools": {"listChanged": True},
    "prompts": {"listChanged": True},
    "resources": {"subscribe": True, "listChanged": True},
    "completions": {},
    "logging": {},
}

IMAGE = {"type": "image", "data": PNG, "mimeType": "image/png"}
OPTIONS = ["option1", "option2", "option3"]


def text(words):
    return {"type": "text", "text": words}


def embedded(uri, mime_type, words):
    return {"type": "resource", "resource": {"uri": uri, "mimeType": mime_type, "text": words}}


def titled(*titles):
    return [{"const": f"value{number}", "title": title} for number, title in enumerate(titles, 1)]


def form(properties, required=()):
    return {"type": "object", "properties": properties, "required": list(required)}


DEFAULTS = form({
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": True},
})

ENUMS = form({
    "untitledSingle": {"type": "string", "enum": OPTIONS},
    "titledSingle": {"type": "string", "oneOf": titled("First Option", "Second Option", "Third Option")},
    "legacyEnum": {
        "type": "string",
        "enum": ["opt1", "opt2", "opt3"],
        "enumNames": ["Option One", "Option Two", "Option Three"],
    },
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": OPTIONS}},
    "titledMulti": {"type": "array", "items": {"anyOf": titled("First Choice", "Second Choice", "Third Choice")}},
})

USER = form(
    {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    },
    ["username", "email"],
)

# Tools that answer with the same content whatever they are given.
PLAIN = {
    "test_simple_text": [text("This is a simple text response for testing.")],
    "test_image_content": [IMAGE],
    "test_audio_content": [{"type": "audio", "data": WAV, "mimeType": "audio/wav"}],
    "test_embedded_resource": [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
    "test_multiple_content_types": [
        text("Multiple content types test:"),
        IMAGE,
        embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
}

# A schema that a relay with typed models would change.
SCHEMA_2020_12 = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def error(_call):
    return {"content": [text("This tool intentionally returns an error for testing")], "isError": True}


def logging(_call):
    for words in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        notify("notifications/message", {"level": "info", "data": words})
        time.sleep(0.05)
    return {"content": [text("Done.")]}


def progress(call):
    token = call.get("_meta", {}).get("progressToken")
    for step in (0, 50, 100):
        if token is not None:
            notify("notifications/progress", {"progressToken": token, "progress": step, "total": 100})
        time.sleep(0.05)
    return {"content": [text("Done.")]}


def sampling(call):
    message = {"role": "user", "content": text(call["arguments"]["prompt"])}
    answer = ask("sampling/createMessage", {"messages": [message], "maxTokens": 100})
    said = answer.get("result", {}).get("content", {}).get("text", answer)
    return {"content": [text(f"LLM response: {said}")]}


def elicits(schema, words):
    """A tool that shows a form."""

    def tool(call):
        message = call.get("arguments", {}).get("message", "Please fill this in.")
        answer = ask("elicitation/create", {"message": message, "requestedSchema": schema})
        result = answer.get("result", answer)
        said = f"action={result.get('action')}, content={json.dumps(result.get('content'))}"
        return {"content": [text(f"{words}: {said}")]}

    return tool


TOOLS = {
    **{name: lambda _call, content=content: {"content": content} for name, content in PLAIN.items()},
    "test_error_handling": error,
    "test_tool_with_logging": logging,
    "test_tool_with_progress": progress,
    "test_sampling": sampling,
    "test_elicitation": elicits(USER, "User response"),
    "test_elicitation_sep1034_defaults": elicits(DEFAULTS, "Elicitation completed"),
    "test_elicitation_sep1330_enums": elicits(ENUMS, "Elicitation completed"),
    "json_schema_2020_12_tool": lambda call: {"content": [text(json.dumps(call.get("arguments")))]},
}
SCHEMAS = {
    "test_sampling": form({"prompt": {"type": "string"}}, ["prompt"]),
    "test_elicitation": form({"message": {"type": "string"}}, ["message"]),
    "json_schema_2020_12_tool": SCHEMA_2020_12,
}

# Each prompt: the names of its arguments, and its messages' contents given these.
PROMPTS = {
    "test_simple_prompt": ([], lambda _: [text("This is a simple prompt for testing.")]),
    "test_prompt_with_arguments": (
        ["arg1", "arg2"],
        lambda given: [text("Prompt with arguments: arg1='{arg1}', arg2='{arg2}'".format(**given))],
    ),
    "test_prompt_with_embedded_resource": (
        ["resourceUri"],
        lambda given: [
            embedded(given["resourceUri"], "text/plain", "Embedded resource content for testing."),
            text("Please process the embedded resource above."),
        ],
    ),
    "test_prompt_with_image": ([], lambda _: [IMAGE, text("Please analyze the image above.")]),
}

RESOURCES = {
    "test://static-text": {"mimeType": "text/plain", "text": "This is the content of the static text resource."},
    "test://static-binary": {"mimeType": "image/png", "blob": PNG},
    "test://watched-resource": {"mimeType": "text/plain", "text": "Watched."},
}
TEMPLATE = "test://template/{id}/data"


def get_prompt(params):
    _, contents = PROMPTS[params["name"]]
    return {"messages": [{"role": "user", "content": content} for content in contents(params.get("arguments", {}))]}


def read_resource(params):
    uri = params["uri"]
    before, after = TEMPLATE.split("{id}")
    if uri.startswith(before) and uri.endswith(after):
        number = uri[len(before) : -len(after)]
        words = json.dumps({"id": number, "templateTest": True, "data": f"Data for ID: {number}"})
        return {"contents": [{"uri": uri, "mimeType": "application/json", "text": words}]}
    return {"contents": [{"uri": uri, **RESOURCES[uri]}]}


def listed(name, items):
    return lambda _params: {name: items}


METHODS = {
    "initialize": lambda params: {
        "protocolVersion": params["protocolVersion"],
        "capabilities": CAPABILITIES,
        "serverInfo": {"name": "conformance", "version": "1.0.0"},
    },
    "ping": lambda _: {},
    "logging/setLevel": lambda _: {},
    "tools/list": listed("tools", [
        {"name": name, "description": f"{name}.", "inputSchema": SCHEMAS.get(name, form({}))} for name in TOOLS
    ]),
    "tools/call": lambda params: TOOLS[params["name"]](params),
    "prompts/list": listed("prompts", [
        {"name": name, "description": f"{name}.", "arguments": [{"name": of, "required": True} for of in arguments]}
        for name, (arguments, _) in PROMPTS.items()
    ]),
    "prompts/get": get_prompt,
    "resources/list": listed("resources", [
        {"uri": uri, "name": uri, "mimeType": resource["mimeType"]} for uri, resource in RESOURCES.items()
    ]),
    "resources/templates/list": listed("resourceTemplates", [
        {"uriTemplate": TEMPLATE, "name": "template", "mimeType": "application/json"}
    ]),
    "resources/read": read_resource,
    "resources/subscribe": lambda _: {},
    "resources/unsubscribe": lambda _: {},
    "completion/complete": lambda _: {"completion": {"values": ["paris", "park", "party"], "total": 3, "hasMore": False}},
}

lock = threading.Lock()
numbers = itertools.count(1)
waiting = {}


def send(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()


def notify(method, params):
    send({"method": method, "params": params})


def ask(method, params):
    """Asks the client; returns its whole answer."""
    number = next(numbers)
    answered, slot = threading.Event(), []
    waiting[number] = (answered, slot)
    send({"id": number, "method": method, "params": params})
    answered.wait(30)
    return slot[0] if slot else {}


def answer(message):
    """Answers one request."""
    try:
        outcome = {"result": METHODS[message["method"]](message.get("params", {}))}
    except KeyError as missing:
        unknown = message["method"] not in METHODS
        outcome = {"error": {"code": -32601 if unknown else -32602, "message": f"there is no {missing}"}}
    send({"id": message["id"], **outcome})


for line in sys.stdin:
    received = json.loads(line)
    if "method" not in received:
        event, slot = waiting.pop(received["id"])
        slot.append(received)
        event.set()
    elif "id" in received:
        threading.Thread(target=answer, args=[received], daemon=True).start()
