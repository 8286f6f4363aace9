"""`analyze`: a network and its inputs in, the layer table out."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import choices
from workbench.cli.asking import Asked
from workbench.cli.board_run import Runner, agree_to, choice_of, show_plan, tell_plan
from workbench.cli.console import print_json, run, tell
from workbench.cli.limits import Limit, check_limits, read_limits
from workbench.cli.making import made_session
from workbench.cli.options import Common, Inputs, Limits, Preprocessing, Quantization, VendorOptions

if TYPE_CHECKING:
    from workbench.project.results import Results
    from workbench.project.session import Session


@dataclass(frozen=True)
class What:
    """What is analysed and where it goes."""

    output: Annotated[Path, typer.Option("-o", "--output", metavar="SESSION", help="Folder of the session.")]
    simulator: Annotated[
        str, typer.Option(metavar="embedded|toolkit|none", help="What simulates: ours, or the vendor's toolkit.")
    ] = "embedded"
    board: Annotated[
        str, typer.Option(metavar="LINK", help="Run it there, too: adb:…, ssh:…, local, or a described board's name.")
    ] = ""
    tensors: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN…", help="Only tensors like these (*, ? as in file names).")
    ] = None


def analyze(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="The network: .onnx, .tflite, .pb, .prototxt, .cfg or .pt.")
    ],
    what: What,
    inputs: Inputs,
    preprocess: Preprocessing,
    quantization: Quantization,
    vendor: VendorOptions,
    runner: Runner,
    limits: Limits,
    common: Common,
) -> int:
    """Run reference, simulator and board, compare them layer by layer, keep everything in a session."""
    wanted = read_limits(limits)
    choices.check_simulator(what.simulator, vendor.toolkit)
    board = choice_of(what.board, runner)
    session = made_session(model, what.simulator, inputs, preprocess, quantization)
    session = replace(session, tensors=tuple(what.tensors or ()), board=board, **choices.told_toolkit(vendor))
    if runner.dry_run:
        return show_plan(session, common)
    from workbench.project.pipeline import analyze as steps

    if board is not None:
        tell_plan(session, common)
        agree_to(board, runner)
    results = run(steps(session, what.output, Asked()), common.quiet)
    status = show(session, results, wanted, common)
    tell(common, f"Session: {what.output}")
    return status


def show(session: "Session | None", results: "Results", limits: tuple[Limit, ...], common: Common) -> int:
    """Print the table, or its JSON document; gives the exit status."""
    from workbench.cli.table import print_table
    from workbench.report.table import layer_table

    if common.json:
        print_json(layer_table(session, results))
    else:
        print_table(results)
    return check_limits(results, limits)
