"""The picture of the demo in the README, drawn from what `mcp-gateway demo` writes to a terminal.

    python3 tests/suites/recording.py [target/release/mcp-gateway]

draws docs/demo.svg anew. The suite fails where the picture is not the demo's output any more.
"""
import os
import pty
import re
import sys
from functools import partial
from html import escape
from pathlib import Path

from harness import ROOT, Sandbox, expect

PICTURE = ROOT / "docs/demo.svg"
COMMAND = "mcp-gateway demo"
MARGIN, TITLE = 20, 34  # pixels around the text, and above it for the bar of a window
WIDTH, HEIGHT = 8.4, 18  # pixels of one character at 14 px
# Seconds from one line to the next, and before the first of the output: as if somebody had just typed the command.
PACE, TYPED = 0.07, 0.8

# What the demo uses of a terminal's colours (SGR), by the classes of the picture.
CLASSES = {"0": None, "1": "bold", "31;1": "red", "32;1": "green", "36;1": "cyan"}
# Lines and arrow as paths from the middle of a character: fonts draw them with gaps.
STROKES = {
    "─": "M{l} {m}H{r}",
    "│": "M{c} {t}V{b}",
    "┌": "M{r} {m}H{c}V{b}",
    "┐": "M{l} {m}H{c}V{b}",
    "└": "M{r} {m}H{c}V{t}",
    "┘": "M{l} {m}H{c}V{t}",
    "▼": "M{c} {t}V{b}m-4 -8l4 8l4 -8",
}

STYLE = """\
svg { --back: #ffffff; --edge: #d0d7de; --text: #1f2328; --line: #8c959f; --red: #c4132b; --green: #116329; --cyan: #0a5c86 }
@media (prefers-color-scheme: dark) {
svg { --back: #0d1117; --edge: #30363d; --text: #e6edf3; --line: #6e7681; --red: #ff7b72; --green: #56d364; --cyan: #79c0ff }
}
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--text) }
path { fill: none; stroke: var(--line) }
.bold { font-weight: bold } .red { font-weight: bold; fill: var(--red) } .green { font-weight: bold; fill: var(--green) } .cyan { font-weight: bold; fill: var(--cyan) }
@media (prefers-reduced-motion: no-preference) { g { animation: appear .25s both } @keyframes appear { from { opacity: 0 } } }"""


def cases(gateway):
    """The picture against the program."""
    return [("docs/demo.svg shows what the demo writes", partial(shows, gateway))]


def shows(gateway):
    """The picture is the one that this output makes."""
    expect(PICTURE.read_text() == drawn(recorded(gateway)), "docs/demo.svg is not the demo's output: python3 tests/suites/recording.py")


def recorded(gateway):
    """What the demo writes to a terminal."""
    sandbox = Sandbox()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(sandbox.path)
        os.execve(gateway, [str(gateway), "demo"], sandbox.environment | {"TERM": "xterm-256color"})
    output = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux says so where the other end is closed
            break
        if not read:
            break
        output += read
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    expect(status == 0, f"the demo ended with {os.waitstatus_to_exitcode(status)}: {output.decode()}")
    return output.decode().replace("\r\n", "\n")


def drawn(output):
    """An SVG of a terminal in which this was written."""
    lines = [[(f"$ {COMMAND}", "bold")], *map(styled, output.rstrip("\n").splitlines())]
    width = max(sum(len(text) for text, _ in line) for line in lines) * WIDTH + 2 * MARGIN
    height = TITLE + len(lines) * HEIGHT + MARGIN
    rows = [row(number, line) for number, line in enumerate(lines) if line]
    dots = "".join(f'<circle cx="{20 + 18 * at}" cy="17" r="5.5" fill="var(--edge)"/>' for at in range(3))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}" role="img">',
        f"<title>{COMMAND}</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect x=".5" y=".5" width="{width - 1:g}" height="{height - 1}" rx="8" fill="var(--back)" stroke="var(--edge)"/>',
        f'<path d="M1 {TITLE - 6}H{width - 1:g}" style="stroke: var(--edge)"/>{dots}',
        *rows,
        "</svg>\n",
    ])


def styled(line):
    """[(text, class)] of a line with a terminal's colours."""
    parts, style = [], None
    for at, part in enumerate(re.split(r"\x1b\[([\d;]*)m", line)):
        if at % 2:
            style = CLASSES[part]
        elif part:
            parts.append((part, style))
    return parts


def row(number, line):
    """One line of the terminal."""
    top = TITLE + number * HEIGHT
    delay = TYPED + number * PACE if number else 0
    pieces, strokes, column = [], [], 0
    for text, style in line:
        for at, character in enumerate(text):
            if character in STROKES:
                left = MARGIN + (column + at) * WIDTH
                edges = {"l": left, "c": left + WIDTH / 2, "r": left + WIDTH, "t": top, "m": top + HEIGHT / 2, "b": top + HEIGHT}
                strokes.append(STROKES[character].format(**{edge: f"{place:g}" for edge, place in edges.items()}))
        plain = "".join(" " if character in STROKES else character for character in text)
        for words in re.finditer(r"\S+(?: \S+)*", plain):
            left, length = MARGIN + (column + words.start()) * WIDTH, len(words[0]) * WIDTH
            kind = f' class="{style}"' if style else ""
            pieces.append(f'<text x="{left:g}" y="{top + 13}" textLength="{length:g}"{kind}>{escape(words[0], quote=False)}</text>')
        column += len(text)
    path = f'<path d="{joined(strokes)}"/>' if strokes else ""
    return f'<g style="animation-delay: {delay:.2f}s">{path}{"".join(pieces)}</g>'


def joined(strokes):
    """The strokes as one path, with neighbouring horizontal ones drawn as one."""
    path = "".join(strokes)
    horizontal = re.compile(r"(M\S+ \S+?H)([\d.]+)M\2 [\d.]+H([\d.]+)")
    while (shorter := horizontal.sub(r"\1\3", path)) != path:
        path = shorter
    return path


if __name__ == "__main__":
    program = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/mcp-gateway").resolve()
    PICTURE.write_text(drawn(recorded(program)))
