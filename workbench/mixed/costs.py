"""What it costs to spare layers: how many they are, their share of the work, bytes or time, with what they force.

Where a tensor goes from a layer of one precision to one of another, the NPU converts it: an operator of its own, which
reads the tensor once and writes it once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.foundation.errors import SettingsError
from workbench.graph.deployed import CONVERT, PRODUCT, Deployed, DeployedLayer
from workbench.mixed.times import Times
from workbench.quantize.constants import WEIGHTED, output_axis
from workbench.quantize.plan import Plan
from workbench.quantize.schemes import FLOAT16, INT16

LAYERS, MACS, BYTES, TIME = "layers", "macs", "bytes", "time"
KINDS = (LAYERS, MACS, BYTES, TIME)
UNITS = {LAYERS: "layers", MACS: "% of the multiply-accumulates", BYTES: "bytes", TIME: "µs"}
WIDTH = {"int8": 1, INT16: 2, FLOAT16: 2}  # bytes of an element
LITTLE = 1e-3  # of a layer: of two choices with as many layers, that with fewer conversions is cheaper


@dataclass(frozen=True, slots=True)
class Conversion:
    """A tensor that is converted because of a choice: from a precision to another, for the layers that take it so."""

    tensor: str
    given: str
    taken: str
    takers: tuple[str, ...]
    bytes: int


@dataclass(frozen=True)
class Costs:
    """Additional costs of spared layers by first output, and of each conversion by tensor."""

    kind: str
    graph: Deployed
    plan: Plan
    precision: str
    own: Mapping[str, float]
    converting: Mapping[str, float]

    def of(self, spared: Collection[str]) -> float:
        """What a choice costs; in layers, the number of layers."""
        layers = sum(self.own.get(name, 0.0) for name in spared)
        return layers if self.kind == LAYERS else layers + self._converted(self._around(spared), spared)

    def saved(self, dropped: Collection[str], spared: Collection[str]) -> float:
        """What is saved where some of the spared layers are quantised; conversions that this forces are taken off."""
        left = {name for name in spared if name not in dropped}
        around = self._around(dropped)
        layers = sum(self.own.get(name, 0.0) for name in dropped)
        return layers + self._converted(around, spared) - self._converted(around, left)

    def beside(self, layer: str) -> frozenset[str]:
        """The layers that a layer gives tensors to and takes them from."""
        return frozenset(name for tensor in self._tensors.get(layer, ()) for name in self._ends[tensor])

    def conversions(self, spared: Collection[str]) -> tuple[Conversion, ...]:
        """What a choice forces, in execution order."""
        around = self._around(spared)
        return tuple(one for tensor in self.graph.producers if tensor in around for one in self._at(tensor, spared))

    @cached_property
    def _tensors(self) -> Mapping[str, tuple[str, ...]]:
        """The tensors that each layer takes and gives, where a conversion can stand."""
        found: dict[str, list[str]] = {}
        for tensor, ends in self._ends.items():
            for name in ends:
                found.setdefault(name, []).append(tensor)
        return {name: tuple(tensors) for name, tensors in found.items()}

    @cached_property
    def _ends(self) -> Mapping[str, tuple[str, ...]]:
        """For each tensor the layer that gives it, and those that take it in integers."""
        found = {}
        for tensor, giver in self.graph.producers.items():
            takers = [one for one in self.graph.consumers.get(tensor, ()) if self._rounds(one)]
            if takers and self.graph.is_float(tensor):
                found[tensor] = (giver.outputs[0], *(one.outputs[0] for one in takers))
        return found

    def _rounds(self, layer: DeployedLayer) -> bool:
        return layer.op != CONVERT and self.plan.is_integer(layer)

    def _around(self, layers: Collection[str]) -> set[str]:
        return {tensor for layer in layers for tensor in self._tensors.get(layer, ())}

    def _converted(self, tensors: Collection[str], spared: Collection[str]) -> float:
        """What conversions of some tensors cost; takers of one precision share one."""
        total = 0.0
        for tensor in tensors:
            giver, *takers = self._ends[tensor]
            is_spared = giver in spared
            if any((name in spared) != is_spared for name in takers):
                total += self.converting.get(tensor, 0.0)
        return total

    def _at(self, tensor: str, spared: Collection[str]) -> Iterator[Conversion]:
        """The conversion of a tensor for those that take it in another precision than it is given in."""
        giver, *takers = self._ends[tensor]
        given, kinds = self._precision(giver, spared), {name: self._precision(name, spared) for name in takers}
        for kind in dict.fromkeys(kinds.values()):
            names = tuple(name for name in takers if kinds[name] == kind)
            if kind != given:
                yield Conversion(tensor, given, kind, names, moved(self.graph, tensor, given, kind))

    def _precision(self, layer: str, spared: Collection[str]) -> str:
        return self.precision if layer in spared else self.plan.precision[layer]


def costs_of(kind: str, graph: Deployed, plan: Plan, precision: str, times: Times | None = None) -> Costs:
    """The costs of one kind, of layers that compute in integers now; for time, `times` say what layers take."""
    if kind not in KINDS:
        raise SettingsError(f"{kind!r} is no kind of costs.", f"Choose one of {', '.join(KINDS)}.")
    layers = [layer for layer in graph.layers if plan.is_integer(layer) and layer.op != CONVERT]
    tensors = [name for layer in graph.layers for name in layer.outputs if name and graph.is_float(name)]
    own: dict[str, float] = {}
    converting: dict[str, float] = {}
    if kind == LAYERS:
        own, converting = {layer.outputs[0]: 1.0 for layer in layers}, dict.fromkeys(tensors, LITTLE)
    elif kind == MACS:
        total = sum(macs(graph, layer) for layer in graph.layers) or 1
        own = {layer.outputs[0]: 100 * macs(graph, layer) / total for layer in layers}
        converting = dict.fromkeys(tensors, LITTLE)
    elif kind == BYTES:
        own = {layer.outputs[0]: float(_added(graph, layer)) for layer in layers}
        converting = {name: float(moved(graph, name, "int8", precision)) for name in tensors}
    elif times is not None:
        own = {
            layer.outputs[0]: times.added(layer.outputs[0], macs(graph, layer), _touched(graph, layer))
            for layer in layers
        }
        converting = {name: times.converting(moved(graph, name, "int8", precision)) for name in tensors}
    return Costs(kind, graph, plan, precision, own, converting)


def macs(graph: Deployed, layer: DeployedLayer) -> int:
    """The multiply-accumulates of a layer: of convolutions and products; others have none that count."""
    given = _elements(graph, layer.outputs[0])
    weight = graph.constants.get(layer.inputs[1]) if len(layer.inputs) > 1 else None
    if layer.op in WEIGHTED and weight is not None:
        if layer.op == "ConvTranspose":
            return _elements(graph, layer.inputs[0]) * int(np.prod(weight.shape[1:]))
        channels = weight.shape[output_axis(layer, weight)]
        return given * int(weight.size // max(1, channels))
    if layer.op in (PRODUCT, "MatMul"):
        shape = graph.tensors[layer.inputs[0]].static_shape if layer.inputs[0] in graph.tensors else None
        return given * int(shape[1 if layer.op == PRODUCT else -1] if shape else 1)
    return 0


def moved(graph: Deployed, tensor: str, given: str, taken: str) -> int:
    """The bytes that a conversion reads and writes."""
    return _elements(graph, tensor) * (WIDTH.get(given, 4) + WIDTH.get(taken, 4))


def _added(graph: Deployed, layer: DeployedLayer) -> int:
    """The bytes that a layer has more in 16 bits than in 8: of its constants and of what it gives."""
    constants = sum(graph.constants[name].size for name in layer.inputs if name in graph.constants)
    return constants + sum(_elements(graph, name) for name in layer.outputs if name)


def _touched(graph: Deployed, layer: DeployedLayer) -> int:
    """The bytes that a layer reads and writes in 8 bits."""
    read = sum(_elements(graph, name) for name in layer.inputs if name and name not in graph.constants)
    return read + _added(graph, layer)


def _elements(graph: Deployed, tensor: str) -> int:
    known = graph.tensors.get(tensor)
    shape = known.static_shape if known is not None else None
    return int(np.prod(shape)) if shape is not None else 0
