"""Ordinary outputs of real servers, which the guardrail `injection` has to leave as they are."""
import functools
import http.server
import json
import shutil
import threading
from functools import partial

import install
from harness import ROOT, Sandbox, bounded, expect
from scripted import Client

# What quotes attacks, the gateway's own notes or turns of a talk, and is rightly stopped: the rules, their tests, the pages
# about them, and what holds any of it.
QUOTES = (
    "src/detect/injection",
    "src/plugins/injection",
    "src/scan",
    "src/gateway/notes.rs",
    "src/detect/secrets/context/prose.rs",
    "tests/fixtures",
    "tests/scan.rs",
    "tests/scanner.rs",
    "tests/scanner",
    "tests/external.rs",
    "tests/hostile/traffic.rs",
    "tests/injection.rs",
    "tests/reload.rs",
    "tests/trace.rs",
    "tests/errors",
    "tests/suites/injection.py",
    "tests/suites/shells.py",
    "tests/suites/scanner.py",
    "docs/scanner.md",
)
SOURCES = ("src/**/*.rs", "tests/**/*.rs", "tests/**/*.py", "docs/*.md", "*.md", "Cargo.toml", "Cargo.lock")
# What others publish: the packages that the suites install.
PACKAGES = ("*/README.md", "*/package.json", "*/index.js", "@*/*/README.md", "@*/*/package.json")
# Packages whose sources become commits, and how many files of each.
COMMITTED, FILES = ("express", "zod", "ajv", "hono", "jose", "undici", "qs", "accepts"), 30
# The longest text that is asked for, in bytes, and the longest page, which `fetch` takes long to read.
LONGEST, LONGEST_PAGE = 200_000, 15_000


class Pair:
    """One server twice: by itself, and behind the gateway with the guardrail on."""

    def __init__(self, gateway, sandbox, command, *arguments):
        self._sandbox = sandbox
        server = {"command": command, "args": list(map(str, arguments)), "cwd": str(sandbox.path)}
        configuration = sandbox.path / f"{command}.json"
        entry = {"command": str(gateway), "servers": {"it": server}}
        configuration.write_text(json.dumps({"mcpServers": {"gateway": entry}}))
        behind = [str(gateway), "--mcp-json-path", str(configuration), "--plugin", "injection"]
        self._direct = self._client([command, *map(str, arguments)])
        self._behind = self._client(behind)

    def _client(self, command):
        client = Client(["/usr/bin/env", *command], cwd=self._sandbox.path, env=self._sandbox.environment)
        client.open({})
        return client

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in (self._direct, self._behind):
            client.close()

    def same(self, tool, arguments):
        """The result of a call, and whether it comes the same both ways: each member, in its order, in its words."""
        wanted = self._direct.result("tools/call", name=tool, arguments=arguments)
        given = self._behind.result("tools/call", name=f"it_{tool}", arguments=arguments)
        return wanted, json.dumps(given, ensure_ascii=False) == json.dumps(wanted, ensure_ascii=False)

    def all_same(self, calls, failing=0):
        """Fails if one of the calls, `(tool, arguments)` each, comes otherwise, or if others fail than so many; says how
        much came through."""
        calls, size, failed, changed = list(calls), 0, [], []
        for tool, arguments in calls:
            result, same = self.same(tool, arguments)
            text = "".join(item.get("text", "") for item in result["content"])
            size += len(text)
            failed += [text] if result.get("isError") else []
            changed += [] if same else [(tool, arguments)]
        expect(len(failed) == failing, f"{len(failed)} calls failed, not {failing}: {failed[:3]}")
        expect(not changed, f"{len(changed)} of {len(calls)} results changed: {changed[:10]}")
        expect(size > 1000, f"{len(calls)} calls gave {size} characters, which shows nothing")
        return f"{len(calls)} results, {size:,} characters"


class Ordinary(Sandbox):
    """A sandbox with the real servers, a repository of ordinary sources, and ordinary pages."""

    def __init__(self, gateway):
        self.packages, self.python = install.node(), install.python()
        super().__init__(self.packages, self.python)
        self.gateway = gateway
        self.modules = self.packages.parent

    def pair(self, *command):
        return Pair(self.gateway, self, *command)

    def files(self, folder, patterns, quotes=()):
        """The files of a folder that are read, each once."""
        found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
        left = (path for path in found if not str(path.relative_to(folder)).startswith(quotes))
        return sorted(path for path in left if 0 < path.stat().st_size <= LONGEST)


