"""The plan of one quantised network: how every tensor is stored and how precisely every layer computes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.graph.deployed import PRODUCT, Deployed, DeployedLayer
from workbench.quantize.encoding import Encoding, asymmetric, symmetric
from workbench.quantize.groups import grouped_tensors, inside_tensors, unstored_tensors
from workbench.quantize.ranges import Ranges
from workbench.quantize.schemes import DATA_TYPES, INT8, INT16, INTEGERS, DataType

OWN = "own"  # the method of a plan whose constants the network has quantised itself


@dataclass(frozen=True)
class Plan:
    """`encodings` of stored tensors; `precision` of layers by their first output ("int8", "float16", "float32", …).

    `wide` are the encodings of tensors where layers in int16 take or give them, in a network whose others are int8.
    `factors` are those of second operands of products, which are quantised once more. `weight_factors` are what a
    search multiplied the scales of weights by, for each channel or all, by the first output of their layer.
    Tensors in `unstored` stay in float32 inside a fused operator. Those in `grouped` vanish in the layer that takes
    them, which is compared in their place.
    """

    encodings: Mapping[str, Encoding]
    precision: Mapping[str, str]
    unstored: frozenset[str] = frozenset()
    grouped: frozenset[str] = frozenset()
    method: str = "channel"
    dtype: str = "w8a8"
    wide: Mapping[str, Encoding] = field(default_factory=dict)
    factors: Mapping[str, Encoding] = field(default_factory=dict)
    weight_factors: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def type(self) -> DataType:
        """The data type of all but single layers."""
        return DATA_TYPES[self.dtype]

    def of(self, layer: DeployedLayer) -> str:
        """The precision of a layer."""
        return self.precision[layer.outputs[0]]

    def is_integer(self, layer: DeployedLayer) -> bool:
        """Whether a layer computes in integers."""
        return self.of(layer) in INTEGERS

    def encoding(self, tensor: str, precision: str) -> Encoding | None:
        """How layers of a precision take or give a tensor; None where they do so in float."""
        if precision not in INTEGERS:
            return None
        return self.wide.get(tensor) if self.is_wide(precision) else self.encodings.get(tensor)

    def is_wide(self, precision: str) -> bool:
        """Whether layers of a precision are the exceptions in int16."""
        return precision == INT16 and self.type.activations == INT8


def factor_encodings(graph: Deployed, ranges: Ranges, dtype: str) -> dict[str, Encoding]:
    """About zero, of the second operands of products of two tensors.

    Source: quantization semantics §5.1 (exMatMul); measured with toolkit 2.5.0 for int16 with power-of-two scales.
    """
    kind = {"w8a8": INT8, "w16a16i_dfp": INT16}.get(dtype)
    names = [layer.inputs[1] for layer in graph.layers if layer.op == PRODUCT]
    if kind is None:
        return {}
    return {name: symmetric(ranges[name].low, ranges[name].high, kind) for name in names if name in ranges}


def fused(graph: Deployed, precision: Mapping[str, str], ranges: Ranges) -> tuple[frozenset[str], frozenset[str]]:
    """What no operator stores and what has no row of its own: layers are fused to others of the same integers."""
    grouped = inside_tensors(graph)
    unstored = frozenset(name for name in grouped if precision[name] not in INTEGERS)
    for kind in INTEGERS.intersection(precision.values()):
        layers = frozenset(name for name, given in precision.items() if given == kind)
        unstored |= unstored_tensors(graph, layers)
        grouped |= grouped_tensors(graph, layers, ranges)
    return unstored, grouped


def wide_encodings(graph: Deployed, precision: Mapping[str, str], ranges: Ranges) -> dict[str, Encoding]:
    """The int16 encodings of what layers in int16 take and give. Source: quantization semantics §8."""
    layers = [layer for layer in graph.layers if precision[layer.outputs[0]] == INT16]
    names = {name for layer in layers for name in (*layer.inputs, *layer.outputs) if name in ranges}
    return {name: asymmetric(ranges[name].low, ranges[name].high, INT16) for name in sorted(names)}
