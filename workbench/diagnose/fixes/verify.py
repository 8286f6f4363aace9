"""Whether networks that were written compute in float what the original does."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.channels import output_channels
from workbench.diagnose.gate import FLAT
from workbench.foundation.steps import Steps
from workbench.graph.execute import open_session, run_session
from workbench.graph.graph import Model
from workbench.graph.read import read_model

STAGE = "diagnose"
ALIKE = 1e-3  # of an output's largest value: float32 sums in another order differ by less, a wrong edit by more
Arrays = Mapping[str, np.ndarray]


def difference(case: Case, networks: Sequence[Path]) -> Steps[float]:
    """The largest difference of an output, relative to its largest value, on the first input.

    The `networks` feed each other by name; infinite where an output is missing or no number.
    """
    feeds = case.feeds_of(case.samples[0])
    expected = yield from computed(case.model, feeds, STAGE)
    found = dict(feeds)
    for path in networks:
        found |= yield from computed(read_model(path), found, STAGE)
    return max((_difference(array, found.get(name)) for name, array in expected.items()), default=np.inf)


def is_alike(case: Case, networks: Sequence[Path]) -> Steps[bool]:
    """Whether networks compute what the session's does, as exactly as float32 does."""
    return (yield from difference(case, networks)) <= ALIKE


def lowest_cosine(golden: np.ndarray, other: np.ndarray) -> float | None:
    """The lowest cosine of a channel of an output, of those that are not nearly flat; None where it has none."""
    reference, values = output_channels(golden).astype(np.float64), output_channels(other).astype(np.float64)
    deviation = reference.std(axis=1)
    is_there = np.isfinite(deviation) & (deviation > 0) & (deviation >= FLAT * np.median(deviation))
    norms = np.linalg.norm(reference[is_there], axis=1) * np.linalg.norm(values[is_there], axis=1)
    products = (reference[is_there] * values[is_there]).sum(axis=1)
    found = np.divide(products, norms, out=np.zeros_like(products), where=norms > 0)
    return float(found.min()) if found.size else None


def computed(model: Model, feeds: Arrays, stage: str) -> Steps[dict[str, np.ndarray]]:
    """What a network computes; `feeds` may hold more than it takes."""
    proto = model.proto
    taken = {info.name: feeds[info.name] for info in proto.graph.input if info.name in feeds}
    outputs = [info.name for info in proto.graph.output]
    arrays = yield from run_session(open_session(proto, constants=model.large), outputs, taken, stage)
    return dict(zip(outputs, arrays, strict=True))


def _difference(expected: np.ndarray, found: np.ndarray | None) -> float:
    if found is None or found.shape != expected.shape:
        return np.inf
    if expected.dtype.kind != "f":
        return 0.0 if np.array_equal(expected, found) else np.inf
    there = np.isfinite(expected)
    if not np.isfinite(found[there]).all():
        return np.inf
    reach = float(np.abs(expected[there]).max(initial=0.0)) or 1.0
    return float(np.abs(expected[there].astype(np.float64) - found[there]).max(initial=0.0)) / reach
