"""A session that shows the same error without the user's data: weights and inputs shuffled, or only the guilty layers.

Whether it does is found out by running it: numbers that are shuffled are other numbers.
"""

import dataclasses
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from workbench.compare.compare import LayerError
from workbench.foundation.errors import SettingsError
from workbench.foundation.steps import Progress, Steps
from workbench.graph.edit import Editor, part, write
from workbench.graph.execute import Network, byte_sizes, value_info
from workbench.graph.graph import Layer, Model
from workbench.graph.read import read_model
from workbench.preprocess.dataset import Sample, feeds
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze
from workbench.project.results import Results
from workbench.project.session import Session
from workbench.project.toolkit.converting import unnormalised
from workbench.quantize.schemes import FLOAT16, INTEGERS

SCRAMBLED, CUT = "scrambled", "cut"
KINDS = (SCRAMBLED, CUT)
SEEDS = (0, 1, 2)  # of shuffles that are tried until the error is there again
FARTHER = (0, 1, 2, 4, 8)  # layers behind the guilty ones that a cut takes along: some share their range
KEPT = 0.5  # of the error that must be left of it
WEIGHED = ("Conv", "ConvTranspose", "Gemm", "MatMul")
COLUMNS = ("simulator.single", "simulator.entire")

Arrays = Mapping[str, np.ndarray]
Files = tuple[tuple[Sample, ...], tuple[Sample, ...]]
"""Those that are analysed, and those that calibrate."""


class Region(NamedTuple):
    """Layers of a network, in its order, and what of them is wanted."""

    layers: list[Layer]
    outputs: list[str]


@dataclasses.dataclass(frozen=True)
class Disguised:
    """What is given away in the place of a session; `before` and `after` are the errors of its layers, by tensor."""

    session: Session
    results: Results
    folder: Path
    before: Mapping[str, float]
    after: Mapping[str, float]


def disguised(session: Session, results: Results, guilty: Sequence[str], kind: str, work: Path) -> Steps[Disguised]:
    """A session in `work` without the user's data, run; a SettingsError where the error is gone with them."""
    if kind not in KINDS:
        raise SettingsError(f"{kind!r} is no way to leave private data out.", f"Choose one of {', '.join(KINDS)}.")
    model = read_model(session.model, session.shapes, weights=session.weights)
    if not model.is_onnx:
        raise SettingsError(
            f"Private data can be left out of ONNX networks only, and {session.model.name} is none.",
            "Send it as it is, or convert it to ONNX first.",
        )
    before = errors_of(results.rows, guilty)
    after: dict[str, float] = {}
    for number in SEEDS if kind == SCRAMBLED else FARTHER:
        place = work / f"{kind}-{number}"
        place.mkdir(parents=True)
        if kind == SCRAMBLED:
            other = yield from _scrambled(session, model, place, number)
        else:
            other = yield from _cut(session, model, _region(model, results, guilty, number), place)
        found = yield from analyze(other, place / "session")
        after = errors_of(found.rows, guilty)
        if _is_there(before, after):
            return Disguised(other, found, place / "session", before, after)
    worst = max(before, key=lambda name: _size(before[name]), default="")
    remedy = "Cut the network to the guilty layers, or send it as it is." if kind == SCRAMBLED else "Send it whole."
    raise SettingsError(
        f"Without your data the error is gone: at {worst} it is {after.get(worst, 0):.2g} and was {before[worst]:.2g}."
        if worst
        else "No layer in question has an error that could be shown without your data.",
        remedy,
    )


def errors_of(rows: Sequence[LayerError], tensors: Collection[str]) -> dict[str, float]:
    """The relative error of each layer by itself, by its golden tensor; not fed with golden values, that of the run.

    A tensor that is stored twice, as before and behind a convert, has the larger one.
    """
    found: dict[str, float] = {}
    for name, row in rows_of(rows, tensors):
        told = (row.errors[column].mean.get("relative") for column in COLUMNS if column in row.errors)
        error = next((value for value in told if value is not None), None)
        if error is not None:
            found[name] = max(float(error), found.get(name, 0.0), key=_size)
    return found


