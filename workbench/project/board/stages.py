"""The runtime's values from a board: a dump for each sample, named by the hash of what it depends on."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.foundation.errors import SettingsError, WorkbenchError
from workbench.foundation.files import cannot_write
from workbench.foundation.steps import Log, Progress, Steps, Warn
from workbench.graph.graph import Model
from workbench.graph.read import read_inputs
from workbench.preprocess.dataset import feeds
from workbench.project import cache
from workbench.project.board.timing import keep_times
from workbench.project.imports import Shapes, Stored, convert
from workbench.project.session import TOOLKIT_RUNNER, ImportedDumps, Session
from workbench.project.toolkit.converting import Wish, make, unnormalised
from workbench.sources.board.descriptions import ADB, Board, BoardError, board_of
from workbench.sources.board.links import Ask, connect
from workbench.sources.board.runner import BoardRun, dump_on, planned
from workbench.sources.board.times import read_times
from workbench.sources.board.trust import agree, is_agreed
from workbench.sources.toolkit.configured import custom_layers, toolkit_called
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import LOG, ToolkitError, measure
from workbench.sources.toolkit.recipe import Measure

FOLDER = Path("board")  # in a session: what is pushed, what was printed; dumps that are not converted yet
SNAPSHOTS, INPUTS = "snapshots", "inputs"
MOST = 255
WANTED = "The session wants to run this on {0}: {1}. Do you want that (yes/no)?"
NOT_AGREED = "The session wants to run a command on {0} that you have not agreed to: {1}."
SEE_IT = "Look at it; then run it with `rknn-workbench board run`, or agree to it in the window."
BY_ADB = "The toolkit reaches boards by adb only, and {0} is not one of adb."
NOT_MEASURED = "The board's times could not be measured: {0}"
ANOTHER_CHIP = "{0} is a {1}, and the network is converted for {2}."
OR_RKNN = "Or give the .rknn that runs there (on the command line: --rknn)."


class BoardStage:
    """What a session's board computes. `ask` gives passwords and agrees to commands; None refuses."""

    def __init__(self, session: Session, model: Model, folder: Path, ask: Ask | None = None) -> None:
        assert session.board is not None
        self._session, self._model, self._folder = session, model, folder
        self._choice, self._ask = session.board, ask

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the runtime's dump of each sample is, or will be."""
        described = self._described()
        keys = (cache.board_key(self._session, self._model, sample, described) for sample in self._session.samples)
        return tuple(self._folder / "dumps" / f"runtime-{key}.h5" for key in keys)

    def check(self) -> None:
        """Refuse what cannot run, before anything is computed: also a board that does not answer."""
        if all(path.is_file() for path in self.paths):
            return
        board = board_of(self._choice.name)
        quant = self._session.quant
        if board.chip and self._choice.rknn is None and board.chip.lower() != quant.target:
            message = ANOTHER_CHIP.format(board.name, board.chip, quant.target)
            raise SettingsError(message, "Choose the board's chip as target (on the command line: --target).")
        if self._choice.rknn is None or self._choice.runner == TOOLKIT_RUNNER:
            self._toolkit()
        if self._choice.runner == TOOLKIT_RUNNER:
            _device(board)
        else:
            self._agreed(board)
            connect(board, self._ask).close()

    def run(self, shapes: Shapes, modules: Mapping[str, str], stored: Stored | None = None) -> Steps[tuple[Path, ...]]:
        """The dumps of all samples; those that are there are not computed again. `shapes` are the network's tensors."""
        paths = self.paths
        wanted = [number for number, path in enumerate(paths) if not path.is_file()]
        if not wanted:
            return paths
        board = board_of(self._choice.name)
        session = replace(self._session, samples=tuple(self._session.samples[number] for number in wanted))
        try:
            steps = self._by_toolkit if self._choice.runner == TOOLKIT_RUNNER else self._by_link
            sources, text = yield from steps(session, board, shapes)
            for number, source in zip(wanted, sources, strict=True):
                yield from convert(ImportedDumps(source), "runtime", shapes, paths[number], dict(modules), stored)
        finally:
            self._clear()
        if times := read_times(text):
            keep_times(self._folder, times)
        return paths

    def network(self) -> Steps[Path]:
        """The .rknn that runs there: the user's own, or one that the toolkit makes."""
        return self._choice.rknn or (yield from self._converted())

    def command(self, board: Board) -> str:
        """What runs there, to which the user has agreed."""
        return self._agreed(board)

    def _described(self) -> dict[str, object]:
        """What the board's description adds to the run: its own command, variables."""
        try:
            board = board_of(self._choice.name)
        except BoardError:  # a board that is forgotten has given dumps nevertheless
            return {}
        is_own = not self._choice.command and board.command and self._choice.runner != TOOLKIT_RUNNER
        command = {"command": board.command} if is_own else {}
        return {**command, **({"environment": dict(board.environment)} if board.environment else {})}

    @property
    def _place(self) -> Path:
        return self._folder / FOLDER

    @property
    def _rknn(self) -> Path:
        """Where the .rknn that the toolkit makes is, or will be."""
        return self._place / f"{self._model.path.stem}-{cache.rknn_key(self._session, self._model)}.rknn"

    def _by_link(self, session: Session, board: Board, shapes: Shapes) -> Steps[tuple[Sequence[Path], str]]:
        self._clear()
        rknn = yield from self.network()
        rows = yield from write_rows(session, self._model, self._place / INPUTS)
        needs = sum(4 * int(np.prod(shape)) for shape in shapes.values() if shape)
        choice = self._choice
        run = BoardRun(rknn, rows, choice.runner, self._agreed(board), choice.is_native, choice.is_timed, needs)
        with connect(board, self._ask) as link:
            ran = yield from dump_on(link, run, self._place)
        return ran.folders, ran.times

    def _by_toolkit(self, session: Session, board: Board, shapes: Shapes) -> Steps[tuple[Sequence[Path], str]]:
        """The toolkit converts, connects by its own adb, runs and pulls; its snapshots hold the runtime's dumps."""
        layers, folder = custom_layers(session.quant), self._place / TOOLKIT_RUNNER
        target, device = session.quant.target, _device(board)
        wish = Wish(layers, False, self._place / SNAPSHOTS, self._rknn, target, device)
        made = yield from make(session, folder, self._toolkit(), wish)
        text = (yield from self._measured(target, device)) if self._choice.is_timed else ""
        return made.snapshots, text

    def _measured(self, target: str, device: str) -> Steps[str]:
        """The toolkit's tables of time and memory; a board that cannot be measured has dumped its layers before."""
        actions = (Measure(target, device), Measure(target, device, is_memory=True))
        try:
            outcome = yield from measure(self._toolkit(), self._rknn, actions, self._place / "measured")
        except ToolkitError as error:
            yield Warn(NOT_MEASURED.format(error.message))
        else:
            yield from (Log(f"{method}: {result}") for method, result in outcome.gave)
        return (self._place / "measured" / LOG).read_text(encoding="utf-8", errors="replace")

    def _converted(self) -> Steps[Path]:
        """The .rknn of the session, made by the toolkit unless it is there."""
        path = self._rknn
        if not path.is_file():
            for older in self._place.glob("*.rknn"):
                older.unlink(missing_ok=True)
            wish = Wish(custom_layers(self._session.quant), out=path)
            yield from make(self._session, self._folder / "toolkit" / "convert", self._toolkit(), wish)
        return path

    def _toolkit(self) -> Toolkit:
        try:
            return toolkit_called(self._session.toolkit)
        except WorkbenchError as error:
            is_needed = self._choice.runner == TOOLKIT_RUNNER
            raise type(error)(error.message, error.hint if is_needed else f"{error.hint} {OR_RKNN}") from error

    def _agreed(self, board: Board) -> str:
        """The command for the board; refused where the user has not agreed to it: a session may be somebody else's."""
        command = self._choice.command or board.command
        if not is_agreed(board, command):
            said = self._ask(WANTED.format(board.name, command)) if self._ask is not None else ""
            if said.strip().lower() != "yes":
                raise SettingsError(NOT_AGREED.format(board.name, command), SEE_IT)
            agree(board, command)
        return command

    def _clear(self) -> None:
        """Remove what is pulled and not converted, of this run or one that was killed; .rknn and log stay."""
        for path in self._place.iterdir() if self._place.is_dir() else ():
            if path.is_dir() and (path.name.isdecimal() or path.name in (SNAPSHOTS, INPUTS)):
                shutil.rmtree(path, ignore_errors=True)


