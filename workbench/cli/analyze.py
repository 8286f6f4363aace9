"""`analyze`: a network and its inputs in, the layer table out."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, run, tell
from workbench.cli.limits import Limit, check_limits, read_limits
from workbench.cli.options import Common, Limits, Preprocessing, Quantization, VendorOptions

if TYPE_CHECKING:
    from workbench.project.results import Results
    from workbench.project.session import Session


@dataclass(frozen=True)
class What:
    """What is analysed and where it goes."""

    output: Annotated[Path, typer.Option("-o", "--output", metavar="SESSION", help="Folder of the session.")]
    files: Annotated[
        list[Path] | None, typer.Option("-i", metavar="INPUT…", help="Files to analyse, one an input of the network.")
    ] = None
    dataset: Annotated[Path | None, typer.Option(metavar="FILE|DIR", help="Calibration: dataset.txt, or a folder.")] = (
        None
    )
    simulator: Annotated[
        str, typer.Option(metavar="embedded|toolkit|none", help="What simulates: ours, or the vendor's toolkit.")
    ] = "embedded"
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The second file of a Caffe or Darknet network, if not beside.")
    ] = None
    board: Annotated[str, typer.Option(metavar="LINK", help="Not in this version.", hidden=True)] = ""
    tensors: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN…", help="Only tensors like these (*, ? as in file names).")
    ] = None


def analyze(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="The network: .onnx, .tflite, .pb, .prototxt, .cfg or .pt.")
    ],
    what: What,
    preprocess: Preprocessing,
    quantization: Quantization,
    vendor: VendorOptions,
    limits: Limits,
    common: Common,
) -> int:
    """Run reference and simulator, compare them layer by layer, keep everything in a session."""
    wanted = read_limits(limits)
    session = make_session(model, what, preprocess, quantization, vendor)
    from workbench.project.pipeline import analyze as steps

    results = run(steps(session, what.output), common.quiet)
    status = show(session, results, wanted, common)
    tell(common, f"Session: {what.output}")
    return status


def make_session(
    model: Path, what: What, preprocess: Preprocessing, quantization: Quantization, vendor: VendorOptions
) -> "Session":
    """Everything that the options say, checked before any work is done."""
    from workbench.cli import choices
    from workbench.graph.read import read_inputs
    from workbench.project.session import Session
    from workbench.sources.toolkit.option_values import checked

    choices.check_simulator(what.simulator, what.board, vendor.toolkit)
    quant = choices.quant_settings(quantization)
    choices.check_network(model, what.simulator, what.weights)
    inputs = read_inputs(model, what.weights)
    shapes = choices.read_shapes(preprocess.shape or (), inputs)
    analysed, calibration = choices.samples(what.files or (), what.dataset, len(inputs))
    return Session(
        model=model,
        shapes=shapes,
        preprocess=choices.preprocessing(preprocess, choices.fixed(inputs, shapes)),
        samples=analysed,
        dataset=calibration,
        quant=quant,
        tensors=tuple(what.tensors or ()),
        simulator=what.simulator,
        plan=_plan(quantization.cfg),
        weights=what.weights,
        toolkit=vendor.toolkit,
        toolkit_options=checked(choices.toolkit_options(vendor.config or ())),
    )


def _plan(path: Path | None) -> Path | None:
    """The file of a plan, read once so that a bad one is refused before any work is done."""
    if path is not None:
        from workbench.quantize.configs.read import read_plan

        read_plan(path)
    return path


def show(session: "Session | None", results: "Results", limits: tuple[Limit, ...], common: Common) -> int:
    """Print the table, or its JSON document; gives the exit status."""
    from workbench.cli.table import print_table
    from workbench.report.table import layer_table

    if common.json:
        print_json(layer_table(session, results))
    else:
        print_table(results)
    return check_limits(results, limits)
