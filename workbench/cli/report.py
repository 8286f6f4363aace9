"""`report`: a report of the toolkit's accuracy analysis alone, as the layer table and as a session."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.analyze import show
from workbench.cli.console import run, tell
from workbench.cli.limits import read_limits
from workbench.cli.options import Common, Limits

if TYPE_CHECKING:
    from workbench.graph.graph import Model
    from workbench.project.results import Results

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class Network:
    """Of which network the report is, and where the session goes."""

    model: Annotated[
        Path | None, typer.Option("--model", metavar="MODEL", help="The network, or the toolkit's NAME.model.")
    ] = None
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The second file of a Caffe or Darknet network, if not beside.")
    ] = None
    shape: Annotated[
        list[str] | None,
        typer.Option("--shape", metavar="NAME:1,3,224,224", help="The shape of an input with open dimensions."),
    ] = None
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="SESSION", help="Keep it as a session.")] = (
        None
    )


def report(
    file: Annotated[
        Path, typer.Argument(metavar="REPORT", help="error_analysis.txt, a snapshot folder, or - for what is piped in.")
    ],
    network: Network,
    limits: Limits,
    common: Common,
) -> int:
    """Show a report that the toolkit wrote, of any version; no dumps and no network are needed."""
    wanted = read_limits(limits)
    results = _kept(file, network, common) if network.output else _shown(file, network, common)
    status = show(None, results, wanted, common)
    if network.output:
        tell(common, f"Session: {network.output}")
    return status


def _kept(file: Path, network: Network, common: Common) -> "Results":
    from workbench.project.reported.reported import report_session

    assert network.output is not None
    shapes = _shapes(network)
    return run(report_session(_source(file), network.model, network.output, shapes, network.weights), common.quiet)


def _shown(file: Path, network: Network, common: Common) -> "Results":
    from workbench.project.reported.reported import read_source, reported, text_of

    source = _source(file)
    return run(reported(read_source(source), _model(network), text_of(source)), common.quiet)


def _source(file: Path) -> Path | str:
    return sys.stdin.buffer.read().decode("utf-8-sig", "replace") if file == STANDARD_INPUT else file


def _model(network: Network) -> "Model | None":
    from workbench.graph.read import read_model

    return read_model(network.model, _shapes(network), weights=network.weights) if network.model else None


def _shapes(network: Network) -> dict[str, tuple[int, ...]]:
    if network.model is None or not network.shape:
        return {}
    from workbench.cli.choices import read_shapes
    from workbench.graph.read import read_inputs

    return read_shapes(network.shape, read_inputs(network.model, network.weights))
