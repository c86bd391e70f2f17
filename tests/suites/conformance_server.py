"""A stdio server with the tools, prompts and resources that the scenarios of MCP's conformance suite name.

    conformance_server.py [stateless]

It speaks the versions with a handshake, or 2026-07-28 alone.
"""
import base64
import hashlib
import hmac
import itertools
import json
import secrets
import sys
import threading
import time

# The smallest image and the smallest sound.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

VERSION = "2026-07-28"
STATELESS = sys.argv[1:] == ["stateless"]
RESERVED = "io.modelcontextprotocol/"
INFO = {"name": "conformance", "version": "1.0.0"}

# What a result of 2026-07-28 says beside what was asked for; for some methods how long it may be kept.
COMPLETE = {"resultType": "complete", "_meta": {f"{RESERVED}serverInfo": INFO}} if STATELESS else {}
KEPT = ("server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read")
HINTS = {method: {"ttlMs": 60000, "cacheScope": "public"} for method in KEPT} if STATELESS else {}

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


def logging(call):
    for words in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        if not STATELESS or f"{RESERVED}logLevel" in call["_meta"]:
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
    answer = ask(call, sample=sample(call["arguments"]["prompt"]))["sample"]
    return {"content": [text(f"LLM response: {answer.get('content', {}).get('text', answer)}")]}


def sample(words):
    """A question to the model."""
    return "sampling/createMessage", {"messages": [{"role": "user", "content": text(words)}], "maxTokens": 100}


def fill_in(words, schema):
    """A question to the person."""
    return "elicitation/create", {"message": words, "requestedSchema": schema}


def one(name, kind="string"):
    """A form with one field."""
    return form({name: {"type": kind}}, [name])


ROOTS = ("roots/list", {})


def elicits(schema, words):
    """A tool that shows a form."""

    def tool(call):
        result = ask(call, form=fill_in(call.get("arguments", {}).get("message", "Please fill this in."), schema))["form"]
        said = f"action={result.get('action')}, content={json.dumps(result.get('content'))}"
        return {"content": [text(f"{words}: {said}")]}

    return tool


def asks(words, **questions):
    """A tool that asks everything at once, and says what it was told."""

    def tool(call):
        return {"content": [text(f"{words}: {json.dumps(ask(call, **questions))}")]}

    return tool


def asks_twice(call):
    name = ask(call, step1=fill_in("Step 1: What is your name?", one("name")))["step1"]
    color = ask(call, step2=fill_in("Step 2: What is your favorite color?", one("color")))["step2"]
    return {"content": [text(json.dumps([name, color]))]}


def asks_what_it_may(call):
    possible = {"sampling": sample("Say something."), "elicitation": fill_in("What is it?", one("it"))}
    questions = {name: question for name, question in possible.items() if name in capabilities_of(call)}
    return {"content": [text(json.dumps(ask(call, **questions)))]}


def needs_sampling(call):
    if "sampling" not in capabilities_of(call):
        raise Refused(-32021, "this tool needs sampling", {"requiredCapabilities": {"sampling": {}}})
    return {"content": [text("Done.")]}


def changes(what):
    """A tool that changes one of the lists."""

    def tool(_call):
        news(f"notifications/{what}/list_changed", f"{what}ListChanged")
        return {"content": [text("Changed.")]}

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
    "test_input_required_result_elicitation": asks("Hello", user_name=fill_in("What is your name?", one("name"))),
    "test_input_required_result_sampling": asks("It is", capital_question=sample("What is the capital of France?")),
    "test_input_required_result_list_roots": asks("Roots", client_roots=ROOTS),
    "test_input_required_result_request_state": asks("state-ok", confirm=fill_in("Please confirm", one("ok", "boolean"))),
    "test_input_required_result_tampered_state": asks("state-ok", confirm=fill_in("Please confirm", one("ok", "boolean"))),
    "test_input_required_result_multiple_inputs": asks(
        "All",
        user_name=fill_in("What is your name?", one("name")),
        greeting=sample("Generate a greeting"),
        client_roots=ROOTS,
    ),
    "test_input_required_result_multi_round": asks_twice,
    "test_input_required_result_capabilities": asks_what_it_may,
    "test_streaming_elicitation": asks("Hello", user_name=fill_in("What is your name?", one("name"))),
    "test_missing_capability": needs_sampling,
    "test_logging_tool": logging,
    "test_trigger_tool_change": changes("tools"),
    "test_trigger_prompt_change": changes("prompts"),
    "json_schema_2020_12_tool": lambda call: {"content": [text(json.dumps(call.get("arguments")))]},
}
SCHEMAS = {
    "test_sampling": form({"prompt": {"type": "string"}}, ["prompt"]),
    "test_elicitation": form({"message": {"type": "string"}}, ["message"]),
    "json_schema_2020_12_tool": SCHEMA_2020_12,
}

