"""Sessions that run one after another as if they were one: a session of very many nodes takes minutes to open."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.graph.execute import assemble, inputs_of, open_session, value_info
from workbench.graph.segments import MOST_NODES, cut, kept_after


def open_chain(proto: onnx.ModelProto, threads: int, constants: Mapping[str, np.ndarray]) -> Any:
    """What is run like a session of `proto`: one, or several for a large network. `constants` has the large ones."""
    is_small = len(proto.graph.node) <= MOST_NODES
    return open_session(proto, threads, constants) if is_small else Chain(proto, threads, constants)


class Chain:
    """A network in parts, each opened when it is first run. Several threads may run it."""

    def __init__(self, proto: onnx.ModelProto, threads: int, constants: Mapping[str, np.ndarray]) -> None:
        self._proto, self._threads, self._large = proto, threads, constants
        self._constants = {item.name: item for item in proto.graph.initializer}
        self._inputs = {info.name: info for info in proto.graph.input}
        self._uses = [inputs_of(node) for node in proto.graph.node]
        self._parts = list(cut(proto.graph.node, (), ({}, {}), 0))
        outputs = {info.name for info in proto.graph.output}
        self._keep = [names | outputs for names in kept_after(self._parts, self._uses)]
        self._sessions: dict[int, Any] = {}
        self._lock = Lock()

    def run(self, outputs: Sequence[str], feeds: Mapping[str, Any], options: Any = None) -> list[Any]:
        """What a session's `run` is."""
        live = dict(feeds)
        for number, part in enumerate(self._parts):
            gives = [name for index in part for name in self._proto.graph.node[index].output]
            gives = [name for name in gives if name in self._keep[number]]
            reads = set().union(*(self._uses[index] for index in part))
            taken = {name: live[name] for name in sorted(reads) if name in live}
            arrays = self._session(number, reads, taken, gives).run(gives, taken, options) if gives else []
            live.update(zip(gives, arrays, strict=True))
            live = {name: array for name, array in live.items() if name in self._keep[number]}
        return [live[name] for name in outputs]

    def _session(self, number: int, reads: set[str], taken: Mapping[str, Any], gives: Sequence[str]) -> Any:
        with self._lock:
            if number not in self._sessions:
                model = assemble(
                    [self._proto.graph.node[index] for index in self._parts[number]],
                    [self._inputs.get(name) or _declared(name, array) for name, array in taken.items()],
                    gives,
                    [item for name, item in self._constants.items() if name in reads],
                    self._proto,
                )
                self._sessions[number] = open_session(model, self._threads, self._large)
            return self._sessions[number]


def _declared(name: str, array: Any) -> onnx.ValueInfoProto:
    """A tensor on its way from part to part: its shape may be another one in the next run."""
    if not isinstance(array, np.ndarray):
        return value_info(name, array)
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), None)
