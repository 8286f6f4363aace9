"""What differs between the sides of a comparison: settings and versions, as far as anybody knows them."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.preprocess.dataset import Sample
from workbench.project.comparison.open_side import OpenSide
from workbench.project.digests import file_digest
from workbench.project.results import Difference, Results
from workbench.project.session import Session

OF_VALUES = (
    "golden",
    "base",
    "tensors",
    "matched",
    "unmatched",
    "fingerprints",
    "input",
    "source",
    "run",
    "from",
    "report",
)
"""What a dump tells about its values, not about what computed them."""
MOST_NAMED = 3


def differences(sides: Sequence[OpenSide]) -> tuple[Difference, ...]:
    """Everything that at least two sides tell and in which they differ."""
    told = [facts(side) for side in sides]
    names = dict.fromkeys(name for side in told for name in side)
    found = (Difference(name, tuple(side.get(name, "") for side in told)) for name in names)
    return tuple(item for item in found if len({value for value in item.values if value}) > 1)


def facts(side: OpenSide) -> dict[str, str]:
    """What is known of how the values of a side were computed, by the names that sessions give the settings."""
    found: dict[str, str] = {}
    if side.session is not None and side.results is not None:
        is_reference = side.is_golden and "golden" not in side.session.imports
        found = session_facts(side.session, side.results, is_reference)
        if side.side.source in ("embedded", "toolkit"):
            found["simulator"] = side.side.source
        if side.side.source in side.session.imports:
            found["imported"] = str(side.session.imports[side.side.source].path)
    info = {key: value for key, value in side.info().items() if key not in OF_VALUES}
    return found | {key: str(value) for key, value in info.items() if isinstance(value, str | int | float)}


def session_facts(session: Session, results: Results | None, is_reference: bool = False) -> dict[str, str]:
    """The settings of a session; a reference does not depend on quantization."""
    found = {"network": session.model.name, "network.sha256": _digest(session.model)}
    found["shapes"] = ", ".join(f"{name}: {_text(shape)}" for name, shape in session.shapes.items())
    for name, item in session.preprocess.items():
        found |= dict(_flat(f"preprocess.{name}", dataclasses.asdict(item)))
    found["inputs"] = _listed(session.samples)
    if not is_reference:
        found |= dict(_flat("quant", results.quant if results and results.quant else dataclasses.asdict(session.quant)))
        found |= {"quant.dataset": _listed(session.dataset), "simulator": session.simulator}
        if session.simulator == "toolkit":
            found |= dict(_flat("toolkit_options", session.toolkit_options))
        found["quant.plan"] = session.plan.name if session.plan else ""
    found["program"] = results.program if results else ""
    return found


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}.{key}", value)
        else:
            yield f"{prefix}.{key}", _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _listed(samples: Sequence[Sample]) -> str:
    names = ["+".join(path.name for path in sample.files) for sample in samples]
    more = f", … ({len(names)})" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _digest(path: Path) -> str:
    """The beginning of a network's hash; "" where the file is gone."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return _digest_of(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _digest_of(path: Path, _time: int, _size: int) -> str:
    return file_digest(path)[:12]
