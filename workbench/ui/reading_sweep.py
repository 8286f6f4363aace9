"""What the window asks of the core about sweeps. For the worker process and the one that computes; no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Steps
from workbench.project.comparison.sides import Side
from workbench.project.session import Session, save_session

if TYPE_CHECKING:
    from workbench.project.sweeps.file import Place, Sweep
    from workbench.project.sweeps.plan import Offer

Axes = Mapping[str, tuple[str, ...]]
USUAL: Axes = {"method": (), "algorithm": ()}
"""What is varied where nobody has swept before; an axis without values has the usual ones."""


@dataclass(frozen=True)
class Wanted:
    """What is varied, and by which simulator: "embedded" or "toolkit"."""

    axes: Axes
    simulator: str = "embedded"


@dataclass(frozen=True)
class Planned:
    """What can be varied, and what the wanted sweep is; without one `problem` and `hint` say why."""

    offers: "Mapping[str, Offer]" = field(default_factory=dict)
    sweep: "Sweep | None" = None
    problem: str = ""
    hint: str = ""


def last_wanted(session: Session, folder: Path) -> Wanted:
    """What was swept last."""
    from workbench.project.sweeps.file import load_sweep

    last = load_sweep(folder)
    if last is not None:
        return Wanted({axis: tuple(filter(None, values)) for axis, values in last.axes.items()}, last.simulator)
    return Wanted(USUAL, "toolkit" if session.simulator == "toolkit" else "embedded")


def plan(session: Session, folder: Path, wanted: Wanted | None) -> tuple[Wanted, Planned]:
    """A sweep as it is before it runs, by default the last one; with the values that it varies."""
    from workbench.project.sweeps.plan import offers, planned

    wanted = wanted or last_wanted(session, folder)
    offered = offers(session, wanted.simulator, wanted.axes.get("type", ()))
    axes = {axis: _of(values, offered[axis]) for axis, values in wanted.axes.items() if offered[axis].values}
    wanted = Wanted({axis: values for axis, values in axes.items() if values}, wanted.simulator)
    if not wanted.axes:
        return wanted, Planned(offered)
    try:
        return wanted, Planned(offered, planned(session, folder, wanted.axes, wanted.simulator))
    except WorkbenchError as error:
        return wanted, Planned(offered, None, error.message, error.hint)


def look_up(sweep: "Sweep", folder: Path) -> "tuple[Place, ...]":
    """Its places with what is known by now."""
    from workbench.project.sweeps.plan import looked_up

    return looked_up(sweep.places, folder)


def run_sweep(session: Session, folder: Path, wanted: Wanted, cluster: str) -> "Steps[Sweep]":
    """Compute what is missing of a sweep, on a cluster where there is an address."""
    from workbench.project.sweeps.sweeping import sweep
    from workbench.project.workers.executors import workers

    save_session(session, folder)
    with workers(0, cluster) as pool:
        return (yield from sweep(folder, wanted.axes, pool, wanted.simulator))


def open_place(session: Session, folder: Path, sweep: "Sweep", name: str) -> Steps[tuple[Side, ...]]:
    """Run a place whole; gives the sides of its comparison with the session."""
    from workbench.project.sweeps import opening
    from workbench.project.sweeps.file import save_sweep

    save_session(session, folder)
    save_sweep(sweep, folder)  # the one that is looked at is the last one
    place = yield from opening.open_place(folder, name)
    return opening.sides_of(folder, place)


def settings_at(session: Session, sweep: "Sweep", at: Mapping[str, str]) -> dict[str, object]:
    """The fields of the session that are others in a place."""
    from workbench.project.sweeps.plan import cell_at

    found = cell_at(session, sweep.axes, at, sweep.simulator).session
    fields = {name: getattr(found, name) for name in ("quant", "dataset", "preprocess", "simulator")}
    fields = {name: value for name, value in fields.items() if value != getattr(session, name)}
    return fields | ({"plan": None} if session.plan is not None else {})


def _of(values: tuple[str, ...], offer: "Offer") -> tuple[str, ...]:
    """Those that the axis can have; a number of calibration inputs is the user's own."""
    kept = tuple(value for value in values if value in offer.values or value.isdecimal())
    return kept if values else offer.usual
