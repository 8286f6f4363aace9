"""Which tensor of a dump is which of the network, by what is in it: for dumps whose names say nothing.

Every unknown tensor is compared with every known one that may have as many values, in every layout in which it may
lie. What comes out are suggestions with their evidence; somebody has to confirm them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from workbench.compare.alike import finite, in_any_order, similarities
from workbench.dump.layouts import network_places, ways
from workbench.foundation.errors import DumpError
from workbench.foundation.steps import Progress, Steps, Warn

LIKELY = 0.7
"""The confidence from which suggestions may be taken all at once. Measured: tests/benchmarks/bench_content_matching."""
PLACES = 4096  # values of a tensor that are compared with all others
TOGETHER = 256  # unknown tensors that are compared at a time
FEW = 12  # values that agree by chance
LEAST = 0.3  # similarity below which nothing is suggested
ORDERED = 0.9  # of the steps between tensors without twins; below, order says nothing
UNDECIDED = 0.5  # the confidence of the best of several that have the same values


@dataclass(frozen=True)
class Known:
    """A tensor of the network: `read` gives its values in the network's order, float or dequantised.

    `scale` and `zero_point` are those of its integers, where it has one of each. Tensors with the same `golden` differ
    by how they are stored only.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[], np.ndarray]
    scale: float = 0.0
    zero_point: int = 0
    golden: str = ""


