"""Completions and the manual, in the shells and readers that Debian has."""
from functools import partial

import install
from harness import Sandbox, expect

PACKAGES = {"bash": ["bash"], "zsh": ["zsh"], "fish": ["fish"], "man-db": ["man"], "mandoc": ["mandoc"]}

# What is typed, by what a shell offers for it.
TYPED = {
    "mcp-gateway inst": "install",
    "mcp-gateway trace st": "stats",
    "mcp-gateway scan --fail": "--fail-on",
}
# What clap lets bash alone complete.
VALUE = ("mcp-gateway install cur", "cursor")
# A program of each shell that completes "$1" as if it was typed, and prints what is offered.
BASH = """
source <(mcp-gateway completions bash)
read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_mcp__gateway mcp-gateway "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
echo "${COMPREPLY[@]}"
"""
FISH = "mcp-gateway completions fish | source; complete --do-complete $argv[1]"
# Zsh completes at a prompt alone, so this only has it define the completion.
ZSH = """
autoload -U compinit && compinit -u -D
source <(mcp-gateway completions zsh)
(( $+functions[_mcp-gateway] )) && [[ ${_comps[mcp-gateway]} == _mcp-gateway ]] && echo defined
"""


def cases(gateway):
    """Each shell, then the manual."""
    install.debian(PACKAGES)
    sandbox = Sandbox()
    (sandbox.programs / "mcp-gateway").symlink_to(gateway)
    completing = {"bash": ["bash", "-ec", BASH, "bash"], "fish": ["fish", "--no-config", "--command", FISH]}
    return [
        *((f"{shell} completes `{typed}`", partial(completes, sandbox, [*command, typed], offered)) for shell, command in completing.items() for typed, offered in TYPED.items()),
        (f"bash completes `{VALUE[0]}`", partial(completes, sandbox, [*completing["bash"], VALUE[0]], VALUE[1])),
        ("zsh takes the completions", partial(completes, sandbox, ["zsh", "-fec", ZSH], "defined")),
        ("mcp-gateway man | man -l -", partial(reads, sandbox)),
        ("mandoc finds no error in the manual", partial(lints, sandbox)),
    ]


def completes(sandbox, command, offered):
    """The shell offers this."""
    said = sandbox.run(*command)
    expect(offered in said.split(), f"it offers {said!r}")


def reads(sandbox):
    """The command of `--help` shows the page of every command."""
    shown = sandbox.run("bash", "-o", "pipefail", "-ec", "export MANPAGER=cat MANWIDTH=80; mcp-gateway man | man -l -")
    commands = sandbox.run("bash", "-ec", "mcp-gateway man | sed -n 's/^[.]TH \\([a-z-]*\\).*/\\1/p'").split()
    missing = [command for command in commands if f"{command}(1)" not in shown]
    expect(len(commands) > 20 and not missing, f"of {commands} the manual does not show {missing}")
    return f"{len(commands)} pages"


def lints(sandbox):
    """It is sound for a stricter reader."""
    sandbox.run("bash", "-o", "pipefail", "-ec", "mcp-gateway man | mandoc -T lint -W error")
