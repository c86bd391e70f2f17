"""The Dockerfile, as far as it can be judged without a Docker engine: a linter, and what a linter doesn't know of this tree."""
import fnmatch
import re
from functools import partial

from harness import ROOT, bounded, expect

PATIENCE = 60


def cases(tools):
    """Of the suite `packages`; `tools` is the folder with the linter."""
    return [
        ("Dockerfile: hadolint", partial(is_clean, tools)),
        ("Dockerfile: what it copies, who runs it, and what is pinned", is_sound),
    ]


def is_clean(tools):
    """The linter has no warning."""
    bounded([tools / "hadolint", "--failure-threshold", "warning", ROOT / "Dockerfile"], PATIENCE)


def instructions():
    """[(instruction, arguments)], a line that goes on being one."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip() and not line.startswith("#")]


def is_sound():
    """Every source that it copies is in the tree and isn't ignored; images are pinned; the last user is a number, not root's."""
    listed, stages = instructions(), set()
    arguments = dict(value.split("=", 1) for name, value in listed if name == "ARG" and "=" in value)
    for name, value in listed:
        words = value.split()
        if name == "FROM":
            image = re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], words[0])
            expect(image in stages or re.search(r":(?!latest)\w", image), f"{image} is neither a stage nor has a tag")
            stages.update(words[2:])
        elif name == "COPY" and not words[0].startswith("--from"):
            for source in words[:-1]:
                expect((ROOT / source).exists(), f"{source} is not in the tree")
                expect(not is_ignored(source), f"{source} is ignored by .dockerignore")
    users = [value for name, value in listed if name == "USER"]
    expect(re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]), f"it is run by {users}")
    lowest = re.search(r'^rust-version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    expect(numbers(arguments["RUST"]) >= numbers(lowest), f"Rust {arguments['RUST']} is older than {lowest}")
    for path in ("target", ".git", "tests"):
        expect(is_ignored(path), f"{path} would be sent to the builder")


def numbers(version):
    """A version as it is compared."""
    return [int(part) for part in version.split(".")]


def is_ignored(path):
    """What .dockerignore says of a path at the top level: its last rule that fits."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        rule = line.strip()
        if rule and not rule.startswith("#") and fnmatch.fnmatch(path, rule.lstrip("!")):
            ignored = not rule.startswith("!")
    return ignored
