"""Which inputs calibrate: without those that stretch the ranges, or the most typical ones of a larger set.

A range costs precision when few inputs need it: then every other one is rounded more coarsely.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.foundation.steps import Steps
from workbench.preprocess.dataset import Sample
from workbench.quantize.calibrate import observe_each
from workbench.quantize.ranges import Range

FEWEST = 3  # inputs that are left
STRETCHED = 1.25  # by so much an input widens a tensor's range
SHARE = 0.1  # of the tensors, that an untypical input widens so
MOST_NAMED = 3
MOST_READ = 64  # inputs that are read to see whether one stretches the ranges


def leave_out(case: Case) -> Steps[Fix | None]:
    """Calibrate without the inputs that stretch many ranges; None where none does."""
    seen = yield from ends_of(case, case.dataset)
    if seen is None:
        return None
    left = typical(seen)
    out = [number for number in range(len(case.dataset)) if number not in left]
    if not out or len(left) < FEWEST:
        return None
    names = ", ".join(case.dataset[number].files[0].name for number in out[:MOST_NAMED])
    further = ", …" if len(out) > MOST_NAMED else ""
    dataset = tuple(case.dataset[number] for number in left)
    return Fix(
        f"Calibrate without {names}{further}, which stretch the ranges.", Change(dataset=dataset), key="leave-out"
    )


def is_stretched(case: Case) -> bool:
    """Whether an input of the calibration reaches further than all others, as far as what is fed tells."""
    if not FEWEST < len(case.dataset) <= MOST_READ:
        return False
    fed = [case.feeds_of(sample) for sample in case.dataset]
    ends = [[end for array in feeds.values() for end in (-float(array.min()), float(array.max()))] for feeds in fed]
    reach = np.maximum(np.array(ends), 0.0)
    return len(typical(reach / np.maximum(reach.max(0), np.finfo(np.float64).tiny))) < len(case.dataset)


def choose(case: Case, candidates: Sequence[Sample], count: int) -> Steps[Fix | None]:
    """Calibrate with the `count` of `candidates` that together span what a typical input spans.

    None where there are no more candidates than that, or the network has no ranges of its own.
    """
    if count >= len(candidates) or count < 1:
        return None
    seen = yield from ends_of(case, candidates)
    if seen is None:
        return None
    left = typical(seen)
    chosen = sorted(spanning(seen[left], min(count, len(left))))
    dataset = tuple(candidates[left[number]] for number in chosen)
    text = f"Calibrate with {len(dataset)} inputs chosen from {len(candidates)}: together they span the usual ranges."
    return Fix(text, Change(dataset=dataset))


def ends_of(case: Case, samples: Sequence[Sample]) -> Steps[np.ndarray | None]:
    """How far each input reaches in each tensor: [inputs, tensors x 2], 1 is the furthest that any input does."""
    if case.graph is None or case.graph.is_quantized:
        return None
    found = yield from observe_each(case.graph, map(case.feeds_of, samples), len(samples))
    names = [name for name in found[0] if all(_is_finite(seen, name) for seen in found)]
    ends = np.array([[(-seen[name].low, seen[name].high) for name in names] for seen in found], np.float64)
    ends = np.maximum(ends.reshape(len(samples), -1), 0.0)
    furthest = ends.max(0)
    varies = (furthest > 0) & (ends.min(0) < furthest)  # not the limits of a Clip or a Sigmoid
    return ends[:, varies] / furthest[varies] if varies.any() else None


def typical(ends: np.ndarray) -> list[int]:
    """The inputs that do not stretch many ranges beyond what all others need, one after the other left out."""
    left = list(range(len(ends)))
    while len(left) > FEWEST:
        own = ends[left]
        order = np.sort(own, 0)
        widened = order[-1] > STRETCHED * order[-2]
        share = [(widened & (own[number] == order[-1])).mean() for number in range(len(left))]
        worst = int(np.argmax(share))
        if share[worst] < SHARE:
            break
        del left[worst]
    return left


def spanning(ends: np.ndarray, count: int) -> list[int]:
    """Inputs whose ranges together come closest to those of all, chosen one by one."""
    wanted = ends.max(0)
    chosen: list[int] = []
    reached = np.zeros_like(wanted)
    for _ in range(count):
        lacks = [np.square(wanted - np.maximum(reached, own)).sum() for own in ends]
        best = min((number for number in range(len(ends)) if number not in chosen), key=lambda number: lacks[number])
        chosen.append(best)
        reached = np.maximum(reached, ends[best])
    return chosen


def _is_finite(seen: Mapping[str, Range], name: str) -> bool:
    return name in seen and bool(np.isfinite([seen[name].low, seen[name].high]).all())
