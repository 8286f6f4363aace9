"""What every layer does to the outputs: where only it is quantised, and where only it is spared.

Both are run over several inputs. The network in float is cut behind every part, so that a part costs what lies behind
it: what lies before is computed once. What a quantised part does is split between its weights and the rounding of what
it stores, as the two are in the stored tensor itself. What sparing a part brings is run as the chip would: its inputs
are what layers in integers give, and its tensor is rounded again for those that take it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import onnx

from workbench.compare.metrics import measure
from workbench.foundation.steps import Steps, part_of
from workbench.graph.deployed import Deployed, DeployedLayer
from workbench.graph.emit import emit, needed_constants
from workbench.graph.execute import Network, byte_sizes, inputs_of
from workbench.graph.normalise import captured
from workbench.mixed.mixtures import Mixtures, Outcome, Runs, loss
from workbench.mixed.parts import Part, parts_of
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ConstantsOf, stored_encoding
from workbench.sources import effects
from workbench.sources.simulator import proto_of

STAGE = "sensitivity"
NONE = "none"  # what the values of the run are called in which no layer is spared
OWN = "quantised:"
Arrays = Mapping[str, np.ndarray]
Losses = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """A part: its tensor, its layers by first output, and 1 - cosine of each output, the mean over all samples.

    `only`: it alone is quantised, everything else in float. `weights` is how much of that comes of its constants; the
    rest is the rounding of its tensor. `spared`: it alone is in float16, everything else quantised; {} unless asked.
    """

    tensor: str
    layers: tuple[str, ...]
    only: Losses
    weights: float
    spared: Losses = field(default_factory=dict)


@dataclass(frozen=True)
class Sensitivity:
    """The effects of all parts in execution order; `quantised` is 1 - cosine of each output with none spared."""

    effects: tuple[Effect, ...]
    quantised: Losses


@dataclass(frozen=True)
class Measured:
    """What is measured: a network that is quantised throughout by `plan`, and the outputs that count."""

    graph: Deployed
    plan: Plan
    constants_of: ConstantsOf
    outputs: tuple[str, ...]


def golden_outputs(what: Measured, feeds: Sequence[Arrays]) -> Steps[list[Arrays]]:
    """The outputs in float, a mapping a sample."""
    run = effects.in_float(what.graph, (), what.outputs)
    found: list[Arrays] = []
    for one in feeds:
        yield from run.start(one)
        found.append(run.base)
    return found


def sensitivity(what: Measured, feeds: Sequence[Arrays], mixtures: Mixtures) -> Steps[Sensitivity]:
    """What every part does where only it is quantised; `mixtures` run the same network on the same feeds."""
    meter = _Meter(what)
    for number, one in enumerate(feeds):
        yield from part_of(meter.quantise_each(one), number, len(feeds))
    return Sensitivity(meter.effects(), _lost((yield from mixtures.run({}, keep=NONE))))


def unmeasured(quantised: Outcome) -> Sensitivity:
    """Without effects, which nobody needs where nothing has to be spared."""
    return Sensitivity((), _lost(quantised))


def with_spared(found: Sensitivity, runs: Runs, names: Collection[str], precision: str) -> Steps[Sensitivity]:
    """The same with what sparing each part alone brings; `names` are the layers that can be spared."""
    layers = [[name for name in effect.layers if name in names] for effect in found.effects]
    outcomes = yield from runs.run_each([dict.fromkeys(each, precision) for each in layers if each])
    lost = map(_lost, outcomes)
    effects = zip(found.effects, layers, strict=True)
    return replace(found, effects=tuple(replace(one, spared=next(lost) if each else {}) for one, each in effects))


def _lost(outcome: Outcome) -> Losses:
    return {name: outcome.lost(name) for name in outcome.outputs}


class _Meter:
    """Sums up what parts do to the outputs, sample by sample."""

    def __init__(self, what: Measured) -> None:
        self._what = what
        self._parts = parts_of(what.graph, what.plan)
        inside = {name for part in self._parts for layer in part.layers[:-1] for name in layer.outputs}
        read = {name for part in self._parts for name in taken(what.graph, part)}
        self._points = [part.tensor for part in self._parts]
        self._points += sorted(read.intersection(what.graph.producers) - inside - set(self._points))
        self._only: dict[str, list[Losses]] = {part.tensor: [] for part in self._parts}
        self._energy = {part.tensor: [0.0, 0.0] for part in self._parts}

    def quantise_each(self, feeds: Arrays) -> Steps[None]:
        """Run the network in float, each part quantised alone."""
        graph, outputs = self._what.graph, self._what.outputs
        run = effects.in_float(graph, self._points, outputs)
        yield from run.start(feeds)
        self._golden = run.base
        values = {name: run.value(name) for name in self._points} | dict(feeds)
        own = yield from self._computed(values)

        def changes() -> Iterator[tuple[str, np.ndarray]]:
            for part in self._parts:
                golden = values[part.tensor]
                stored = self._rounded(part.tensor, own.pop(part.tensor, golden))
                if np.array_equal(stored, golden):
                    self._only[part.tensor].append(dict.fromkeys(outputs, 0.0))
                else:
                    yield part.tensor, stored

        def done(tensor: str, arrays: Arrays) -> None:
            self._only[tensor].append(self._lost(arrays))

        yield from run.replaced_each(changes(), done, (STAGE, len(self._parts)))

    def effects(self) -> tuple[Effect, ...]:
        """The means over all samples so far."""
        return tuple(map(self._effect, self._parts))

    def _effect(self, part: Part) -> Effect:
        weights, rounding = self._energy[part.tensor]
        share = weights / (weights + rounding) if weights + rounding > 0 else 0.0
        layers = tuple(layer.outputs[0] for layer in part.layers)
        return Effect(part.tensor, layers, _mean(self._only[part.tensor]), share)

    def _computed(self, values: Arrays) -> Steps[dict[str, np.ndarray]]:
        """The parts' tensors, each from the values that its layers take, with quantised weights."""
        graph = self._what.graph
        nodes, constants = _chains(graph, self._parts, self._constants)
        read = set().union(*(inputs_of(node) for node in nodes)) if nodes else set()
        feeds = {name: array for name, array in values.items() if name in read}
        wanted = {OWN + part.tensor: part.tensor for part in self._parts}
        made = {name for node in nodes for name in node.output}
        constants |= needed_constants(nodes, graph.constants)
        found: dict[str, np.ndarray] = {}
        if nodes:
            proto = proto_of(nodes, constants, feeds, graph.model.proto)
            network = Network(
                proto, [name for name in wanted if name in made], byte_sizes(graph.tensors), large=constants
            )
            yield from network.run(feeds, lambda name, array: found.__setitem__(wanted[name], array), STAGE)
        for name, array in found.items():
            self._split(name, values[name], array)
        return found

    def _constants(self, layer: DeployedLayer) -> Mapping[int, np.ndarray]:
        return self._what.constants_of(self._what.graph, layer, self._what.plan)

    def _split(self, tensor: str, golden: np.ndarray, own: np.ndarray) -> None:
        """Count what weights and what the rounding adds to a tensor, as squares."""
        self._energy[tensor][0] += _square(own - golden)
        self._energy[tensor][1] += _square(self._rounded(tensor, golden) - golden)

    def _rounded(self, tensor: str, value: np.ndarray) -> np.ndarray:
        encoding = stored_encoding(self._what.graph, self._what.plan, tensor)
        if encoding is None or not encoding.is_quantized:
            return value
        return encoding.dequantize(encoding.quantize(value))

    def _lost(self, values: Arrays) -> Losses:
        return {name: loss(measure(self._golden[name], values[name])) for name in self._what.outputs}