def write_rows(session: Session, model: Model, folder: Path) -> Steps[tuple[tuple[Path, ...], ...]]:
    """The files that feed the board: a row a sample, a .npy an input, as `fed` says."""
    assert session.board is not None
    inputs = model.graph.inputs
    is_raw = session.board.fed == "raw"
    settings = unnormalised(session, inputs) if is_raw else session.preprocess
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    rows = []
    for number, sample in enumerate(session.samples):
        yield Progress("prepare inputs", number, len(session.samples))
        files = []
        for position, values in enumerate(feeds(sample, inputs, settings).values()):
            files.append(folder / f"{number}-{position}.npy")
            np.save(files[-1], fed(values, model.is_channels_last), allow_pickle=False)
        rows.append(tuple(files))
    return tuple(rows)


def fed(values: np.ndarray, is_last: bool) -> np.ndarray:
    """An input as a board takes it: of four axes N, H, W, C, and whole numbers of pictures in 8 bits.

    Source: rknn_facts §6.2; the runtime itself brings them to the network's type.
    """
    if values.ndim != 4:
        return np.ascontiguousarray(values)
    last = np.ascontiguousarray(values if is_last else values.transpose(0, 2, 3, 1))
    if last.dtype.kind != "f" or not np.isfinite(last).all():
        return last
    is_picture = bool((last >= 0).all() and (last <= MOST).all() and (last == np.rint(last)).all())
    return last.astype(np.uint8) if is_picture else last


