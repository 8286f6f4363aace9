"""Bias correction: quantised weights and inputs shift a layer's mean; its bias takes the shift back.

Source: M. Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, 2019 (§4.2), measured
on calibration inputs. Each layer is measured on golden inputs: what it inherits is corrected where it comes from.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.diagnose.fixes.naming import place
from workbench.foundation.steps import Steps, part_of
from workbench.graph.deployed import Deployed
from workbench.graph.edit import Editor
from workbench.graph.execute import Network, byte_sizes
from workbench.graph.graph import Layer, Model
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import GOLDEN, SINGLE, simulator
from workbench.sources.earlier import needed
from workbench.sources.simulator import proto_of, threads_of

MOST_SAMPLES = 8
SUMS = frozenset(("Conv", "ConvTranspose"))
FEWEST = 3  # inputs that tell a shift from chance
CERTAIN = 3.0  # standard errors
WORTH = 0.1  # of a channel's squared error, that its shift is
STAGE = "diagnose"
Arrays = dict[str, np.ndarray]


def correct_biases(case: Case) -> Steps[Fix | None]:
    """Subtract from the biases what quantization adds to the mean of each channel, over calibration inputs."""
    if case.graph is None or case.plan is None or not case.dataset:
        return None
    places = _places(case.model, case.graph, case.plan)
    if not places:
        return None
    shifts = yield from measured(case, tuple(places))
    editor = Editor(case.model)
    corrected = [name for name, shift in shifts.items() if _subtract(case.model, editor, places[name], shift)]
    if not corrected:
        return None
    path = editor.save(place(case, "corrected", case.quant, sorted(shifts), _digest(shifts)))
    text = f"Correct the biases of {len(corrected)} layers by the mean error that quantization leaves in each channel."
    return Fix(
        text, Change(model=path, tail=case.tail, reference=case.reference or case.model.path), key="correct-biases"
    )


def measured(case: Case, tensors: Sequence[str]) -> Steps[dict[str, np.ndarray]]:
    """By deployed tensor, the mean over calibration inputs of simulator minus golden, for each channel.

    Values are taken before they are rounded and cut off: rounding shifts no mean.
    """
    assert case.graph is not None
    assert case.plan is not None
    samples = case.dataset[:MOST_SAMPLES]
    shifts: dict[str, list[np.ndarray]] = {}
    squares: dict[str, np.ndarray] = {}
    network: Network | None = None
    model = case.model
    golden_network = Network(model.proto, _golden_names(case.graph), byte_sizes(model.graph.tensors), large=model.large)
    for number, sample in enumerate(samples):
        feeds = case.feeds_of(sample)
        golden: Arrays = dict(feeds)
        yield from part_of(golden_network.run(feeds, golden.__setitem__, STAGE), 2 * number, 2 * len(samples))
        fed = _fed(case.graph, golden)
        if network is None:
            network, outputs = _network(case.graph, case.plan, fed, tensors)
        found: Arrays = {}
        yield from part_of(network.run(fed, found.__setitem__, STAGE), 2 * number + 1, 2 * len(samples))
        for name, (single, gold) in outputs.items():
            expected = fed[gold] if gold in fed else found[gold]
            axes = tuple(axis for axis in range(expected.ndim) if axis != 1)
            error = found[single].astype(np.float64) - expected
            shifts.setdefault(name, []).append(np.mean(error, axes))
            squares[name] = squares.get(name, 0.0) + np.mean(np.square(error), axes) / len(samples)
    finite = {name: np.array(each) for name, each in shifts.items() if np.isfinite(each).all()}
    return {name: worth(certain(each), squares[name]) for name, each in finite.items()}


def certain(shifts: np.ndarray) -> np.ndarray:
    """The mean of each channel's shifts over inputs, 0 where it may as well be chance: [inputs, channels]."""
    mean: np.ndarray = shifts.mean(0)
    if len(shifts) < FEWEST:
        return mean
    error = shifts.std(0, ddof=1) / np.sqrt(len(shifts))
    return np.where(np.abs(mean) > CERTAIN * error, mean, 0.0)


