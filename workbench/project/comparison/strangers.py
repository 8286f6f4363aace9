"""Sides of another network: told in one sentence each, instead of rows without a number."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.foundation.errors import DumpError
from workbench.project.comparison.open_side import OpenSide
from workbench.project.comparison.pairing import Paired, network_shape

OTHER_NAMES = "{0} is of another network, or names its tensors otherwise: none of its {1} has the name of one of {2}."
OTHER_SIZES = (
    "{0} is of another network, or of another input size: {1} of its {2} tensors have the name of one of {3}, "
    "but none of these has as many values."
)
FEW_NAMES = "{0} seems to be of another network: only {1} of its {2} tensors have the name of one of {3}."
FEW_SIZES = (
    "{0} seems to be of another network: of the {1} tensors that have the name of one of {2} only {3} have as many "
    "values."
)
HINT = "Choose values of the same network, or give a map of names (on the command line: --map)."
BEGIN = "Their names begin so: {0}."
ENOUGH = 0.5  # of the smaller side: networks that were exported anew share more than half of their names
MOST_NAMED = 3


class Strangers(NamedTuple):
    """Why nothing of a side can be compared (`problems`), or why its numbers may mean little (`cautions`)."""

    problems: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    def refuse(self, sides: Sequence[OpenSide], titles: Sequence[str]) -> None:
        """Raise where a side has nothing that can be compared."""
        if self.problems:
            begin = [
                f"{title} ({', '.join(side.names[:MOST_NAMED])})" for title, side in zip(titles, sides, strict=True)
            ]
            raise DumpError(" ".join(self.problems), f"{HINT} {BEGIN.format('; '.join(begin))}")


def find_strangers(sides: Sequence[OpenSide], paired: Sequence[Paired], titles: Sequence[str]) -> Strangers:
    """What is to be said of all sides but the first; at most as much is read as tells whether anything fits."""
    problems, cautions = [], []
    for number in range(1, len(sides)):
        mine = [item for item in paired if number in item.names]
        counted = _Counted(sides, mine, number)
        if text := counted.problem(titles):
            problems.append(text)
        elif text := counted.caution(titles):
            cautions.append(text)
    return Strangers(tuple(problems), tuple(cautions))


class _Counted:
    """How much of one side fits to the first."""

    def __init__(self, sides: Sequence[OpenSide], mine: Sequence[Paired], number: int) -> None:
        self._sides, self._mine, self._number = sides, mine, number
        self._all = len(sides[number].names)
        self._least = min(self._all, len(sides[0].names)) * ENOUGH

    def problem(self, titles: Sequence[str]) -> str:
        """Why nothing can be compared; "" where something can."""
        if not self._mine:
            return OTHER_NAMES.format(titles[self._number], self._all, titles[0])
        if not any(map(self._fits, self._mine)):
            return OTHER_SIZES.format(titles[self._number], len(self._mine), self._all, titles[0])
        return ""

    def caution(self, titles: Sequence[str]) -> str:
        """Why the numbers may mean little; "" where the sides are of one network, or most of it fits."""
        if self._is_same_network():
            return ""
        if len(self._mine) < self._least:
            return FEW_NAMES.format(titles[self._number], len(self._mine), self._all, titles[0])
        both_are_quick = self._sides[0].is_ours and self._sides[self._number].is_ours
        fitting = sum(map(self._fits, self._mine)) if both_are_quick else len(self._mine)
        if fitting < len(self._mine) * ENOUGH:
            return FEW_SIZES.format(titles[self._number], len(self._mine), titles[0], fitting)
        return ""

    def _fits(self, item: Paired) -> bool:
        """Whether both have as many values; what cannot be read is told when it is measured."""
        shape = network_shape(self._sides, item.names)
        try:
            here, there = (self._sides[at].raw(item.names[at], 0, shape)[0].size for at in (0, self._number))
        except DumpError:
            return True
        return here == there

    def _is_same_network(self) -> bool:
        sessions = self._sides[0].session, self._sides[self._number].session
        return sessions[0] is not None and sessions[1] is not None and sessions[0].model == sessions[1].model
