"""Ranges and factors of a session's calibration, from files of an earlier run where those are there."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from workbench.foundation.ahead import ahead
from workbench.foundation.files import write_text
from workbench.foundation.steps import Steps, Warn
from workbench.graph.deployed import Deployed
from workbench.preprocess.dataset import Sample
from workbench.quantize.calibrate import calibrate
from workbench.quantize.divergence import calibrate_by_divergence
from workbench.quantize.plan import make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import Factors, least_error

FeedsOf = Callable[[Sample], Mapping[str, np.ndarray]]
UNREADABLE = (OSError, ValueError, TypeError, AttributeError, KeyError)


def calibrated(
    graph: Deployed, algorithm: str, samples: Iterable[Sample], feeds_of: FeedsOf, path: Path
) -> Steps[dict[str, Range]]:
    """The range of every tensor by an algorithm; what has none is told."""
    ranges = _read_ranges(path)
    if ranges is None:
        known = list(samples)

        def fed() -> Iterable[Mapping[str, np.ndarray]]:
            return ahead(map(feeds_of, known))

        if algorithm == "normal":
            ranges = yield from calibrate(graph, fed(), len(known))
        else:
            ranges = yield from calibrate_by_divergence(graph, fed, len(known))
        write_text(path, json.dumps({name: [seen.low, seen.high] for name, seen in ranges.items()}))
    for layer in graph.layers:
        for name in layer.outputs:
            if graph.is_float(name) and name not in ranges:
                yield Warn(f"{name} holds NaN or infinities for the calibration set; it stays in float.")
    return ranges


def input_ranges(samples: Iterable[Sample], feeds_of: FeedsOf) -> dict[str, Range]:
    """The ranges of the network's inputs, where no others are wanted."""
    found: dict[str, Range] = {}
    for name, array in (item for sample in samples for item in feeds_of(sample).items()):
        if array.dtype == np.float32 and np.isfinite(array).all():
            seen = Range(float(array.min()), float(array.max()))
            found[name] = seen.union(found.get(name, seen))
    return found


def searched(
    graph: Deployed,
    ranges: Mapping[str, Range],
    quant: QuantSettings,
    samples: Sequence[Callable[[], Mapping[str, np.ndarray]]],
    path: Path,
) -> Steps[Factors]:
    """What "mmse" multiplies the scales of the plan for some ranges by; `samples` read the feeds of one each."""
    factors = _read_factors(path)
    if factors is None:
        whole = yield from calibrate(graph, ahead(read() for read in samples), len(samples))
        plan, widest = (make_plan(graph, each, quant) for each in (ranges, whole))
        factors = yield from least_error(graph, plan, (read() for read in samples), widest.encodings)
        write_text(path, json.dumps(dataclasses.asdict(factors)))
    return factors


def _read_ranges(path: Path) -> dict[str, Range] | None:
    """Ranges of an earlier run; None where there are none (that can be read)."""
    try:
        return {name: Range(*map(float, pair)) for name, pair in json.loads(path.read_text(encoding="utf-8")).items()}
    except UNREADABLE:
        return None


def _read_factors(path: Path) -> Factors | None:
    """Factors of an earlier run; None where there are none (that can be read)."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        activations = {name: float(factor) for name, factor in document["activations"].items()}
        weights = {name: tuple(map(float, factors)) for name, factors in document["weights"].items()}
        zero_points = {name: int(point) for name, point in document["zero_points"].items()}
    except UNREADABLE:
        return None
    return Factors(activations, weights, zero_points)
