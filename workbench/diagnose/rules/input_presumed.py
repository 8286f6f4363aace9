"""Whether the network itself, or the habits of all others, speak against a session's mean and std; without any golden.

A BatchNormalization behind the first convolution remembers mean and variance of what it was trained with. Numbers that
no network is trained with, but for a factor of 255 or half of them, are a slip of the pen more often than not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.diagnose.affine import straight_tensors
from workbench.diagnose.case import Case
from workbench.diagnose.causes import causes
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import CAUSE, NOTE, Chart, Evidence, Finding, Fix
from workbench.diagnose.input_faults import SCALE, number_cause
from workbench.diagnose.numbers import Numbers, in_use, known, numbers_of, used
from workbench.diagnose.part_run import PartRun
from workbench.diagnose.pictures import Pictures
from workbench.diagnose.rules.input_golden import pictures_of
from workbench.diagnose.shown import row_tensor
from workbench.foundation.steps import Progress, Steps
from workbench.graph.graph import Layer, Model

STAGE = "diagnose"
MOST_PICTURES = 4
FAR, DOUBTED = 1.0, 0.3  # divergence of what is fed from what is remembered; with numbers that are not in use
NEARER = 0.4  # of it other numbers leave
NO_MATTER = 0.02
FORGOTTEN = 1e-6  # of the largest variance: a channel that was never anything else
REMEMBERED, IMPOSSIBLE, UNUSUAL = 0.88, 0.8, 0.5
MOST_SHOWN = 8
BYTE = 255.0
DARK, FLAT = 40.0, 20.0  # in levels of 0 to 255


@dataclass(frozen=True)
class _Memory:
    """What a BatchNormalization has kept of `tensor`, which is linear in the input."""

    tensor: str
    layer: Layer
    mean: np.ndarray
    variance: np.ndarray

    def divergence(self, values: Sequence[np.ndarray]) -> float:
        """Half of Jeffreys' divergence of normal distributions, the median over channels."""
        found = np.concatenate([np.moveaxis(item, 1, 0).reshape(item.shape[1], -1) for item in values], axis=1)
        mean, variance = found.mean(axis=1, dtype=np.float64), found.var(axis=1, dtype=np.float64)
        alive = (self.variance > FORGOTTEN * self.variance.max()) & (variance > 0)
        if not alive.any():
            return 0.0
        one, two, apart = self.variance[alive], variance[alive], (mean - self.mean)[alive] ** 2
        return float(np.median(((one + apart) / two + (two + apart) / one - 2) / 4))


def presumed(case: Case) -> Steps[tuple[Finding, ...]]:
    """What speaks against mean and std of a session that has no golden values of the user's own."""
    if not case.own_golden or not case.model.is_onnx or not case.samples:
        return ()
    found: list[Finding] = []
    for one in pictures_of(case):
        if not one.input.is_picture or not one.holds_pixels or one.input.channels not in (1, 3):
            continue
        yield Progress(STAGE, 0, 0, one.input.tensor.name)
        remembered = yield from _remembered(case, one)
        found += remembered or _unusual(case, one)
    return tuple(found)


def _remembered(case: Case, pictures: Pictures) -> Steps[list[Finding]]:
    """Compare with the first BatchNormalization: other numbers may fit what it remembers much better."""
    memory = _memory(case.model, pictures.input.tensor.name)
    if memory is None:
        return []
    run = PartRun(case.model, (memory.tensor,))
    own = numbers_of(pictures.input.settings, pictures.input.channels)
    fed = _fed(case, pictures)
    if not fed:
        return []
    mine = yield from _values(run, memory, pictures, fed, own)
    left = {own: memory.divergence(mine)}
    each = [memory.divergence([one]) for one in mine]
    limit = FAR if in_use(own) else DOUBTED
    if left[own] < limit or min(each) < limit / 2:  # a single picture that fits refutes it all
        return []
    for numbers in known(own):
        if not any(numbers.is_like(one) for one in left):
            left[numbers] = memory.divergence((yield from _values(run, memory, pictures, fed, numbers)))
    least = min(left.values())
    best = next(one for one in left if left[one] <= 1.2 * least + NO_MATTER)
    if left[best] > NEARER * left[own]:
        return []
    return [_of_memory(case, pictures, memory, own, best, left)]


def _memory(model: Model, name: str) -> _Memory | None:
    straight = straight_tensors(model, name)
    for layer in model.graph.layers:
        if layer.op == "BatchNormalization" and layer.inputs[0] in straight:
            mean, variance = (model.constants.get(item) for item in layer.inputs[3:5])
            is_kept = straight[layer.inputs[0]].of == layer.inputs[0] != name
            if is_kept and mean is not None and variance is not None:
                return _Memory(layer.inputs[0], layer, mean.astype(np.float64), variance.astype(np.float64))
    return None


