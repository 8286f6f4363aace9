"""Opens networks, sessions and the demo, saves sessions, remembers what was open. All reading happens elsewhere."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from workbench.foundation.errors import SessionError
from workbench.foundation.settings import UserSettings, load_settings, remember
from workbench.foundation.steps import Progress, Steps
from workbench.graph.graph import Model
from workbench.preprocess.preprocess import guess
from workbench.project.holding import FILE as LOCK
from workbench.project.results import Results, load_results
from workbench.project.session import FILE, Session, is_session, save_session
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.dropped import NETWORKS
from workbench.ui.reading import Found, OpenShapes, read_demo, read_new, read_session
from workbench.ui.turns import Turns
from workbench.ui.workspace import Workspace

SAVE_AFTER_MS = 600
MODEL_SUFFIXES = NETWORKS


class Opener(QObject):
    """The life of a session in the window. `sessions` is the folder in which new sessions are made."""

    arriving = Signal()
    """A network was read and is about to be shown."""
    opened = Signal()
    busy_changed = Signal(str)
    recents_changed = Signal()
    shapes_wanted = Signal(object, object)
    """The session of a network whose shapes have to be asked for, and what is open in them."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages, sessions: Path | None = None) -> None:
        super().__init__()
        self._workspace, self._jobs, self._messages = workspace, jobs, messages
        self.sessions = sessions or default_sessions()
        self.recents: tuple[Path, ...] = ()
        self.is_busy = False
        self.busy_changed.connect(self._note_busy)
        self._turns = Turns(workspace)
        self._saved: tuple[Session | None, Path | None] = (None, None)
        self._save_soon = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self._save_if_known)
        workspace.session_changed.connect(self._save_soon.start)
        jobs.ask("recents", load_settings, self.take_settings)

    def open(self, path: Path, weights: Path | None = None) -> None:
        """Open whatever it is: a network, a session's folder, or its session.json.

        `weights` is a network's second file where it does not lie beside it under its name.
        """
        path = path.absolute()
        if path.name == FILE:
            path = path.parent
        self.busy_changed.emit(self.tr("Opening {0}…").format(path.name))
        if path.suffix.lower() in MODEL_SUFFIXES:
            self.open_model(path, weights=weights)
        else:
            self._jobs.ask_process("open", read_session, (path,), self._take, self._fail)

    def open_model(
        self, path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None, weights: Path | None = None
    ) -> None:
        """Begin a new session with a network."""
        args = (path, dict(shapes or {}), self.sessions, weights)
        self._jobs.ask_process("open", read_new, args, self._take, self._fail)

    def open_demo(self, folder: Path | None = None) -> None:
        """The demo: the session of last time where there is one, else a new one."""
        folder = (folder or self.sessions / "demo").absolute()
        self.busy_changed.emit(self.tr("Opening the demo…"))
        self._jobs.ask_process("open", read_demo, (folder,), self._take, self._fail)

    def close(self) -> None:
        """Go back to the empty window; the session's settings are saved where it has a folder."""
        self.save_now()
        self._workspace.set_session(None, None, None)

    def save(self) -> None:
        """Write the session into its folder."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is not None and folder is not None:
            told = self.tr("Saved in {0}.").format(folder)
            self._jobs.ask(
                "save",
                lambda: _save(session, folder),
                lambda _: self._on_saved(session, folder, told),
                self._messages.fail,
            )

    def save_as(self, target: Path) -> None:
        """Copy the session with its dumps to another folder and go on there."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or target.absolute() == folder:
            return
        job = self._jobs.start(
            self.tr("Save as {0}").format(target.name), lambda: copy_session(session, folder, target)
        )
        job.succeeded.connect(self._on_copied)
        job.failed.connect(self._messages.fail)

    def save_now(self) -> None:
        """Write changed settings at once; for the end of the program, where nothing can wait."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or (session, folder) == self._saved or not is_session(folder):
            return
        if not self._workspace.access.is_read_only:
            save_session(session, folder)

    def remember(self, path: Path) -> None:
        """Put a path first among the recent ones."""
        self._jobs.ask("recents", lambda: remember(path), self.take_settings)

    def _take(self, found: Found) -> None:
        if isinstance(found.model, OpenShapes):
            self.busy_changed.emit("")
            self.shapes_wanted.emit(found.session, found.model)
        else:
            session, model = _complete(found.session, found.model), found.model
            self._turns.add(self.arriving.emit, lambda: self._show(session, model, found))

    def _show(self, session: Session, model: Model, found: Found) -> None:
        folder, results = found.folder, found.results
        self._saved = (session, folder)
        self._messages.begin_session()
        self._workspace.take_session(session, folder, model, found.rows)
        later = partial(self._turns.add_while, lambda: folder == self._workspace.folder)
        later(
            self._workspace.session_changed.emit,
            lambda: self._show_results(results),
            self._select_worst,
            lambda: later(lambda: self._end(session, folder)),  # after what views do about all this
        )

    def _show_results(self, results: Results | None) -> None:
        if results is not None:
            self._workspace.set_results(results)
        for text in results.warnings if results else ():
            self._messages.recall(text)

    def _select_worst(self) -> None:
        if self._workspace.results is not None and (worst := self._workspace.worst()) is not None:
            self._workspace.select(worst.tensor)

    def _end(self, session: Session, folder: Path) -> None:
        self.busy_changed.emit("")
        self.remember(folder if self._workspace.results is not None or is_session(folder) else session.model)
        self.opened.emit()

    def _save_if_known(self) -> None:
        """Keep the folder's session as the window shows it, once the folder is a session."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or (session, folder) == self._saved:
            return
        if self._workspace.access.is_read_only:
            return
        self._jobs.ask(
            "save", lambda: is_session(folder) and _save(session, folder),
            lambda saved: self._on_saved(session, folder, "") if saved else None, self._messages.fail,
        )  # fmt: skip

    def _on_saved(self, session: Session, folder: Path, told: str) -> None:
        self._saved = (session, folder)
        if told:
            self._messages.inform(told)
            self.remember(folder)

    def _on_copied(self, copied: tuple[Session, Path, Results | None]) -> None:
        session, folder, results = copied
        model, selected = self._workspace.model, self._workspace.selected
        self._saved = (session, folder)
        self._workspace.set_session(session, folder, model)
        self._workspace.set_results(results)
        self._workspace.select(selected)
        self.remember(folder)
        self._messages.inform(self.tr("Saved in {0}.").format(folder))

    def take_settings(self, settings: UserSettings) -> None:
        """Take the recent files from the user's settings."""
        if settings.problem:
            self._messages.warn(settings.problem)
        self.recents = tuple(Path(item) for item in settings.recent)
        self.recents_changed.emit()

    def _note_busy(self, text: str) -> None:
        self.is_busy = bool(text)

    def _fail(self, error: BaseException) -> None:
        self.busy_changed.emit("")
        self._messages.fail(error)