# Each prompt: the names of its arguments, and its messages' contents given these and the request.
PROMPTS = {
    "test_simple_prompt": ([], lambda *_: [text("This is a simple prompt for testing.")]),
    "test_prompt_with_arguments": (
        ["arg1", "arg2"],
        lambda given, _: [text("Prompt with arguments: arg1='{arg1}', arg2='{arg2}'".format(**given))],
    ),
    "test_prompt_with_embedded_resource": (
        ["resourceUri"],
        lambda given, _: [
            embedded(given["resourceUri"], "text/plain", "Embedded resource content for testing."),
            text("Please process the embedded resource above."),
        ],
    ),
    "test_prompt_with_image": ([], lambda *_: [IMAGE, text("Please analyze the image above.")]),
    "test_input_required_result_prompt": (
        [],
        lambda _, params: [text(json.dumps(ask(params, user_context=fill_in("Which context?", one("context")))))],
    ),
}

RESOURCES = {
    "test://static-text": {"mimeType": "text/plain", "text": "This is the content of the static text resource."},
    "test://static-binary": {"mimeType": "image/png", "blob": PNG},
    "test://watched-resource": {"mimeType": "text/plain", "text": "Watched."},
}
TEMPLATE = "test://template/{id}/data"


def get_prompt(params):
    _, contents = PROMPTS[params["name"]]
    return {"messages": [{"role": "user", "content": content} for content in contents(params.get("arguments", {}), params)]}


def read_resource(params):
    uri = params["uri"]
    before, after = TEMPLATE.split("{id}")
    if uri.startswith(before) and uri.endswith(after):
        number = uri[len(before) : -len(after)]
        words = json.dumps({"id": number, "templateTest": True, "data": f"Data for ID: {number}"})
        return {"contents": [{"uri": uri, "mimeType": "application/json", "text": words}]}
    if uri not in RESOURCES:
        raise Refused(-32602 if STATELESS else -32002, "Resource not found", {"uri": uri})
    return {"contents": [{"uri": uri, **RESOURCES[uri]}]}


def listed(name, items):
    return lambda _params: {name: items}


def initialize(params):
    declared.update(params["capabilities"])
    return {"protocolVersion": params["protocolVersion"], "capabilities": CAPABILITIES, "serverInfo": INFO}


HANDSHAKE_METHODS = {
    "initialize": initialize,
    "ping": lambda _: {},
    "logging/setLevel": lambda _: {},
    "resources/subscribe": lambda _: {},
    "resources/unsubscribe": lambda _: {},
}
STATELESS_METHODS = {
    "server/discover": lambda _: {"supportedVersions": [VERSION], "capabilities": CAPABILITIES},
}
METHODS = {
    **(STATELESS_METHODS if STATELESS else HANDSHAKE_METHODS),
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
    "completion/complete": lambda _: {"completion": {"values": ["paris", "park", "party"], "total": 3, "hasMore": False}},
}

lock = threading.Lock()
numbers = itertools.count(1)
waiting = {}  # by the number of a request to the client: who waits for its answer
declared = {}  # what the client can do, where a handshake says it
listening = {}  # by the id of a subscription: what it is for
key = secrets.token_bytes(16)


class Refused(Exception):
    """An error for the client."""

    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.error = {"code": code, "message": message, **({"data": data} if data else {})}


