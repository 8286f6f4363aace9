"""The constants of a row's layers: weights, biases and all other inputs that the network brings along. No Qt.

What decodes them is for the worker process, which has the whole network in memory.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import onnx

from workbench.graph.deployed import DeployedLayer
from workbench.graph.graph import Graph, Layer, Model, Shape
from workbench.graph.large_constants import values_of
from workbench.quantize.constants import WEIGHTED, output_axis, weight_encoding
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan
from workbench.quantize.schemes import QuantSettings
from workbench.ui.models.tensors.heat_image import Range, indices
from workbench.ui.models.tensors.histogram import Grid, Histogram, common_edges, counts_of, grid_of
from workbench.ui.models.tensors.moments import Moments, moments_of

NORMALIZATION, FOLDABLE = "BatchNormalization", ("Conv", "ConvTranspose")
INTEGER_OPS = {
    "QLinearConv": "Conv", "ConvInteger": "Conv", "QLinearMatMul": "MatMul", "MatMulInteger": "MatMul",
}  # fmt: skip
WEIGHT_AT = {op: 3 if op.startswith("QLinear") else 1 for op in (*WEIGHTED, *INTEGER_OPS)}
"""The input that is multiplied by, channel by channel."""
NORMAL_EPSILON = 1e-5
MOST = 32
MOST_SHOWN = 1 << 22  # elements that are handed on


@dataclass(frozen=True)
class Constant:
    """An input of a layer that the network brings along.

    `role` is what the ONNX standard calls that input. `folded` is the BatchNormalization behind the layer whose factors
    are multiplied into it, as is done before the network is deployed.
    """

    name: str
    role: str
    position: int
    layer: Layer
    shape: Shape
    dtype: str
    folded: Layer | None = None

    @property
    def is_weight(self) -> bool:
        """Whether it is what a layer multiplies by, channel by channel."""
        return WEIGHT_AT.get(self.layer.op) == self.position

    @property
    def is_stored(self) -> bool:
        """Whether it holds the integers of the network's own quantization."""
        return self.dtype in ("int8", "uint8", "int16", "uint16", "int4", "uint4") and self.is_weight


@dataclass(frozen=True, eq=False)
class ConstantFacts:
    """One constant, decoded. `moments` are those of its output channels, of all of it where it has no such channels.

    What has one axis, like a bias, has one value a channel.

    `values` are output channels x every `step`-th of everything else, `rest` is the shape of everything else; `image`
    are indices into a table of colours. `encoding` is what a quantised layer stores it with, None where that is not
    known.
    """

    values: np.ndarray
    step: int
    rest: tuple[int, ...]
    moments: Moments
    histogram: Histogram
    image: np.ndarray
    limits: Range
    encoding: Encoding | None = None

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray] | None:
        """What the encoding can hold of each channel."""
        if self.encoding is None:
            return None
        low, high = self.encoding.held
        shape = self.moments.low.shape
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)

    @property
    def is_vector(self) -> bool:
        """Whether each channel has one value."""
        return self.values.shape[1] == 1

    @property
    def grid(self) -> Grid | None:
        """The levels of an encoding with one scale."""
        return grid_of(self.encoding)

    @property
    def imbalance(self) -> float:
        """The widest channel over the narrowest that is not zero throughout, by their largest magnitudes."""
        if self.is_vector:
            return math.nan
        reach = self.moments.largest
        reach = reach[np.isfinite(reach) & (reach > 0)]
        return float(reach.max() / reach.min()) if reach.size > 1 else math.nan


def constants(graph: Graph, names: Sequence[str]) -> tuple[Constant, ...]:
    """The constants of some layers of the user's network, weights first. Decodes nothing."""
    wanted = set(names)
    layers = [layer for layer in graph.layers if layer.name in wanted]
    found = [item for layer in layers for item in _of_layer(graph, layer)]
    folded = [
        replace(item, folded=behind) for item in found if (behind := _normalization(layers, graph, item)) is not None
    ]
    return tuple(sorted(found + folded, key=lambda item: (not item.is_weight, item.folded is not None)))[:MOST]


def ends_of(model: Model, found: Sequence[Constant]) -> list[Range | None]:
    """The least and the greatest value of each; None where there are no numbers."""
    arrays = (_decoded(model, constant) for constant in found)
    return [(float(array.min()), float(array.max())) if _is_number(array) else None for array in arrays]


