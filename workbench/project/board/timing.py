"""The board's times in a session: kept beside it, laid upon the rows of its table."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workbench.compare.compare import LayerError
from workbench.foundation.errors import SessionError
from workbench.foundation.files import UNREADABLE, write_text
from workbench.foundation.steps import Steps, Warn
from workbench.graph.vendor_names import OTHER, SAME
from workbench.project.holding import held
from workbench.project.results import Results, load_results, save_results
from workbench.sources.board.advice import advice
from workbench.sources.board.times import LayerTime, Times

FILE = "times.json"
VERSION = 1
NAMED = 5  # layers in a sentence
NO_ROW = "The board's times of {0} layers ({1} of {2} ms) belong to no row: {3}."
UNSAFE = re.compile(r"[^0-9A-Za-z_]")
NUMBER = re.compile(r"_\d+$")
"""What toolkit 1 puts behind a layer's name, twice; in names of toolkit 2 it tells layers apart."""


def keep_times(folder: Path, times: Times) -> Results | None:
    """Keep times with the session in `folder` and lay them upon its results; None where it has none yet.

    They stay for later runs, until others take their place; `Times()` removes them.
    """
    with held(folder):
        return _kept(folder, times)


def _kept(folder: Path, times: Times) -> Results | None:
    old = load_times(folder)
    if times:
        write_text(folder / FILE, json.dumps({"version": VERSION, **asdict(times)}, ensure_ascii=False) + "\n")
    else:
        (folder / FILE).unlink(missing_ok=True)
    results = load_results(folder)
    if results is None:
        return None
    said = set(_said(results, old))
    results = replace(results, warnings=tuple(text for text in results.warnings if text not in said))
    results = replace(laid(results, times), warnings=(*results.warnings, *_said(results, times)))
    save_results(results, folder)
    return results


def load_times(folder: Path) -> Times:
    """The times that a session keeps; empty where it keeps none."""
    path = folder / FILE
    if not path.is_file():
        return Times()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _from_json(document)
    except UNREADABLE as error:
        raise SessionError(f"{path} is damaged or cut short.", "Delete it, or read the times anew.") from error


def timed(results: Results, folder: Path) -> Steps[Results]:
    """The results of a run with the times that its session keeps; warns of what they tell."""
    times = load_times(folder)
    yield from map(Warn, _said(results, times))
    return laid(results, times)


def laid(results: Results, times: Times) -> Results:
    """The results with each row's time: of all board layers whose name leads to it."""
    found = _places(results.rows, results.layers_of, times.layers)
    rows = tuple(_row(row, found.get(row.tensor, ())) for row in results.rows)
    return replace(results, rows=rows, times=times.summary())


def lent(rows: Iterable[LayerError], boards: Iterable[Results]) -> tuple[LayerError, ...]:
    """Rows of a comparison with the times of the boards in it, by any name of a row; the first board that has one."""
    known: dict[str, LayerError] = {}
    for row in (row for results in boards for row in results.rows if row.time_us is not None):
        for name in (row.tensor, row.golden):
            known.setdefault(name, row)
    found = ((row, next((known[name] for name in (row.tensor, row.golden) if name in known), None)) for row in rows)
    return tuple(row if own is None else replace(row, time_us=own.time_us, on=own.on) for row, own in found)


def _said(results: Results, times: Times) -> Iterator[str]:
    """What to know about the times: what could be spared, and what found no row."""
    yield from advice(times)
    ours = [layer for layer in times.layers if not layer.is_end]
    found = _places(results.rows, results.layers_of, times.layers)
    placed = {id(layer) for layers in found.values() for layer in layers}
    rest = [layer for layer in ours if id(layer) not in placed]
    if rest:
        names = ", ".join(layer.tensor or layer.op for layer in rest[:NAMED]) + (", …" if len(rest) > NAMED else "")
        taken = sum(layer.microseconds for layer in rest)
        yield NO_ROW.format(len(rest), f"{taken / 1000:.3g}", f"{times.summed / 1000:.3g}", names)


def _row(row: LayerError, layers: Sequence[LayerTime]) -> LayerError:
    if not layers:
        return row if row.time_us is None else replace(row, time_us=None, on="")
    where = dict.fromkeys(layer.target for layer in layers if layer.target)
    return replace(row, time_us=sum(layer.microseconds for layer in layers), on=", ".join(where))


@dataclass(frozen=True)
class _Names:
    """From what a board may call a layer to the tensor of its row; the first row of a name counts."""

    layers: Mapping[str, str]
    tensors: Mapping[str, str]
    safe: Mapping[str, str]

    def row_of(self, layer: LayerTime) -> str:
        """By the layer's name, a tensor's, either as file names write it, or without what a toolkit puts behind; "" """
        for candidate in _shorter(layer.tensor, (SAME, OTHER) if layer.target else (NUMBER,)):
            for known, key in ((self.layers, candidate), (self.tensors, candidate), (self.safe, _safe(candidate))):
                if key in known:
                    return known[key]
        return ""


def _places(
    rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]], layers: Sequence[LayerTime]
) -> dict[str, list[LayerTime]]:
    """The board's layers of each row, by the row's tensor; conversions at both ends belong to no row."""
    names = _names(rows, layers_of)
    found: dict[str, list[LayerTime]] = {}
    for layer in layers:
        row = "" if layer.is_end or not layer.tensor else names.row_of(layer)
        if row:
            found.setdefault(row, []).append(layer)
    return found


def _names(rows: Sequence[LayerError], layers_of: Mapping[str, Sequence[str]]) -> _Names:
    layers: dict[str, str] = {}
    tensors: dict[str, str] = {}
    for row in rows:
        for name in layers_of.get(row.tensor, ()):
            layers.setdefault(name, row.tensor)
    for row in rows:
        for name in (row.tensor, row.golden, row.runtime, *row.group):
            tensors.setdefault(name, row.tensor)
    safe: dict[str, str] = {}
    for name, tensor in (*layers.items(), *tensors.items()):
        safe.setdefault(_safe(name), tensor)
    return _Names(layers, tensors, {name: tensor for name, tensor in safe.items() if name})


def _shorter(name: str, endings: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """The name, and what is left of it without one ending of a toolkit after the other."""
    while name:
        yield name
        name = next((cut for ending in endings if (cut := ending.sub("", name)) != name), "")


def _safe(name: str) -> str:
    return UNSAFE.sub("_", name).strip("_")


def _from_json(document: dict[str, Any]) -> Times:
    layers = tuple(
        LayerTime(
            int(item["index"]), str(item["op"]), str(item["tensor"]), float(item["microseconds"]),
            str(item["target"]), str(item["dtype"]),
        )
        for item in document["layers"]
    )  # fmt: skip
    io = {str(name): float(value) for name, value in document["io"].items()}
    return Times(layers, io, None if document["total"] is None else float(document["total"]))
