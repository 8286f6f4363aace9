"""What one layer does to the network's outputs: another value of its tensor, and all that lies behind it.

A run is cut after every tensor that is to be replaced; what lies before a cut is computed once. So a layer costs what
is behind it, and no more. Two runs are asked: the network in float where one tensor has quantised values ("only this
layer is quantised"), and the quantised network where one layer computed in float ("only this layer is float"). The
second is what the layer adds itself: in the chip a float layer is rounded again where integer layers take its tensor.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx

from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.emit import emit, needed_constants
from workbench.graph.execute import (
    Network,
    assemble,
    byte_sizes,
    inputs_of,
    open_session,
    run_each,
    run_session,
    value_info,
)
from workbench.graph.large_constants import described, filled
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, ConstantsOf, simulator
from workbench.sources.earlier import needed
from workbench.sources.simulator import proto_of

GIVEN = "given:"
STAGE = "effects"
Arrays = Mapping[str, np.ndarray]


class Replaceable:
    """A run of some nodes in which any of some tensors (`points`) can be replaced. Used by one thread.

    `base` are the outputs of the run as it is, after `start`. Every part is a session with one thread: threads of
    hundreds of sessions, which spin while they wait for work, would take the cores from each other.
    """

    def __init__(
        self,
        nodes: Sequence[onnx.NodeProto],
        constants: Mapping[str, np.ndarray],
        ends: tuple[Collection[str], Sequence[str]],
        like: onnx.ModelProto,
        *,
        is_optimised: bool,
    ) -> None:
        """`ends` are the points and the outputs; a run in float may be optimised."""
        points, self._outputs = frozenset(ends[0]), tuple(ends[1])
        self._like, self._is_optimised, self._constants = like, is_optimised, constants
        self._parts = _cut(nodes, points)
        self._uses = [frozenset().union(*(inputs_of(node) for node in part)) for part in self._parts]
        self._made = [[name for node in part for name in node.output if name] for part in self._parts]
        self._reads = [uses.difference(made) for uses, made in zip(self._uses, self._made, strict=True)]
        self._gives = self._given()
        self._at = {name: number for number, names in enumerate(self._made) for name in names if name in points}
        self._live: dict[str, np.ndarray] = {}
        self._sessions: dict[int, Any] = {}

    @property
    def base(self) -> dict[str, np.ndarray]:
        """The outputs where nothing is replaced."""
        return {name: self._live[name] for name in self._outputs}

    def start(self, feeds: Arrays) -> Steps[None]:
        """Compute the run as it is; what is read behind a cut is kept."""
        self._live = dict(feeds)
        self._live = yield from self._ahead(range(len(self._parts)), {}, {})

    def value(self, point: str) -> np.ndarray:
        """A point's value as it is."""
        return self._live[point]

    def replaced_each(
        self,
        changes: Iterable[tuple[str, np.ndarray]],
        done: Callable[[str, Arrays], None],
        stage: tuple[str, int],
    ) -> Steps[None]:
        """Call `done` with each point and the outputs where it alone has another value, of the same shape.

        In the order of `changes`, several at a time; `stage` is the name of what is done, and how many there are.
        """

        def told(change: Arrays, outputs: Sequence[np.ndarray]) -> None:
            done(next(iter(change)), dict(zip(self._outputs, outputs, strict=True)))

        yield from run_each(self, self._outputs, ({point: value} for point, value in changes), told, stage)

    def run(self, outputs: Sequence[str], change: Arrays, options: Any) -> list[np.ndarray]:
        """What a session's `run` is, fed with points that have other values; several threads may call it."""
        live = {**self._live, **change}
        _Chain(self._part, self._behind(change), live, {}).run((), {}, options)
        return [live[name] for name in outputs]

    def shifted(self, shifts: Arrays) -> Steps[dict[str, np.ndarray]]:
        """The outputs where something is added to each of some points."""
        new = {name: self._live[name] + shift for name, shift in shifts.items()}
        live = yield from self._ahead(self._behind(shifts), new, shifts)
        return {name: live[name] for name in self._outputs}

    def _behind(self, points: Collection[str]) -> list[int]:
        """The parts that change when some points do."""
        changed, behind = set(points), []
        for number in range(1 + min(self._at[name] for name in points), len(self._parts)):
            if self._reads[number] & changed:
                behind.append(number)
                changed.update(self._gives[number])
        return behind

    def _ahead(self, numbers: Sequence[int], new: Arrays, shifts: Arrays) -> Steps[dict[str, np.ndarray]]:
        """All values after some parts have run; one thread for all of them."""
        live = {**self._live, **new}
        yield from run_session(_Chain(self._part, numbers, live, shifts), (), {}, STAGE)
        return live

    def _given(self) -> list[list[str]]:
        """What later parts read of each part, and the outputs."""
        later, found = set(self._outputs), []
        for reads, made in zip(reversed(self._reads), reversed(self._made), strict=True):
            found.append([name for name in made if name in later])
            later |= reads
        return found[::-1]

    def _part(self, number: int, live: Arrays, options: Any) -> dict[str, np.ndarray]:
        outputs = self._gives[number]
        if not outputs:
            return {}
        taken = {name: live[name] for name in sorted(self._reads[number]) if name in live}
        if number not in self._sessions:
            self._sessions[number] = self._open(number, taken, outputs)
        return dict(zip(outputs, self._sessions[number].run(outputs, taken, options), strict=True))

    def _open(self, number: int, taken: Arrays, outputs: Sequence[str]) -> Any:
        inputs = [value_info(name, array) for name, array in taken.items()]
        names = [name for name in sorted(self._uses[number]) if name in self._constants]
        constants = [described(name, self._constants[name]) for name in names]
        if self._is_optimised:  # the optimiser looks at values
            constants = [filled(item, self._constants) for item in constants]
        model = assemble(self._parts[number], inputs, outputs, constants, self._like)
        return _open_fast(model) if self._is_optimised else open_session(model, 1, self._constants)


