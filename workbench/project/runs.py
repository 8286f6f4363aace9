"""Several runs side by side: what each gives for every layer, and in what it differs from the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.compare.compare import LayerError
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, Steps
from workbench.project.comparing import compare_sides
from workbench.project.differences import session_facts
from workbench.project.open_side import sources_of
from workbench.project.results import load_results
from workbench.project.session import is_session, load_session
from workbench.project.sides import Side, short_names


@dataclass(frozen=True)
class RunRows:
    """`facts` are a session's settings, {} for dumps; `source` are the dumps of a folder that has several.

    `problem` says why there are no rows.
    """

    path: Path
    title: str
    rows: tuple[LayerError, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    source: str = ""


def read_runs(home: Path, paths: Sequence[Path], golden: Path | None = None) -> Steps[tuple[RunRows, ...]]:
    """The runs in `paths`: sessions against golden values of their own, or all against those of the session `golden`.

    Saved dumps have no golden values; they are measured against those of the session `home`, which keeps the numbers.
    """
    found = []
    for done, (path, title) in enumerate(zip(paths, short_names(paths), strict=True)):
        yield Progress("runs", done, len(paths), title)
        try:
            found.append((yield from _run(home, path, title, golden)))
        except WorkbenchError as error:  # one that is gone must not hide the others
            found.append(RunRows(path, title, problem=str(error)))
    yield Progress("runs", len(paths), len(paths))
    return tuple(found)


def of_same_network(home: Path, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The sessions among `paths` that have results of the network of the session `home`."""
    wanted = load_session(home).model.resolve()
    return tuple(path for path in paths if path != home and _has_results_of(path, wanted))


def _run(home: Path, path: Path, title: str, golden: Path | None) -> Steps[RunRows]:
    if not is_session(path):
        source = sources_of(path)[-1 if len(sources_of(path)) > 1 else 0]
        results = yield from compare_sides((Side(golden or home, "golden"), Side(path, source)), home=home)
        return RunRows(path, title, results.rows, source=source)
    session, own = load_session(path), load_results(path)
    facts = session_facts(session, own)
    if own is None:
        return RunRows(path, title, facts=facts, problem=f"{path} has not been run yet.")
    if golden is None or golden == path:
        return RunRows(path, title, own.rows, facts)
    others = [source for source in ("simulator", "runtime") if source in sources_of(path)]
    if not others:
        return RunRows(path, title, facts=facts, problem=f"{path} has golden values only.")
    sides = (Side(golden, "golden"), *(Side(path, source) for source in others))
    results = yield from compare_sides(sides, home=home)
    return RunRows(path, title, results.rows, facts)


def _has_results_of(path: Path, model: Path) -> bool:
    """Whether a session has run with a network, told by its file or by what is in it."""
    try:
        if not is_session(path) or load_results(path) is None:
            return False
        found = load_session(path).model.resolve()
    except WorkbenchError:
        return False
    return found == model or (found.name == model.name and _size(found) == _size(model) != -1)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