class InputRequired(Exception):
    """Questions that the client has to answer first, and what it answered before."""

    def __init__(self, questions, answers):
        super().__init__("input required")
        self.questions, self.answers = questions, answers


def send(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()


def notify(method, params):
    send({"method": method, "params": params})


def news(method, wish):
    """Tells of a change, those who asked to hear of it."""
    if not STATELESS:
        return notify(method, {})
    for subscription, wishes in list(listening.items()):
        if wishes.get(wish):
            notify(method, {"_meta": {f"{RESERVED}subscriptionId": subscription}})


def capabilities_of(call):
    """What the client of a call can do."""
    return call["_meta"][f"{RESERVED}clientCapabilities"] if STATELESS else declared


def ask(call, **questions):
    """Asks the client everything at once; returns its results."""
    if not STATELESS:
        asked = {name: request(*question) for name, question in questions.items()}
        return {name: wait() for name, wait in asked.items()}
    answers = {**opened(call.get("requestState")), **(call.get("inputResponses") or {})}
    missing = {name: question for name, question in questions.items() if not isinstance(answers.get(name), dict)}
    if missing:
        raise InputRequired(missing, {name: answer for name, answer in answers.items() if name not in missing})
    return {name: answers[name] for name in questions}


def request(method, params):
    """Sends a request to the client; returns what waits for its result."""
    number, answered, slot = next(numbers), threading.Event(), []
    waiting[number] = (answered, slot)
    send({"id": number, "method": method, "params": params})

    def wait():
        answered.wait(30)
        return slot[0].get("result", slot[0]) if slot else {}

    return wait


def sealed(answers):
    """A state that nobody can change."""
    body = base64.b64encode(json.dumps(answers).encode()).decode()
    return f"{body}.{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def opened(state):
    """What a state holds."""
    if state is None:
        return {}
    body = state.partition(".")[0]
    try:
        held = json.loads(base64.b64decode(body))
    except ValueError:
        held = {}
    if sealed(held) != state:
        raise Refused(-32602, "the state was changed")
    return held


def outcome(message):
    """The result of a request, or its error."""
    method, params = message["method"], message.get("params", {})
    try:
        if STATELESS:
            check(params)
        if method not in METHODS:
            raise Refused(-32601, f"there is no {method}")
        return {"result": {**METHODS[method](params), **HINTS.get(method, {}), **COMPLETE}}
    except Refused as refused:
        return {"error": refused.error}
    except InputRequired as required:
        inputs = {name: {"method": method, "params": params} for name, (method, params) in required.questions.items()}
        state = sealed(required.answers)
        return {"result": {"resultType": "input_required", "inputRequests": inputs, "requestState": state}}
    except KeyError as missing:
        return {"error": {"code": -32602, "message": f"there is no {missing}"}}


def check(params):
    """Refuses a request that does not say what it has to of itself."""
    about = params.get("_meta", {})
    for name in ("protocolVersion", "clientCapabilities"):
        if RESERVED + name not in about:
            raise Refused(-32602, f"there is no {name}")
    if (asked := about[f"{RESERVED}protocolVersion"]) != VERSION:
        raise Refused(-32022, f"{asked} is not spoken here", {"supported": [VERSION], "requested": asked})


def listen(message):
    """Grants a subscription, which lasts until it is cancelled."""
    wishes = message["params"]["notifications"]
    about = {f"{RESERVED}subscriptionId": message["id"]}
    notify("notifications/subscriptions/acknowledged", {"_meta": about, "notifications": wishes})
    listening[message["id"]] = wishes


for line in sys.stdin:
    received = json.loads(line)
    if "method" not in received:
        event, slot = waiting.pop(received["id"])
        slot.append(received)
        event.set()
    elif STATELESS and received["method"] == "subscriptions/listen":
        listen(received)
    elif received["method"] == "notifications/cancelled":
        listening.pop(received["params"]["requestId"], None)
    elif "id" in received:
        answer = lambda received=received: send({"id": received["id"], **outcome(received)})
        threading.Thread(target=answer, daemon=True).start()
