"""What a call costs through the gateway, as a ratio to the same call made directly, in one run.

Judged is the processor time of all that takes part, which a busy machine changes little; how long a call takes is only
reported. docs/architecture.md has the figures of quiet runs.
"""
import json
import shutil
import sys
from functools import partial
from pathlib import Path

from harness import WORK, bounded, expect, shared

# The highest ratio of processor time that passes.
BOUND = 8
# The most that the benchmark and the builds of what it needs may take, in seconds.
PATIENCE = 600

BENCH = "tools/bench"
PROGRAMS = {"BACKEND": "echo-server", "PASS": "passthru"}
BRIEFLY = ("--rounds", "2", "--seconds", "1")
SIZES = ("100", "10000", "1000000", "10000000")
# Recording a call may cost so much of what the call costs without, as a ratio, where it is smallest. Two cores are shared by
# the thread that records, the client, the gateway and the server, so that what is left of them decides: 0.9 to 1.4 was seen.
RECORDING_BOUND = 1.6
RECORDED, UNRECORDED = "ours recording", "ours basic"
# What any gateway stands on; reported, not judged.
FLOOR = "passthru bytes"
JUDGED = ("ours bare", "ours basic")


def cases(gateway):
    """One case for each target and size; the benchmark is the set-up."""
    variables = {"GATEWAY": gateway} | {name: build(crate) for name, crate in PROGRAMS.items()}
    command = [sys.executable, shared(f"{BENCH}/gateway_bench.py"), targets()]
    for name, value in variables.items():
        command += ["--var", f"{name}={value}"]
    report = WORK / "overhead.json"
    command += ["--only", ",".join([FLOOR, *JUDGED, RECORDED]), "--sizes", ",".join(SIZES), "--out", report, *BRIEFLY]
    bounded(command, PATIENCE)
    summary = json.loads(report.read_text())["summary"]
    judged = [(f"{target} at {size} bytes", partial(judge, summary, target, size)) for target in JUDGED for size in SIZES]
    return [*judged, (f"{RECORDED} at {SIZES[0]} bytes", partial(recording, summary))]


def targets():
    """The targets of the benchmark, and one more: what is compared with it, with `xetrack` on."""
    described = json.loads(Path(shared(f"{BENCH}/targets.json")).read_text())
    plain = next(target for target in described["targets"] if target["name"] == UNRECORDED)
    recorded = {
        **plain,
        "name": RECORDED,
        "args": [*plain["args"], "-p", "xetrack"],
        "env": {**plain.get("env", {}), "XETRACK_DB_PATH": "$DIR/trace.db"},
    }
    described["targets"].append(recorded)
    path = WORK / "targets.json"
    path.write_text(json.dumps(described))
    return path


def build(crate):
    """Builds a program of the benchmark, from a copy since its folder is only to be read; returns its path."""
    source, target = WORK / "bench" / crate, WORK / "bench/target"
    shutil.copytree(shared(f"{BENCH}/{crate}"), source, dirs_exist_ok=True)
    bounded(["cargo", "build", "--release", "--manifest-path", source / "Cargo.toml", "--target-dir", target], PATIENCE)
    return target / "release" / crate


def figures(target, size):
    """What was measured of a target at a size; fails if it gave no answer, or another one than the backend's."""
    measured = target["sizes"].get(size, {})
    amiss = target["dead"] or measured.get("failed") or measured.get("amiss")
    expect(not amiss, amiss)
    return measured


def judge(summary, target, size):
    """A call takes no more processor time than the bound allows."""
    direct, floor, measured = (figures(summary[name], size) for name in ("direct", FLOOR, target))
    ratio = processor_time(measured) / processor_time(direct)
    said = (
        f"{ratio:.1f} times the processor time of a direct call, {measured['ratio']:.1f} times as long"
        f" (forwarding bytes: {processor_time(floor) / processor_time(direct):.1f} and {floor['ratio']:.1f})"
    )
    expect(ratio <= BOUND, f"{said}, wanted at most {BOUND}")
    return said


def recording(summary):
    """A call takes hardly longer for being recorded: that is done beside it."""
    with_it, without = (figures(summary[name], SIZES[0]) for name in (RECORDED, UNRECORDED))
    ratio = with_it["ratio"] / without["ratio"]
    said = f"{ratio:.2f} times as long as without, {processor_time(with_it) / processor_time(without):.2f} times the processor time"
    expect(ratio <= RECORDING_BOUND, f"{said}, wanted at most {RECORDING_BOUND}")
    return said


def processor_time(measured):
    """Of the client, the gateway and the backend together, in seconds for a thousand calls."""
    return sum(measured[f"{part}cpu_s_per_1000"] for part in ("client_", "", "backend_"))
