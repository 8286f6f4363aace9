"""Which preprocessing gives the values that another run of the network has, in its input, first layers or outputs.

In closed form where a dumped tensor is linear in the input; else by trying the combinations that are in use, on the
layers before the first tensors that are there.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from workbench.diagnose.closed_form import solve
from workbench.diagnose.numbers import Numbers, known, numbers_of
from workbench.diagnose.part_run import PartRun
from workbench.diagnose.pictures import Look, Pictures
from workbench.diagnose.wanted import MOST_TOLD, STAGE, Found, Wanted, distance, product, spelled, told
from workbench.foundation.steps import Progress, Steps

APART = 0.01  # relative difference of float values that no library explains
EXPLAINED = 0.4  # of the difference may be left
SAME_VALUES = 1e-4  # no need to look further
CUT = 0.01  # of a solution's values may be beyond what the input is stored in
FIRST_LAYERS = 3  # tensors that are compared
LOOKS_FIRST = 8  # are tried with the session's numbers before other numbers are
NEARLY = 1.1  # of what the best try leaves
SEVERAL = 3  # of the best numbers are tried in every look
MOST_SECONDS = 15.0  # of trying, on a slow machine


_Try = tuple[Look, Numbers]


def searched(wanted: Wanted) -> Steps[Found | None]:
    """What explains the wanted values best: solved for each input, else tried."""
    best = None
    for pictures in wanted.inputs:
        found = yield from solve(wanted, pictures)
        if found is not None and found.before >= APART and (best is None or found.before > best.before):
            best = found
    if best is None or best.after > EXPLAINED * best.before or _is_cut(wanted, best):
        tried = yield from try_out(wanted)
        if tried is not None and (best is None or tried.after / (tried.before or 1) < best.after / best.before):
            best = tried
    return best


def _is_cut(wanted: Wanted, found: Found) -> bool:
    """Whether much of a solution would have been cut off: what leads to the values is not linear then."""
    for one in wanted.inputs:
        stored = wanted.stored.get(one.input.tensor.name)
        if stored is not None and one.input.tensor.name in found.inputs:
            feed = one.feed(found.look, found.numbers.in_settings(one.input.settings))
            low, high = stored.held
            if feed is not None and np.mean((feed < low) | (feed > high)) > CUT:
                return True
    return False


def try_out(wanted: Wanted) -> Steps[Found | None]:
    """What comes nearest of all that is in use, by running the layers before the first wanted tensors."""
    tensors = tuple(wanted.values)[:FIRST_LAYERS]
    run = PartRun(wanted.model, tensors)
    groups = [group for group in _groups(wanted.inputs) if group]
    best: Found | None = None
    limit = time.monotonic() + MOST_SECONDS
    for group in groups:
        found = yield from _best(wanted, run, tensors, group, limit)
        if best is None or (found is not None and found.after < best.after):
            best = found
        if best is not None and best.after <= wanted.limit:
            break
    return best


def _best(
    wanted: Wanted, run: PartRun, tensors: Sequence[str], group: Sequence[Pictures], limit: float
) -> Steps[Found | None]:
    """The best try for inputs that are changed together: one thing at a time, then the best numbers in any look."""
    first = group[0]
    own, look = numbers_of(first.input.settings, first.input.channels), first.own
    looks = list(first.looks())
    left: dict[_Try, float] = {}
    singly = [*((other, own) for other in looks[:LOOKS_FIRST]), *((look, numbers) for numbers in _likeliest(own))]
    yield from _run_tries(wanted, (run, tensors, group, limit), singly, left)
    if min(left.values(), default=0.0) > wanted.limit:
        both = [(other, numbers) for other in looks for numbers in _leading(left)]
        yield from _run_tries(wanted, (run, tensors, group, limit), both, left)
    if (look, own) not in left:
        return None
    enough = NEARLY * min(left.values()) + SAME_VALUES
    found_look, numbers = next(key for key, value in left.items() if value <= enough)  # the simplest of the best
    ranked = sorted(left.items(), key=lambda item: item[1])[:MOST_TOLD]
    tried = tuple((spelled(*key), value) for key, value in ranked)
    names = tuple(one.input.tensor.name for one in group)
    return Found(names, found_look, numbers, left[look, own], left[found_look, numbers], tuple(tensors), False, tried)


def _run_tries(
    wanted: Wanted,
    how: tuple[PartRun, Sequence[str], Sequence[Pictures], float],
    tries: Sequence[_Try],
    left: dict[_Try, float],
) -> Steps[None]:
    """Add what each try leaves to `left`; ends early where one leaves nothing, or where it takes too long."""
    run, tensors, group, limit = how
    for number, (look, numbers) in enumerate(tries):
        if left and (time.monotonic() > limit or min(left.values()) <= SAME_VALUES):
            return
        if any(look == other and numbers.is_like(one) for other, one in left):
            continue
        yield Progress(STAGE, number, len(tries), spelled(look, numbers))
        feeds = _feeds(wanted, group, look, numbers)
        if feeds is not None:
            left[look, numbers] = _difference((yield from run.run(feeds)), wanted.values, tensors)


def _likeliest(own: Numbers) -> list[Numbers]:
    """Numbers in use, those first that differ from the session's in mean or std only."""
    return sorted(known(own), key=lambda one: not (one.has_mean_of(own) or one.has_std_of(own)))


def _leading(left: Mapping[_Try, float]) -> list[Numbers]:
    """The best numbers so far, the session's own among them."""
    ranked = sorted(left, key=lambda key: left[key])
    return list(dict.fromkeys(numbers for _, numbers in ranked))[:SEVERAL]


def _groups(inputs: Sequence[Pictures]) -> Iterator[list[Pictures]]:
    """Inputs that are changed together: all that have the same settings, then each alone."""
    kinds: dict[object, list[Pictures]] = {}
    for one in inputs:
        kinds.setdefault((one.input.settings, one.input.channels), []).append(one)
    yield from kinds.values()
    yield from ([one] for group in kinds.values() if len(group) > 1 for one in group)


def _feeds(wanted: Wanted, group: Sequence[Pictures], look: Look, numbers: Numbers) -> dict[str, np.ndarray] | None:
    found = dict(wanted.feeds)
    for one in group:
        feed = one.feed(look, numbers.in_settings(one.input.settings)) if one.pixels(look) is not None else None
        if feed is None:
            return None
        name, stored = one.input.tensor.name, wanted.stored.get(one.input.tensor.name)
        feed = feed if stored is None else stored.dequantize(stored.quantize(feed))
        found[name] = feed.astype(wanted.feeds[name].dtype)
    return found


def _difference(found: Mapping[str, np.ndarray], wanted: Mapping[str, np.ndarray], tensors: Sequence[str]) -> float:
    """The mean over tensors of the relative Euclidean distance and of 1 - cos, which does not see a scale."""
    return float(
        np.mean([distance(found[name], wanted[name]) + _turned(found[name], wanted[name]) for name in tensors])
    )


def _turned(found: np.ndarray, wanted: np.ndarray) -> float:
    """1 - cos; 0 where one of both has no length."""
    one, two = told(found), told(wanted)
    lengths = math.sqrt(product(one, one) * product(two, two))
    return 1 - product(one, two) / lengths if lengths and one.size == two.size else 0.0
