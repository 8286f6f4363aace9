"""Ranges that cut off rare large values where the distribution stays most alike ("kl_divergence").

A first pass finds the range of every tensor, a second counts the magnitudes of all samples in 1024 bins up to the
largest; the threshold is the one whose quantised distribution diverges least from the counted one. Memory does not grow
with the number of samples. Source: tables of toolkit 2.5.0 for designed distributions and for 15 networks; the counts
are of all samples together, not of each (as quantization semantics §2.1 has it).
"""

from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
import onnx

from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT, Deployed
from workbench.graph.emit import emit_to_the_bit, needed_constants
from workbench.graph.execute import Network, assemble, byte_sizes, value_info
from workbench.quantize.calibrate import calibrate
from workbench.quantize.ranges import Range

BINS, LEVELS = 1024, 128
EMPTY = 1e-4  # what an empty bin counts
WORST = 0.1  # divergence from which on nothing is cut off
SAME = 1e-13  # divergences that differ by less are the same
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


def threshold(counts: np.ndarray) -> int | None:
    """The bin whose middle is the threshold; None where nothing is to be cut off.

    The first bin does not count. Those beyond the kept ones are put in one more, which the quantised distribution
    lacks. A whole number of bins makes a level, the last of 128 takes the remainder; what a level counts is spread over
    all its bins, each with the mean of those that are filled. What it lacks counts 0.0001. From 0.1 on nothing is cut.
    Which of equally good thresholds the toolkit takes was not found out: here one in their upper half, as most are.
    """
    if not counts[1:].any():
        return None
    divergence = _divergences(counts[1:].astype(np.float64))
    least = divergence.min()
    if not SAME < least < WORST:
        return None
    best = np.flatnonzero(divergence <= least + SAME)
    return int(best[3 * len(best) // 4]) + LEVELS + 2


def _divergences(counts: np.ndarray) -> np.ndarray:
    """Kullback-Leibler divergence in nats of the quantised distribution for 128, 129 … 1021 kept bins.

    From sums up to each bin: levels before the last are the same for all numbers of kept bins with one width.
    """
    found = []
    entropies = _sums(_times_log(counts, counts))
    held, filled = _sums(counts), _sums(counts > 0)
    for width in range(1, len(counts) // LEVELS + 1):
        kept = np.arange(LEVELS * width, min(LEVELS * (width + 1), len(counts) - 1))
        edges = np.arange(LEVELS) * width
        starts, ends, rest = edges[:-1], edges[1:], edges[-1:]
        levels, last = _levels(held, filled, starts, ends), _levels(held, filled, rest, kept)
        beyond = held[-1] - held[kept]
        crossed = _times_log(held[ends] - held[starts], levels).sum() + _times_log(held[kept] - held[rest], last)
        lost = _times_log(beyond, beyond) - beyond * np.log(EMPTY)
        quantised = np.maximum(levels.sum() * width + last * (kept - rest), EMPTY)
        found.append((entropies[kept] - crossed + lost) / held[-1] - np.log(held[-1] / quantised))
    return np.concatenate(found)


def _sums(values: np.ndarray) -> np.ndarray:
    """The sum of all values before each place, and of all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _levels(held: np.ndarray, filled: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """What each bin of a level holds after the quantised counts were spread."""
    return np.asarray((held[ends] - held[starts]) / np.maximum(filled[ends] - filled[starts], 1.0))


def _times_log(amounts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What is nothing adds nothing, whatever its logarithm."""
    return np.asarray(amounts * np.log(np.where(values > 0, values, 1.0)))


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
    tensors = [onnx.numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    proto = assemble(nodes, inputs, [], tensors, graph.model.proto)
    return Network(proto, set(wanted) - set(feeds), byte_sizes(graph.tensors), threads=1)
