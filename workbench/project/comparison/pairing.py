"""Which tensors and which inputs of two or three sides belong together: by names only, never by guess."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workbench.compare.match import sanitised
from workbench.foundation.errors import DumpError, WorkbenchError
from workbench.project.comparison.open_side import OpenSide
from workbench.project.digests import file_digest

BY = ("name", "fusion", "sanitised", "map")


@dataclass(frozen=True, slots=True)
class Subject:
    """One tensor as networks call it: its name in the deployed graph, in the user's network, and its fused group."""

    tensor: str
    golden: str
    op: str = ""
    group: tuple[str, ...] = ()


@dataclass(slots=True)
class Paired:
    """What a subject is called on each side that has it (by the side's number), and the rule that found it."""

    subject: Subject
    names: dict[int, str] = field(default_factory=dict)
    by: dict[int, str] = field(default_factory=dict)

    @property
    def is_comparable(self) -> bool:
        """Whether the first side has it and another one too."""
        return 0 in self.names and len(self.names) > 1

    @property
    def rule(self) -> str:
        """The rule that is farthest from equal names."""
        return max(self.by.values(), key=BY.index)


Rule = tuple[str, Callable[[Subject], Sequence[str]]]
"""How a name was found, and the names that a side may have for a subject."""


def pair_tensors(sides: Sequence[OpenSide], names: Mapping[str, str] | None = None) -> list[Paired]:
    """What can be compared, in the order of a session's table, else of the first side.

    Equal names come first, then the names that a session's table joins, then names as the toolkit's files have them,
    then `names` (other -> golden). A golden tensor may stand for several of the others; else a name is used once.
    """
    found: list[Paired] = []
    used = [_Used(number, side, names or {}) for number, side in enumerate(sides)]
    for order, subjects in _subjects(sides):
        paired = [Paired(subject) for subject in subjects]
        for side in used:
            side.take(paired)
        found = _woven(found, [item for item in paired if item.is_comparable], order)
    return found


def left_over(number: int, sides: Sequence[OpenSide], paired: Sequence[Paired]) -> tuple[str, ...]:
    """The tensors of a side that nothing is compared with; what vanished in a fused group of any is not missing."""
    side, mine = sides[number], [item for item in paired if number in item.names]
    used = {item.names[number] for item in mine} | {name for item in mine for name in item.subject.group}
    used |= frozenset[str]().union(*map(_inner, sides))
    return tuple(name for name in side.names if name not in used and side.op(name) != "Input")


def network_shape(sides: Sequence[OpenSide], names: Mapping[int, str]) -> tuple[int, ...] | None:
    """The shape in the network of a tensor that sides call so, where one of our own dumps tells it."""
    for at in names:
        if sides[at].is_ours:
            with suppress(DumpError):  # it is told when it is measured
                return sides[at].raw(names[at])[0].shape
    return None


def pair_inputs(sides: Sequence[OpenSide]) -> tuple[list[tuple[int | None, ...]], bool]:
    """The dump of each side for every input that all have, and False where inputs are paired by their order only.

    Dumps that do not say from which input they are count as those that their side names; these inputs come first.
    """
    told = {number: side.inputs() for number, side in enumerate(sides) if all(side.inputs())}
    keys = {number: _numbered(files) for number, files in told.items()}
    if not _common(keys):
        keys = {number: _numbered([_content(file) for file in files]) for number, files in told.items()}
    common = _common(keys)
    if not common:
        return [(at,) * len(sides) for at in range(min(side.samples for side in sides))], len(told) < 2
    named = next((side.side.sample for at, side in enumerate(sides) if at not in keys), 0)
    first = next(iter(keys.values()))[named : named + 1]
    chosen = sorted(common, key=lambda key: key not in first)
    rows = [
        tuple(keys[at].index(key) if at in keys else 0 if number == 0 else None for at in range(len(sides)))
        for number, key in enumerate(chosen)
    ]
    return (rows if len(keys) > 1 else rows[:1]), True  # one side alone has nothing to be compared with