class _Chain:
    """Parts that run one after another as if they were one session; their values are added to `live`."""

    def __init__(
        self,
        part: Callable[[int, Arrays, Any], Arrays],
        numbers: Sequence[int],
        live: dict[str, np.ndarray],
        shifts: Arrays,
    ) -> None:
        self._part, self._numbers, self._live, self._shifts = part, numbers, live, shifts

    def run(self, outputs: Sequence[str], feeds: Arrays, options: Any) -> list[np.ndarray]:
        """What a session's `run` is; it gives nothing."""
        for number in self._numbers:
            for name, array in self._part(number, self._live, options).items():
                self._live[name] = array + self._shifts[name] if name in self._shifts else array
        return []


def in_float(graph: Deployed, points: Collection[str], outputs: Sequence[str]) -> Replaceable:
    """The deployed network in float; fed with the network's inputs under their names."""
    nodes = [item for layer in graph.layers for item in emit(layer, layer.inputs, layer.outputs)]
    nodes = needed(nodes, outputs, ())
    constants = needed_constants(nodes, graph.constants)
    return Replaceable(nodes, constants, (points, outputs), graph.model.proto, is_optimised=True)


def quantised(
    graph: Deployed, plan: Plan, constants_of: ConstantsOf, points: Collection[str], outputs: Sequence[str]
) -> Replaceable:
    """The deployed network as the simulator runs it.

    Tensors have the prefix ENTIRE; it is fed with the network's inputs, whose prefix is GOLDEN.
    """
    built = simulator(graph, plan, (), constants_of)
    ends = {ENTIRE + name for name in points}, [ENTIRE + name for name in outputs]
    nodes = needed(built.nodes, ends[1], ())
    return Replaceable(nodes, built.constants, ends, graph.model.proto, is_optimised=False)


def layers_in_float(graph: Deployed, tensors: Collection[str], values: Arrays) -> Steps[dict[str, np.ndarray]]:
    """Some tensors, each computed in float from the `values` that its layer takes; those that lack one are left out."""
    nodes: list[onnx.NodeProto] = []
    found: dict[str, np.ndarray] = {}
    for layer in graph.layers:
        wanted = [name for name in layer.outputs if name in tensors]
        taken = [name for name in layer.inputs if name and name not in graph.constants]
        if wanted and all(name in values for name in taken):
            inputs = [GIVEN + name if name in taken else name for name in layer.inputs]
            nodes += emit(layer, inputs, layer.outputs)
    if nodes:
        made = {name for node in nodes for name in node.output}
        wanted_names = [name for name in tensors if name in made]
        feeds = {GIVEN + name: array for name, array in values.items()}
        used = set().union(*(inputs_of(node) for node in nodes))
        feeds = {name: array for name, array in feeds.items() if name in used}
        constants = needed_constants(nodes, graph.constants)
        proto = proto_of(nodes, constants, feeds, graph.model.proto)
        network = Network(proto, wanted_names, byte_sizes(graph.tensors), large=constants)
        yield from network.run(feeds, found.__setitem__, STAGE)
    return found


def inputs_behind(graph: Deployed, tensors: Collection[str]) -> set[str]:
    """What the layers of some tensors take, constants left out."""
    layers = (graph.producers[name] for name in tensors if name in graph.producers)
    return {name for layer in layers for name in layer.inputs if name and name not in graph.constants}


def share_of_error(golden: np.ndarray, other: np.ndarray) -> float:
    """Σ(other - golden)² / Σ golden², of what is finite in golden; infinite where `other` is not."""
    reference = golden.reshape(-1).astype(np.float64)
    difference = other.reshape(-1).astype(np.float64) - reference
    is_finite = np.isfinite(reference)
    if not is_finite.all():
        reference, difference = reference[is_finite], difference[is_finite]
    energy, error = float(np.square(reference).sum()), float(np.square(difference).sum())
    if not math.isfinite(error):
        return math.inf
    return error / energy if energy else (math.inf if error else 0.0)


def fed(feeds: Arrays) -> dict[str, np.ndarray]:
    """The network's inputs as a quantised run takes them."""
    return {GOLDEN + name: array for name, array in feeds.items()}


def _cut(nodes: Sequence[onnx.NodeProto], points: Collection[str]) -> list[list[onnx.NodeProto]]:
    """The nodes in their order, cut behind each that gives a point."""
    parts: list[list[onnx.NodeProto]] = [[]]
    for node in nodes:
        parts[-1].append(node)
        if any(name in points for name in node.output):
            parts.append([])
    return [part for part in parts if part]


def _open_fast(model: onnx.ModelProto) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