@dataclass(frozen=True)
class Unknown:
    """A tensor of a dump: `read` gives the stored array, of any shape, float or the integers of an unknown encoding."""

    name: str
    read: Callable[[], np.ndarray]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`other` is `golden`, stored in `layout`.

    `similarity` is Lin's concordance (of integers Pearson's correlation, less a little where the tensor's encoding
    makes other values of them) over the `values` that were compared, `rival` the next best tensor and its.
    `confidence` is 0 to 1: how much nearer this one is than the rival. `twins` are tensors of the network with the very
    same values, perhaps transposed or stored in another type, which only the order of computation tells apart.
    """

    other: str
    golden: str
    layout: str
    confidence: float
    similarity: float
    values: int
    rival: str = ""
    rival_similarity: float = 0.0
    twins: tuple[str, ...] = ()


def suggest(known: Sequence[Known], unknown: Sequence[Unknown]) -> Steps[tuple[Suggestion, ...]]:
    """At most one for each unknown tensor and none for two with the same known one; the surest come first.

    `known` are in the order of computation. Whether `unknown` are too is seen from those that are sure; only then it
    decides between tensors with the same values.
    """
    samples: dict[int, _Samples] = {}
    total = len(known) + len(unknown)
    for number, tensor in enumerate(unknown):
        yield Progress("match", number, total, tensor.name)
        try:
            values = np.asarray(tensor.read()).reshape(-1)
        except DumpError as error:  # one damaged file must not hide the others
            yield Warn(error.message)
            continue
        samples.setdefault(values.size, _Samples(values.size)).add_unknown(number, values)
    prints: list[int] = []
    stored_alike: dict[str, int] = {}
    for number, item in enumerate(known):
        yield Progress("match", len(unknown) + number, total, item.name)
        prints.append(_sample(item, number, samples))
        if item.golden and prints[-1] >= 0:
            prints[-1] = stored_alike.setdefault(item.golden, prints[-1])
    scores = [score for sample in samples.values() for score in sample.scores()]
    yield Progress("match", total, total)
    return _Chosen(known, unknown, prints, scores).suggestions()


def _sample(tensor: Known, number: int, samples: Mapping[int, "_Samples"]) -> int:
    """Take what is compared; gives a number for the values, the same for those of twins."""
    fitting = [(layout, size) for layout, size in ways(tensor.shape) if size in samples]
    if not fitting:
        return -1 - number
    values = np.ascontiguousarray(tensor.read(), np.float32).reshape(-1)
    if values.size != math.prod(tensor.shape):
        return -1 - number
    for layout, size in fitting:
        samples[size].add_known(number, tensor, layout, values)
    return in_any_order(values)


@dataclass(frozen=True, slots=True)
class _Score:
    similarity: float
    unknown: int
    known: int
    layout: str
    values: int


@dataclass
class _Samples:
    """The tensors of one number of stored values, as far as they are compared."""

    size: int
    unknown: list[int] = field(default_factory=list)
    others: list[np.ndarray] = field(default_factory=list)
    proportional: list[bool] = field(default_factory=list)
    known: dict[tuple[tuple[int, ...], str], list[tuple[int, np.ndarray]]] = field(default_factory=dict)
    encodings: dict[int, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = np.random.default_rng(0).choice(self.size, PLACES, replace=False) if self.size > PLACES else None
        self.at = np.arange(self.size) if chosen is None else np.sort(chosen)

    def add_unknown(self, number: int, values: np.ndarray) -> None:
        self.unknown.append(number)
        self.others.append(finite(values[self.at]))
        self.proportional.append(values.dtype.kind in "iub")

    def add_known(self, number: int, tensor: Known, layout: str, values: np.ndarray) -> None:
        places = network_places(tensor.shape, layout, self.at)
        found = finite(values[places[places >= 0]])
        self.known.setdefault((tensor.shape, layout), []).append((number, found))
        self.encodings[number] = tensor.scale, tensor.zero_point

    def scores(self) -> list[_Score]:
        """Of every pair that may be one tensor; in the layout in which the two are most alike."""
        best: dict[tuple[int, int], _Score] = {}
        for (shape, layout), tensors in self.known.items():
            inside = network_places(shape, layout, self.at) >= 0
            goldens = np.stack([values for _, values in tensors])
            encodings = [self.encodings[number] for number, _ in tensors]
            for start in range(0, len(self.others), TOGETHER):
                some = slice(start, start + TOGETHER)
                others = np.stack([values[inside] for values in self.others[some]])
                alike = similarities(others, goldens, np.array(self.proportional[some]), encodings)
                for row, column in np.argwhere(alike > LEAST):
                    pair, value = (self.unknown[start + row], tensors[column][0]), float(alike[row, column])
                    if pair not in best or value > best[pair].similarity:
                        best[pair] = _Score(value, *pair, layout, int(inside.sum()))
        return list(best.values())


class _Chosen:
    """One known tensor for each unknown one, from the scores of all pairs."""

    def __init__(
        self, known: Sequence[Known], unknown: Sequence[Unknown], prints: Sequence[int], scores: Sequence[_Score]
    ) -> None:
        self._known, self._unknown, self._prints = known, unknown, prints
        self._scores = sorted(scores, key=lambda score: (-score.similarity, score.unknown, score.known))
        self._pairs = {(score.unknown, score.known): score for score in scores}
        self._of_unknown: dict[int, list[_Score]] = {}
        self._of_known: dict[int, list[_Score]] = {}
        for score in self._scores:
            self._of_unknown.setdefault(score.unknown, []).append(score)
            self._of_known.setdefault(score.known, []).append(score)
        self._alike: dict[int, list[int]] = {}
        for number, values in enumerate(prints):
            self._alike.setdefault(values, []).append(number)

    def suggestions(self) -> tuple[Suggestion, ...]:
        chosen = self._best()
        in_order = self._is_in_order(chosen)
        found = [self._suggestion(score, in_order, chosen) for score in chosen]
        return tuple(sorted(found, key=lambda item: -item.confidence))

    def _best(self) -> list[_Score]:
        """The nearest first; of twins as many as there are take them, in order."""
        members: dict[int, list[int]] = {}
        placed: set[int] = set()
        for score in self._scores:
            mine = members.setdefault(self._prints[score.known], [])
            if score.unknown not in placed and self._placed([*mine, score.unknown], score) is not None:
                mine.append(score.unknown)
                placed.add(score.unknown)
        found = (self._in_order(values, numbers) for values, numbers in members.items())
        return [self._pairs[pair] for pairs in found for pair in pairs.items()]

    def _placed(self, numbers: Sequence[int], score: _Score) -> dict[int, int] | None:
        """A twin for each of some unknown ones; None where there is none for one of them."""
        twins = self._alike[self._prints[score.known]]
        found = self._paired(numbers, twins) if len(numbers) <= len(twins) else {}
        return found if len(found) == len(numbers) else None

    def _in_order(self, values: int, numbers: Sequence[int]) -> dict[int, int]:
        twins = self._alike[values]
        pairs = list(zip(sorted(numbers), twins, strict=False))
        return dict(pairs) if all(pair in self._pairs for pair in pairs) else self._paired(sorted(numbers), twins)

    def _paired(self, numbers: Sequence[int], twins: Sequence[int]) -> dict[int, int]:
        """As many pairs as there can be (augmenting paths)."""
        owner: dict[int, int] = {}

        def place(number: int, seen: set[int]) -> bool:
            for twin in twins:
                if (number, twin) in self._pairs and twin not in seen:
                    seen.add(twin)
                    if twin not in owner or place(owner[twin], seen):
                        owner[twin] = number
                        return True
            return False

        for number in numbers:
            place(number, set())
        return {number: twin for twin, number in owner.items()}

    def _is_in_order(self, chosen: Sequence[_Score]) -> bool:
        """Whether the unknown ones come in the order of computation: told by those that have no twins."""
        alone = [score for score in chosen if len(self._alike[self._prints[score.known]]) == 1]
        places = [score.known for score in sorted(alone, key=lambda score: score.unknown)]
        steps = [before < after for before, after in pairwise(places)]
        return len(steps) >= FEW and sum(steps) >= ORDERED * len(steps)

    def _suggestion(self, score: _Score, in_order: bool, chosen: Sequence[_Score]) -> Suggestion:
        mine = self._prints[score.known]
        twins = self._alike[mine]
        takers = {item.unknown for item in chosen if self._prints[item.known] == mine}
        others = [item for item in self._of_unknown[score.unknown] if self._prints[item.known] != mine]
        claims = [item for item in self._of_known[score.known] if item.unknown not in takers]
        rival = max((*others[:1], *claims[:1]), key=lambda item: item.similarity, default=None)
        nearest = rival.similarity if rival else 0.0
        value = confidence(score.similarity, nearest, score.values)
        placed = (sorted(takers).index(score.unknown), twins.index(score.known))
        is_sure = len(twins) == 1 or (in_order and len(takers) == len(twins) and placed[0] == placed[1])
        return Suggestion(
            other=self._unknown[score.unknown].name,
            golden=self._known[score.known].name,
            layout=score.layout,
            confidence=value if is_sure else min(value, UNDECIDED),
            similarity=score.similarity,
            values=score.values,
            rival=self._rival_name(rival, score),
            rival_similarity=nearest,
            twins=tuple(self._known[number].name for number in twins if number != score.known),
        )

    def _rival_name(self, rival: _Score | None, score: _Score) -> str:
        if rival is None:
            return ""
        return self._known[rival.known].name if rival.known != score.known else self._unknown[rival.unknown].name


def confidence(similarity: float, rival: float, values: int) -> float:
    """1 - the distance of this one / the distance of the rival; few values agree by chance."""
    margin = 1 - (1 - similarity) / max(1 - rival, 1e-9)
    return max(0.0, min(margin, similarity)) * (1.0 if values >= FEW else UNDECIDED)