def _fed(case: Case, pictures: Pictures) -> list[tuple[Mapping[str, np.ndarray], Pictures]]:
    """Some ordinary pictures, of different samples, with the feeds of their sample."""
    at = [tensor.name for tensor in case.model.graph.inputs].index(pictures.input.tensor.name)
    samples = list(dict.fromkeys((*case.samples, *case.dataset)))[:MOST_PICTURES]
    found = [(item, Pictures(pictures.input, item.files[at])) for item in samples]
    return [(case.feeds_of(item), one) for item, one in found if _is_ordinary(one)]


def _is_ordinary(pictures: Pictures) -> bool:
    """Whether a picture is neither dark nor bright nor of one colour, which would say nothing about mean and std."""
    pixels = pictures.pixels(pictures.own)
    return pixels is not None and DARK <= float(pixels.mean()) <= BYTE - DARK and float(pixels.std()) >= FLAT


def _values(
    run: PartRun,
    memory: _Memory,
    pictures: Pictures,
    fed: Sequence[tuple[Mapping[str, np.ndarray], Pictures]],
    numbers: Numbers,
) -> Steps[list[np.ndarray]]:
    found = []
    for feeds, one in fed:
        feed = one.feed(one.own, numbers.in_settings(pictures.input.settings))
        if feed is not None:
            name = pictures.input.tensor.name
            values = yield from run.run({**feeds, name: feed.astype(feeds[name].dtype)})
            found.append(values[memory.tensor])
    return found


def _of_memory(
    case: Case, pictures: Pictures, memory: _Memory, own: Numbers, best: Numbers, left: Mapping[Numbers, float]
) -> Finding:
    shown = sorted(left.items(), key=lambda item: item[1])[:MOST_SHOWN]
    if own not in dict(shown):
        shown.append((own, left[own]))
    chart = Chart(
        "bars",
        "mean and std",
        "divergence from what is remembered",
        {"divergence": tuple(value for _, value in shown)},
        tuple(str(one) for one, _ in shown),
    )
    evidence = Evidence(
        f"{memory.layer.name} remembers mean and variance of {memory.tensor} from the training: the session's pictures "
        f"are {left[own]:.2g} away from them (Jeffreys' divergence), with {best} it is {left[best]:.2g}.",
        row_tensor(case, memory.layer.outputs[0]),
        0,
        "channels",
        chart,
    )
    return _finding(case, pictures, number_cause(own, best), REMEMBERED, (own, best), evidence, CAUSE)


def _unusual(case: Case, pictures: Pictures) -> list[Finding]:
    """Numbers that are not in use, where half of them, or they in other units, are."""
    own = numbers_of(pictures.input.settings, pictures.input.channels)
    if in_use(own):
        return []
    low, high = _range(pictures)
    scaled = next((one for one in (own.scaled(BYTE), own.scaled(1 / BYTE)) if in_use(one)), None)
    halves = [one for one in used(len(own.mean)) if any(own.mean) and one.has_mean_of(own)]
    right = scaled or next(iter(halves), None)
    if right is None:
        return []
    chart = Chart(
        "bars",
        "mean and std",
        "largest magnitude that is fed",
        {"magnitude": tuple(max(map(abs, _extremes(one))) for one in (own, right))},
        (str(own), str(right)),
    )
    evidence = Evidence(
        f"{pictures.input.tensor.name} is fed with {low:.4g} to {high:.4g}; no known network is trained with {own}, "
        f"many are with {right}.",
        row_tensor(case, pictures.input.tensor.name),
        0,
        "histogram",
        chart,
    )
    cause = SCALE if scaled is not None else number_cause(own, right)
    confidence, level = (IMPOSSIBLE, CAUSE) if scaled is not None else (UNUSUAL, NOTE)
    return [_finding(case, pictures, cause, confidence, (own, right), evidence, level)]


def _finding(
    case: Case,
    pictures: Pictures,
    cause: str,
    confidence: float,
    numbers: tuple[Numbers, Numbers],
    evidence: Evidence,
    level: str,
) -> Finding:
    own, right = numbers
    name = pictures.input.tensor.name
    values = {"input": name, "is": str(own), "should": str(right)}
    settings = {**case.preprocess, name: right.in_settings(pictures.input.settings)}
    fix = Fix(f"Feed {name} with {right}.", Change(preprocess=settings))
    explains = frozenset(causes()) - {cause} if level == CAUSE else frozenset[str]()
    return Finding(cause, confidence, (row_tensor(case, name),), values, (evidence,), (fix,), level, explains)


def _range(pictures: Pictures) -> tuple[float, float]:
    feed = pictures.feed(pictures.own, pictures.input.settings)
    return (0.0, 0.0) if feed is None else (float(feed.min()), float(feed.max()))


def _extremes(numbers: Numbers) -> tuple[float, float]:
    """What black and white become."""
    pairs = list(zip(numbers.mean, numbers.std, strict=True))
    return min(-mean / std for mean, std in pairs), max((BYTE - mean) / std for mean, std in pairs)


RULES = (presumed,)