class _Used:
    """One side and which of its names have a subject already."""

    def __init__(self, number: int, side: OpenSide, names: Mapping[str, str]) -> None:
        self._number = number
        self._own = frozenset(side.names) - _inner(side)
        self._taken: set[str] = set()
        self._may_repeat = number == 0 and side.is_golden
        self._rules = _rules(side, names)

    def take(self, paired: Sequence[Paired]) -> None:
        """Find every subject on this side, rule by rule."""
        for by, names_of in self._rules:
            for item in paired:
                if self._number not in item.names:
                    self._find(item, by, names_of(item.subject))

    def _find(self, item: Paired, by: str, names: Sequence[str]) -> None:
        free = (name for name in names if name in self._own and (self._may_repeat or name not in self._taken))
        name = next(free, None)
        if name is not None:
            item.names[self._number] = name
            item.by[self._number] = "name" if name == item.subject.tensor else by
            self._taken.add(name)


def _inner(side: OpenSide) -> frozenset[str]:
    """The tensors inside fused groups: nothing computes them alone, whatever a simulator writes; golden values are."""
    if side.is_golden:
        return frozenset()
    return frozenset(name for row in side.rows for name in row.group) - {row.tensor for row in side.rows}


def _rules(side: OpenSide, names: Mapping[str, str]) -> list[Rule]:
    of_network: dict[str, list[str]] = {}
    for row in side.rows:
        of_network.setdefault(row.golden or row.tensor, []).append(row.tensor)
    counts = Counter(map(sanitised, side.names))
    of_file = {sanitised(name): name for name in side.names if counts[sanitised(name)] == 1}
    of_map: dict[str, list[str]] = {}
    for other, golden in names.items():
        of_map.setdefault(golden, []).append(other)
        of_map.setdefault(other, []).append(golden)
    own: Rule = ("name", lambda subject: (subject.tensor,))
    network: Rule = ("fusion", lambda subject: (*of_network.get(subject.golden, ()), subject.golden))
    reference: Rule = ("fusion", lambda subject: (subject.golden,))
    file: Rule = ("sanitised", lambda subject: _some(of_file, sanitised(subject.tensor), sanitised(subject.golden)))
    mapped: Rule = ("map", lambda subject: (*of_map.get(subject.tensor, ()), *of_map.get(subject.golden, ())))
    if side.is_golden and side.session is not None:
        return [reference, own, file, mapped]
    return [own, network, file, mapped]


def _some(known: Mapping[str, str], *keys: str) -> tuple[str, ...]:
    return tuple(known[key] for key in keys if key in known)


def _subjects(sides: Sequence[OpenSide]) -> Iterator[tuple[Sequence[str], list[Subject]]]:
    """Rows of the sessions' tables, those of the second side first; then what else the first side has.

    With each the order of all tensors that it is taken from.
    """
    seen: set[str] = set()
    for side in (*sides[1:], sides[0]):
        rows = [row for row in side.rows if row.tensor not in seen]
        seen.update(row.tensor for row in rows)
        subjects = [Subject(row.tensor, row.golden or row.tensor, row.op, row.group) for row in rows]
        yield [row.tensor for row in side.rows], subjects
    first = sides[0]
    yield first.names, [Subject(name, name, first.op(name)) for name in first.names if name not in seen]


def _woven(found: Sequence[Paired], new: Sequence[Paired], order: Sequence[str]) -> list[Paired]:
    """Both: what is new stands behind the nearest before it in its own order, else before the nearest behind it."""
    there = {item.subject.tensor: [item] for item in found}
    fresh = {item.subject.tensor: item for item in new}
    place, early = "", list[Paired]()
    for tensor in order:
        if tensor in there:
            if not place:
                there[tensor] = [*early, *there[tensor]]
                early = []
            place = tensor
        elif tensor in fresh:
            (there[place] if place else early).append(fresh[tensor])
    return [item for items in there.values() for item in items] + early


def _numbered(keys: Sequence[str]) -> list[tuple[str, int]]:
    """The same input twice counts as two."""
    count: Counter[str] = Counter()
    result = []
    for key in keys:
        result.append((key, count[key]))
        count[key] += 1
    return result


def _common(keys: Mapping[int, list[tuple[str, int]]]) -> list[tuple[str, int]]:
    lists = list(keys.values())
    return [key for key in lists[0] if all(key in other for other in lists[1:])] if lists else []


def _content(file: str) -> str:
    """The hash of a file; its name where it is gone."""
    try:
        return file_digest(Path(file))
    except WorkbenchError:
        return file
