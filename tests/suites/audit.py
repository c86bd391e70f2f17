"""The dependencies: their licences, where they come from, which come twice, and how much `unsafe` is in them.

What is allowed is in `.config/deny.toml`, in the format of cargo-deny. Advisories are not asked for: their data base
lies on a git host, which the machines that run this do not reach.
"""
import json
import re
import tomllib
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path

from harness import ROOT, bounded, expect

# The most that `cargo metadata` may take, in seconds: it fetches what is missing.
PATIENCE = 300
# So many packages are shown.
SHOWN = 10
# What no code is in: comments, and literals of every kind.
NO_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(\#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?'(?:\\[^\n]{1,10}?|[^\\'\n])'""", re.DOTALL
)
# Where somebody vouches for what the compiler does not check.
UNSAFE = re.compile(r"\bunsafe\s*(?:\{|fn\b|impl\b|trait\b|extern\b)")
# Folders of a package that are no part of what is linked.
BESIDE = {"tests", "benches", "examples", "target", "fuzz"}


def cases(gateway):
    """Five cases over the packages that the lock file names."""
    rules = tomllib.loads((ROOT / ".config/deny.toml").read_text())
    metadata = packages()
    linked = linked_packages(metadata)
    return [
        ("licences", partial(licences, metadata, rules["licenses"]["allow"])),
        ("sources", partial(sources, metadata)),
        ("bans", partial(bans, metadata, linked, rules["bans"]["deny"])),
        ("unsafe of our own", own_unsafe),
        ("unsafe of dependencies", partial(unsafe, linked)),
    ]


def packages():
    """What cargo knows of this package and its dependencies, on this platform."""
    host = re.search(r"^host: (\S+)$", bounded(["rustc", "-vV"], PATIENCE), re.MULTILINE)[1]
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host]
    return json.loads(bounded([*command, "--manifest-path", ROOT / "Cargo.toml"], PATIENCE))


def linked_packages(metadata):
    """The packages that end up in the binary: neither for tests nor for building, nor macros."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        package = waiting.pop()
        for dependency in nodes[package]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_linked and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    is_macro = lambda package: any("proc-macro" in target["kind"] for target in package["targets"])
    return [package for package in metadata["packages"] if package["id"] in found and not is_macro(package)]


def licences(metadata, allowed):
    """Each package has a licence that may be used."""
    used, wrong = Counter(), []
    for package in metadata["packages"]:
        expression = package["license"] or ""
        used[expression] += 1
        if not is_allowed(expression, set(allowed)):
            wrong.append(f"{package['name']} {package['version']}: {expression or 'none'}")
    expect(not wrong, f"licences that .config/deny.toml does not allow: {'; '.join(wrong)}")
    return f"{len(metadata['packages'])} packages; " + ", ".join(f"{count} {licence}" for licence, count in used.most_common(4))


def is_allowed(expression, allowed):
    """Whether an SPDX expression, in which `/` is an old `OR`, can be met; `AND` binds closer."""
    expression = expression.replace("/", " OR ").strip()
    while (inner := re.search(r"\(([^()]*)\)", expression)) is not None:
        met = "TRUE" if is_allowed(inner[1], allowed) else "FALSE"
        expression = expression[: inner.start()] + met + expression[inner.end() :]
    ways = [re.split(r"\s+AND\s+", way) for way in re.split(r"\s+OR\s+", expression)]
    return any(all(name.strip() in allowed | {"TRUE"} for name in way) for way in ways)


def sources(metadata):
    """All packages but this one come from one registry, with a checksum."""
    wrong = [package["name"] for package in metadata["packages"] if package["source"] and not package["source"].startswith("registry+")]
    own = [package["name"] for package in metadata["packages"] if not package["source"]]
    registries = {package["source"] for package in metadata["packages"] if package["source"]}
    expect(not wrong and len(registries) == 1, f"not from the registry: {wrong or registries}")
    expect(own == ["mcp-gateway"], f"from this machine: {own}")
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    unsure = [package["name"] for package in locked if "source" in package and "checksum" not in package]
    expect(not unsure, f"without a checksum: {unsure}")
    return f"{len(locked) - 1} packages in Cargo.lock, each with a checksum"


def bans(metadata, linked, banned):
    """No package is there that must not be; which are linked twice is told."""
    there = sorted({package["name"] for package in metadata["packages"]} & set(banned))
    expect(not there, f"banned: {there}")
    versions = defaultdict(list)
    for package in linked:
        versions[package["name"]].append(package["version"])
    twice = {name: sorted(of_it) for name, of_it in versions.items() if len(of_it) > 1}
    shown = ", ".join(f"{name} {' and '.join(of_it)}" for name, of_it in sorted(twice.items()))
    return f"{len(linked)} packages are linked; in more than one version: {shown or 'none'}"


def own_unsafe():
    """This crate forbids it, and nothing lifts that."""
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    expect(manifest["lints"]["rust"]["unsafe_code"] == "forbid", "Cargo.toml does not forbid `unsafe`")
    lines = count(ROOT / "src") + count(ROOT / "tests")
    expect(lines == 0, f"{lines} times `unsafe`")
    return "forbidden, and none"


def unsafe(linked):
    """How often each package says `unsafe`; told, not judged."""
    counted = Counter({package["name"]: 0 for package in linked})
    for package in linked:
        counted[package["name"]] += count(Path(package["manifest_path"]).parent)
    most = ", ".join(f"{name} {number}" for name, number in counted.most_common(SHOWN))
    none = sum(number == 0 for number in counted.values())
    return f"{counted.total()} times in {len(counted)} packages, of which {none} have none; most in {most}"


def count(folder):
    """How often `unsafe` stands in the code of a folder."""
    files = [file for file in folder.rglob("*.rs") if not BESIDE & set(file.relative_to(folder).parts[:-1])]
    return sum(len(UNSAFE.findall(NO_CODE.sub(" ", file.read_text(errors="replace")))) for file in files)
