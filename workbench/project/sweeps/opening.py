"""A place of a sweep as a session of its own, which is run whole and compared with the one that was swept."""

from dataclasses import replace
from pathlib import Path

from workbench.foundation.errors import SessionError
from workbench.foundation.steps import Steps
from workbench.project.comparison.comparing import compare_sides
from workbench.project.comparison.sides import Side
from workbench.project.holding import held
from workbench.project.pipeline import analyze
from workbench.project.results import Results, load_results
from workbench.project.session import load_session
from workbench.project.sweeps.axes import cells_of
from workbench.project.sweeps.cells import linked
from workbench.project.sweeps.file import FOLDER, load_sweep
from workbench.project.sweeps.keys import Keys
from workbench.project.sweeps.plan import swept

NO_PLACE = "The last sweep of {0} has no place {1}."
OTHERS = "The session has changed since: its sweep has no place {0} any more."


def open_place(folder: Path, name: str) -> Steps[Path]:
    """Run a place of the last sweep as a session of its own, whole; gives its folder, which is kept."""
    last = load_sweep(folder)
    if last is None or all(place.name != name for place in last.places):
        raise SessionError(NO_PLACE.format(folder, name), "Take one that the sweep lists.")
    session = swept(load_session(folder), last.simulator)
    cells, _ = cells_of(session, last.axes)
    keys = Keys(session, folder)
    found = next(((cell, known) for cell in cells if (known := keys.of(cell)).name == name), None)
    if found is None:
        raise SessionError(OTHERS.format(name), "Sweep again.")
    cell, known = found
    own = folder / FOLDER / name
    with held(folder):
        for file in (*(f"{golden}.h5" for golden in known.golden), *known.files):
            if (folder / "dumps" / file).is_file():
                linked(folder / "dumps" / file, own / "dumps" / file)
        yield from analyze(replace(cell.session, runs=(folder.resolve(),)), own)
    return own


def sides_of(folder: Path, place: Path) -> tuple[Side, ...]:
    """A session's golden values, its simulator's as far as there are any, and those of an opened place."""
    results = load_results(folder)
    dumps = results.dumps if results is not None else {}
    own = [Side(folder, "simulator")] if dumps.get("simulator") else []
    return Side(folder if dumps.get("golden") else place, "golden"), *own, Side(place, "simulator")


def compared_with(folder: Path, place: Path) -> Steps[Results]:
    """They are compared layer by layer."""
    return (yield from compare_sides(sides_of(folder, place), home=folder))
