"""The detectors' figures on labelled data, by the evaluation script that lies beside the checkout."""
import json
import sys
from functools import partial

from harness import bounded, expect, shared

# What `evaluate.py` scores, its data, and the figures that must hold: a path into its JSON, and the bound.
EVALUATIONS = {
    "secrets": (
        "secrets-dev.jsonl.gz",
        [
            ("structured.masked", "at least", 0.97),
            ("contextual.masked", "at least", 0.92),
            ("url_cred.detected", "at least", 0.97),
            ("pem.masked", "at least", 0.97),
            ("generic.masked", "at least", 0.75),
            ("fp_benign", "at most", 0.005),
            ("fp_natural", "at most", 0.0),
        ],
    ),
    "pii": (
        "pii-dev.jsonl.gz",
        [
            ("synth.precision", "at least", 0.97),
            ("synth.recall", "at least", 0.95),
            ("synth.date_recall", "at least", 0.80),
            ("pianon.precision", "at least", 0.97),
            ("pianon.recall", "at least", 0.96),
            ("pianon.date_recall", "at least", 0.99),
            ("unit.cases", "at least", 0.97),
        ],
    ),
    "scan": (
        "scan-dev.jsonl.gz",
        [
            ("poisoned_block", "at least", 0.80),
            ("poisoned_flag", "at least", 0.95),
            ("fp_tool_block", "at most", 0.001),
            ("fp_tool_flag", "at most", 0.015),
            ("fp_server_block", "at most", 0.01),
            ("fp_server_flag", "at most", 0.08),
        ],
    ),
}

# The longest that one evaluation may take, in seconds.
PATIENCE = 300


def cases(gateway):
    """One case for each figure; the evaluations are the set-up."""
    script = shared("tools/evaluate.py")
    found = []
    for kind, (data, bounds) in EVALUATIONS.items():
        output = bounded([sys.executable, script, kind, gateway, shared(f"eval/{data}")], PATIENCE)
        figures = json.loads(output.splitlines()[-1])[kind]
        found += [(f"{kind}: {bound[0]}", partial(holds, figures, *bound)) for bound in bounds]
    return found


def holds(figures, path, relation, bound):
    """A figure is within its bound."""
    value = figures
    for key in path.split("."):
        value = value[key]
    said = f"{value:.1%}, wanted {relation} {bound:.1%}"
    expect(value >= bound if relation == "at least" else value <= bound, said)
    return said
