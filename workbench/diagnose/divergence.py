"""Where the numbers first part, and which layers are to blame: what each adds itself, inherits, and passes on.

Errors are squared relative ones, Σ(x - golden)² / Σ golden²: those of layers that err independently add up. What a
layer adds and inherits stands in the table; what it does to the outputs is measured (`diagnose.measuring`).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.compare.compare import ENTIRE, RUNTIME, SINGLE, SINGLE_SIM, LayerError
from workbench.diagnose.case import Case
from workbench.diagnose.flow import leading
from workbench.diagnose.gate import RELATIVE, judged

MEASURED = 6  # layers whose effects are measured without being asked for
NOTHING = 1e-12  # of a squared error: rounding of float32
SIMULATOR, BOARD = "simulator", "runtime"
COLUMNS = {SIMULATOR: (ENTIRE, SINGLE), BOARD: (RUNTIME, SINGLE_SIM)}


@dataclass(frozen=True, slots=True)
class LayerShare:
    """One row's share of the damage; `only` and `without` are by output, and empty where nothing was measured.

    `own` is what the layer adds itself, `inherited` the rest of what is wrong with its tensor. `only` is what is wrong
    with an output when only this layer is quantised, `without` when it alone is float.
    """

    tensor: str
    own: float | None = None
    inherited: float | None = None
    only: Mapping[str, float] = field(default_factory=dict)
    without: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Divergence:
    """`first` is where the numbers part for good ("": nowhere), `guilty` the layers that cost most, the worst first.

    `chain` leads from the first guilty layer to the output that it hurts most. `total` is what is wrong with each
    output, `column` whose numbers these are: "simulator" or "runtime".
    """

    shares: tuple[LayerShare, ...]
    first: str = ""
    guilty: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    total: Mapping[str, float] = field(default_factory=dict)
    column: str = SIMULATOR

    def share(self, tensor: str) -> LayerShare | None:
        """The share of a row's tensor."""
        return next((one for one in self.shares if one.tensor == tensor), None)

    def effect(self, tensor: str) -> float:
        """How much of what is wrong with an output a layer does, from 0 to 1 and sometimes more; 0: not measured."""
        share = self.share(tensor)
        if share is None or not share.only:
            return 0.0
        saved = (1 - part(value, self.total[name]) for name, value in share.without.items() if name in self.total)
        return max(greatest_part(share.only, self.total), max(saved, default=0.0))


def diverged(case: Case, column: str = "") -> Divergence:
    """What the table tells; nothing is computed. The board's numbers where only these are spoilt."""
    column = column or (BOARD if case.hurt_on_board and not case.hurt else SIMULATOR)
    entire, single = COLUMNS[column]
    shares = tuple(
        _share(row, case.error(row, entire, "relative"), case.error(row, single, "relative")) for row in case.rows
    )
    outputs = judged(case.rows, case.output_rows, entire)
    total = {row.golden or row.tensor: _square(case.error(row, entire, "relative")) for row in outputs}
    found = Divergence(shares, total={name: value for name, value in total.items() if value is not None}, column=column)
    return blamed(case, found)


def suspects(case: Case, found: Divergence, count: int = MEASURED) -> tuple[str, ...]:
    """The rows that are worth a measurement: those that add most, early ones before late ones."""
    weights = {row.tensor: _weight(case, found, row) for row in case.rows}
    return tuple(
        sorted((name for name, weight in weights.items() if weight > NOTHING), key=lambda name: -weights[name])[:count]
    )


def _share(row: LayerError, entire: float | None, single: float | None) -> LayerShare:
    own, whole = _square(single), _square(entire)
    inherited = None if own is None or whole is None else (whole if math.isinf(whole) else max(0.0, whole - own))
    return LayerShare(row.tensor, own, inherited)


def _square(relative: float | None) -> float | None:
    """Infinite where there is no number for it."""
    if relative is None:
        return None
    return relative * relative if math.isfinite(relative) else math.inf


def blamed(case: Case, found: Divergence) -> Divergence:
    """With the first divergence, the guilty layers and the chain; on a healthy run there are none."""
    hurt = case.hurt if found.column == SIMULATOR else case.hurt_on_board
    if not hurt:
        return replace(found, first="", guilty=(), chain=())
    after = case.followers
    spoilt = [one.tensor for one in hurt]
    guilty = suspects(case, found)
    chain = _chain(case, found, after, guilty[0], spoilt) if guilty else ()
    return replace(found, first=_first(case, found, after, spoilt), guilty=guilty, chain=chain)


def _first(case: Case, found: Divergence, after: Mapping[str, Sequence[str]], spoilt: Collection[str]) -> str:
    """The earliest row that has parted, and all rows on one way from it to a spoilt output."""
    entire = COLUMNS[found.column][0]
    parted = {row.tensor for row in case.rows if _is_parted(case.error(row, entire, "relative"))} | set(spoilt)
    reached = set(spoilt)
    first = next(iter(spoilt))
    for row in reversed(case.rows):
        if row.tensor in parted and (row.tensor in reached or reached.intersection(after.get(row.tensor, ()))):
            reached.add(row.tensor)
            first = row.tensor
    return first


def _is_parted(relative: float | None) -> bool:
    return relative is not None and not relative <= RELATIVE


def _chain(
    case: Case, found: Divergence, after: Mapping[str, Sequence[str]], start: str, spoilt: Collection[str]
) -> tuple[str, ...]:
    """From a row to a spoilt output, each time to the row that is spoilt most."""
    wrong = {row.tensor: _square(case.error(row, COLUMNS[found.column][0], "relative")) or 0.0 for row in case.rows}
    reachable = leading(case.takes, spoilt)
    chain = [start]
    while chain[-1] not in spoilt:
        steps = [name for name in after.get(chain[-1], ()) if name in reachable and name not in chain]
        if not steps:
            break
        chain.append(max(steps, key=lambda name: wrong[name]))
    return tuple(chain)


def part(wrong: float, total: float) -> float:
    """A squared error as a share of all that is wrong; where that is no number, all of it or none."""
    if not math.isfinite(total):
        return 0.0 if math.isfinite(wrong) else 1.0
    return wrong / total if total else 0.0


def greatest_part(wrong: Mapping[str, float], total: Mapping[str, float]) -> float:
    """The greatest share over the outputs."""
    return max((part(value, total[name]) for name, value in wrong.items() if name in total), default=0.0)


def _weight(case: Case, found: Divergence, row: LayerError) -> float:
    """How guilty a row is: what it does to the worst output, where that is measured; else what it adds, weighed.

    What an activation cuts off behind it is no error: a row adds no more than is wrong with what takes it. Errors of
    early layers pass through more layers: the first weighs twice the last.
    """
    share = found.share(row.tensor)
    if share is None:
        return 0.0
    if share.only:
        return found.effect(row.tensor)
    own = share.own or 0.0
    if found.column == SIMULATOR and any(one.only for one in found.shares):
        return 0.0  # what was measured is told apart from what was not
    entire = COLUMNS[found.column][0]
    behind = [case.error(case.by_tensor[name], entire, "relative") for name in case.followers.get(row.tensor, ())]
    worst = max((_square(value) or 0.0 for value in behind if value is not None), default=own)
    return min(own, worst) * (2 - row.index / max(1, len(case.rows) - 1))
