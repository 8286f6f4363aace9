"""The embedded simulator: a rewrite of the network with its quantization, run by ONNX Runtime."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Steps
from workbench.graph.deployed import PRODUCT, Deployed
from workbench.graph.execute import Network, assemble, byte_sizes, inputs_of, value_info
from workbench.graph.fingerprints import SIZE, fingerprints
from workbench.graph.large_constants import described
from workbench.graph.segments import UNKNOWN_BYTES
from workbench.quantize.encoding import Encoding
from workbench.quantize.kept import Kept
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, SINGLE, Simulator, simulator, stored_encoding
from workbench.quantize.schemes import FLOAT16, INT16
from workbench.sources.earlier import FINGERPRINTS, Earlier, Key, needed, opened, taken
from workbench.sources.source import DumpRequest, explained

SINGLE_SUFFIX, GOLDEN_SUFFIX = "-single", "-golden"
SUMS = frozenset(("Conv", "ConvTranspose", "Gemm", "MatMul", PRODUCT))
MOST = 0.5  # of a run's bytes that may differ from an earlier one's; above, a run of its own costs little more


class EmbeddedSimulator:
    """Quantised or float16 values. Its sessions are made on the first dump and kept; one thread at a time."""

    name = "simulator"

    def __init__(
        self,
        graph: Deployed,
        plan: Plan,
        tensors: Collection[str],
        kept: Kept | None = None,
        entire_only: bool = False,
    ) -> None:
        """`tensors` are the deployed tensors that a dump holds; `kept` is what simulators of the graph share.

        `entire_only`: no other run is dumped, whether golden values are given or not.
        """
        self._graph = graph
        self._plan = plan
        self._tensors = frozenset(tensors)
        self._entire_only = entire_only
        self._kept = kept or Kept()
        self._built: Simulator | None = None
        self._outputs: dict[str, Key] = {}
        self._sizes: dict[str, int] = {}
        self._fingerprints: dict[Key, str] = {}
        self._networks: dict[frozenset[str], Network] = {}

    def problems(self) -> list[str]:
        """Nothing is missing: the simulator is built in."""
        return []

    def dump(self, request: DumpRequest, out: Path) -> Steps[Path]:
        """Write the entire run to `out` and, where golden values are given, the single run beside it.

        A third dump takes the golden values of tensors that only the deployed graph has, if there are such tensors.
        Where `request.earlier` has most tensors, only the others are computed, and the dumps are overlays.
        """
        with ExitStack() as stack:
            stack.enter_context(explained(self._graph.model))
            is_fed = request.golden is not None and not self._entire_only
            golden = stack.enter_context(Dump(request.golden)) if request.golden and is_fed else None
            feeds = {GOLDEN + name: array for name, array in request.feeds.items()}
            feeds |= {} if golden is None else self._golden_feeds(golden)
            built = self._build(feeds)
            earlier, outputs = self._choose(stack, request)
            network = self._network(built, feeds, earlier, outputs)
            paths = self._paths(out, golden is not None)
            infos = {branch: self._info(request, branch, earlier) for branch in paths}
            writers = {
                branch: stack.enter_context(DumpWriter(path, infos[branch], self._room(branch, outputs)))
                for branch, path in paths.items()
            }
            given = {key for name, key in self._outputs.items() if name not in outputs}

            def keep(name: str, array: np.ndarray) -> None:
                branch, tensor = self._outputs[name]
                given.add((branch, tensor))
                encoding = None if branch == GOLDEN else self._encoding(tensor)
                writers[branch].add(tensor, array, self._graph.producers[tensor].op, encoding)

            for event in network.run(feeds, keep, "simulator"):
                for dump in (golden, earlier):
                    if dump is not None:
                        dump.release()
                yield event
            if earlier is not None:  # an index is written when its dump is complete
                for branch, info in infos.items():
                    info["tensors"] = [tensor for tensor in info[FINGERPRINTS] if (branch, tensor) in given]
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
            if encoding is None and array.dtype.kind in "iu" and self._graph.is_float(name):
                continue  # somebody's integers that say nothing of what they stand for
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

    def _build(self, feeds: Mapping[str, np.ndarray]) -> Simulator:
        if self._built is None:
            names = [name.removeprefix(GOLDEN) for name in feeds]
            self._built = simulator(self._graph, self._plan, names, self._kept.constants_of)
            # several tensors may be stored in one output only by mistake: names are unique by construction
            stored = ((out, key) for key, out in self._built.stored.items() if key[1] in self._tensors)
            self._outputs = {out: key for out, key in stored if key[0] == ENTIRE or not self._entire_only}
            self._sizes = self._bytes()
            self._fingerprints = self._identify(self._built)
        return self._built

    def _identify(self, built: Simulator) -> dict[Key, str]:
        """The fingerprint of every output: what it is computed from, and how the dump says that it is stored."""
        known = fingerprints(built.nodes, built.constants, self._kept.digests)
        found = {}
        for output, (branch, tensor) in self._outputs.items():
            encoding = None if branch == GOLDEN else self._encoding(tensor)
            said = f"{self._graph.producers[tensor].op} {encoding}".encode()
            found[branch, tensor] = blake2b(known[output] + said, digest_size=SIZE).hexdigest()
        return found

    def _choose(self, stack: ExitStack, request: DumpRequest) -> tuple[Earlier | None, frozenset[str]]:
        """The earlier dumps that leave the fewest bytes to compute, and the outputs that they leave."""
        every = frozenset(self._outputs)
        best, left = None, every
        most = MOST * self._weight(every)
        for path in request.earlier:
            golden = str(request.info.get("golden", ""))
            earlier = stack.enter_context(opened(self._paths(path, single=True), golden))
            if earlier is None:
                continue
            held = earlier.holds(self._fingerprints)
            others = frozenset(name for name, key in self._outputs.items() if key not in held)
            if self._weight(others) <= most:
                best, left, most = earlier, others, self._weight(others)
        return best, left

    def _weight(self, outputs: Collection[str]) -> int:
        return sum(self._sizes.get(name, UNKNOWN_BYTES) for name in outputs)

    def _network(
        self, built: Simulator, feeds: dict[str, np.ndarray], earlier: Earlier | None, outputs: frozenset[str]
    ) -> Network:
        """What computes `outputs`; `feeds` gets the values that are taken from an earlier run."""
        given = {name for name in self._outputs if name not in outputs}
        nodes = needed(built.nodes, outputs, given)
        if earlier is not None:
            feeds |= {name: earlier.stored(self._outputs[name]) for name in taken(nodes, given)}
        if outputs not in self._networks:
            proto = proto_of(nodes, built.constants, feeds, self._graph.model.proto)
            threads = threads_of(self._graph, self._plan)
            self._networks[outputs] = Network(proto, outputs, self._sizes, threads=threads, large=built.constants)
        return self._networks[outputs]

    def _paths(self, out: Path, single: bool) -> dict[str, Path]:
        """The file of every branch that is dumped."""
        paths = {ENTIRE: out, SINGLE: single_path(out), GOLDEN: golden_path(out)}
        has_golden = any(branch == GOLDEN for branch, _ in self._outputs.values())
        present = {ENTIRE} | ({SINGLE} if single else set()) | ({GOLDEN} if has_golden else set())
        return {branch: path for branch, path in paths.items() if branch in present}

    def _info(self, request: DumpRequest, branch: str, earlier: Earlier | None) -> dict[str, Any]:
        """What the dump of a branch says about itself."""
        kinds = {ENTIRE: {}, SINGLE: {"run": "single"}, GOLDEN: {"source": "golden", "run": "deployed"}}
        info = {"source": self.name, **kinds[branch], **request.info}
        info[FINGERPRINTS] = {key[1]: text for key, text in self._fingerprints.items() if key[0] == branch}
        return info if earlier is None else {**info, "base": earlier.name(branch)}

    def _room(self, branch: str, outputs: Collection[str]) -> int:
        """The bytes of a branch's dump, as far as they are known."""
        return sum(self._sizes.get(name, 0) for name in outputs if self._outputs[name][0] == branch)

    def _bytes(self) -> dict[str, int]:
        known = byte_sizes(self._graph.tensors)
        shares = {"int8": 4, "float16": 2, "int16": 2}
        found = {}
        for output, (branch, tensor) in self._outputs.items():
            encoding = None if branch == GOLDEN else self._encoding(tensor)
            if tensor in known:
                found[output] = known[tensor] // (shares.get(encoding.dtype, 1) if encoding is not None else 1)
        return found


