"""From the options that say what a network is fed with, and how, to its session."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.options import Inputs, Preprocessing, Quantization

if TYPE_CHECKING:
    from workbench.preprocess.dataset import Sample
    from workbench.project.session import Session

Samples = tuple["Sample", ...]


def made_session(
    model: Path,
    simulator: str,
    inputs: Inputs,
    preprocess: Preprocessing,
    quantization: Quantization,
    needs_inputs: bool = True,
) -> "Session":
    """What the options say, checked before any work is done; without need of inputs there may be none."""
    from workbench.cli import choices
    from workbench.graph.read import read_inputs
    from workbench.project import making
    from workbench.project.session import Session

    quant = choices.quant_settings(quantization)
    choices.check_network(model, simulator, inputs.weights)
    taken = read_inputs(model, inputs.weights)
    shapes = choices.read_shapes(preprocess.shape or (), taken)
    analysed, calibration = _samples(inputs, len(taken), needs_inputs)
    return Session(
        model=model,
        shapes=shapes,
        preprocess=choices.preprocessing(preprocess, making.fixed(taken, shapes)),
        samples=analysed,
        dataset=calibration,
        quant=quant,
        simulator=simulator,
        plan=_plan(quantization.cfg),
        weights=inputs.weights,
    )


def _samples(inputs: Inputs, count: int, are_needed: bool) -> tuple[Samples, Samples]:
    from workbench.project.making import samples_of

    if not are_needed and not inputs.files and inputs.dataset is None:
        return (), ()
    return samples_of(inputs.files or (), inputs.dataset, count)


def _plan(path: Path | None) -> Path | None:
    """The file of a plan, read once so that a bad one is refused before any work is done."""
    if path is not None:
        from workbench.quantize.configs.read import read_plan

        read_plan(path)
    return path