def worth(shifts: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Each channel's shift, 0 where most of its squared error is none: a changed bias changes ranges, too."""
    return np.where(np.square(shifts) >= WORTH * squares, shifts, 0.0)


def _network(
    graph: Deployed, plan: Plan, fed: Mapping[str, np.ndarray], tensors: Sequence[str]
) -> tuple[Network, dict[str, tuple[str, str]]]:
    """What computes the layers on golden inputs; by tensor, where its value and its golden value are."""
    built = simulator(graph, plan, [name.removeprefix(GOLDEN) for name in fed])
    made = {name for node in built.nodes for name in node.output}
    outputs = {}
    for tensor in tensors:
        single = next((name for name in (f"{SINGLE}{tensor}:exact", SINGLE + tensor) if name in made), "")
        if single and (GOLDEN + tensor in fed or GOLDEN + tensor in made):
            outputs[tensor] = single, GOLDEN + tensor
    wanted = {name for pair in outputs.values() for name in pair if name in made}
    nodes = needed(built.nodes, wanted, set())
    proto = proto_of(nodes, built.constants, fed, graph.model.proto)
    return Network(proto, wanted, {}, threads=threads_of(graph, plan), large=built.constants), outputs


def _golden_names(graph: Deployed) -> frozenset[str]:
    given = {name for layer in graph.model.graph.layers for name in layer.outputs}
    return frozenset(source for name, source in graph.golden_of.items() if name in graph.producers and source in given)


def _fed(graph: Deployed, golden: Mapping[str, np.ndarray]) -> Arrays:
    """Golden values under the deployed tensors' names and shapes."""
    inputs = {GOLDEN + tensor.name: golden[tensor.name] for tensor in graph.model.graph.inputs}
    found = {}
    for name, source in graph.golden_of.items():
        if name in graph.producers and source in golden:
            shape = graph.tensors[name].static_shape if name in graph.tensors else None
            found[GOLDEN + name] = golden[source] if shape is None else golden[source].reshape(shape)
    return {**inputs, **found}


def _places(model: Model, graph: Deployed, plan: Plan) -> dict[str, Layer]:
    """By tensor of a deployed sum of products in integers: the user's operator whose constant shifts it."""
    found = {}
    for layer in graph.layers:
        tensor = layer.outputs[0]
        source = graph.golden_of.get(tensor, tensor)
        own = model.graph.producers.get(source)
        if layer.op in SUMS and plan.is_integer(layer) and own is not None and _position(model, own) is not None:
            found[tensor] = own
    return found


def _position(model: Model, layer: Layer) -> int | None:
    """Where an operator takes (or may take) the constant that is added to each channel."""
    constants = [name in model.graph.constants for name in layer.inputs]
    if layer.op in ("Conv", "ConvTranspose", "Gemm"):
        return 2 if all(constants[2:]) else None
    if layer.op == "BatchNormalization":
        return 2 if all(constants[1:]) else None
    return constants.index(True) if layer.op == "Add" and sum(constants) == 1 else None


def _subtract(model: Model, editor: Editor, layer: Layer, shift: np.ndarray) -> bool:
    """Take a shift of each channel from an operator's constant; False where it is none of one number a channel."""
    position = _position(model, layer)
    assert position is not None
    output = layer.outputs[0]
    old = editor.constant(output, position)
    shape = model.graph.tensors[output].static_shape
    if shape is None or len(shape) < 2 or shape[1] != len(shift) or not shift.any():
        return False
    if layer.op == "Add":
        assert old is not None
        along = shift.reshape(1, -1, *[1] * (len(shape) - 2))
        value = np.asarray(old, np.float64) - along
        if value.size not in (old.size, shift.size):
            return False
        value = value.reshape(-1) if len(shape) == 2 else value
    else:
        scaled = shift / layer.attributes.get("beta", 1.0) if layer.op == "Gemm" else shift
        value = (0.0 if old is None else np.asarray(old, np.float64).reshape(-1)) - scaled
    editor.set_constant(output, position, value.astype(np.float32))
    return True


def _digest(shifts: Mapping[str, np.ndarray]) -> float:
    return float(sum(np.abs(shift).sum() for shift in shifts.values()))