def examine(model: Model, constant: Constant, plan: Plan | None) -> ConstantFacts | None:
    """Everything about one constant; None where it holds no numbers."""
    array = _decoded(model, constant)
    if not _is_number(array):
        return None
    layer = _deployed(constant.layer)
    axis = output_axis(layer, array) if constant.is_weight and array.ndim > 1 else 0 if array.ndim == 1 else None
    is_encoded = constant.is_weight and not constant.is_stored
    encoding = weight_encoding(layer, array, plan) if plan is not None and is_encoded else None
    moved = np.moveaxis(array, axis, 0) if axis is not None else array[None]
    rows = np.ascontiguousarray(moved.reshape(len(moved), -1), np.float32)
    return _facts(rows, moved.shape[1:], encoding)


def plan_of(settings: QuantSettings, precision: str, constant: Constant) -> Plan | None:
    """Just enough of a plan to encode a weight; None where the settings leave it in float or in groups."""
    kind = settings.type
    if not kind.is_quantized or settings.method.startswith("group") or precision not in (kind.activations, "int16"):
        return None
    return Plan({}, {constant.layer.outputs[0]: precision}, method=settings.method, dtype=settings.dtype)


def _facts(rows: np.ndarray, rest: tuple[int, ...], encoding: Encoding | None) -> ConstantFacts:
    moments = moments_of(rows)
    numbers = moments.statistics()
    edges = common_edges([numbers], grid_of(encoding))
    bound = max(abs(numbers["min"]), abs(numbers["max"])) or 1.0
    limits = (-bound, bound) if math.isfinite(bound) else (-1.0, 1.0)
    step = -(-rows.size // MOST_SHOWN)
    values = rows[:, ::step]
    histogram = Histogram(edges, counts_of(rows, edges))
    return ConstantFacts(values, step, rest, moments, histogram, indices(values, limits), limits, encoding)


def _is_number(array: np.ndarray) -> bool:
    return array.dtype.kind in "fiub" and array.size > 0


def _of_layer(graph: Graph, layer: Layer) -> list[Constant]:
    roles = _roles(layer.op, layer.domain)
    found = []
    for position, name in enumerate(_before_quantization(graph, name) for name in layer.inputs):
        if name in graph.constants:
            tensor = graph.tensors.get(name)
            role = roles[min(position, len(roles) - 1)] if roles else f"input {position}"
            shape, dtype = (tensor.shape or (), tensor.dtype) if tensor else ((), "")
            found.append(Constant(name, role, position, layer, shape, dtype))
    return found


def _before_quantization(graph: Graph, name: str) -> str:
    """The constant whose integers are made real just for this input; any other input is itself."""
    giver = graph.producers.get(name)
    is_made = giver is not None and giver.op == "DequantizeLinear" and giver.inputs[0] in graph.constants
    return giver.inputs[0] if giver is not None and is_made else name


def learn_roles() -> None:
    """Look up the standard once, which takes 10 ms the first time: before somebody waits for it."""
    _roles("Conv", "")


@cache
def _roles(op: str, domain: str) -> tuple[str, ...]:
    """What the ONNX standard calls the inputs of an operator; () where it does not know it."""
    try:
        schema = onnx.defs.get_schema(op, domain=domain)
    except onnx.defs.SchemaError:
        return ()
    return tuple(item.name for item in schema.inputs)


def _normalization(layers: Sequence[Layer], graph: Graph, constant: Constant) -> Layer | None:
    """The BatchNormalization among the row's layers that takes what the layer of a weight gives."""
    if not constant.is_weight or constant.layer.op not in FOLDABLE:
        return None
    behind = (layer for layer in layers if layer.op == NORMALIZATION and layer.inputs[0] == constant.layer.outputs[0])
    found = next(behind, None)
    return found if found is not None and graph.constants.issuperset(found.inputs[1:5]) else None


def _decoded(model: Model, constant: Constant) -> np.ndarray:
    if constant.folded is None:
        return _arrays(model, [constant.name])[constant.name]
    behind = constant.folded
    arrays = _arrays(model, [constant.name, behind.inputs[1], behind.inputs[4]])
    weight, scale, variance = (arrays[name] for name in (constant.name, behind.inputs[1], behind.inputs[4]))
    factors = scale / np.sqrt(variance + np.float32(behind.attributes.get("epsilon", NORMAL_EPSILON)))
    axis = output_axis(_deployed(constant.layer), weight)
    if weight.shape[axis] != factors.size:  # groups of a ConvTranspose share the axis
        return weight
    shape = [1] * weight.ndim
    shape[axis] = -1
    return np.asarray(weight * factors.reshape(shape), np.float32)


def _arrays(model: Model, names: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Decodes only what is asked for."""
    wanted = set(names)
    return {
        item.name: np.atleast_1d(values_of(item, model.large))
        for item in model.proto.graph.initializer
        if item.name in wanted
    }


def _deployed(layer: Layer) -> DeployedLayer:
    return DeployedLayer(
        INTEGER_OPS.get(layer.op, layer.op), layer.inputs, layer.outputs, (layer.name,), (), layer.attributes
    )