def plan_of(session: Session) -> tuple[str, ...]:
    """What will run on the session's board, line by line, before anything does; a session that cannot is refused."""
    choice = session.board
    if choice is None:
        return ()
    board = board_of(choice.name)
    if choice.runner == TOOLKIT_RUNNER:
        return _calls_planned(session, board)
    inputs = len(read_inputs(session.model, session.weights))
    rows = tuple(tuple(Path(f"{row}-{at}.npy") for at in range(inputs)) for row in range(len(session.samples)))
    command = choice.command or board.command
    run = BoardRun(choice.rknn or Path(), rows, choice.runner, command, choice.is_native, choice.is_timed)
    return planned(run, board)


def _calls_planned(session: Session, board: Board) -> tuple[str, ...]:
    """The toolkit's calls that reach the board; it runs adb and what stands behind it by itself."""
    target, device = session.quant.target, _device(board)
    runs = [f"rknn.accuracy_analysis(inputs=…, target={target!r}, device_id={device!r})"] * len(session.samples)
    if session.board is not None and session.board.is_timed:
        runs.append(f"rknn.init_runtime(target={target!r}, device_id={device!r}, perf_debug=True)")
        runs.append("rknn.eval_perf()")
        runs.append(f"rknn.init_runtime(target={target!r}, device_id={device!r}, eval_mem=True)")
        runs.append("rknn.eval_memory()")
    return tuple(runs)


def _device(board: Board) -> str:
    """How adb knows the board."""
    kind, _, address = board.link.partition(":")
    if kind != ADB:
        raise SettingsError(BY_ADB.format(board.name), "Choose another runner for this board, or connect it by adb.")
    return address
