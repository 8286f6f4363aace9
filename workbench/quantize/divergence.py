"""Ranges that cut off rare large values where the distribution stays most alike ("kl_divergence").

A first pass finds the range of every tensor, a second counts the magnitudes of all samples in 1024 bins up to the
largest; the threshold is the one whose quantised distribution diverges least from the counted one. Memory does not grow
with the number of samples. Source: tables of toolkit 2.5.0 for designed distributions and for 15 networks; the counts
are of all samples together, not of each (as quantization semantics §2.1 has it).
"""

from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np

from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT, Deployed
from workbench.graph.emit import emit_to_the_bit, needed_constants
from workbench.graph.execute import Network, assemble, byte_sizes, value_info
from workbench.graph.large_constants import described
from workbench.quantize.calibrate import calibrate
from workbench.quantize.ranges import Range
from workbench.quantize.thresholds import BINS, threshold

BLOCK = 2**16  # values counted at a time, so that they stay in the cache
MOVING = frozenset(("Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze"))
Feeds = Mapping[str, np.ndarray]


def calibrate_by_divergence(
    graph: Deployed, samples: Callable[[], Iterable[Feeds]], count: int
) -> Steps[dict[str, Range]]:
    """The ranges of all float tensors; those with NaN or infinities have none. `samples` gives all inputs, twice."""
    seen = yield from calibrate(graph, samples(), count)
    same = _same_values(graph, seen)
    inputs: dict[str, Range] = {}
    counts = {name: np.zeros(BINS, np.int64) for name in set(same.values())}

    def see(name: str, array: np.ndarray) -> None:
        if name in counts:
            counts[name] += histogram(array, _largest(seen[name]))

    network: Network | None = None
    for number, feeds in enumerate(samples()):
        yield Progress("calibrate", number, count)
        network = network or _network(graph, feeds, counts)
        for name, array in feeds.items():
            if name in seen:
                found = _of_one(array)
                inputs[name] = found.union(inputs.get(name, found))
        for _ in network.run(feeds, see):
            yield Progress("calibrate", 0, 0)  # its segments are no samples
    yield Progress("calibrate", count, count)
    return {
        name: inputs[source]
        if source in inputs and _is_input(graph, name)
        else within_threshold(seen[name], counts[source])
        for name, source in same.items()
    }


def _is_input(graph: Deployed, name: str) -> bool:
    """Whether a tensor is an input of the network, or the convert behind it."""
    layer = graph.producers.get(name)
    return layer is None or layer.op == CONVERT


def _of_one(array: np.ndarray) -> Range:
    """The range of one sample of the network's input."""
    seen = Range(float(array.min()), float(array.max()))
    return within_threshold(seen, histogram(array, _largest(seen)))


def within_threshold(seen: Range, counts: np.ndarray) -> Range:
    """The part of a range that is kept, by the histogram of the magnitudes in it."""
    kept = threshold(counts)
    if kept is None:
        return seen
    reach = (kept + 0.5) * (_largest(seen) / BINS)
    return Range(max(seen.low, -reach), min(seen.high, reach))


def histogram(array: np.ndarray, largest: float) -> np.ndarray:
    """How many magnitudes are in each bin of [0, largest); the largest itself is in none, as in the toolkit's."""
    counts = np.zeros(BINS + 1, np.int64)
    if largest == 0:
        return counts[:BINS]
    values = array.reshape(-1)
    scale = BINS / largest if largest * (BINS / largest) >= BINS else np.nextafter(BINS / largest, np.inf)
    for start in range(0, len(values), BLOCK):
        places = np.abs(values[start : start + BLOCK]).astype(np.float64) * scale
        counts += np.bincount(places.astype(np.int64), minlength=BINS + 1)
    return counts[:BINS]


def _largest(seen: Range) -> float:
    return max(-seen.low, seen.high)


def _same_values(graph: Deployed, names: Iterable[str]) -> dict[str, str]:
    """The first tensor that holds the values of each, in other places perhaps."""
    found = {name: name for name in names}
    for layer in graph.layers:
        is_input = layer.op == CONVERT and layer.inputs[0] not in graph.producers
        if (layer.op in MOVING or is_input) and {layer.inputs[0], layer.outputs[0]} <= found.keys():
            found[layer.outputs[0]] = found[layer.inputs[0]]
    return found


def _network(graph: Deployed, feeds: Feeds, wanted: Collection[str]) -> Network:
    nodes = [node for layer in graph.layers for node in emit_to_the_bit(layer, layer.inputs, layer.outputs)]
    constants = needed_constants(nodes, graph.constants)
    inputs = [value_info(name, array) for name, array in feeds.items()]
    tensors = [described(name, array) for name, array in constants.items()]
    proto = assemble(nodes, inputs, [], tensors, graph.model.proto)
    return Network(proto, set(wanted) - set(feeds), byte_sizes(graph.tensors), threads=1, large=constants)
