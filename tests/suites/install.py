"""The packages of npm and PyPI that the suites use, installed below target/suites at the versions of the lock files."""
import os
import shutil
import sys
from pathlib import Path

from harness import WORK, Failed, bounded

HERE = Path(__file__).parent
# The longest that an installation may take, in seconds.
PATIENCE = 900
APT = ["apt-get", "install", "--yes", "--no-install-recommends"]


def node(packages="node"):
    """Installs the packages of a folder of that name; returns the folder of their programs. Node 22 is among those of
    `node/`."""
    folder = WORK / packages
    lock = HERE / packages / "package-lock.json"
    if is_stale(folder, lock):
        if not shutil.which("npm"):
            raise Failed("npm is missing: apt-get install npm")
        for file in (HERE / packages).iterdir():
            shutil.copy(file, folder)
        bounded(["npm", "ci", "--no-audit", "--no-fund"], PATIENCE, cwd=folder)
        mark(folder, lock)
    return folder / "node_modules/.bin"


def chromium():
    """The path of a Chromium: no package of npm brings one."""
    return debian({"chromium": ("chromium", "chromium-browser", "google-chrome")})[0]


def debian(packages):
    """The paths of programs, one for each {package: names of it}; CI installs the packages of those that are missing."""
    absent = [package for package, names in packages.items() if not found(names)]
    if absent and os.environ.get("CI") and shutil.which("apt-get"):
        for command in (["apt-get", "update"], APT + absent):
            bounded(command, PATIENCE, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
        absent = [package for package, names in packages.items() if not found(names)]
    if absent:
        raise Failed(f"programs are missing: apt-get install {' '.join(absent)}")
    return [found(names) for names in packages.values()]


def found(names):
    """The path of the first of these programs that there is, if there is one."""
    return next(filter(None, map(shutil.which, names)), None)


def python(packages="python"):
    """Installs the packages of a folder of that name; returns the folder of their programs, an interpreter among them."""
    folder = WORK / packages
    lock = HERE / packages / "requirements.txt"
    programs = folder / "bin"
    if is_stale(folder, lock):
        try:
            bounded([sys.executable, "-m", "venv", "--clear", folder], PATIENCE)
        except Failed as failure:
            raise Failed(f"{failure}\nIf venv is missing: apt-get install python3-venv") from failure
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
        bounded([*pip, "--requirement", lock], PATIENCE)
        mark(folder, lock)
    return programs


def registry():
    """The registry that npm is set up with for whoever runs the suites."""
    return bounded(["npm", "config", "get", "registry"], PATIENCE).strip()


def is_stale(folder, lock):
    """Whether the folder, which is made if there is none, holds something else than the lock file says."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "installed"
    return not stamp.exists() or stamp.read_bytes() != lock.read_bytes()


def mark(folder, lock):
    """Notes that the folder now holds what the lock file says."""
    shutil.copy(lock, folder / "installed")
