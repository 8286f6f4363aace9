"""What one error alone does to the outputs: the network in float, with errors put in where quantization makes them.

Squared relative errors of independent sources add up, so that what a source alone does is its share of the damage.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from workbench.diagnose.case import Case
from workbench.diagnose.channels import output_channels
from workbench.diagnose.gate import ANGLE, CHANNEL, NAN, STEP, Hurt, scores, worst_channel
from workbench.foundation.steps import Steps
from workbench.graph.deployed import DeployedLayer
from workbench.graph.emit import emit, needed_constants
from workbench.graph.execute import assemble, open_session, run_session, value_info

STAGE = "diagnose"
LOW, HIGH, ADDED = ":low", ":high", ":added"
UNBOUNDED = np.float32(3e38)
Constants = Mapping[str, Mapping[int, np.ndarray]]


@dataclass(frozen=True)
class Errors:
    """What is put in: errors that are `added` to tensors, ranges that tensors are `cut` to."""

    added: Mapping[str, np.ndarray] = field(default_factory=dict)
    cut: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class FloatRun:
    """The deployed graph in float up to some tensors, with places for errors; one thread at a time.

    `constants` take the place of layers' own, by first output and position.
    """

    def __init__(
        self,
        case: Case,
        wanted: Collection[str],
        places: Collection[str] = (),
        bounded: Collection[str] = (),
        constants: Constants | None = None,
        only: DeployedLayer | None = None,
    ) -> None:
        """`only` one layer: then its inputs are what is fed."""
        self._case, self._wanted = case, tuple(wanted)
        self._places, self._bounded, self._constants = frozenset(places), frozenset(bounded), constants or {}
        self._layers = (only,) if only is not None else case.graph.layers if case.graph is not None else ()
        self._session: Any = None

    def run(self, feeds: Mapping[str, np.ndarray], errors: Errors | None = None) -> Steps[dict[str, np.ndarray]]:
        """The wanted tensors."""
        fed = {name: np.asarray(array) for name, array in feeds.items()}
        fed |= {name + ADDED: np.asarray(np.float32(0)) for name in self._places}
        fed |= {name + LOW: np.asarray(-UNBOUNDED) for name in self._bounded}
        fed |= {name + HIGH: np.asarray(UNBOUNDED) for name in self._bounded}
        if self._session is None:
            self._session = self._opened(fed)
        for name, array in errors.added.items() if errors else ():
            fed[name + ADDED] = np.asarray(array, np.float32)
        for name, (low, high) in errors.cut.items() if errors else ():
            fed |= {name + LOW: np.asarray(np.float32(low)), name + HIGH: np.asarray(np.float32(high))}
        arrays = yield from run_session(self._session, self._wanted, fed, STAGE)
        return dict(zip(self._wanted, arrays, strict=True))

    def _opened(self, fed: Mapping[str, np.ndarray]) -> Any:
        graph = self._case.graph
        assert graph is not None
        nodes: list[onnx.NodeProto] = []
        names: dict[str, str] = {}
        tensors: list[onnx.TensorProto] = []
        for layer in self._layers:
            taken = [names.get(name, name) for name in layer.inputs]
            for position, value in self._constants.get(layer.outputs[0], {}).items():
                taken[position] = f"constant{position}:{layer.outputs[0]}"
                tensors.append(numpy_helper.from_array(np.asarray(value), taken[position]))
            nodes += emit(layer, taken, layer.outputs)
            for name in layer.outputs:
                if name in self._places | self._bounded:
                    names[name] = self._with_place(name, nodes)
        tensors += [
            numpy_helper.from_array(np.asarray(item), name)
            for name, item in needed_constants(nodes, graph.constants).items()
        ]
        inputs = [_declared(name, array) for name, array in fed.items()]
        return open_session(assemble(nodes, inputs, self._wanted, tensors, graph.model.proto))

    def _with_place(self, name: str, nodes: list[onnx.NodeProto]) -> str:
        given = name
        if name in self._bounded:
            nodes.append(helper.make_node("Min", [given, name + HIGH], [f"{name}:below"]))
            nodes.append(helper.make_node("Max", [f"{name}:below", name + LOW], [f"{name}:cut"]))
            given = f"{name}:cut"
        if name in self._places:
            nodes.append(helper.make_node("Add", [given, name + ADDED], [f"{name}:with"]))
            given = f"{name}:with"
        return given


class Damage:
    """What errors do to the outputs that are spoilt, as a share of what the simulator does to them."""

    def __init__(self, case: Case, sample: int, places: Collection[str] = (), bounded: Collection[str] = ()) -> None:
        self._case, self._sample = case, sample
        producers = case.graph.producers if case.graph is not None else {}
        self.hurts = tuple(hurt for hurt in case.hurt if hurt.why != NAN and hurt.tensor in producers)
        self._outputs = tuple(hurt.tensor for hurt in self.hurts)
        self.hurts += _lost_channels(case, sample, self.hurts)
        self._network = FloatRun(case, self._outputs, places, bounded)
        self._feeds: Mapping[str, np.ndarray] = {}
        self._float: dict[str, np.ndarray] = {}
        self._total: dict[Hurt, float] = {}

    def share(self, errors: Errors) -> Steps[float]:
        """Of these errors alone, 0 to 1: between the mean over the spoilt outputs and the worst of them."""
        yield from self.prepared()
        return self._of((yield from self._network.run(self._feeds, errors)))

    def of_constants(self, constants: Constants) -> Steps[float]:
        """Of other constants alone, 0 to 1."""
        yield from self.prepared()
        return self._of((yield from FloatRun(self._case, self._outputs, constants=constants).run(self._feeds)))

    def prepared(self) -> Steps[None]:
        """Compute the float outputs, once."""
        if self._float:
            return
        self._feeds = self._case.feeds_of(self._case.samples[self._sample])
        self._float = yield from self._network.run(self._feeds)
        for hurt in self.hurts:
            row = self._case.by_tensor[hurt.tensor]
            values, golden = self._case.simulated(row, self._sample), self._case.golden(row, self._sample)
            own = self._float[hurt.tensor]
            if values is None or golden is None or values.size != own.size or golden.size != own.size:
                continue
            simulated = spoilt(hurt, own, values)
            total = spoilt(hurt, golden.reshape(own.shape), values)  # golden may be another's: then not all is ours
            self._total[hurt] = max(simulated, total)

    def _of(self, values: Mapping[str, np.ndarray]) -> float:
        shares = [
            min(1.0, spoilt(hurt, self._float[hurt.tensor], values[hurt.tensor]) / self._total[hurt])
            for hurt in self.hurts
            if self._total.get(hurt)
        ]
        return float(np.mean(shares) + np.max(shares)) / 2 if shares else 0.0


def _lost_channels(case: Case, sample: int, hurts: Sequence[Hurt]) -> tuple[Hurt, ...]:
    """Channels that are lost in outputs whose cosine is bad besides: large numbers must not hide small ones."""
    found = []
    for hurt in hurts:
        row = case.by_tensor[hurt.tensor]
        golden, values = case.golden(row, sample), case.simulated(row, sample)
        if hurt.why in (CHANNEL, STEP) or golden is None or values is None or golden.size != values.size:
            continue
        worst = worst_channel(golden, values.reshape(golden.shape))
        if worst is not None:
            found.append(Hurt(hurt.tensor, hurt.column, CHANNEL, worst[1], worst[0], sample))
    return tuple(found)


def spoilt(hurt: Hurt, golden: np.ndarray, values: np.ndarray) -> float:
    """How spoilt an output is in the way that was noticed: 0 to 1; the squared relative error where that is small."""
    golden, values = golden.astype(np.float64), values.astype(np.float64).reshape(golden.shape)
    if not np.isfinite(values).all():
        return 1.0
    if hurt.why not in (CHANNEL, STEP):
        square = float(np.square(golden).sum())
        error = _sideways(golden, values) if hurt.why == ANGLE and square else float(np.square(values - golden).sum())
        return _bounded(error / square) if square else 0.0
    own, other = output_channels(golden), output_channels(values)
    at = [hurt.channel or 0] if hurt.why == CHANNEL else scores(own)
    variance = own[at].var(axis=1)
    errors = np.square(other[at] - own[at]).mean(axis=1)[variance > 0] / variance[variance > 0]
    return _bounded(float(errors.mean())) if errors.size else 0.0


def _sideways(golden: np.ndarray, values: np.ndarray) -> float:
    """The squared error but for a common factor: what a cosine sees."""
    golden, values = golden.reshape(-1), values.reshape(-1)
    factor = float(golden @ values) / float(golden @ golden)
    return float(np.square(values - factor * golden).sum()) / max(factor * factor, 1e-6)


def _bounded(square: float) -> float:
    return square / (1.0 + square)


def _declared(name: str, array: np.ndarray) -> onnx.ValueInfoProto:
    """An input; an error that is added may have any shape, so that one zero does for a whole tensor."""
    if not name.endswith(ADDED):
        return value_info(name, array)
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
