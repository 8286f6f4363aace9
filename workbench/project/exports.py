"""A session's results and plan in files for others: a report, tables, arrays, a network."""

import json
from dataclasses import dataclass
from pathlib import Path

from workbench.foundation.errors import ModelError, SessionError, SettingsError
from workbench.foundation.files import write_text
from workbench.foundation.steps import Progress, Steps, Warn
from workbench.project import plans
from workbench.project.results import Results, load_results
from workbench.project.session import Session

RESULTS = ("html", "csv", "json", "npy")
FORMATS = (*RESULTS, *plans.FORMATS)
NAMES = {
    "html": "report.html", "csv": "report.csv", "json": "report.json", "npy": "tensors",
    "qdq": "model_qdq.onnx", "plan": "plan.json", "cfg": "model.quantization.cfg",
}  # fmt: skip
"""What a format's file is called where nobody says more; `npy` is a folder."""


@dataclass(frozen=True)
class Target:
    """What is written, one of FORMATS, and where: a file, or a folder for `npy`."""

    format: str
    path: Path


def export(session: Session, folder: Path, target: Target) -> Steps[Path]:
    """Write what a run left in a session's folder, or the plan that it used."""
    results = load_results(folder)
    if results is None:
        raise SessionError(f"{folder} has no results yet.", "Run it first (`rknn-workbench analyze`).")
    if target.format in plans.FORMATS:
        return (yield from plans.export_plan(session, folder, target.format, target.path))
    if target.format == "npy":
        from workbench.report.tensors import write_npy

        return (yield from write_npy(results, target.path))
    if target.format not in RESULTS:
        raise SettingsError(f"{target.format!r} is no format of exports.", f"Choose one of {', '.join(FORMATS)}.")
    yield Progress("export", 0, 1, target.path.name)
    yield from _write(session, results, target)
    yield Progress("export", 1, 1, target.path.name)
    return target.path


def write_report(session: Session, results: Results, path: Path) -> Steps[None]:
    """The HTML report; without the drawing, and with a warning, where the network's file is gone."""
    from workbench.graph.read import read_model
    from workbench.report.html import write_html

    graph = None
    try:
        graph = read_model(session.model, session.shapes, weights=session.weights).graph
    except ModelError as error:
        yield Warn(f"The network is not drawn: {error}")
    write_html(session, results, graph, path)


def _write(session: Session, results: Results, target: Target) -> Steps[None]:
    from workbench.report.table import layer_table, write_csv

    if target.format == "html":
        yield from write_report(session, results, target.path)
    elif target.format == "csv":
        write_csv(results, target.path)
    else:
        document = json.dumps(layer_table(session, results), indent=1, ensure_ascii=False, allow_nan=False)
        write_text(target.path, document + "\n")
