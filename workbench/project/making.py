"""A new session from a network and what it is fed with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.foundation.errors import DatasetError, SettingsError
from workbench.graph.graph import Tensor
from workbench.graph.read import guess_shapes, read_inputs
from workbench.preprocess.dataset import Sample, read_dataset, samples_from_files
from workbench.preprocess.preprocess import Preprocess, guess, problems
from workbench.project.references import refuse_embedded, refuse_toolkits_graph
from workbench.project.session import Session
from workbench.quantize.platforms import check
from workbench.quantize.schemes import QuantSettings

Shapes = Mapping[str, tuple[int, ...]]


def new_session(
    model: Path,
    files: Sequence[Path],
    dataset: Path | None = None,
    *,
    preprocess: Mapping[str, Preprocess] | None = None,
    quant: QuantSettings | None = None,
    shapes: Shapes | None = None,
) -> Session:
    """A session of the embedded simulator; `preprocess` by input, what is missing there is guessed from the shape.

    `files` are analysed, as many at a time as the network has inputs; the lines of `dataset` calibrate. Where only one
    of them is given it serves for both. Raises a WorkbenchError for what cannot be used, before any work.
    """
    settings = quant or QuantSettings()
    check(settings)
    refuse_toolkits_graph(model)
    refuse_embedded(model)
    taken = read_inputs(model, None)
    known = fixed(taken, shapes or {})
    chosen = {item.name: guess(item) for item in known} | dict(preprocess or {})
    if unknown := chosen.keys() - {item.name for item in known}:
        names = ", ".join(item.name for item in known)
        raise SettingsError(f"{model.name} has no input {min(unknown)!r}.", f"Its inputs are {names}.")
    refuse_impossible(known, chosen)
    analysed, calibration = samples_of(files, dataset, len(taken))
    return Session(model, dict(shapes or {}), chosen, analysed, calibration, settings)


def samples_of(
    files: Sequence[Path], dataset: Path | None, inputs: int
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """What is analysed and what calibrates; where only one of them is given it serves for both."""
    if not files and dataset is None:
        raise DatasetError(
            "There is nothing to feed to the network.",
            "Give inputs, or a dataset, or both (on the command line: -i, --dataset).",
        )
    calibration = read_dataset(dataset, inputs) if dataset is not None else ()
    analysed = samples_from_files(files, inputs) if files else calibration[:1]
    return analysed, calibration or analysed


def fixed(inputs: Sequence[Tensor], shapes: Shapes) -> list[Tensor]:
    """The inputs with the given shapes, or with a guess where they are open: good enough to guess preprocessing."""
    known = {**guess_shapes(inputs), **shapes}
    return [Tensor(item.name, known.get(item.name, item.shape), item.dtype) for item in inputs]


def refuse_impossible(inputs: Sequence[Tensor], settings: Mapping[str, Preprocess]) -> None:
    """Raise a SettingsError where preprocessing does not fit an input."""
    found = [problem for item in inputs for problem in problems(item, settings[item.name])]
    if found:
        raise SettingsError(" ".join(found), "Change the preprocessing.")