def threads_of(graph: Deployed, plan: Plan) -> int | None:
    """One, as the toolkit has it, where sums are stored in 16 bits; 8 hide their last bits.

    ONNX Runtime adds up a Conv of few places (64 a thread) in another order when it has more threads.
    """
    sums = [layer for layer in graph.layers if layer.op in SUMS]
    return 1 if any(plan.of(layer) in (FLOAT16, INT16) for layer in sums) else None


def single_path(entire: Path) -> Path:
    """Where the single run is, beside the entire one."""
    return entire.with_name(f"{entire.stem}{SINGLE_SUFFIX}{entire.suffix}")


def golden_path(entire: Path) -> Path:
    """Where the golden values of tensors that only the deployed graph has are, beside the entire run."""
    return entire.with_name(f"{entire.stem}{GOLDEN_SUFFIX}{entire.suffix}")


def is_complete(entire: Path) -> bool:
    """Whether the dumps of a run can be used: both runs are there, and of overlays their bases too."""
    further = [path for path in (golden_path(entire),) if path.is_file()]
    try:
        for path in (entire, single_path(entire), *further):
            Dump(path).close()
    except DumpError:
        return False
    return True


def proto_of(
    nodes: Sequence[onnx.NodeProto],
    constants: Mapping[str, np.ndarray],
    feeds: Mapping[str, np.ndarray],
    like: onnx.ModelProto,
) -> onnx.ModelProto:
    """The nodes as a network that takes `feeds`; of large `constants` it has the description only."""
    used = set().union(*(inputs_of(node) for node in nodes))
    inputs = [value_info(name, array) for name, array in feeds.items()]
    tensors = [described(name, array) for name, array in constants.items() if name in used]
    return assemble(nodes, inputs, [], tensors, like)
