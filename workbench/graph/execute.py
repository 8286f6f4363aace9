"""Run an ONNX graph with ONNX Runtime in segments, so that exposing every tensor keeps memory bounded.

Graph optimisations are off: they change the bits of Conv and SiLU (quantization semantics §5.1). What the runtime
raises passes through; who knows the network calls `running.explain`.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import onnx
from onnx import helper

from workbench.foundation import cores
from workbench.foundation.steps import Progress, Steps
from workbench.foundation.threads import awaited, in_thread, threads
from workbench.graph.graph import Tensor
from workbench.graph.large_constants import nbytes, open_with
from workbench.graph.normalise import captured
from workbench.graph.segments import SEGMENT_BYTES, WEIGHT_BYTES, cut, kept_after

MOST_AT_A_TIME = 4  # runs of one session: each needs memory of its own
# of the arena: it grows by what is asked for, not to the next power of two
SAME_AS_REQUESTED = {"max_mem": 0, "arena_extend_strategy": 1, "initial_chunk_size_bytes": -1}
T = TypeVar("T")
Sink = Callable[[str, np.ndarray], None]


class Network:
    """A graph whose `wanted` tensors are handed out as they are computed.

    `sizes` are bytes per tensor; a segment ends when the tensors it must keep exceed `budget`, or its constants
    WEIGHT_BYTES. Sessions are made on the first run and kept, unless the network is larger than a segment may be; each
    has so many `threads`. `large` are the constants that `proto` only describes. One thread at a time.
    """

    def __init__(
        self,
        proto: onnx.ModelProto,
        wanted: Collection[str],
        sizes: Mapping[str, int],
        budget: int = SEGMENT_BYTES,
        threads: int | None = None,
        large: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self._proto = proto
        self._large = large or {}
        self._threads = threads
        self._wanted = frozenset(wanted)
        self._constants = {item.name: item for item in proto.graph.initializer}
        self._uses = [inputs_of(node) for node in proto.graph.node]
        weights = {name: nbytes(item) for name, item in self._constants.items()}
        self._segments = list(cut(proto.graph.node, self._wanted, (sizes, weights), budget))
        self._keeps_sessions = sum(weights.values()) <= WEIGHT_BYTES
        self._keep = kept_after(self._segments, self._uses)
        self._sessions: dict[int, tuple[tuple[Any, ...], Any]] = {}  # with the shapes of what each takes

    @property
    def segments(self) -> int:
        """How many sessions the graph was cut into."""
        return len(self._segments)

    def run(self, feeds: Mapping[str, np.ndarray], sink: Sink, stage: str = "run") -> Steps[None]:
        """Compute and hand every wanted tensor to `sink`; feeds may hold more than is needed.

        What a segment gave is handed out while the next one computes.
        """
        live = dict(feeds)
        made: dict[str, np.ndarray] = {}

        def hand_out() -> None:
            for name in tuple(made):
                sink(name, made.pop(name))

        for number, part in enumerate(self._segments):
            yield Progress(stage, number, len(self._segments))
            outputs = self._outputs(part, number)
            taken = self._taken(part, live)
            if outputs:
                session = yield from self._session(number, taken, outputs)
                arrays = yield from run_session(session, outputs, taken, stage, hand_out)
                del session
                live.update(zip(outputs, arrays, strict=True))
                given = (name for name in outputs if name in self._wanted)
                made.update((name, live[name]) for name in given if isinstance(live[name], np.ndarray))  # no sequences
                del arrays
            live = {name: array for name, array in live.items() if name in self._keep[number] or name in feeds}
        hand_out()
        yield Progress(stage, len(self._segments), len(self._segments))

    def _outputs(self, part: range, number: int) -> list[str]:
        needed = self._wanted | self._keep[number]
        return [name for index in part for name in self._proto.graph.node[index].output if name in needed]

    def _taken(self, part: range, live: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        made: set[str] = set()
        taken: dict[str, np.ndarray] = {}
        for index in part:
            for name in self._uses[index] - made:
                if name in live:
                    taken[name] = live[name]
            made.update(self._proto.graph.node[index].output)
        return taken

    def _session(self, number: int, taken: Mapping[str, Any], outputs: Sequence[str]) -> Steps[Any]:
        """The session of a segment; another one when shapes that depend on values have changed."""
        shapes = tuple(array.shape if isinstance(array, np.ndarray) else None for array in taken.values())
        made_for, session = self._sessions.get(number, (None, None))
        if made_for != shapes:
            session = yield from self._open(self._segments[number], taken, outputs)
            if self._keeps_sessions:
                self._sessions[number] = shapes, session
        return session

    def _open(self, part: range, taken: Mapping[str, np.ndarray], outputs: Sequence[str]) -> Steps[Any]:
        used = set().union(*(self._uses[index] for index in part))
        model = assemble(
            [self._proto.graph.node[index] for index in part],
            [value_info(name, array) for name, array in taken.items()],
            outputs,
            [item for name, item in self._constants.items() if name in used and name not in taken],
            self._proto,
        )
        return (yield from in_thread(lambda: open_session(model, self._threads, self._large), "prepare"))


def assemble(
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[str],
    constants: Sequence[onnx.TensorProto],
    like: onnx.ModelProto,
) -> onnx.ModelProto:
    """A model of some nodes, with the opsets of `like`; the types of the outputs are left to the runtime."""
    graph = helper.make_graph(nodes, "segment", inputs, [helper.make_empty_tensor_value_info(name) for name in outputs])
    graph.initializer.extend(constants)
    opsets = {item.domain: item.version for item in like.opset_import} | {
        node.domain: 1 for node in nodes if node.domain == "com.microsoft"
    }
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    return helper.make_model(graph, opset_imports=imports, ir_version=max(like.ir_version, 4))


def value_info(name: str, array: Any) -> onnx.ValueInfoProto:
    """The declaration of an input that takes `array`, or a sequence of arrays."""
    if isinstance(array, list):
        kind = helper.np_dtype_to_tensor_dtype(array[0].dtype) if array else onnx.TensorProto.FLOAT
        return helper.make_tensor_sequence_value_info(name, kind, None)
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)


def byte_sizes(tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """Bytes of every tensor whose shape and type are known."""
    found = {}
    for name, tensor in tensors.items():
        shape = tensor.static_shape
        if shape is not None and tensor.dtype:
            found[name] = int(np.prod(shape, dtype=np.int64)) * np.dtype(tensor.dtype).itemsize
    return found


def inputs_of(node: onnx.NodeProto) -> set[str]:
    """The tensors that a node reads, those that its subgraphs take from outside included."""
    names = set(node.input)
    names.update(captured(node))
    names.discard("")  # an optional input that is absent
    return names


def open_session(
    model: onnx.ModelProto, threads: int | None = None, constants: Mapping[str, np.ndarray] | None = None
) -> Any:
    """An ONNX Runtime session with graph optimisations off, in the memory that all sessions share.

    With another number of `threads` (`cores.threads` is the default) a Conv may give other last bits; the toolkit has
    one. `constants` has the large ones, which `model` only describes.
    """
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = threads or cores.threads()
    # in the order of the nodes, so that a value is consumed, and its memory free, soon after it was made
    options.execution_order = onnxruntime.ExecutionOrder.PRIORITY_BASED
    options.enable_mem_pattern = False  # it would set memory for the whole graph aside at once
    options.add_session_config_entry("session.use_env_allocators", "1")
    return open_with(model, options, constants or {})


@cache
def _share_memory() -> None:
    """One arena for all sessions: what a segment let go of is what the next one takes."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    memory = state.OrtMemoryInfo("Cpu", state.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, state.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(memory, state.OrtArenaCfg(SAME_AS_REQUESTED))


