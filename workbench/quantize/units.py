"""Layers with the activations that are fused to them, computed one at a time with scales and weights that are fed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from onnx import helper

from workbench.graph.deployed import CONVERT, Deployed, DeployedLayer
from workbench.graph.emit import emit_to_the_bit, needed_constants
from workbench.graph.execute import assemble, open_session, value_info
from workbench.graph.large_constants import described
from workbench.quantize.constants import WEIGHTED, bias_on_grid
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan

SCALE, ZERO, STORED, ROUNDED = ":scale", ":zero", ":stored", ":rounded"
MICROSOFT = "com.microsoft"
Feeds = Mapping[str, np.ndarray]


class Unit:
    """A layer and the activation behind it as ONNX Runtime computes them: in float, and with rounded inputs.

    `taken` are the computed tensors that they read, `rounded` those of them that are stored in integers, `given` what
    comes out behind the activation. Any number of threads may compute once it is open.
    """

    def __init__(self, graph: Deployed, layers: Sequence[DeployedLayer], plan: Plan) -> None:
        self.layers = tuple(layers)
        self.first = layers[0]
        self.given = [name for name in layers[-1].outputs if name]
        self.taken = _taken(graph, layers)
        is_integer = plan.is_integer(self.first) or self.first.op == CONVERT  # one to float16 takes integers too
        self.rounded = [name for name in self.taken if is_integer and _is_stored(graph, plan, name)]
        self._graph, self._plan = graph, plan
        names = self.first.inputs[1:3] if self.first.op in WEIGHTED else ()
        self._own = {name: graph.constants[name] for name in names if name in graph.constants}  # weight and bias
        self._weight = dict(self._own)
        self._in_float: Any = None
        self._in_integers: Any = None

    @property
    def weight(self) -> np.ndarray | None:
        """The weight, if it is stored in integers."""
        if self.first.op not in WEIGHTED or not self._plan.is_integer(self.first):
            return None
        return self._own.get(self.first.inputs[1])

    def set_weight(self, encoding: Encoding, encodings: Mapping[str, Encoding], tried: Encoding | None = None) -> None:
        """Compute with the weight of an encoding from now on, and with the bias on the grid that goes with it.

        The bias stays where the scale of the input, which `encodings` tell, is chosen afterwards: as in the toolkit.
        A `tried` encoding rounds the weight alone.
        """
        name = self.first.inputs[1]
        rounding = tried or encoding
        self._weight[name] = rounding.dequantize(rounding.quantize(self._own[name]))
        if len(self._own) == 2 and self.first.inputs[0] in self.rounded:
            taken, _, bias = self.first.inputs
            self._weight[bias] = bias_on_grid(self._own[bias], encodings[taken].scale[0], encoding)

    def open(self, like: Feeds) -> None:
        """Make the sessions for inputs of these types and shapes."""
        self._in_float, self._in_integers = self._opened(like, ()), self._opened(like, self.rounded)

    def close(self) -> None:
        """Let go of the sessions."""
        self._in_float = self._in_integers = None

    def plain(self, feeds: Feeds) -> dict[str, np.ndarray]:
        """The outputs in float."""
        return self._run(self._in_float, {**feeds, **self._own}, self.given)

    def simulated(
        self, feeds: Feeds, encodings: Mapping[str, Encoding], wanted: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """The outputs with inputs rounded to `encodings` and the weight that was set."""
        fed = {}
        for name in self.rounded:
            encoding = encodings[name]
            fed[name + SCALE] = np.asarray(encoding.scale[0], np.float32)
            fed[name + ZERO] = np.asarray(encoding.zero_point[0], encoding.dtype)
        return self._run(self._in_integers, {**feeds, **self._weight, **fed}, wanted)

    def _run(self, session: Any, feeds: Feeds, wanted: Sequence[str]) -> dict[str, np.ndarray]:
        return dict(zip(wanted, session.run(list(wanted), dict(feeds)), strict=True))

    def _opened(self, like: Feeds, rounded: Collection[str]) -> Any:
        fed = {**like, **self._own}
        nodes = []
        for name in rounded:
            encoding = self._plan.encodings[name]
            fed |= {name + SCALE: np.zeros((), np.float32), name + ZERO: np.zeros((), encoding.dtype)}
            steps = (("QuantizeLinear", name, STORED), ("DequantizeLinear", name + STORED, ROUNDED))
            nodes += [
                helper.make_node(op, [source, name + SCALE, name + ZERO], [name + end], domain=MICROSOFT)
                for op, source, end in steps
            ]
        names = {name: name + ROUNDED for name in rounded}
        for layer in self.layers:
            nodes += emit_to_the_bit(layer, [names.get(name, name) for name in layer.inputs], layer.outputs)
        constants = needed_constants(nodes, self._graph.constants)
        tensors = [described(name, item) for name, item in constants.items() if name not in fed]
        inputs = [value_info(name, array) for name, array in fed.items()]
        return open_session(assemble(nodes, inputs, self.given, tensors, self._graph.model.proto), 1, constants)


def units_of(graph: Deployed, plan: Plan) -> Iterator[Unit]:
    """Layers in execution order, each with the activation that is fused to it."""
    done: set[str] = set()
    for layer in graph.layers:
        name = layer.outputs[0]
        if name in done:
            continue
        taker = graph.sole_consumer(name)
        if taker is not None and _is_one(plan, name, taker):
            done.add(taker.outputs[0])
            yield Unit(graph, (layer, taker), plan)
        else:
            yield Unit(graph, (layer,), plan)


def neighbours(units: Sequence[Unit]) -> dict[Unit, tuple[Unit, ...]]:
    """For every unit those that share rounded inputs with it, directly or through others, in execution order."""
    groups = {unit: [unit] for unit in units}
    first: dict[str, Unit] = {}
    for unit in units:
        for name in unit.rounded:
            one, other = groups[first.setdefault(name, unit)], groups[unit]
            if one is not other:
                one += other
                groups |= dict.fromkeys(other, one)
    order = {unit: place for place, unit in enumerate(units)}
    return {unit: tuple(sorted(group, key=order.__getitem__)) for unit, group in groups.items()}


def _is_one(plan: Plan, name: str, taker: DeployedLayer) -> bool:
    """Whether the layer that alone takes a tensor belongs to the one that gives it."""
    given = plan.encodings.get(taker.outputs[0])
    only_cuts = taker.op in ("Relu", "Clip") and given is not None and given == plan.encodings.get(name)
    return only_cuts or (name in plan.unstored and taker.op != "Add")


def _taken(graph: Deployed, layers: Sequence[DeployedLayer]) -> tuple[str, ...]:
    inside = {name for layer in layers for name in layer.outputs}
    names = dict.fromkeys(name for layer in layers for name in layer.inputs)
    return tuple(name for name in names if name and name not in inside and name not in graph.constants)


def _is_stored(graph: Deployed, plan: Plan, name: str) -> bool:
    return name in graph.producers and name in plan.encodings and name not in plan.unstored
