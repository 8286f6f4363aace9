"""A network's outputs for many inputs: one open session, nothing else kept; several inputs at once where that is safe.

Optimisations are off, so that the values are those of a session's dumps.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnx

from workbench.foundation.files import atomic_path
from workbench.foundation.steps import Event, Progress, Steps, changed
from workbench.graph.deployed import Deployed
from workbench.graph.execute import open_session, run_each, run_session
from workbench.graph.graph import Model
from workbench.graph.large_constants import whole
from workbench.graph.running import runtime_errors
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, ConstantsOf, simulator
from workbench.sources.earlier import needed
from workbench.sources.simulator import proto_of
from workbench.sources.source import explained

STAGE = "evaluate"
BATCH, BATCH_BYTES = 16, 1 << 20
PROBED = 4  # inputs that are run both ways before several are run at once
CLOSE = 1e-5  # of the largest value: what float sums of another order may differ by
Feeds = Mapping[str, np.ndarray]
Outputs = dict[str, np.ndarray]


class Runs(Protocol):
    """What computes a network's outputs: those of one item after the other, by the outputs' names. `close` ends it."""

    def outputs(self, feeds: Iterable[Feeds], count: int) -> Steps[list[Outputs]]: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Portable:
    """A network in a file, as another process can run it: what its outputs are called there, and how it is fed."""

    file: Path
    names: Mapping[str, str]
    prefix: str = ""
    is_exact: bool = False


class NetworkRuns:
    """Some nodes as one session of one thread; as many runs at a time as there are cores.

    `names` maps the network's outputs to the tensors that hold them. Small inputs are stacked, `batch` at a time, where
    the first ones give the same stacked: `is_exact` bit for bit, else as near as sums in another order are.
    """

    def __init__(
        self,
        nodes: Sequence[onnx.NodeProto],
        constants: Mapping[str, np.ndarray],
        names: Mapping[str, str],
        model: Model | None,
        prefix: str = "",
        is_exact: bool = False,
        like: onnx.ModelProto | None = None,
    ) -> None:
        """`model` explains what ONNX Runtime says; without one `like` has the opsets."""
        self._nodes = needed(nodes, list(names.values()), ())
        self._constants, self._names, self._model = constants, names, model
        self._prefix, self._is_exact = prefix, is_exact
        found = model.proto if model is not None else like
        assert found is not None
        self._like = found
        self._sessions: dict[int, Any] = {}
        self.batch = 0  # not known yet

    def outputs(self, feeds: Iterable[Feeds], count: int) -> Steps[list[Outputs]]:
        """The outputs for each of `count` feeds; closing ends the runs."""
        found: list[Outputs] = []
        waiting = iter(feeds)
        with nullcontext() if self._model is None else explained(self._model):
            if not self.batch:
                found = yield from self._probed(list(islice(waiting, PROBED)))
            before = len(found)
            steps = self._run(waiting, self.batch, count, found)
            yield from changed(steps, lambda event: _counted(event, self.batch, before, count))
        return found[:count]  # without what filled the last stack up

    def saved(self, path: Path) -> Portable:
        """Write the network to a file, unless it is there, for another process."""
        if not path.is_file():
            with atomic_path(path) as part:
                proto = proto_of(self._nodes, self._constants, {}, self._like)
                part.write_bytes(whole(proto, self._constants).SerializeToString())
        return Portable(path, dict(self._names), self._prefix, self._is_exact)

    def close(self) -> None:
        """Let go of the sessions."""
        self._sessions.clear()

    def _run(self, feeds: Iterable[Feeds], batch: int, count: int, found: list[Outputs]) -> Steps[None]:
        stacks = _stacked(feeds, batch) if batch > 1 else feeds
        waiting = iter(stacks)
        first = next(waiting, None)
        if first is None:
            return
        session = self._session(first, batch)

        def done(given: Mapping[str, np.ndarray], values: list[Any]) -> None:
            outputs = dict(zip(self._names, values, strict=True))
            del given
            found.extend(_apart(outputs, batch) if batch > 1 else [outputs])

        samples = ({self._prefix + name: array for name, array in one.items()} for one in chain([first], waiting))
        yield from run_each(session, list(self._names.values()), samples, done, (STAGE, count))

    def _probed(self, first: Sequence[Feeds]) -> Steps[list[Outputs]]:
        """The outputs of the first inputs, one by one; from them on it is known whether inputs may be stacked."""
        alone: list[Outputs] = []
        yield from self._run(first, 1, len(first), alone)
        self.batch = 1
        if len(first) == PROBED and _batch(first[0]) > 1 and _can_be_stacked(first, alone):
            together: list[Outputs] = []
            try:
                for stack in _stacked(first, PROBED):
                    named = {self._prefix + name: array for name, array in stack.items()}
                    session = self._session(stack, PROBED)
                    values = yield from run_session(session, list(self._names.values()), named, STAGE)
                    together = _apart(dict(zip(self._names, values, strict=True)), PROBED)
            except runtime_errors():  # it is no network for stacks
                together = []
            self.batch = _batch(first[0]) if _same(alone, together, self._is_exact) else 1
        self._sessions.pop(PROBED, None)
        return alone

    def _session(self, feeds: Feeds, size: int) -> Any:
        """The session for so many inputs at once."""
        if size not in self._sessions:
            named = {self._prefix + name: array for name, array in feeds.items()}
            proto = proto_of(self._nodes, self._constants, named, self._like)
            proto.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in self._names.values())
            self._sessions[size] = open_session(proto, 1, self._constants)
        return self._sessions[size]


def runs_from(portable: Portable) -> NetworkRuns:
    """A network that another process has written to a file."""
    proto = onnx.load(portable.file)
    constants = {item.name: onnx.numpy_helper.to_array(item) for item in proto.graph.initializer}
    return NetworkRuns(
        proto.graph.node, constants, portable.names, None, portable.prefix, portable.is_exact, like=proto
    )


def float_runs(model: Model) -> NetworkRuns:
    """A network as ONNX Runtime computes it in float."""
    names = {tensor.name: tensor.name for tensor in model.graph.outputs}
    return NetworkRuns(model.proto.graph.node, model.constants, names, model)


def simulated_runs(graph: Deployed, plan: Plan, constants_of: ConstantsOf, outputs: Sequence[str]) -> NetworkRuns:
    """A deployed network with its quantization, as the simulator runs it."""
    built = simulator(graph, plan, (), constants_of)
    names = {name: _simulated(graph, name, built.made) for name in outputs}
    return NetworkRuns(built.nodes, built.constants, names, graph.model, GOLDEN, is_exact=True)


def _simulated(graph: Deployed, name: str, made: Collection[str]) -> str:
    """The simulator's tensor for an output: its own, or the last that stands for it."""
    if ENTIRE + name in made:
        return ENTIRE + name
    twins = [twin for twin, golden in graph.golden_of.items() if golden == name and ENTIRE + twin in made]
    return ENTIRE + (twins[-1] if twins else name)