def run_session(
    session: Any,
    outputs: Sequence[str],
    feeds: Mapping[str, np.ndarray],
    stage: str,
    meanwhile: Callable[[], None] = lambda: None,
) -> Steps[list[Any]]:
    """Run a session in a thread and do `meanwhile`; closing the generator terminates it at the next operator."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4

    def terminate() -> None:
        options.terminate = True

    def run() -> list[Any]:
        return list(session.run(list(outputs), dict(feeds), options))

    return (yield from in_thread(run, stage, terminate, meanwhile))


def run_each(
    session: Any,
    outputs: Sequence[str],
    samples: Iterable[Mapping[str, np.ndarray]],
    done: Callable[[Mapping[str, np.ndarray], list[Any]], None],
    stage: tuple[str, int],
) -> Steps[None]:
    """Run a session of one thread on every sample, as many at a time as there are cores; `done` gets them in order.

    `stage` is the name of what is done and the number of samples. Closing the generator terminates all runs.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    flying: deque[tuple[Mapping[str, np.ndarray], Future[list[Any]]]] = deque()
    name, count = stage
    finished = 0
    at_once = min(MOST_AT_A_TIME, cores.count())
    with threads(at_once, "onnxruntime") as pool:
        try:
            for feeds in chain(samples, [None]):
                if feeds is not None:
                    flying.append((feeds, pool.submit(session.run, list(outputs), dict(feeds), options)))
                while len(flying) >= (at_once if feeds is not None else 1):
                    given, future = flying.popleft()
                    done(given, (yield from awaited(future, name)))
                    finished += 1
                    yield Progress(name, finished, count)
        finally:
            options.terminate = True
