"""Sweeps: a session with many settings, on the processes of this machine or of a cluster.

What is computed is kept, named by what it depends on: a sweep goes on where it was stopped, and another one takes what
it shares with it. Of each place the errors of the network's outputs are computed; one that is opened is run whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.compare.compare import ENTIRE
from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import write_text
from workbench.foundation.steps import Progress, Steps
from workbench.project.holding import held
from workbench.project.references import refuse_embedded
from workbench.project.session import Session, load_session
from workbench.project.stages import OUTPUTS, Stages
from workbench.project.sweeps.axes import Cell, Values, cells_of, whole
from workbench.project.sweeps.cells import Computed, Ranges, calibrate, compute, only_outputs
from workbench.project.sweeps.file import FOLDER, Place, Sweep, load_place, save_place, save_sweep
from workbench.project.sweeps.keys import Keys, Known
from workbench.project.sweeps.plan import swept
from workbench.project.workers.executors import Outcome, Task, Workers, completed
from workbench.project.workers.shipping import files_of_networks, files_of_settings
from workbench.project.workers.tasks import Together

STAGE, GOLDEN = "sweep", "golden"


def sweep(folder: Path, axes: Mapping[str, Sequence[str]], pool: Workers, simulator: str = "") -> Steps[Sweep]:
    """Compute what is missing of a sweep over axes (`sweep_axes.AXES`); an axis without values has the usual ones.

    Closing the steps cancels; what is done by then is kept.
    """
    session = swept(load_session(folder), simulator)
    _check(session)
    run = _Run(session, folder, whole(session, axes))
    with held(folder):
        yield from run.prepare(pool)
        yield from completed(pool, run.tasks(), run.take, STAGE, run.total)
        return run.save()


class _Run:
    """One sweep: what has to be done for it, and what came of that."""

    def __init__(self, session: Session, folder: Path, axes: Values) -> None:
        self._session, self._folder, self._axes = session, folder, axes
        self._cells, self._left_out = cells_of(session, axes)
        self._networks = files_of_networks(session)
        if not self._cells:
            raise SettingsError(f"The sweep has no place: {self._left_out[0].reason}.", "Choose other values.")
        self._places: dict[str, Place] = {}
        self._wanted: list[tuple[Cell, Known]] = []
        self._of: dict[Task, list[tuple[Cell, Known]]] = {}

    @property
    def total(self) -> int:
        """How many tasks there are."""
        return len(self._wanted) + len(self._uncalibrated())

    def prepare(self, pool: Workers) -> Steps[None]:
        """Look what is there, and have golden values of what is not; the workers begin meanwhile."""
        keys = Keys(self._session, self._folder)
        for number, cell in enumerate(self._cells):
            yield Progress("look", number, len(self._cells))
            known = keys.of(cell)
            self._places[known.name] = load_place(known.name, cell.at, self._folder)
            if not self._places[known.name].outputs:
                self._wanted.append((cell, known))
                pool.begin(compute.__module__)
                pool.announce(self._networks)
        files = (file for cell, _ in self._wanted for file in files_of_settings(cell.session))
        pool.announce(tuple(dict.fromkeys(files)))
        self.save()
        golden = [name for _, known in self._wanted for name in known.golden]
        for cell, known in {known.golden: (cell, known) for cell, known in reversed(self._wanted)}.values():
            yield from self._golden(cell, known)
        pool.announce(tuple((path,) for path in dict.fromkeys(map(self._slim, golden)) if path.is_file()))

    def tasks(self) -> Iterator[Task]:
        """Calibrations first, those that take longest before the others; then the places that wait for none."""
        waiting = self._uncalibrated()
        for group in sorted(waiting.values(), key=lambda group: group[0][0].session.quant.algorithm == "normal"):
            session = group[0][0].session
            task = Task(calibrate, (session,), group[0][1].ranges, self._files(session))
            self._of[task] = group
            yield task
        yield from (self._task(cell, known) for cell, known in self._wanted if known.ranges not in waiting)

    def take(self, outcome: Outcome) -> Iterable[Task]:
        """Keep what a task gave; after a calibration come the places that waited for it."""
        done = self._of.pop(outcome.task)
        if outcome.error is not None:
            for _, known in done:
                place = self._places[known.name]
                self._places[known.name] = replace(place, problem=outcome.error.message, hint=outcome.error.hint)
            return ()
        if isinstance(outcome.value, Computed):
            self._keep(done[0][1], outcome)
            return ()
        self._keep_ranges(outcome.value)
        return [self._task(cell, known) for cell, known in done]

    def save(self) -> Sweep:
        """What there is by now."""
        found = Sweep(self._axes, tuple(self._places.values()), self._left_out, self._session.simulator)
        save_sweep(found, self._folder)
        return found

    def _uncalibrated(self) -> dict[str, list[tuple[Cell, Known]]]:
        """The places that need ranges which nobody has found out, by their file."""
        found: dict[str, list[tuple[Cell, Known]]] = defaultdict(list)
        for cell, known in self._wanted:
            if known.ranges and self._is_embedded and not self._ranges_file(known.ranges).is_file():
                found[known.ranges].append((cell, known))
        return found

    def _golden(self, cell: Cell, known: Known) -> Steps[None]:
        """Golden dumps of the outputs, in a folder of their own."""
        if not self._is_embedded and "golden" not in cell.session.imports:
            return  # the toolkit computes its own
        paths = [self._folder / "dumps" / f"{name}.h5" for name in known.golden]
        stages = Stages(replace(cell.session, simulator="none"), self._folder, extent=OUTPUTS)
        if not all(path.is_file() for path in paths):
            yield from stages.dumped()
        for path in paths:
            if not self._slim(path.stem).is_file():
                only_outputs(path, stages.outputs, self._slim(path.stem))

    def _task(self, cell: Cell, known: Known) -> Task:
        golden = tuple(path for path in map(self._slim, known.golden) if path.is_file())
        files = (*self._files(cell.session), *((path,) for path in golden))
        session = replace(cell.session, imports={})
        task = Task(compute, (session, golden, self._ranges(known)), known.name, files)
        self._of[task] = [(cell, known)]
        return task

    def _files(self, session: Session) -> tuple[Together, ...]:
        """What a place reads; the networks are those of all."""
        return *self._networks, *files_of_settings(session)

    def _keep(self, known: Known, outcome: Outcome) -> None:
        computed: Computed = outcome.value
        self._keep_ranges(computed.ranges)
        rows = {name: row for row in computed.results.rows for name in (row.tensor, row.golden)}
        outputs = {name: rows[name].errors[ENTIRE] for name in computed.results.outputs if name in rows}
        place = self._places[known.name]
        place = replace(place, outputs=outputs, seconds=outcome.seconds, warnings=outcome.warnings)
        save_place(place, self._folder)
        self._places[known.name] = place

    def _keep_ranges(self, ranges: Ranges) -> None:
        for name, text in ranges.items():
            write_text(self._ranges_file(name), text)

    def _ranges(self, known: Known) -> Ranges:
        paths = (self._ranges_file(name) for name in known.files)
        return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}

    def _ranges_file(self, name: str) -> Path:
        return self._folder / "dumps" / name

    def _slim(self, name: str) -> Path:
        return self._folder / FOLDER / GOLDEN / f"{name}.h5"

    @property
    def _is_embedded(self) -> bool:
        return self._session.simulator == "embedded"


def _check(session: Session) -> None:
    if session.simulator == "embedded":
        refuse_embedded(session.model)
    if not session.samples:
        raise SettingsError("There is no input to compare the settings on.", "Analyse the session with inputs first.")
    missing = [path for sample in (*session.samples, *session.dataset) for path in sample.files if not path.exists()]
    if missing:
        raise SessionError(f"{missing[0]} is not there (any more).", "Choose the inputs again.")
