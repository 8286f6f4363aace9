"""Several runs side by side: what each gives for every layer, and in what it differs from the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.compare.compare import LayerError
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Progress, Steps
from workbench.project.comparison.comparing import compare_sides
from workbench.project.comparison.differences import session_facts
from workbench.project.comparison.open_side import sources_of
from workbench.project.comparison.sides import Side, short_names
from workbench.project.comparison.strangers import ENOUGH
from workbench.project.results import load_results
from workbench.project.session import is_session, load_session

ANOTHER = "{0} is of another network: only {1} of its {2} layers have the name of one of this session's."
TAKE_OUT = "Take it out, or open the network that it is of."
USUAL = ("runtime", "simulator")
"""Which dumps of a folder that has several are a run."""


@dataclass(frozen=True)
class RunRows:
    """`facts` are a session's settings, {} for dumps; `source` are the dumps of a folder that has several.

    `problem` says why there are no rows, `hint` what to do then.
    """

    path: Path
    title: str
    rows: tuple[LayerError, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""
    source: str = ""


def read_runs(home: Path, paths: Sequence[Path], golden: Path | None = None) -> Steps[tuple[RunRows, ...]]:
    """The runs in `paths`: sessions against golden values of their own, or all against those of the session `golden`.

    Saved dumps have no golden values; they are measured against those of the session `home`, which keeps the numbers.
    """
    found: list[RunRows] = []
    for done, (path, title) in enumerate(zip(paths, short_names(paths), strict=True)):
        yield Progress("runs", done, len(paths), title)
        try:
            run = _of_network(_stored(path, title), found[:1])
            found.append(run if run.problem else (yield from _measured(home, run, golden)))
        except WorkbenchError as error:  # one that is gone must not hide the others
            found.append(RunRows(path, title, problem=error.message, hint=error.hint))
    yield Progress("runs", len(paths), len(paths))
    return tuple(found)


def of_same_network(home: Path, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The sessions among `paths` that have results of the network of the session `home`."""
    wanted = load_session(home).model.resolve()
    return tuple(path for path in paths if path != home and _has_results_of(path, wanted))


def _stored(path: Path, title: str) -> RunRows:
    """What a session's last run left; of dumps only where they are."""
    if not is_session(path):
        sources = sources_of(path)
        return RunRows(path, title, source=next((name for name in USUAL if name in sources), sources[0]))
    session, own = load_session(path), load_results(path)
    problem = f"{path} has not been run yet." if own is None else ""
    return RunRows(path, title, own.rows if own else (), session_facts(session, own), problem)


def _measured(home: Path, run: RunRows, golden: Path | None) -> Steps[RunRows]:
    """The run against the golden values that are wanted."""
    if not run.facts:
        results = yield from compare_sides((Side(golden or home, "golden"), Side(run.path, run.source)), home=home)
        return replace(run, rows=results.rows)
    if golden is None or golden == run.path:
        return run
    others = [source for source in ("simulator", "runtime") if source in sources_of(run.path)]
    if not others:
        return replace(run, rows=(), problem=f"{run.path} has no dumps of the simulator or the board.")
    sides = (Side(golden, "golden"), *(Side(run.path, source) for source in others))
    results = yield from compare_sides(sides, home=home)
    return replace(run, rows=results.rows)


def _of_network(run: RunRows, first: Sequence[RunRows]) -> RunRows:
    """The run; without its rows where it is of another network than the first one."""
    known = {name for other in first for row in other.rows for name in _names(row)}
    shared = sum(not known.isdisjoint(_names(row)) for row in run.rows)
    hashes = {item.facts.get("network.sha256", "") for item in (run, *first)}
    is_same = len(hashes) == 1 and "" not in hashes
    if not known or is_same or shared >= min(len(run.rows), len(first[0].rows)) * ENOUGH:
        return run
    return replace(run, rows=(), problem=ANOTHER.format(run.title, shared, len(run.rows)), hint=TAKE_OUT)


def _names(row: LayerError) -> Iterator[str]:
    yield from filter(None, (row.tensor, row.golden))


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
