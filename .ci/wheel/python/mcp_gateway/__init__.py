"""Finds and runs the program of this package: `python -m mcp_gateway.server` is the same as `mcp-gateway`."""
import os
import sys
import sysconfig

PROGRAM = "mcp-gateway" + (".exe" if os.name == "nt" else "")


def find():
    """The path of the program, which the installer put where programs belong.

    That is beside the interpreter, in the folder of a user's own installation, or, with `pip install --target`, in the
    folder that the modules are in.
    """
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", os.name + "_user"),
        os.path.join(here, "bin"),
        os.path.dirname(sys.executable),
    ]
    for folder in folders:
        path = os.path.join(folder, PROGRAM)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(
        "%s is in none of %s: install the package again" % (PROGRAM, ", ".join(folders))
    )


def main():
    """Becomes the program; where a process can't (Windows), runs it to its end."""
    command = [find()] + sys.argv[1:]
    if os.name != "nt":
        os.execv(command[0], command)
    import subprocess

    sys.exit(subprocess.call(command))
