"""The figures of one network, and the tensors that fall short."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many of how many."""

    same: int = 0
    of: int = 0

    def add(self, same: int, of: int = 1) -> None:
        """Count more."""
        self.same += int(same)
        self.of += of

    @property
    def share(self) -> float:
        """From 0 to 1; NaN where nothing was counted."""
        return self.same / self.of if self.of else float("nan")


@dataclass(frozen=True)
class Shortfall:
    """A tensor that is not as the toolkit has it; `index` is its place in the toolkit's execution order, or -1."""

    kind: str
    index: int
    op: str
    tensor: str
    ours: str
    theirs: str


@dataclass
class Verdict:
    """What was counted of one network.

    scales: scale and zero point equal. close: scales that agree to 2 %. single, entire: elements identical, of stored
    tensors; raw: of those inside fused operators, chained. cos: rows whose `cos_toolkit` in the table is as the toolkit
    printed it. rows: their tensors that we have; own_rows: ours that they have; shown: common tensors that have numbers
    on both sides or on neither.
    `steps` is the largest difference of an element with golden inputs, in steps of its scale. `errors` are how far the
    final outputs are from golden, ours and theirs.
    """

    scales: Tally = field(default_factory=Tally)
    close: Tally = field(default_factory=Tally)
    single: Tally = field(default_factory=Tally)
    entire: Tally = field(default_factory=Tally)
    raw: Tally = field(default_factory=Tally)
    cos: Tally = field(default_factory=Tally)
    rows: Tally = field(default_factory=Tally)
    own_rows: Tally = field(default_factory=Tally)
    shown: Tally = field(default_factory=Tally)
    steps: float = 0.0
    errors: dict[str, tuple[float, float]] = field(default_factory=dict)
    shortfalls: list[Shortfall] = field(default_factory=list)


def firsts(shortfalls: Iterable[Shortfall]) -> dict[str, Shortfall]:
    """The first of each kind in execution order."""
    found: dict[str, Shortfall] = {}
    for item in shortfalls:
        if item.index >= 0:
            found.setdefault(item.kind, item)
    return found