def default_sessions() -> Path:
    """Where new sessions are made: in the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return (Path(documents) if documents else Path.home()) / "RKNN Workbench"


def copy_session(session: Session, folder: Path, target: Path) -> Steps[tuple[Session, Path, Results | None]]:
    """Copy all files of a session to `target`, which must be free; gives the session there."""
    target = target.absolute()
    if target.exists() and any(target.iterdir()):
        raise SessionError(f"{target} is not empty.", "Choose a new or empty folder.")
    if target.is_relative_to(folder):
        raise SessionError(f"{target} lies inside the session that is to be copied.", "Choose another folder.")
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != LOCK] if folder.is_dir() else []
    for done, path in enumerate(files):
        yield Progress("save", done, len(files), path.name)
        place = target / path.relative_to(folder)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        except OSError as error:
            raise SessionError(
                f"Cannot write {place}: {error.strerror or error}.", "Free some room or choose another folder."
            ) from error
    moved = replace(
        session,
        imports={kind: replace(item, path=_moved(item.path, folder, target)) for kind, item in session.imports.items()},
        plan=None if session.plan is None else _moved(session.plan, folder, target),
        runs=tuple(_moved(path, folder, target) for path in session.runs),
    )
    save_session(moved, target)
    return moved, target, load_results(target)


def _moved(path: Path, folder: Path, target: Path) -> Path:
    return target / path.relative_to(folder) if path.is_relative_to(folder) else path


def _save(session: Session, folder: Path) -> bool:
    save_session(session, folder)
    return True


def _complete(session: Session, model: Model) -> Session:
    """The session with preprocessing for every input; what its file says stays."""
    preprocess = {tensor.name: session.preprocess.get(tensor.name, guess(tensor)) for tensor in model.graph.inputs}
    return replace(session, preprocess=preprocess)
