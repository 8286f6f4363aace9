"""`export`: a session's results as HTML, CSV, JSON or npy files, its plan as a network or a file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, run, say, tell
from workbench.cli.options import Common
from workbench.foundation.errors import SessionError, SettingsError, WorkbenchError

if TYPE_CHECKING:
    from workbench.graph.graph import Graph
    from workbench.project.results import Results
    from workbench.project.session import Session

FORMATS = ("html", "csv", "json", "npy", "qdq", "plan", "cfg")
PLANS = ("qdq", "plan", "cfg")
ENDINGS = {"qdq": "model_qdq.onnx", "plan": "plan.json", "cfg": "model.quantization.cfg"}


@dataclass(frozen=True)
class Target:
    """What is written and where."""

    format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What is written.")]
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="A file; a folder for npy.")]


def export(
    session: Annotated[Path, typer.Argument(metavar="SESSION", help="Folder of a session.")],
    target: Target,
    common: Common,
) -> int:
    """Write a session's results down."""
    if target.format not in FORMATS:
        raise SettingsError(
            f"--format {target.format!r} is not in this version.", f"Choose one of {', '.join(FORMATS)}."
        )
    from workbench.project.results import load_results
    from workbench.project.session import load_session

    opened, results = load_session(session), load_results(session)
    if results is None:
        raise SessionError(f"{session} has no results yet.", "Run `rknn-workbench analyze` on it first.")
    path = target.output
    if target.format != "npy" and path.exists() and not path.is_file():
        # a device would be replaced by a file
        example = ENDINGS.get(target.format, f"report.{target.format}")
        raise WorkbenchError(f"{path} is no file.", f"Give a file, for example {example}.")
    if target.format in PLANS:
        from workbench.project.plans import export_plan

        run(export_plan(opened, session, target.format, path), common.quiet)
    else:
        _write(opened, results, target, common.quiet)
    tell(common, f"Written: {path}")
    if common.json:
        print_json({"schema": 1, "format": target.format, "path": str(path)})
    return 0


def write_report(session: "Session", results: "Results", path: Path) -> None:
    """The HTML report, without the drawing where the network's file is gone."""
    from workbench.report.html import write_html

    write_html(session, results, _graph(session), path)


def _write(session: "Session", results: "Results", target: Target, quiet: bool) -> None:
    from workbench.foundation.files import write_text
    from workbench.report.table import layer_table, write_csv
    from workbench.report.tensors import write_npy

    if target.format == "html":
        write_report(session, results, target.output)
    elif target.format == "csv":
        write_csv(results, target.output)
    elif target.format == "json":
        document = json.dumps(layer_table(session, results), indent=1, ensure_ascii=False, allow_nan=False)
        write_text(target.output, document + "\n")
    else:
        run(write_npy(results, target.output), quiet)


def _graph(session: "Session") -> "Graph | None":
    from workbench.foundation.errors import ModelError
    from workbench.graph.read import read_model

    try:
        return read_model(session.model, session.shapes).graph
    except ModelError as error:
        say(f"warning: the network is not drawn: {error}")
        return None
