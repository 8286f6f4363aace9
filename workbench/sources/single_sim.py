"""The simulator on a board's own values: what every layer should have given for what the board gave it.

That is what the vendor's column single_sim compares with the board: the layer's inputs are the board's, so that nothing
is inherited. (Checked with the report of a real RK3588: golden inputs give an euc of 22.1 where the report has 0.29,
the board's inputs give the report's.) What the board has no file of, as inside a fused operator of its own, the
simulator computes from what there is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from workbench.dump.store import Dump, DumpWriter
from workbench.foundation.steps import Steps
from workbench.graph.deployed import Deployed
from workbench.graph.execute import Network, byte_sizes
from workbench.quantize.kept import Kept
from workbench.quantize.plan import Plan
from workbench.quantize.rewrite import ENTIRE, GOLDEN, simulator, stored_encoding
from workbench.sources.earlier import needed
from workbench.sources.simulator import proto_of, threads_of
from workbench.sources.source import explained

BOARD = "board:"


def simulate_on_board(
    simulated: tuple[Deployed, Plan, Kept],
    feeds: Mapping[str, np.ndarray],
    runtime: Path,
    out: Path,
    info: Mapping[str, Any],
) -> Steps[Path]:
    """Write a dump of every tensor that the board's dump `runtime` has, computed from the board's inputs.

    `feeds` are the network's own inputs: they are the same on both sides, whatever the board dumps of its input, which
    may be what stood there before normalisation.
    """
    graph, plan, kept = simulated
    with explained(graph.model), Dump(runtime) as board:
        given = _given(graph, board)
        built = simulator(graph, plan, (), kept.constants_of)
        outputs = {built.stored[ENTIRE, name]: name for name in given if (ENTIRE, name) in built.stored}
        fed = {ENTIRE + name: BOARD + name for name in given if not _is_input(graph, name)}
        nodes = needed([_rewired(node, fed) for node in built.nodes], list(outputs), ())
        arrays = {GOLDEN + name: array for name, array in feeds.items()}
        arrays |= {BOARD + name: array for name, array in given.items() if ENTIRE + name in fed}
        known = byte_sizes(graph.tensors)
        sizes = {output: known[name] for output, name in outputs.items() if name in known}
        network = Network(
            proto_of(nodes, built.constants, arrays, graph.model.proto),
            list(outputs),
            sizes,
            threads=threads_of(graph, plan),
            large=built.constants,
        )
        with DumpWriter(out, {"source": "simulator", "run": "single_sim", **info}) as writer:

            def keep(output: str, array: np.ndarray) -> None:
                name = outputs[output]
                writer.add(name, array, graph.producers[name].op, stored_encoding(graph, plan, name))

            for event in network.run(arrays, keep, "single_sim"):
                board.release()
                yield event
    return out


def _given(graph: Deployed, board: Dump) -> dict[str, np.ndarray]:
    """The board's values of the tensors that layers compute, in the graph's shapes."""
    found = {}
    for name in board.names:
        shape = graph.tensors[name].static_shape if name in graph.tensors else None
        if name in graph.producers and graph.is_float(name) and shape is not None:
            stored, encoding = board.raw(name)
            values = stored if encoding is None and stored.dtype == np.float32 else board[name]  # mapped, not copied
            if values.size == int(np.prod(shape)):
                found[name] = values.reshape(shape)
    return found


def _is_input(graph: Deployed, name: str) -> bool:
    """Whether a tensor is an input of the network, perhaps converted."""
    return graph.golden_of.get(name) in {tensor.name for tensor in graph.model.graph.inputs}


def _rewired(node: onnx.NodeProto, fed: Mapping[str, str]) -> onnx.NodeProto:
    """The node with the board's values in the place of the simulator's."""
    if not any(name in fed for name in node.input):
        return node
    found = onnx.NodeProto()
    found.CopyFrom(node)
    del found.input[:]
    found.input.extend(fed.get(name, name) for name in node.input)
    return found
