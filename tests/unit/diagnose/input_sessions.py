"""Sessions on real networks whose golden values come of another input, or of another network, than theirs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.findings import Finding
from workbench.diagnose.part_run import PartRun
from workbench.foundation.steps import Steps, drain
from workbench.graph.graph import Model
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Preprocess
from workbench.project.findings.diagnosing import open_case
from workbench.project.pipeline import analyze
from workbench.project.session import ImportedDumps, Session

INPUT, LAYERS, OUTPUTS = "input", "layers", "outputs"
PICTURES = 4
Rule = Callable[[Case], Steps[tuple[Finding, ...]]]


def session_on(shared: Path, name: str) -> Session:
    """A network of the shared ones with its right preprocessing and pictures; nothing is simulated."""
    case = next(one for one in _cases(shared) if one["name"] == name)
    given = case["inputs"][0]
    settings = Preprocess(
        tuple(map(float, given["mean"])), tuple(map(float, given["std"])), order=given["order"], layout=given["layout"],
        resize=given.get("resize", "stretch"),
    )  # fmt: skip
    files = sorted((shared / "images").glob(case["images"]))[:PICTURES]
    samples = tuple(Sample((file,)) for file in files)
    return Session(
        model=shared / "models" / case["file"],
        shapes={given["name"]: tuple(given["shape"])},
        preprocess={given["name"]: settings},
        samples=samples[:1],
        dataset=samples,
        simulator="none",
    )


def changed(session: Session, **settings: Any) -> Session:
    """The session with other settings of its input."""
    return replace(session, preprocess={name: replace(one, **settings) for name, one in session.preprocess.items()})


def golden_of(session: Session, part: str, path: Path, fed: Mapping[str, np.ndarray] | None = None) -> Path:
    """Float values of a session's network as somebody else's dump: of its input, its first layers, or its outputs."""
    model = read_model(session.model, session.shapes)
    given = dict(fed or feeds(session.samples[0], model.graph.inputs, session.preprocess))
    wanted = _wanted(model, part)
    values = drain(PartRun(model, wanted).run(given)) if wanted else given
    np.savez(path, **{name: np.asarray(array, np.float32) for name, array in values.items()})
    return path


def every_layer(session: Session, path: Path) -> Path:
    """Float values of the input and of every float tensor that depends on it."""
    model = read_model(session.model, session.shapes)
    given = dict(feeds(session.samples[0], model.graph.inputs, session.preprocess))
    moved, names = set(given), []
    for layer in model.graph.layers:
        if layer.op != "Shape" and moved.intersection(layer.inputs):
            moved.update(layer.outputs)
            names += [name for name in layer.outputs if model.graph.tensors[name].dtype == "float32"]
    np.savez(path, **given, **drain(PartRun(model, names).run(given)))
    return path


def found_by(rule: Rule, session: Session, folder: Path, golden: Path | None = None) -> tuple[Finding, ...]:
    """What a rule says of a session with imported golden values."""
    imports = {} if golden is None else {"golden": ImportedDumps(golden)}
    drain(analyze(replace(session, imports={**session.imports, **imports}), folder))
    with open_case(folder) as steps:
        return drain(rule(drain(steps)))


def causes_of(findings: tuple[Finding, ...]) -> list[str]:
    """Their keys, in order."""
    return [one.cause for one in findings]


def _wanted(model: Model, part: str) -> list[str]:
    if part == INPUT:
        return []
    if part == OUTPUTS:
        return [tensor.name for tensor in model.graph.outputs]
    moved, found = {tensor.name for tensor in model.graph.inputs}, []
    for layer in model.graph.layers:
        if moved.intersection(layer.inputs):
            moved.update(layer.outputs)
            found += layer.outputs
    return found[:3]


def _cases(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "models" / "cases.json").read_text(encoding="utf-8"))
    return found
