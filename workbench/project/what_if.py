"""What-if: single layers have other settings than in the results before; only what that changes is computed again."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import workbench
from workbench.compare.compare import LayerError
from workbench.dump.store import Dump
from workbench.foundation.errors import DumpError
from workbench.project.cache import RULES, settings_key
from workbench.project.results import Before, Results
from workbench.quantize.schemes import PER_LAYER, QuantSettings
from workbench.sources.earlier import fingerprints_of
from workbench.sources.simulator import single_path

PROGRAM = f"{workbench.__version__} {RULES}"
Paths = Mapping[str, tuple[Path, ...]]


def settings_of(quant: QuantSettings) -> dict[str, Any]:
    """Quantization settings as JSON values."""
    found: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(quant)))
    return found


def quant_of(settings: Mapping[str, Any]) -> QuantSettings:
    """Quantization settings from JSON values."""
    from pydantic import TypeAdapter  # slow to import; only needed to undo

    return TypeAdapter(QuantSettings).validate_python(dict(settings))


def earlier_dumps(last: Results | None, sample: int) -> tuple[Path, ...]:
    """The simulator's dumps of a sample that the last results know of."""
    if last is None:
        return ()
    known = (last.dumps.get("simulator", ()), last.before.simulator if last.before else ())
    return tuple(dict.fromkeys(paths[sample] for paths in known if sample < len(paths)))


def same_rows(last: Results | None, dumps: Paths) -> dict[str, LayerError]:
    """The rows of earlier results that need not be measured again: what they compare is the same in `dumps`."""
    if last is None or last.program != PROGRAM or not _compare_with(last.dumps, dumps):
        return {}
    found: dict[str, LayerError] = {}
    now = dumps.get("simulator", ())
    if last.before is not None:
        same = same_tensors(last.before.simulator, now)
        found |= {tensor: row for tensor, row in rows_before(last).items() if tensor in same}
    same = same_tensors(last.dumps.get("simulator", ()), now)
    return found | {row.tensor: row for row in last.rows if row.tensor in same}


def rows_before(last: Results) -> dict[str, LayerError]:
    """The rows of the results that a what-if is compared with; without one, those of `last` itself."""
    rows = {row.tensor: row for row in last.rows}
    if last.before is None:
        return rows
    return {tensor: row for tensor, row in rows.items() if tensor not in last.before.added} | dict(last.before.rows)


def what_if(last: Results | None, now: Results, calibration: str) -> Before | None:
    """What `now` is to be compared with: results that differ from it by settings of single layers, and nothing else.

    `calibration` is the key of the calibration that both must have.
    """
    if last is None or not _is_what_if(last, now, calibration):
        return None
    quant, simulator = (last.quant, last.dumps["simulator"])
    if last.before is not None:
        quant, simulator = last.before.quant, last.before.simulator
    if quant == now.quant:
        return None
    old, new = rows_before(last), {row.tensor: row for row in now.rows}
    changed = {tensor: row for tensor, row in old.items() if tensor not in new or _differ(row, new[tensor])}
    return Before(quant, changed, frozenset(new.keys() - old.keys()), simulator)


def same_tensors(before: Sequence[Path], now: Sequence[Path]) -> frozenset[str]:
    """The tensors that are alike in the simulator's dumps of all samples, entire and single."""
    if not before or len(before) != len(now):
        return frozenset()
    pairs = [pair for one, other in zip(before, now, strict=True) for pair in _with_single(one, other)]
    with ExitStack() as stack:
        try:
            prints = [[fingerprints_of(stack.enter_context(Dump(path))) for path in pair] for pair in pairs]
        except DumpError:  # an earlier dump is gone: nothing is known of it
            return frozenset()
    same = [{name for name, text in one.items() if other.get(name) == text} for one, other in prints]
    every = {name for pair in prints for one in pair for name in one}
    # a tensor that has no single run has none in both
    absent = [{name for name in every if name not in one and name not in other} for one, other in prints]
    return frozenset(every.intersection(*(found | missing for found, missing in zip(same, absent, strict=True))))


def _with_single(one: Path, other: Path) -> Iterable[tuple[Path, Path]]:
    return ((one, other), (single_path(one), single_path(other)))


def _is_what_if(last: Results, now: Results, calibration: str) -> bool:
    """Whether only settings of single layers differ, and both have the same golden values and calibration."""
    simulated = last.dumps.get("simulator", ())
    if not simulated or not last.quant or not _compare_with(last.dumps, now.dumps):
        return False
    golden = last.dumps["golden"]
    made = [f"simulator-{settings_key(path.stem, calibration, last.quant)}" for path in golden]
    return made == [path.stem for path in simulated] and _general(last.quant) == _general(now.quant)


def _general(quant: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in quant.items() if key not in PER_LAYER}


def _compare_with(one: Paths, other: Paths) -> bool:
    """Whether two runs are compared with the same golden values and have the same dump of a board."""
    return all(_names(one, source) == _names(other, source) for source in ("golden", "runtime"))


def _names(dumps: Paths, source: str) -> list[str]:
    return [path.name for path in dumps.get(source, ())]


def _differ(one: LayerError, other: LayerError) -> bool:
    """Whether a row has other numbers or is stored differently; NaN is like NaN."""
    is_other = one.errors is not other.errors and repr(one.errors) != repr(other.errors)
    return is_other or one.encoding != other.encoding
