"""Golden values of another state of the network: it was trained on, and the file that is deployed is the old one."""

from dataclasses import replace

from tests.benchmarks.diagnosis.bench import Bench
from tests.benchmarks.diagnosis.edits import Edited
from tests.benchmarks.diagnosis.golden import COMPUTING, golden_dump
from tests.benchmarks.diagnosis.kinds import Fault, Injected, causes
from workbench.project.session import ImportedDumps

MOVED = 0.1  # of the weights' own spread: some epochs of fine-tuning


def stale(bench: Bench) -> Injected | None:
    """The last third of the layers with weights has others where the golden values come from."""
    if len(bench.inputs) != 1:
        return None
    edited = Edited(bench.proto)
    given = bench.fed()
    nodes = [node for node in bench.proto.graph.node if node.op_type in COMPUTING]
    nodes = [node for node in nodes if edited.constant(node, 1) is not None]
    moved = nodes[-max(1, len(nodes) // 3) :]
    for node in moved:
        weights = edited.constant(node, 1)
        assert weights is not None
        noise = bench.random.standard_normal(weights.shape)
        edited.put(node, 1, weights + MOVED * weights.std() * noise)
    dump = ImportedDumps(golden_dump(bench, given, "input", edited.model))
    tensors = frozenset(node.output[0] for node in moved)
    return Injected(replace(bench.session, imports={"golden": dump}), causes("weights-stale"), tensors)


FAULTS = (Fault("stale", stale),)