def rows_of(rows: Sequence[LayerError], tensors: Collection[str]) -> list[tuple[str, LayerError]]:
    """The rows of tensors, also of those that are stored before a convert, with the tensor that each stands for."""
    twins = {f"{name}_{stored}": name for name in tensors for stored in (*sorted(INTEGERS), FLOAT16)}
    found = ((twins.get(row.tensor, row.golden), row) for row in rows)
    return [(name, row) for name, row in found if row.tensor in tensors or name in tensors]


def _is_there(before: Mapping[str, float], after: Mapping[str, float]) -> bool:
    """Whether the worst of the layers is at least half as bad as it was."""
    if not before:
        return False
    worst = max(before, key=lambda name: _size(before[name]))
    return worst in after and _size(after[worst]) >= KEPT * _size(before[worst])


def _size(error: float) -> float:
    return math.inf if math.isnan(error) else error


def _scrambled(session: Session, model: Model, place: Path, seed: int) -> Steps[Session]:
    """The weights of each output channel in another order, and the places of each channel of the inputs."""
    random = np.random.default_rng(seed)
    editor = Editor(model)
    for layer in model.graph.layers:
        weights = editor.constant(layer.outputs[0], 1) if layer.op in WEIGHED else None
        if weights is not None and weights.ndim >= 2 and weights.dtype.kind == "f":
            editor.set_constant(layer.outputs[0], 1, shuffled(weights, _channel_of(layer, weights), random))
    network = editor.save(place / session.model.name)
    settings = unnormalised(session, model.graph.inputs)

    def values(sample: Sample) -> dict[str, np.ndarray]:
        arrays = feeds(sample, model.graph.inputs, settings)
        return {name: _shuffled_input(array, model.is_channels_last, random) for name, array in arrays.items()}

    files = yield from _refilled(session, values, place)
    plain = {name: dataclasses.replace(item, shape=None, dtype="") for name, item in session.preprocess.items()}
    return _other(session, network, files, plain)


def shuffled(values: np.ndarray, axis: int, random: np.random.Generator) -> np.ndarray:
    """The same values in each channel, in an order of chance."""
    moved = np.moveaxis(values, axis, 0)
    flat = random.permuted(moved.reshape(len(moved), -1), axis=1)
    return np.ascontiguousarray(np.moveaxis(flat.reshape(moved.shape), 0, axis))


def _channel_of(layer: Layer, weights: np.ndarray) -> int:
    """The axis of output channels."""
    if layer.op == "ConvTranspose":
        return 1
    if layer.op == "MatMul" or (layer.op == "Gemm" and not layer.attributes.get("transB", 0)):
        return weights.ndim - 1
    return 0


def _shuffled_input(values: np.ndarray, is_last: bool, random: np.random.Generator) -> np.ndarray:
    if values.ndim < 2 or values.dtype.kind not in "fiu":
        return values
    axis = values.ndim - 1 if is_last else min(1, values.ndim - 1)
    return shuffled(values, axis, random)


def _region(model: Model, results: Results, guilty: Sequence[str], farther: int) -> Region:
    """The layers of the guilty rows, and those behind them."""
    rows = [row for row in results.rows if row.tensor in guilty or row.golden in guilty]
    names = {name for row in rows for name in results.layers_of.get(row.tensor, ())}
    layers = [layer for layer in model.graph.layers if layer.name in names or set(layer.outputs) & _outputs(rows)]
    for _ in range(farther):
        made = {name for layer in layers for name in layer.outputs}
        takers = [taker for name in made for taker in model.graph.consumers.get(name, ())]
        layers = [layer for layer in model.graph.layers if layer in layers or layer in takers]
    taken = {name for layer in layers for name in layer.inputs}
    made = {name for layer in layers for name in layer.outputs if name}
    wanted = {row.golden for row in rows} | {name for name in made if name not in taken}
    return Region(layers, [name for name in model.graph.tensors if name in wanted & made])


