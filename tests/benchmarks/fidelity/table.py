"""The table that the benchmark prints: a line a network, the figures that count, and what falls short."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.benchmarks.fidelity.figures import Tally, Verdict, firsts

LONG = 1.0  # seconds of the toolkit from which on its speed is judged
LEAST_EQUAL = 0.999
COLUMNS = {  # title: width
    "scales": 9, "single": 9, "steps": 8, "entire": 9, "raw": 9, "cos": 8, "rows": 7, "own": 7, "shown": 7,
    "theirs s": 9, "ours s": 8, "faster": 7, "theirs MB": 10, "ours MB": 8,
}  # fmt: skip


@dataclass
class Line:
    """What is known of one network under one setting; `refused` is what the toolkit said, `failed` what we said.

    `search_died` is what ended the toolkit's search before its time: a network with half of it is shown, not counted.
    """

    name: str
    settings: str
    is_operator: bool = False
    verdict: Verdict | None = None
    refused: str = ""
    failed: str = ""
    search_died: str = ""
    ours: list[dict[str, float]] = field(default_factory=list)
    theirs: list[dict[str, float]] = field(default_factory=list)

    def seconds(self, runs: Sequence[dict[str, float]]) -> float:
        """The median; NaN without runs."""
        return statistics.median(run["seconds"] for run in runs) if runs else math.nan

    def memory(self, runs: Sequence[dict[str, float]]) -> float:
        """The peak in MB; NaN without runs."""
        return max((run["memory_mb"] for run in runs), default=math.nan)

    @property
    def faster(self) -> float:
        """How many times as fast we are: the median of the runs in turn."""
        pairs = zip(self.theirs, self.ours, strict=False)
        ratios = [their["seconds"] / own["seconds"] for their, own in pairs]
        return statistics.median(ratios) if ratios else math.nan

    def error_ratio(self, kind: str) -> float:
        """Our output error divided by the toolkit's; 1.0 where both are nothing."""
        ours, theirs = self.verdict.errors.get(kind, (math.nan, math.nan)) if self.verdict else (math.nan, math.nan)
        if theirs == 0:
            return 1.0 if ours == 0 else math.inf
        return ours / theirs


def header() -> str:
    return f"{'network':26}" + "".join(f"{title:>{width}}" for title, width in COLUMNS.items())


def line(item: Line) -> str:
    """One line of the table."""
    if item.verdict is None:
        said = f"  the toolkit refuses it: {item.refused}" if item.refused else ""
        own = f"  ours: {item.failed}" if item.failed else f"  ours: simulated in {item.seconds(item.ours):.2f} s"
        return f"{item.name:26}{said}{own}"
    found = item.verdict
    cells = [
        _share(found.scales),
        _share(found.single, 3),
        f"{found.steps:.2f}",
        _share(found.entire, 3),
        _share(found.raw, 3),
        _share(found.cos),
        _share(found.rows, 1),
        _share(found.own_rows, 1),
        _share(found.shown, 1),
        *_costs(item),
    ]
    return f"{item.name:26}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, COLUMNS.values(), strict=True))


def _costs(item: Line) -> list[str]:
    if not item.ours:
        return ["-"] * 5
    seconds = [f"{item.seconds(runs):.2f}" for runs in (item.theirs, item.ours)]
    return [*seconds, f"{item.faster:.1f}x", *(f"{item.memory(runs):.0f}" for runs in (item.theirs, item.ours))]


def search_line(item: Line) -> str:
    """One line about a searched calibration: errors of the outputs beside the toolkit's, scales that agree to 2 %."""
    if item.verdict is None:
        return line(item)
    ratios = "".join(f"{item.error_ratio(kind):>12.4f}" for kind in ("euc", "cos"))
    died = f"  the toolkit's search died: {item.search_died}" if item.search_died else ""
    return f"{item.name:26}{ratios}{_share(item.verdict.close):>12}{died}"


def summary(lines: Sequence[Line]) -> str:
    """The figures of "It is done when", over networks and over operators."""
    judged = _judged(lines)
    parts = []
    for title, chosen in (
        ("networks", [item for item in judged if not item.is_operator]),
        ("operators", [item for item in judged if item.is_operator]),
    ):
        if chosen:
            parts.append(_figures(title, chosen))
    died = [f"{item.name} ({item.search_died})" for item in lines if item.search_died]
    refused = [f"{item.name} ({item.refused})" for item in lines if item.refused]
    failed = [f"{item.name} ({item.failed})" for item in lines if item.failed]
    parts += [f"not counted, the toolkit's search died: {'; '.join(died)}"] if died else []
    parts += [f"refused by the toolkit: {'; '.join(refused)}"] if refused else []
    parts += [f"not simulated by us: {'; '.join(failed)}"] if failed else []
    return "\n".join(parts)


