"""One network with layers in this or that precision, run again and again: what two runs share is computed once.

A run's values are kept by their fingerprints, so the next one computes only what lies behind the layers that differ.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import onnx

from workbench.compare.metrics import measure
from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import Deployed
from workbench.graph.execute import assemble, byte_sizes, inputs_of, open_session, run_session, value_info
from workbench.graph.fingerprints import fingerprints
from workbench.graph.large_constants import described
from workbench.quantize.kept import Kept
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, Simulator, simulator, stored_encoding
from workbench.sources.earlier import needed
from workbench.sources.simulator import threads_of

STAGE = "mixtures"
MOST_KEPT = 1 << 29  # bytes of stored values that are kept of one run, of all samples
Arrays = Mapping[str, np.ndarray]
Layers = Mapping[str, str]
"""Layers by their first output in the deployed graph, and the precision that they have instead of the usual one."""


@dataclass(frozen=True)
class Outcome:
    """What a mixture gives: the metrics of each output, one mapping a sample."""

    outputs: Mapping[str, tuple[Mapping[str, float], ...]]

    @property
    def loss(self) -> float:
        """The largest 1 - cosine of any output and sample; infinite where there is none."""
        return max((loss(one) for each in self.outputs.values() for one in each), default=0.0)

    @property
    def cos(self) -> float:
        """The smallest cosine of any output and sample."""
        return 1.0 - self.loss

    def lost(self, output: str) -> float:
        """The largest 1 - cosine of an output."""
        return max(loss(one) for one in self.outputs[output])

    def mean(self, output: str) -> dict[str, float]:
        """The metrics of an output, each the mean of all samples."""
        each = self.outputs[output]
        return {key: float(np.mean([one[key] for one in each])) for key in each[0] if all(key in one for one in each)}


class Runs(Protocol):
    """Runs choices of layers, here or elsewhere."""

    def run_each(self, choices: Sequence[Layers]) -> Steps[list[Outcome]]:
        """The outputs' errors of each choice; progress of the stage `STAGE` counts them."""
        ...


class Mixtures:
    """Runs of a network that differ in the precision of layers. One thread at a time.

    `golden` are the values of its `outputs`, a mapping a sample, as are `feeds`.
    """

    def __init__(
        self,
        graph: Deployed,
        planned: Callable[[Layers], Plan],
        kept: Kept,
        feeds: Sequence[Arrays],
        golden: Sequence[Arrays],
    ) -> None:
        self._graph, self.planned, self._kept = graph, planned, kept
        self._feeds = [{GOLDEN + name: array for name, array in one.items()} for one in feeds]
        self._golden = list(golden)
        self._runs: dict[str, list[dict[bytes, np.ndarray]]] = {}  # stored values by fingerprint, a mapping a sample
        self._bytes = sum(byte_sizes(graph.tensors).values()) // 4
        self.count = 0

    def run(self, layers: Layers, keep: str = "") -> Steps[Outcome]:
        """The outputs' errors with these layers; with `keep` the run's values stay, in the place of those so named."""
        plan = self.planned(layers)
        built = simulator(self._graph, plan, (), self._kept.constants_of)
        prints = fingerprints(built.nodes, built.constants, self._kept.digests)
        wanted = {name: ENTIRE + name for name in self._golden[0]}
        stored = self._stored(built, plan) if keep else []
        given = self._given(prints)
        names = [*wanted.values(), *(name for name in stored if name not in given and name not in wanted.values())]
        found = yield from self._computed(built, plan, names, given)
        self.count += 1
        if keep:
            self._runs[keep] = [
                {prints[name]: given[name][at] if name in given else one[name] for name in stored}
                for at, one in enumerate(found)
            ]
        return Outcome({name: self._measured(name, output, found) for name, output in wanted.items()})

    def run_each(self, choices: Sequence[Layers]) -> Steps[list[Outcome]]:
        """The outputs' errors of each choice, one after the other."""
        found: list[Outcome] = []
        for layers in choices:
            yield Progress(STAGE, len(found), len(choices))
            found.append((yield from self.run(layers)))
        return found

    def _given(self, prints: Mapping[str, bytes]) -> dict[str, list[np.ndarray]]:
        """Outputs whose values are known from runs before, a value a sample."""
        found = {}
        for name, mark in prints.items():
            run = next((run for run in self._runs.values() if mark in run[0]), None)
            if run is not None:
                found[name] = [values[mark] for values in run]
        return found

    def _computed(
        self, built: Simulator, plan: Plan, names: Sequence[str], given: Mapping[str, Sequence[np.ndarray]]
    ) -> Steps[list[dict[str, np.ndarray]]]:
        """The values of some outputs, a mapping a sample."""
        outputs = [name for name in names if name not in given]
        known = [name for name in names if name in given]
        nodes = needed(built.nodes, outputs, given)
        read = set().union(*(inputs_of(node) for node in nodes)) if nodes else set()
        session: Any = None
        found: list[dict[str, np.ndarray]] = []
        for sample, feeds in enumerate(self._feeds):
            values = {name: given[name][sample] for name in known}
            if outputs:
                fed = {name: given[name][sample] for name in given if name in read}
                fed |= {name: array for name, array in feeds.items() if name in read}
                session = session or self._opened(nodes, outputs, fed, built.constants, threads_of(self._graph, plan))
                arrays = yield from run_session(session, outputs, fed, STAGE)
                values |= zip(outputs, arrays, strict=True)
            found.append(values)
        return found

    def _opened(
        self,
        nodes: Sequence[onnx.NodeProto],
        outputs: Sequence[str],
        fed: Arrays,
        constants: Arrays,
        threads: int | None,
    ) -> Any:
        used = set().union(*(inputs_of(node) for node in nodes))
        tensors = [described(name, one) for name, one in constants.items() if name in used]
        inputs = [value_info(name, array) for name, array in fed.items()]
        return open_session(assemble(nodes, inputs, outputs, tensors, self._graph.model.proto), threads, constants)

    def _stored(self, built: Simulator, plan: Plan) -> list[str]:
        """The outputs that hold what layers store in few bytes; [] where that is too much."""
        names = [
            out
            for (branch, tensor), out in built.stored.items()
            if branch == ENTIRE and stored_encoding(self._graph, plan, tensor) is not None
        ]
        return names if self._bytes * len(self._feeds) <= MOST_KEPT else []

    def _measured(self, name: str, output: str, found: Sequence[Arrays]) -> tuple[dict[str, float], ...]:
        return tuple(measure(golden[name], values[output]) for golden, values in zip(self._golden, found, strict=True))


def loss(metrics: Mapping[str, float]) -> float:
    """1 - cosine; where golden is all zero there is none, and any other value is a loss."""
    if "one_minus_cos" in metrics:
        value = metrics["one_minus_cos"]
        return math.inf if math.isnan(value) else value
    return 0.0 if metrics.get("max_abs", 0.0) == 0 else math.inf
