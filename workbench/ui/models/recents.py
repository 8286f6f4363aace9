"""What was open lately, as far as its files tell it. Nothing here knows Qt: the worker process looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.compare.metrics import METRICS
from workbench.foundation.errors import WorkbenchError
from workbench.project.results import FILE as RESULTS
from workbench.project.results import Results, load_results
from workbench.project.session import FILE, is_session, load_session
from workbench.ui.models.network_title import network_title

LARGEST = 4_000_000
"""Bytes of results that are read only to say what was worst in them."""
METRIC = "cos"


@dataclass(frozen=True)
class Recent:
    """`network` is the name of its file, `when` seconds since 1970, `worst` the worst layer's value of METRIC."""

    path: Path
    exists: bool = True
    network: str = ""
    when: float | None = None
    worst: float | None = None
    layer: str = ""


def look_at(known: Sequence[Recent]) -> tuple[Recent, ...]:
    """What there is to say of each path; what has not changed since it was looked at is not read again."""
    return tuple(_look(entry) for entry in known)


def _look(known: Recent) -> Recent:
    path = known.path
    try:
        if not path.exists():
            return Recent(path, exists=False, network=known.network or path.name)
        if not is_session(path):
            return Recent(path, network=path.name, when=path.stat().st_mtime)
        file = path / RESULTS
        when = (file if file.is_file() else path / FILE).stat().st_mtime
        if when == known.when:
            return known
        name = network_title(load_session(path).model)
        results = load_results(path) if file.is_file() and file.stat().st_size <= LARGEST else None
    except (OSError, WorkbenchError):  # a session that cannot be read: opening it tells why
        return Recent(path, network=path.name)
    value, layer = worst_of(results) if results is not None else (None, "")
    return Recent(path, True, name, when, value, layer)


def worst_of(results: Results) -> tuple[float | None, str]:
    """The worst value of the first comparison of a run, and its layer; NaN is the worst of all."""
    sign = -1.0 if METRICS[METRIC].higher_is_worse else 1.0
    found = [
        (errors.mean[METRIC], row.tensor)
        for row in results.rows
        for errors in list(row.errors.values())[:1]
        if METRIC in errors.mean
    ]
    return min(found, key=lambda pair: (pair[0] == pair[0], sign * pair[0]), default=(None, ""))