def in_a_sentence(lines: Sequence[Line]) -> tuple[str, bool]:
    """What is like the toolkit's over all that was judged, and whether that is enough."""
    judged = _judged(lines)
    if not judged:
        return "nothing was judged", False
    scales, entire = (_sum(judged, of) for of in (lambda v: v.scales, lambda v: v.entire))
    operators = sum(item.is_operator for item in judged)
    counts = {"networks": len(judged) - operators, "single operators and patterns": operators}
    what = " and ".join(f"{count} {name}" for name, count in counts.items() if count)
    text = f"{what}: {_shown(entire)} elements and {_shown(scales)} scales equal"
    faster = [item.faster for item in _timed(judged)]
    text += f" (limit {LEAST_EQUAL:.1%})"
    if faster:
        text += f", {statistics.median(faster):.1f} times as fast at the median"
    return text, all(tally.same >= LEAST_EQUAL * tally.of for tally in (scales, entire))


def _shown(tally: Tally) -> str:
    return f"all {tally.of:,}" if tally.same == tally.of else f"{tally.same:,} of {tally.of:,}"


def details(item: Line) -> str:
    """Every tensor that falls short, one a line; the first of each kind in execution order is marked with `>`."""
    if item.verdict is None:
        return ""
    marked = {id(first) for first in firsts(item.verdict.shortfalls).values()}
    return "\n".join(
        f"{item.name}{'>' if id(short) in marked else ' '} {short.kind:8}{short.index:4} {short.op:16} "
        f"{short.tensor}  ours: {short.ours}  theirs: {short.theirs}"
        for short in item.verdict.shortfalls
    )


def document(item: Line) -> dict[str, Any]:
    """The line as JSON values."""
    return asdict(item)


def _figures(title: str, lines: Sequence[Line]) -> str:
    steps = max((item.verdict.steps, item.name) for item in lines if item.verdict)
    found = [
        f"{title}: {len(lines)} judged",
        f"  scale and zero point equal     {_total(lines, lambda v: v.scales)}",
        f"  single: elements identical     {_total(lines, lambda v: v.single)}",
        f"  single: largest difference     {steps[0]:.3f} steps ({steps[1]})",
        f"  entire: elements identical     {_total(lines, lambda v: v.entire)}",
        f"  raw inside fused operators     {_total(lines, lambda v: v.raw)}",
        f"  cos as printed                 {_total(lines, lambda v: v.cos)}",
        f"  rows of theirs that we have    {_total(lines, lambda v: v.rows)}",
        f"  rows of ours that they have    {_total(lines, lambda v: v.own_rows)}",
        f"  numbers in the same rows       {_total(lines, lambda v: v.shown)}",
    ]
    return "\n".join([*found, *_speed(lines), *_search(lines)])


def _judged(lines: Sequence[Line]) -> list[Line]:
    return [item for item in lines if item.verdict is not None and not item.search_died]


def _timed(lines: Sequence[Line]) -> list[Line]:
    """Those that take the toolkit long enough to be compared."""
    return [item for item in lines if item.ours and item.theirs and item.seconds(item.theirs) >= LONG]


def _speed(lines: Sequence[Line]) -> list[str]:
    timed = _timed(lines)
    if not timed:
        return []
    ratios = [item.faster for item in timed]
    heavy = [item.name for item in timed if item.memory(item.ours) > item.memory(item.theirs)]
    found = f"median {statistics.median(ratios):.1f}x, worst {min(ratios):.1f}x of {len(timed)}"
    return [
        f"  faster, the toolkit takes {LONG:g} s   {found}",
        f"  memory above the toolkit's     {', '.join(heavy) or 'none'}",
    ]


def _search(lines: Sequence[Line]) -> list[str]:
    if all("normal" in item.settings or "-" not in item.settings for item in lines):
        return []
    found = [f"  scales that agree to 2 %       {_total(lines, lambda v: v.close)}"]
    for kind in ("euc", "cos"):
        ratios = [item.error_ratio(kind) for item in lines]
        good = Tally(sum(ratio <= 1.01 for ratio in ratios), len(ratios))
        found.append(f"  output error ({kind}) ≤ 1.01 x theirs {_share(good)}, median {statistics.median(ratios):.4f}")
    return found


def _total(lines: Sequence[Line], of: Callable[[Verdict], Tally]) -> str:
    """The share of all that was counted, of the median network and of the worst."""
    known = [(of(item.verdict), item.name) for item in lines if item.verdict and of(item.verdict).of]
    if not known:
        return "none"
    every = _sum(lines, of)
    median = statistics.median(tally.share for tally, _ in known)
    worst, name = min((tally.share, name) for tally, name in known)
    return f"{_share(every, 4)} of {every.of}, median {median:.4%}, worst {worst:.4%} ({name})"


def _sum(lines: Sequence[Line], of: Callable[[Verdict], Tally]) -> Tally:
    known = [of(item.verdict) for item in lines if item.verdict]
    return Tally(sum(tally.same for tally in known), sum(tally.of for tally in known))


def _share(tally: Tally, digits: int = 2) -> str:
    return f"{tally.share:.{digits}%}" if tally.of else "-"
