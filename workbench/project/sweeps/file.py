"""What a sweep leaves in the folder `sweep` of a session: a small file for each place, and one for the sweep itself."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.compare.compare import Errors
from workbench.compare.metrics import METRICS
from workbench.foundation.errors import SessionError
from workbench.foundation.files import UNREADABLE, write_text
from workbench.project.results import errors_from_json, errors_to_json
from workbench.project.sweeps.axes import LeftOut, Values

FOLDER, FILE = "sweep", "sweep.json"
VERSION = 1


@dataclass(frozen=True)
class Place:
    """A place of a sweep: `at` is its value on every axis, `outputs` the entire errors of the network's outputs.

    `name` tells it from all others. Without outputs it is not computed yet, or cannot be: `problem` says why.
    """

    name: str
    at: Mapping[str, str]
    outputs: Mapping[str, Errors] = field(default_factory=dict)
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""

    def value(self, metric: str) -> float | None:
        """A metric of the output that is worst by it, the mean over the inputs; None where there is none."""
        values = [errors.mean[metric] for errors in self.outputs.values() if metric in errors.mean]
        if any(map(math.isnan, values)):
            return math.nan
        return (max if METRICS[metric].higher_is_worse else min)(values, default=None)


@dataclass(frozen=True)
class Sweep:
    """All places of a sweep over some axes, those that there are not, and which simulator it is of."""

    axes: Values
    places: tuple[Place, ...]
    left_out: tuple[LeftOut, ...] = ()
    simulator: str = "embedded"

    @property
    def best_first(self) -> tuple[Place, ...]:
        """By the cosine of the worst output; what has no numbers comes last."""
        return tuple(sorted(self.places, key=_rank))


def save_place(place: Place, folder: Path) -> None:
    """Keep the numbers of a place in a session's folder."""
    document = {
        "version": VERSION,
        "at": dict(place.at),
        "outputs": {name: errors_to_json(errors) for name, errors in place.outputs.items()},
        "seconds": place.seconds,
        "warnings": list(place.warnings),
    }
    write_text(_file(folder, place.name), json.dumps(document, ensure_ascii=False) + "\n")


def load_place(name: str, at: Mapping[str, str], folder: Path) -> Place:
    """What is known of a place; without outputs where that is nothing (that can be read)."""
    try:
        document = json.loads(_file(folder, name).read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return Place(name, at)
        outputs = {output: errors_from_json(item) for output, item in document["outputs"].items()}
        return Place(name, at, outputs, float(document["seconds"]), tuple(map(str, document["warnings"])))
    except UNREADABLE:
        return Place(name, at)


def save_sweep(sweep: Sweep, folder: Path) -> None:
    """Keep which places a sweep has; their numbers are kept one by one."""
    document = {
        "version": VERSION,
        "simulator": sweep.simulator,
        "axes": {axis: list(values) for axis, values in sweep.axes.items()},
        "places": [_told(place) for place in sweep.places],
        "left_out": [{"at": dict(item.at), "reason": item.reason} for item in sweep.left_out],
    }
    write_text(folder / FOLDER / FILE, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def load_sweep(folder: Path) -> Sweep | None:
    """The last sweep of a session, as far as it got; None where there is none."""
    path = folder / FOLDER / FILE
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return None
        return Sweep(
            {axis: tuple(map(str, values)) for axis, values in document["axes"].items()},
            tuple(_place(item, folder) for item in document["places"]),
            tuple(LeftOut(dict(item["at"]), str(item["reason"])) for item in document["left_out"]),
            str(document["simulator"]),
        )
    except UNREADABLE as error:
        raise SessionError(f"{path} is damaged or cut short.", "Delete it and sweep again.") from error


def _told(place: Place) -> dict[str, Any]:
    problem = {"problem": place.problem, "hint": place.hint} if place.problem else {}
    return {"name": place.name, "at": dict(place.at), **problem}


def _place(document: Mapping[str, Any], folder: Path) -> Place:
    name, at = str(document["name"]), {str(axis): str(value) for axis, value in document["at"].items()}
    found = load_place(name, at, folder)
    if found.outputs:
        return found
    return Place(name, at, problem=str(document.get("problem", "")), hint=str(document.get("hint", "")))


def _file(folder: Path, name: str) -> Path:
    if name != Path(name).name or name.startswith("."):
        raise ValueError(f"{name} is no place of a sweep")
    return folder / FOLDER / f"{name}.json"


def _rank(place: Place) -> tuple[bool, float]:
    cosine = place.value("cos")
    return cosine is None or math.isnan(cosine), -(cosine or 0.0)