def taken(graph: Deployed, part: Part) -> list[str]:
    """The computed tensors and inputs that a part takes from outside."""
    inside = {name for layer in part.layers for name in layer.outputs}
    names = (name for layer in part.layers for name in layer.inputs)
    return [name for name in dict.fromkeys(names) if name and name not in inside and name not in graph.constants]


def _chains(
    graph: Deployed, parts: Sequence[Part], constants_of: Callable[[DeployedLayer], Mapping[int, np.ndarray]]
) -> tuple[list[onnx.NodeProto], dict[str, np.ndarray]]:
    """Nodes that compute each part from what it takes, and constants that are not the network's own."""
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, np.ndarray] = {}
    for part in parts:
        inside: set[str] = set()
        if any(captured(layer.proto) for layer in part.layers):
            continue
        for layer in part.layers:
            names = [OWN + name if name in inside else name for name in layer.inputs]
            for position, value in constants_of(layer).items():
                names[position] = f"{OWN}{position}:{layer.outputs[0]}"
                constants[names[position]] = value
            nodes += emit(layer, names, [OWN + name if name else "" for name in layer.outputs])
            inside.update(layer.outputs)
    return nodes, constants


def _mean(each: Sequence[Losses]) -> Losses:
    return {name: float(np.mean([one[name] for one in each])) for name in (each[0] if each else ())}


def _square(difference: np.ndarray) -> float:
    return float(np.square(difference, dtype=np.float64).sum())