def _batch(feeds: Feeds) -> int:
    """As many as are small together: what takes long gains nothing, and needs the memory of all."""
    return min(BATCH, BATCH_BYTES // max(1, sum(array.nbytes for array in feeds.values())))


def _stacked(feeds: Iterable[Feeds], size: int) -> Iterator[Feeds]:
    """The last stack is filled up: a session takes one size."""
    waiting = iter(feeds)
    while some := list(islice(waiting, size)):
        some += [some[-1]] * (size - len(some))
        yield {name: np.concatenate([one[name] for one in some]) for name in some[0]}


def _apart(outputs: Mapping[str, np.ndarray], count: int) -> list[Outputs]:
    return [{name: values[at : at + 1] for name, values in outputs.items()} for at in range(count)]


def _can_be_stacked(feeds: Sequence[Feeds], outputs: Sequence[Outputs]) -> bool:
    arrays = [array for one in (*feeds, *outputs) for array in one.values()]
    return all(array.ndim and array.shape[0] == 1 for array in arrays)


def _same(alone: Sequence[Outputs], together: Sequence[Outputs], is_exact: bool) -> bool:
    if len(alone) != len(together):
        return False
    pairs = [(one[name], other[name]) for one, other in zip(alone, together, strict=True) for name in one]
    return all(_alike(one, other, is_exact) for one, other in pairs)


def _alike(one: np.ndarray, other: np.ndarray, is_exact: bool) -> bool:
    if one.shape != other.shape:
        return False
    if is_exact or one.dtype.kind != "f":
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    largest = float(np.abs(one[np.isfinite(one)]).max(initial=0.0))
    return bool(np.allclose(one, other, rtol=0, atol=CLOSE * largest, equal_nan=True))


def _counted(event: Event, batch: int, before: int, count: int) -> Event:
    if not isinstance(event, Progress) or not event.total:
        return event
    return Progress(event.stage, min(count, before + event.done * max(1, batch)), count, event.text)
