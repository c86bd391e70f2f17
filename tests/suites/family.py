"""A process and all that it started, as Linux's /proc shows them."""
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Process:
    pid: int
    parent: int
    command: str
    zombie: bool
    # Resident memory, in KiB.
    memory: int
    threads: int
    # Open file descriptors.
    files: int


def family(root):
    """{pid: Process} of the process `root` and its descendants."""
    everybody = {process.pid: process for process in map(read, Path("/proc").glob("[0-9]*")) if process}
    found = {root: everybody[root]} if root in everybody else {}
    while more := {pid: it for pid, it in everybody.items() if it.parent in found and pid not in found}:
        found |= more
    return found


def read(folder):
    """What a folder of /proc tells; None if the process has gone."""
    try:
        status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        zombie = status["State"].startswith("Z")
        files = 0 if zombie else len(os.listdir(folder / "fd"))
    except (OSError, ValueError):
        return None
    memory = int(status.get("VmRSS", "0").split()[0])
    return Process(int(folder.name), int(status["PPid"]), command, zombie, memory, int(status["Threads"]), files)
