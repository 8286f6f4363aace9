"""The embedded simulator: a rewrite of the network with its quantization, run by ONNX Runtime."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import onnx

from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.execute import Network, assemble, value_info
from workbench.quantize.encoding import Encoding
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, SINGLE, Simulator, simulator, stored_encoding
from workbench.sources.source import DumpRequest, explained, sizes

SINGLE_SUFFIX, GOLDEN_SUFFIX = "-single", "-golden"


class EmbeddedSimulator:
    """Quantised or float16 values. Its sessions are made on the first dump and kept; one thread at a time."""

    name = "simulator"

    def __init__(self, graph: Deployed, plan: Plan, tensors: Collection[str]) -> None:
        """`tensors` are the deployed tensors that a dump holds."""
        self._graph = graph
        self._plan = plan
        self._tensors = frozenset(tensors)
        self._network: Network | None = None
        self._outputs: dict[str, tuple[str, str]] = {}

    def problems(self) -> list[str]:
        """Nothing is missing: the simulator is built in."""
        return []

    def dump(self, request: DumpRequest, out: Path) -> Steps[Path]:
        """Write the entire run to `out` and, where golden values are given, the single run beside it.

        A third dump takes the golden values of tensors that only the deployed graph has, if there are such tensors.
        """
        with ExitStack() as stack:
            stack.enter_context(explained(self._graph.model))
            golden = stack.enter_context(Dump(request.golden)) if request.golden is not None else None
            feeds = {GOLDEN + name: array for name, array in request.feeds.items()}
            feeds |= {} if golden is None else self._golden_feeds(golden)
            if self._network is None:
                self._network = self._open(feeds)
            writers = {ENTIRE: stack.enter_context(DumpWriter(out, {"source": self.name, **request.info}))}
            if golden is not None:
                info = {"source": self.name, "run": "single", **request.info}
                writers[SINGLE] = stack.enter_context(DumpWriter(single_path(out), info))
            if any(branch == GOLDEN for branch, _ in self._outputs.values()):
                info = {"source": "golden", "run": "deployed", **request.info}
                writers[GOLDEN] = stack.enter_context(DumpWriter(golden_path(out), info))

            def keep(name: str, array: np.ndarray) -> None:
                branch, tensor = self._outputs[name]
                op = self._graph.producers[tensor].op
                writers[branch].add(tensor, array, op, None if branch == GOLDEN else self._encoding(tensor))

            for event in self._network.run(feeds, keep, "simulator"):
                if golden is not None:
                    golden.release()
                yield event
        return out

    def _encoding(self, tensor: str) -> Encoding | None:
        return stored_encoding(self._graph, self._plan, tensor)

    def _golden_feeds(self, golden: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Golden values under the deployed tensors' names and shapes, mapped, not copied."""
        assert isinstance(golden, Dump)
        feeds = {}
        for name, source in self._graph.golden_of.items():
            if source not in golden or name not in self._graph.producers:
                continue
            array, encoding = golden.raw(source)
            array = array if encoding is None else golden[source]
            feeds[GOLDEN + name] = self._shaped(name, array, golden.path)
        return feeds

    def _shaped(self, name: str, array: np.ndarray, path: Path) -> np.ndarray:
        shape = self._graph.tensors[name].static_shape
        if shape is None or array.shape == shape:
            return array
        if int(np.prod(shape)) != array.size:
            raise DumpError(
                f"{path.name}: golden tensor {self._graph.golden_of[name]} has {array.size} values, "
                f"the network computes {int(np.prod(shape))}.",
                "Import golden values of this network, computed with these input shapes.",
            )
        return array.reshape(shape)

    def _open(self, feeds: Mapping[str, np.ndarray]) -> Network:
        built = simulator(self._graph, self._plan, [name.removeprefix(GOLDEN) for name in feeds])
        # several tensors may be stored in one output only by mistake: names are unique by construction
        self._outputs = {out: key for key, out in built.stored.items() if key[1] in self._tensors}
        proto = _proto(built, feeds, self._graph.model.proto)
        return Network(proto, self._outputs, self._sizes())

    def _sizes(self) -> dict[str, int]:
        known = sizes(self._graph.tensors)
        shares = {"int8": 4, "float16": 2}
        found = {}
        for output, (branch, tensor) in self._outputs.items():
            encoding = None if branch == GOLDEN else self._encoding(tensor)
            if tensor in known:
                found[output] = known[tensor] // (shares[encoding.dtype] if encoding is not None else 1)
        return found


def single_path(entire: Path) -> Path:
    """Where the single run is, beside the entire one."""
    return entire.with_name(f"{entire.stem}{SINGLE_SUFFIX}{entire.suffix}")


def golden_path(entire: Path) -> Path:
    """Where the golden values of tensors that only the deployed graph has are, beside the entire run."""
    return entire.with_name(f"{entire.stem}{GOLDEN_SUFFIX}{entire.suffix}")


def _proto(built: Simulator, feeds: Mapping[str, np.ndarray], like: onnx.ModelProto) -> onnx.ModelProto:
    inputs = [value_info(name, array) for name, array in feeds.items()]
    constants = [onnx.numpy_helper.from_array(np.asarray(array), name) for name, array in built.constants.items()]
    return assemble(built.nodes, inputs, [], constants, like)
