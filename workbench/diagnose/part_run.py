"""The part of a network that some tensors need, run in float: what an input has to go through to be judged."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from workbench.foundation.steps import Steps
from workbench.graph.execute import assemble, inputs_of, run_session, value_info
from workbench.graph.graph import Model
from workbench.graph.large_constants import filled


class PartRun:
    """The layers of an ONNX network before `wanted` tensors, from `given` ones (its inputs, by default).

    The session is made on the first run, with ONNX Runtime's optimisations: fast, and equal to the reference but for
    rounding. One thread at a time.
    """

    def __init__(self, model: Model, wanted: Sequence[str], given: Collection[str] = ()) -> None:
        self._model, self._wanted = model, tuple(wanted)
        self._given = frozenset(given) | {tensor.name for tensor in model.graph.inputs}
        self._nodes, self._read = _needed(model, self._wanted, self._given)
        self._session: Any = None
        self.layers = len(self._nodes)

    def run(self, feeds: Mapping[str, np.ndarray], stage: str = "diagnose") -> Steps[dict[str, np.ndarray]]:
        """The wanted tensors; feeds may hold more than is needed, those of one name are always of one shape."""
        taken = {name: feeds[name] for name in sorted(self._read & self._given) if name in feeds}
        computed = [name for name in self._wanted if name not in taken]
        found = {name: taken[name] for name in self._wanted if name in taken}
        if computed:
            if self._session is None:
                self._session = self._open(taken, computed)
            found.update(zip(computed, (yield from run_session(self._session, computed, taken, stage)), strict=True))
        return found

    def _open(self, taken: Mapping[str, np.ndarray], computed: Sequence[str]) -> Any:
        import onnxruntime

        read, items = self._read - set(taken), self._model.proto.graph.initializer
        constants = [filled(item, self._model.large) for item in items if item.name in read]
        inputs = [value_info(name, array) for name, array in taken.items()]
        model = assemble(self._nodes, inputs, computed, constants, self._model.proto)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _needed(model: Model, wanted: Sequence[str], given: frozenset[str]) -> tuple[list[Any], set[str]]:
    """The nodes, in order, and all names that these and `wanted` read."""
    read, nodes = set(wanted), []
    for node in reversed(model.proto.graph.node):
        if any(name in read and name not in given for name in node.output):
            nodes.append(node)
            read |= inputs_of(node)
    return nodes[::-1], read
