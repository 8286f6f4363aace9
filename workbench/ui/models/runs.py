"""What is written above the column of a run. No Qt."""

from typing import TYPE_CHECKING

from workbench.ui.models.matrix import Head

if TYPE_CHECKING:
    from workbench.project.runs import RunRows

MOST_LINES = 2
VALUES = ("program", "network.sha256", "inputs")
"""Facts that are told in the tool-tip only."""


def run_head(run: "RunRows", first: "RunRows") -> Head:
    """Its title, what of its settings differs from the first run, and all of them as a longer text."""
    other = [
        f"{name.rpartition('.')[2]} {value or '–'}"
        for name, value in run.facts.items()
        if value != first.facts.get(name, "") and name not in VALUES
    ]
    if run is first:
        wanted = ("quant.dtype", "quant.method", "quant.algorithm", "quant.target")
        values = [run.facts[name] for name in wanted if run.facts.get(name)]
        other = [" ".join(values[:2]), " ".join(values[2:])]
    if run.problem:
        return Head(run.title, (f"✖ {run.problem}",), _tip(run, first))
    lines = tuple(other[:MOST_LINES]) if len(other) <= MOST_LINES else (other[0], f"{other[1]}, +{len(other) - 2}")
    return Head(run.title, lines, _tip(run, first))


def _tip(run: "RunRows", first: "RunRows") -> str:
    lines = [str(run.path)]
    if run.problem:
        lines.append(run.problem)
    for name, value in run.facts.items():
        before = first.facts.get(name, "")
        lines.append(f"{name}: {value}" if value == before else f"≠ {name}: {value or '–'}  ({before or '–'})")
    return "\n".join(lines)
