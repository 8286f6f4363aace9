"""What both faces drive: from a session to a layer table, stage by stage, each stage cached in a file."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workbench.foundation.errors import SessionError, SettingsError
from workbench.foundation.files import cannot_write
from workbench.foundation.resources import resource
from workbench.foundation.steps import Event, Steps, T, Warn, changed
from workbench.graph.read import read_model
from workbench.preprocess.dataset import read_dataset
from workbench.preprocess.preprocess import Preprocess
from workbench.project import cache
from workbench.project.board.timing import timed
from workbench.project.holding import held
from workbench.project.overflow import warned_of_overflow
from workbench.project.references import refuse_embedded, refuse_toolkits_graph
from workbench.project.results import Results, load_results, save_results
from workbench.project.session import IMPORTABLE, BoardChoice, ImportedDumps, Session, load_session, save_session
from workbench.project.session_stages import stages_of
from workbench.quantize.schemes import QuantSettings
from workbench.sources.board.links import Ask
from workbench.sources.simulator import golden_path, single_path

DEMO_PREPROCESS = Preprocess(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))


def analyze(session: Session, folder: Path, ask: Ask | None = None) -> Steps[Results]:
    """Compute what is missing, compare, and save session and results in `folder`.

    `ask` answers questions of the board's link: passwords, keys of hosts, whether a session's command may run.
    Closing the generator cancels; what was complete by then is kept and used by the next run. Raises SessionHeldError
    where another program has the session, as do all that change one.
    """
    _check(session)
    with held(folder):
        return (yield from _analyzed(session, folder, ask))


def _analyzed(session: Session, folder: Path, ask: Ask | None) -> Steps[Results]:
    try:
        (folder / "dumps").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    save_session(session, folder)
    warnings: list[str] = []
    results = yield from _recorded(stages_of(session, folder, _last_results(folder), ask).run(), warnings)
    yield from _recorded(warned_of_overflow(results.rows, results.layers_of), warnings)
    results = yield from _recorded(timed(results, folder), warnings)
    results = dataclasses.replace(results, warnings=tuple(warnings))
    save_results(results, folder)
    _remove_unused(results, folder)
    return results


def keep(folder: Path) -> Results | None:
    """Make what a what-if changed the state that the next one is compared with; gives the results without `before`."""
    results = load_results(folder)
    if results is not None and results.before is not None:
        results = dataclasses.replace(results, before=None)
        with held(folder):
            save_results(results, folder)
            _remove_unused(results, folder)
    return results


def import_dumps(folder: Path, imported: ImportedDumps, kind: str) -> Steps[Results]:
    """Put dumps from elsewhere in the place of a source, and compare anew."""
    if kind not in IMPORTABLE:
        raise SettingsError(f"Dumps cannot be imported as {kind}.", f"Choose one of {', '.join(IMPORTABLE)}.")
    before = load_session(folder)
    session = dataclasses.replace(before, imports={**before.imports, kind: imported})
    with held(folder):
        try:
            return (yield from analyze(session, folder))
        except BaseException:
            save_session(before, folder)  # dumps that could not be used do not stay in the session
            raise


def run_on_board(folder: Path, board: BoardChoice, ask: Ask | None = None) -> Steps[Results]:
    """Run a session's network on a board, anew, and compare; what was imported as runtime makes room for it."""
    before = load_session(folder)
    imports = {kind: item for kind, item in before.imports.items() if kind != "runtime"}
    session = dataclasses.replace(before, imports=imports, board=board)
    with held(folder), _set_aside(stages_of(session, folder).runtime_paths()):
        try:
            return (yield from analyze(session, folder, ask))
        except BaseException:
            save_session(before, folder)
            raise


def stale(session: Session, folder: Path) -> tuple[str, ...]:
    """The stages that `analyze` would compute again: of "reference", "simulator", "board", "compare"; reads inputs."""
    results = load_results(folder)
    on_board = ("board",) if session.board is not None and "runtime" not in session.imports else ()
    if results is None:
        return ("reference", *(("simulator",) if session.simulator != "none" else ()), *on_board, "compare")
    stages = stages_of(session, folder)
    found = [] if _is_there(results, "golden", stages.golden_paths()) else ["reference"]
    simulated = stages.simulator_paths() if session.simulator != "none" else ()
    is_simulated = _is_there(results, "simulator", simulated)
    if simulated and not is_simulated:
        found.append("simulator")
    is_run = _is_there(results, "runtime", stages.runtime_paths())
    if not is_run:
        found.extend(on_board)
    if found or not is_simulated or not is_run:
        found.append("compare")
    return tuple(found)


def demo_session() -> Session:
    """The demo network with its pictures."""
    dataset = read_dataset(resource("demo", "dataset.txt"), 1)
    model = resource("demo", "demo.onnx")
    name = read_model(model).graph.inputs[0].name
    return Session(
        model=model, preprocess={name: DEMO_PREPROCESS}, samples=dataset[:1], dataset=dataset, quant=QuantSettings()
    )


def _last_results(folder: Path) -> Results | None:
    """What the last run left; None where it cannot be read: then everything is compared anew."""
    try:
        return load_results(folder)
    except SessionError:
        return None


@contextmanager
def _set_aside(paths: Sequence[Path]) -> Iterator[None]:
    """Files that are to be computed anew inside the block; they are back when it fails."""
    aside = {path: path.with_suffix(".before") for path in paths if path.is_file()}
    for path, other in aside.items():
        path.replace(other)
    try:
        yield
    except BaseException:
        for path, other in aside.items():
            other.replace(path)
        raise
    for other in aside.values():
        other.unlink(missing_ok=True)


def _remove_unused(results: Results, folder: Path) -> None:
    used = [path for paths in results.dumps.values() for path in paths]
    used += (folder / "dumps").glob("ranges-*.json")
    others = [path for source in ("embedded", "toolkit") for path in results.dumps.get(source, ())]
    for path in (*others, *(results.before.simulator if results.before else ())):
        used += [path, single_path(path), golden_path(path)]
    cache.remove_unused(folder / "dumps", used)


def _is_there(results: Results, source: str, paths: tuple[Path, ...]) -> bool:
    """Whether results are of these dumps, and the dumps still exist."""
    made = {path.resolve() for path in paths}
    return made == {path.resolve() for path in results.dumps.get(source, ())} and all(path.is_file() for path in made)


def _check(session: Session) -> None:
    if not session.samples:
        raise SettingsError("There is no input to analyse.", "Choose pictures or arrays (on the command line: -i).")
    if "golden" not in session.imports:
        refuse_toolkits_graph(session.model)
    if session.simulator == "embedded" and "simulator" not in session.imports:
        refuse_embedded(session.model)
    is_calibrated = session.simulator != "none" and session.quant.type.calibrates and session.plan is None
    if is_calibrated and not session.dataset:
        raise SettingsError(
            "There is nothing to calibrate with.",
            "Choose a dataset of typical inputs (on the command line: --dataset).",
        )
    if session.board is not None and session.board.rknn is not None and not session.board.rknn.is_file():
        raise SessionError(f"{session.board.rknn} is not there (any more).", "Choose the board's .rknn again.")
    missing = [path for sample in (*session.samples, *session.dataset) for path in sample.files if not path.exists()]
    if missing:
        raise SessionError(f"{missing[0]} is not there (any more).", "Choose the inputs again.")


def _recorded(steps: Steps[T], warnings: list[str]) -> Steps[T]:
    """The same steps; what they warn of is kept."""

    def keep_warning(event: Event) -> Event:
        if isinstance(event, Warn):
            warnings.append(event.text)
        return event

    return changed(steps, keep_warning)
