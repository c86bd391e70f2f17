"""What every suite stands on: bounded programs, a sandbox that nothing outlives, checks that say what they saw."""
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target/suites"
SHARED = ROOT.parent / "shared"

# How long, in seconds, all that a client started may take to be gone once the client is.
SHUTDOWN = 3
# How much of a program's output a failure shows, in characters.
TAIL = 1500


class Failed(Exception):
    """A case that did not hold, or a thing that is missing."""


def shared(path):
    """A file of the folder that lies beside the checkout."""
    if not (SHARED / path).exists():
        raise Failed(f"{SHARED / path} is absent: this suite reads it from the `shared` folder beside the checkout")
    return SHARED / path


class Sandbox:
    """A folder, and an environment that knows of nothing else: a home of its own, none of the caller's variables."""

    def __init__(self, *programs):
        """`programs` are folders for the PATH, behind the sandbox's own."""
        self._folder = tempfile.TemporaryDirectory(prefix="mcp-gateway-suite-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name).resolve()
        self.home, self.programs = self.path / "home", self.path / "programs"
        self.home.mkdir()
        self.programs.mkdir()
        self.environment = {
            "PATH": os.pathsep.join([str(self.programs), *map(str, programs), os.environ["PATH"]]),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
        }

    def run(self, *command, seconds=60):
        """Runs a program to its end, in the sandbox's folder; returns its standard output.

        Fails if it takes longer, exits with another code than 0, or leaves a process behind.
        """
        try:
            output = bounded(command, seconds, cwd=self.path, env=self.environment)
        except Failed:
            self._end_the_rest()
            raise
        left = self._end_the_rest()
        expect(not left, f"still running {SHUTDOWN} s after {shown(command)}: {'; '.join(left.values())}")
        return output

    def _end_the_rest(self):
        """Waits for what belongs to the sandbox to end, then ends it; returns {pid: command line} of that."""
        deadline = time.monotonic() + SHUTDOWN
        while (left := processes_that_mention(self.path)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in left:
            kill(os.kill, pid)
        return left


def shown(command):
    """A command as a person reads it, shortened."""
    line = " ".join(map(str, command))
    return line if len(line) <= 300 else line[:300] + "…"


def bounded(command, seconds, **options):
    """Runs a program for at most so many seconds; returns its standard output, or fails with what it wrote."""
    # Files, not pipes: a grandchild that keeps a pipe open would keep the reader waiting.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            child = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                **options,
            )
        except OSError as error:
            raise Failed(f"{shown(command)}: {error.strerror}") from error
        try:
            ended = f"exited with {child.wait(seconds)}"
        except subprocess.TimeoutExpired:
            ended = f"took more than {seconds} s"
        finally:
            kill(os.killpg, child.pid)
            child.wait()
        output, errors = (text_of(stream) for stream in (out, err))
    if ended != "exited with 0":
        raise Failed(f"{shown(command)} {ended}\n{output[-TAIL:]}\n{errors[-TAIL:]}")
    return output


def text_of(stream):
    """The whole of a file as text."""
    stream.seek(0)
    return stream.read().decode(errors="replace")


def kill(function, pid):
    """`os.kill` or `os.killpg`, whether or not there still is anything to end."""
    try:
        function(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def processes_that_mention(place):
    """{pid: command line} of those whose environment, command line or working directory lies in `place`: neither a
    session nor a parent of its own hides one."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            about = command + (folder / "environ").read_bytes() + os.readlink(folder / "cwd").encode()
        except OSError:  # gone, or a zombie
            continue
        if str(place).encode() in about:
            found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def expect(condition, what):
    """Fails with `what` unless the condition holds."""
    if not condition:
        raise Failed(what)
