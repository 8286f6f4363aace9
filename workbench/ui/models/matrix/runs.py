"""What is written above the column of a run."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.ui.models.matrix.matrix import Head
from workbench.ui.models.spoken import spoken
from workbench.ui.titles import labelled, setting_text, setting_title

if TYPE_CHECKING:
    from workbench.project.comparison.runs import RunRows

MOST_LINES = 2
FAILED = "✖"
PREPROCESS = "preprocess."
BY_VALUE = ("quant.dtype", "quant.method", "quant.algorithm", "quant.target")
"""Facts whose values say what they are."""
IN_TIP = ("program", "network.sha256", "inputs", "quant.dataset")
"""Facts that are told in the tool-tip only."""


def run_head(run: "RunRows", first: "RunRows") -> Head:
    """Its title, what of its settings differs from the first run, and all of them as a longer text."""
    tip = "\n".join(_tip(run, first))
    if run.problem:
        none = QCoreApplication.translate("RunsMatrix", "no values")
        return Head(run.title, (f"{FAILED} {none}",), tip)
    if run is first:
        values = [run.facts[name] for name in BY_VALUE if run.facts.get(name)]
        return Head(run.title, (" ".join(values[:2]), " ".join(values[2:])), tip)
    lines = list(filter(None, _differing(run, first)))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [f"{lines[MOST_LINES - 1]}, +{len(lines) - MOST_LINES}"]
    return Head(run.title, tuple(lines), tip)


def _differing(run: "RunRows", first: "RunRows") -> Iterator[str]:
    """What differs from the first run: values that speak for themselves, then the others one by one."""
    changed = {name: value for name, value in run.facts.items() if value != first.facts.get(name, "")}
    yield " ".join(changed[name] for name in BY_VALUE if changed.get(name))
    for name, value in changed.items():
        if name not in BY_VALUE and name not in IN_TIP:
            yield f"{_title(name, run.facts)} {setting_text(name, value) or '–'}"


def _tip(run: "RunRows", first: "RunRows") -> Iterator[str]:
    yield str(run.path)
    if run.problem:
        yield f"{FAILED} {spoken(run.problem)}"
        yield spoken(run.hint)
    for name, value in run.facts.items():
        title, before = _title(name, run.facts), first.facts.get(name, "")
        text = setting_text(name, value)
        if value != before:
            yield labelled(f"≠ {title}", f"{text or '–'}  ({setting_text(name, before) or '–'})")
        elif value:
            yield labelled(title, text)


def _title(name: str, facts: Mapping[str, str]) -> str:
    """Whose preprocessing it is stands there only where a network has several inputs."""
    groups = {fact.rpartition(".")[0] for fact in facts if fact.startswith(PREPROCESS)}
    is_only = name.startswith(PREPROCESS) and len(groups) == 1
    return setting_title(name.rpartition(".")[2] if is_only else name)
