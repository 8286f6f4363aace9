"""Ranges and factors of a session's calibration, from files of an earlier run where those are there."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.foundation.ahead import ahead
from workbench.foundation.files import UNREADABLE, write_text
from workbench.foundation.steps import Steps, Warn
from workbench.graph.deployed import Deployed
from workbench.preprocess.dataset import Sample
from workbench.quantize.calibrate import calibrate
from workbench.quantize.divergence import calibrate_by_divergence
from workbench.quantize.planner import encoding_of, make_plan
from workbench.quantize.ranges import Range
from workbench.quantize.schemes import QuantSettings
from workbench.quantize.squared_error import Found, least_error

FeedsOf = Callable[[Sample], Mapping[str, np.ndarray]]


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
        write_text(path, json.dumps(_pairs(ranges)))
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
) -> Steps[Found]:
    """What "mmse" finds from the plan for some ranges on; `samples` read the feeds of one each."""
    found = _read_found(path)
    if found is None:
        whole = yield from calibrate(graph, ahead(read() for read in samples), len(samples))
        plan = make_plan(graph, ranges, quant)
        widest = {name: encoding_of(name, whole[name], quant) for name in plan.encodings if name in whole}
        found = yield from least_error(graph, plan, (read() for read in samples), widest)
        write_text(path, json.dumps({"ranges": _pairs(found.ranges), "factors": dict(found.factors)}))
    return found


def _pairs(ranges: Mapping[str, Range]) -> dict[str, list[float]]:
    return {name: [seen.low, seen.high] for name, seen in ranges.items()}


def _ranges(document: Any) -> dict[str, Range]:
    return {name: Range(*map(float, pair)) for name, pair in document.items()}


def _read_ranges(path: Path) -> dict[str, Range] | None:
    """Ranges of an earlier run; None where there are none (that can be read)."""
    try:
        return _ranges(json.loads(path.read_text(encoding="utf-8")))
    except UNREADABLE:
        return None


def _read_found(path: Path) -> Found | None:
    """What an earlier run found; None where there is nothing (that can be read)."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        factors = {name: tuple(map(float, item)) for name, item in document["factors"].items()}
        return Found(_ranges(document["ranges"]), factors)
    except UNREADABLE:
        return None