def _cut(session: Session, model: Model, region: Region, place: Path) -> Steps[Session]:
    """The part of the network that computes some layers, on the values that the whole one gives them."""
    layers, outputs = region
    inputs = _taken(model, layers)
    if not layers or not inputs or not outputs:
        raise SettingsError(
            f"{session.model.name} cannot be cut to these layers: no operator of it gives just that.",
            "Choose other layers, or send the network with its weights scrambled.",
        )
    sizes = {name: model.graph.tensors[name].static_shape for name in inputs}
    unknown = [name for name, shape in sizes.items() if shape is None]
    if unknown:
        raise SettingsError(f"The shape of {unknown[0]} is not known, so nothing can be fed there.", "Send it whole.")
    network = write(part(model, inputs, outputs, {}), place / f"part_of_{session.model.name}")
    files = yield from _files_of(session, model, inputs, place)
    return _other(session, network, files, {name: Preprocess() for name in inputs})


def _outputs(rows: Sequence[LayerError]) -> set[str]:
    return {name for row in rows for name in (row.golden, *row.group)}


def _taken(model: Model, layers: Sequence[Layer]) -> list[str]:
    """What layers take from others, constants apart."""
    made = {name for layer in layers for name in layer.outputs}
    taken = dict.fromkeys(name for layer in layers for name in layer.inputs if name)
    return [name for name in taken if name not in made and name not in model.constants]


def _files_of(session: Session, model: Model, tensors: Sequence[str], place: Path) -> Steps[Files]:
    """The float values of tensors, for every sample."""
    network: Network | None = None
    count = 0
    made: list[tuple[Sample, ...]] = []
    for samples in (session.samples, session.dataset):
        group: list[Sample] = []
        for sample in samples:
            yield Progress("cut", count, len(session.samples) + len(session.dataset))
            given = feeds(sample, model.graph.inputs, session.preprocess)
            network = network or _network(model, tensors, given)
            values = {name: array for name, array in given.items() if name in tensors}
            yield from network.run(given, values.__setitem__, "cut")
            group.append(_saved(values, tensors, place, count))
            count += 1
        made.append(tuple(group))
    return made[0], made[1]


def _network(model: Model, tensors: Sequence[str], given: Arrays) -> Network:
    import onnx

    proto = onnx.ModelProto()
    proto.CopyFrom(model.proto)
    del proto.graph.input[:]
    proto.graph.input.extend(value_info(name, array) for name, array in given.items())
    wanted = [name for name in tensors if name not in given]
    return Network(proto, wanted, byte_sizes(model.graph.tensors), large=model.large)


def _refilled(session: Session, values: Callable[[Sample], Arrays], place: Path) -> Steps[Files]:
    """Arrays in the place of the files of all samples."""
    made: list[tuple[Sample, ...]] = []
    for samples in (session.samples, session.dataset):
        group: list[Sample] = []
        for sample in samples:
            number = sum(len(one) for one in made) + len(group)
            yield Progress("scramble", number, len(session.samples) + len(session.dataset))
            arrays = values(sample)
            group.append(_saved(arrays, list(arrays), place, number))
        made.append(tuple(group))
    return made[0], made[1]


def _saved(values: Arrays, names: Sequence[str], place: Path, number: int) -> Sample:
    files = tuple(place / f"values-{number}-{position}.npy" for position in range(len(names)))
    for file, name in zip(files, names, strict=True):
        np.save(file, values[name], allow_pickle=False)
    return Sample(files)


def _other(session: Session, network: Path, files: Files, preprocess: Mapping[str, Preprocess]) -> Session:
    """The session on another network: only settings that speak of no file and no board stay."""
    known = read_model(network, session.shapes if network.name == session.model.name else {}).graph.tensors
    quant = dataclasses.replace(
        session.quant,
        ranges=tuple(item for item in session.quant.ranges if item[0] in known),
        float_tensors=tuple(name for name in session.quant.float_tensors if name in known),
        int16_tensors=tuple(name for name in session.quant.int16_tensors if name in known),
    )
    return Session(
        model=network,
        shapes=session.shapes if network.name == session.model.name else {},
        preprocess=preprocess,
        samples=files[0],
        dataset=files[1],
        quant=quant,
        toolkit=session.toolkit,
        toolkit_options=session.toolkit_options,
    )