def filesystem(ordinary, folder, patterns, quotes=()):
    """Every file through `read_text_file`, and the tree through `list_directory`."""
    files = ordinary.files(folder, patterns, quotes)
    expect(len(files) > 50, f"only {len(files)} files in {folder}")
    with ordinary.pair("mcp-server-filesystem", folder) as pair:
        reads = [("read_text_file", {"path": str(path)}) for path in files]
        return pair.all_same([*reads, ("list_directory", {"path": str(folder)})])


def git(ordinary):
    """The log, each commit and each diff of a repository into which packages went, one by one, and were changed."""
    repository = ordinary.path / "repository"
    repository.mkdir()
    run = partial(bounded, seconds=60, cwd=repository, env=ordinary.environment)
    run(["git", "init", "--quiet"])
    for name in COMMITTED:
        package = ordinary.modules / name
        for file in ordinary.files(package, ("README.md", "package.json", "**/*.js"))[:FILES]:
            place = repository / name / file.relative_to(package)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        run(["git", "add", "--all"])
        run(["git", *author, "commit", "--quiet", "--message", f"Vendor {name}\n\nSo that builds need no network."])
    changed = repository / "zod/README.md"
    changed.write_text(changed.read_text() + "\n## Here\n\nAlways run the linter before you push.\n")
    commits = run(["git", "rev-list", "HEAD"]).split()
    at = {"repo_path": str(repository)}
    with ordinary.pair("mcp-server-git") as pair:
        return pair.all_same(
            [
                *((tool, at) for tool in ("git_status", "git_log", "git_diff_unstaged")),
                *(("git_show", {**at, "revision": commit}) for commit in commits),
                *(("git_diff", {**at, "target": commit, "context_lines": 2}) for commit in commits[1:4]),
            ]
        )


def fetch(ordinary):
    """Pages of this machine: the packages' READMEs as HTML, and what HTML they bring, as markdown and as it is."""
    # With a Node of its liking the server has npm install a library when it is first asked, and waits for that.
    node = ordinary.programs / "node"
    node.write_text("#!/bin/sh\necho v0.0.0\n")
    node.chmod(0o755)
    pages = ordinary.path / "pages"
    pages.mkdir()
    readmes = ordinary.files(ordinary.modules, ("*/README.md",))[:25]
    script = "import json, sys, markdown_it as m; print(json.dumps({f: m.MarkdownIt().render(open(f).read()) for f in sys.argv[1:]}))"
    rendered = json.loads(bounded([ordinary.python / "python", "-c", script, *readmes], 60))
    for file in readmes:
        name = file.parent.name
        body = rendered[str(file)]
        (pages / f"{name}.html").write_text(f"<!doctype html><html><head><title>{name}</title></head><body>{body}</body></html>")
    for number, file in enumerate(ordinary.files(ordinary.modules, ("*/*.html", "@*/**/*.html"))[:20]):
        shutil.copy(file, pages / f"{number}.html")
    for page in pages.iterdir():
        if page.stat().st_size > LONGEST_PAGE:
            page.unlink()
    handler = functools.partial(Quiet, directory=pages)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        asked = [
            ("fetch", {"url": f"{address}/{page.name}", "max_length": LONGEST, "raw": raw})
            for page in sorted(pages.iterdir())
            for raw in (False, True)
        ]
        try:
            with ordinary.pair("mcp-server-fetch", "--ignore-robots-txt", "--allow-private-ips") as pair:
                return pair.all_same(asked)
        finally:
            server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that logs nothing."""

    def log_message(self, *_):
        pass


def time(ordinary):
    """Conversions of a fixed time, and of one that is none: the present one would differ from call to call."""
    zones = ("Europe/London", "Asia/Tokyo", "America/New_York", "UTC")
    with ordinary.pair("mcp-server-time", "--local-timezone", "UTC") as pair:
        asked = [
            ("convert_time", {"source_timezone": one, "time": time, "target_timezone": other})
            for one in zones
            for other in zones
            for time in ("16:30", "25:00")
        ]
        return pair.all_same(asked, failing=len(asked) // 2)


def cases(gateway):
    """One case for each server, two for the file system: our own sources, and what others publish."""
    ordinary = Ordinary(gateway)
    return [
        ("filesystem: this repository", partial(filesystem, ordinary, ROOT, SOURCES, QUOTES)),
        ("filesystem: packages of npm", partial(filesystem, ordinary, ordinary.modules, PACKAGES)),
        ("git", partial(git, ordinary)),
        ("fetch", partial(fetch, Ordinary(gateway))),
        ("time", partial(time, ordinary)),
    ]
