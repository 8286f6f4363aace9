"""Accuracy on a data set in the window: one evaluation at a time, the last one of the session, its images opened."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from workbench.ui.asking import Asking
from workbench.ui.child import computer
from workbench.ui.jobs import Job, JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.accuracy.apart_list import ApartList
from workbench.ui.models.accuracy.figures import Apart, Figures
from workbench.ui.models.board.answers import Questions
from workbench.ui.one_job import OneJob
from workbench.ui.opening import Opener
from workbench.ui.reading import free_folder
from workbench.ui.reading_accuracy import Asked, evaluate_asked, open_image, read_figures, refuse_source, thumbnails
from workbench.ui.workspace import Workspace


class Evaluating(OneJob):
    """Of the open session: `figures` are those of the last evaluation."""

    changed = Signal()
    image_opened = Signal()
    """The session of an image is about to be shown."""
    source_taken = Signal(str)
    """A source that was typed can be run."""

    def __init__(self, workspace: Workspace, jobs: JobPool, messages: Messages, opener: Opener, asking: Asking) -> None:
        super().__init__(workspace, jobs, messages)
        self._opener, self._asking = opener, asking
        self.figures: Figures | None = None
        self.apart = ApartList()
        self._of: Path | None = None
        self._is_due = self._is_read = False
        workspace.session_changed.connect(self._on_session_changed)
        self.apart.pictures_wanted.connect(self._read_pictures)
        self._is_reading = False

    @property
    def is_read(self) -> bool:
        """Whether it is known what was measured last."""
        return self._is_read

    def run(self, asked: Asked) -> Job | None:
        """Measure; answers that are known are not computed again."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self.is_running:
            return None
        address, questions = self.cluster(), Questions()
        job = self._begin(
            self.tr("Evaluate"),
            lambda: evaluate_asked(session, folder, asked, address, questions),
            self.tr("The evaluation was cancelled; what was answered is kept."),
        )
        self._asking.listen(job, questions)
        job.succeeded.connect(lambda figures: self._take(folder, figures))
        return job

    def open(self, one: Apart) -> Job | None:
        """Make a session of an image with the settings of the source, run it, and open it."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is None or folder is None or self.is_running:
            return None
        out = free_folder(self._opener.sessions, f"{folder.name}-{_plain(one.image)}")
        job = self._begin(
            self.tr("Open {0}").format(one.image),
            lambda: computer.steps(open_image, session, folder, one.image, one.source, out),
        )
        job.succeeded.connect(self._opener.open)
        job.succeeded.connect(lambda _: self.image_opened.emit())
        return job

    def add_source(self, text: str) -> None:
        """Take a source that was typed, if it can be run."""
        session = self._workspace.session
        if session is not None:
            self._jobs.ask_process(
                "accuracy.source", refuse_source, (session, text), lambda _: self.source_taken.emit(text),
                self._messages.fail,
            )  # fmt: skip

    def look_if_due(self) -> None:
        """Read the last evaluation, where another session was opened while nobody looked."""
        folder = self._workspace.folder
        if self._is_due and folder is not None:
            self._is_due = False
            self._jobs.ask_process(
                "accuracy", read_figures, (folder,), lambda found: self._take(folder, found), self._messages.fail
            )

    def _on_session_changed(self) -> None:
        if self._workspace.folder == self._of:
            return
        self._of, self._is_due, self._is_read, self.figures = self._workspace.folder, True, False, None
        self.apart.show_all((), keeps=False)
        self.changed.emit()
        if self._is_seen:
            self.look_if_due()

    def _take(self, folder: Path, figures: Figures | None) -> None:
        if folder != self._workspace.folder:
            return
        keeps = self.figures is not None and figures is not None and self.figures.dataset == figures.dataset
        self.figures, self._is_read = figures, True
        self.apart.show_all(figures.apart if figures is not None else (), keeps=keeps)
        self.changed.emit()

    def _read_pictures(self) -> None:
        """One question after the other, for those that are looked at."""
        session, figures = self._workspace.session, self.figures
        names = [] if self._is_reading else self.apart.take_wanted()
        if names and session is not None and figures is not None:
            self._is_reading = True
            self._jobs.ask_process(
                "accuracy.pictures", thumbnails, (session, Path(figures.dataset), names),
                lambda found: self._take_pictures(names, found), lambda _: self._take_pictures(names, {}),
            )  # fmt: skip

    def _take_pictures(self, names: Sequence[str], found: dict[str, object]) -> None:
        self._is_reading = False
        self.apart.take_pictures(names, found)  # type: ignore[arg-type]
        self._read_pictures()


def _plain(image: str) -> str:
    """An image's name as a part of a folder's."""
    stem = Path(image).stem if "[" not in image else image
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in stem).strip("-.")[:40] or "image"
