"""Compiling for another system than this one, which `.ci/targets` and `.ci/package` do.

It takes a compiler that has the source of its standard library, which is built with what needs it: that of rustup with
its component `rust-src`, or Debian's. What is C is compiled, and programs are linked, by Zig, which has the C libraries of
all these systems and comes from PyPI; cargo-zigbuild says what rustc wants in Zig's words.
"""
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Everything that is compiled for other systems, with the programs it takes.
FOLDER = ROOT / "target/cross"
SCRIPTS = FOLDER / "scripts"
# Zig's words for the systems, by Rust's.
SYSTEMS = {
    "x86_64-unknown-linux-musl": "x86_64-linux-musl",
    "aarch64-unknown-linux-musl": "aarch64-linux-musl",
    "x86_64-pc-windows-gnu": "x86_64-windows-gnu",
    "aarch64-apple-darwin": "aarch64-macos",
}
# The start of a program is Zig's, too, and nothing of it is looked up when it starts: what Debian's compiler takes for musl's
# default is the opposite.
LINKING = "-C link-self-contained=no -C target-feature=+crt-static"
PYPI = ("cargo-zigbuild==0.24.1", "ziglang==0.17.1")
# Where Debian's compiler lies, and what brings it: all of one version, with clippy.
DEBIAN = Path("/usr/bin")
PACKAGES = ("cargo-web", "rust-web-clippy", "rust-web-src")
SOURCE = "lib/rustlib/src/rust/library/Cargo.lock"
HOW = f"rustup component add rust-src (or, with Debian's compiler: apt-get install {' '.join(PACKAGES)})"


class Absent(Exception):
    """What compiling for another system takes and is not here; says what gets it."""


def run(*command, **options):
    """Runs a program to its end; what it says is shown on standard error."""
    return subprocess.run(list(map(str, command)), check=True, text=True, **{"cwd": ROOT, "stdout": sys.stderr, **options})


@cache
def compiler():
    """The folder of a compiler that has the source of its standard library; CI installs Debian's. `None` for the one that
    PATH has."""
    for folder in (None, DEBIAN):
        if has_source(folder):
            return folder
    if not os.environ.get("CI") or not shutil.which("apt-get"):
        raise Absent(f"no compiler has the source of its standard library: {HOW}")
    apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run("apt-get", "update", env=apt)
        run("apt-get", "install", "--yes", "--no-install-recommends", "--no-remove", "--option", "Dpkg::Options::=--force-unsafe-io", *PACKAGES, env=apt)
    except subprocess.CalledProcessError as failure:
        raise Absent(f"{failure}\n{HOW}") from failure
    if not has_source(DEBIAN):
        raise Absent(f"{' '.join(PACKAGES)} have no {SOURCE}: {HOW}")
    return DEBIAN


def has_source(folder):
    """Whether the compiler in this folder, or of PATH, is there with the source of its standard library."""
    rustc = shutil.which("rustc", path=folder)
    if not rustc:
        return False
    sysroot = subprocess.run([rustc, "--print", "sysroot"], check=True, text=True, capture_output=True).stdout.strip()
    return (Path(sysroot) / SOURCE).exists()


@cache
def tools():
    """The folder of what comes from PyPI, installed where it is not."""
    folder, installed = FOLDER / "tools", FOLDER / "tools/installed"
    if not installed.exists() or installed.read_text().split() != list(PYPI):
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", *PYPI)
        installed.write_text("\n".join(PYPI))
    return folder / "bin"


def environment(*targets):
    """With these variables cargo, whoever starts it, compiles for these targets when it is asked to."""
    # rustc finds this one by its name.
    script("x86_64-w64-mingw32-dlltool", "python3 -m ziglang dlltool")
    path = [SCRIPTS, tools(), *filter(None, [compiler()]), os.environ["PATH"]]
    return {
        **os.environ,
        "PATH": os.pathsep.join(map(str, path)),
        "CARGO_TARGET_DIR": str(FOLDER),
        "CARGO_UNSTABLE_BUILD_STD": "std,panic_abort",
        # Building the standard library is for nightly compilers, but for those who set this.
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_ZIGBUILD_CACHE_DIR": str(FOLDER / "zigbuild"),
        **{name: value for target in targets for name, value in of_target(target).items()},
    }


def of_target(target):
    """The variables that name what compiles C and links for a target."""
    cc = script(f"cc-{target}", f"cargo-zigbuild zig cc -- -g -fno-sanitize=all -target {SYSTEMS[target]}")
    name = target.replace("-", "_")
    return {
        f"AR_{name}": script("zig-ar", "python3 -m ziglang ar"),
        f"CC_{name}": cc,
        f"CARGO_TARGET_{name.upper()}_LINKER": cc,
        f"CARGO_TARGET_{name.upper()}_RUSTFLAGS": LINKING,
    }


def script(name, command):
    """The path of a script that runs this command with the arguments that it is given."""
    path = SCRIPTS / name
    text = f'#!/bin/sh\nPATH="{tools()}:$PATH"\nexec {command} "$@"\n'
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    # One that is younger than what was compiled with it would have it compiled again.
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        path.chmod(0o755)
    return str(path)
