"""Reads the selected row's tensor in all sources, away from the GUI thread."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.data import Place, places, simulator_of
from workbench.ui.models.tensors.input_picture import PictureWish, input_picture
from workbench.ui.models.tensors.planes import Choice, Planes
from workbench.ui.models.tensors.planes_reader import PlanesReader
from workbench.ui.models.tensors.summary import summarise
from workbench.ui.turns import Turns
from workbench.ui.views.tensors.questions import TensorQuestions
from workbench.ui.workspace import Workspace


class TensorLoader(QObject):
    """Answers with planes at once and with the summary when it is ready; a newer question replaces an older one."""

    planes_read = Signal(object, bool)
    """`Planes`, and whether they are of another tensor than the last summary."""
    summary_ready = Signal(object)
    picture_read = Signal(object)
    """The analysed picture as the network sees it, in grey; None where there is none."""
    failed = Signal(object)

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._reader = PlanesReader()  # touched by the reading thread only
        self.questions = TensorQuestions(jobs, self)
        self.questions.failed.connect(self._on_failed)
        self._given_up = threading.Event()
        self._turns = Turns(self)

    def read(self, choice: Choice) -> bool:
        """Ask for the selected tensor; False when there is nothing to read."""
        wanted = self.wanted(choice.single)
        if not wanted:
            self.forget()
            return False
        self._drop_planes()
        reader, model, given_up = self._reader, self._workspace.model, self._given_up

        def answer() -> Planes:
            return reader.read(wanted, choice, model.graph if model else None, lambda: not given_up.is_set())

        self._jobs.ask("tensors.planes", answer, lambda planes: self._on_planes(planes, wanted), self._on_failed)
        return True

    @property
    def has_picture(self) -> bool:
        """Whether the network takes pictures."""
        return self._wish() is not None

    def read_picture(self) -> None:
        """Ask for the analysed picture."""
        wish, shelf = self._wish(), self._reader.shelf
        if wish is None:
            self.picture_read.emit(None)
        else:
            self._jobs.ask("tensors.picture", lambda: input_picture(shelf, wish), self.picture_read.emit)

    def do_later(self, act: Callable[[], object]) -> None:
        """Do something about planes in a turn of its own, unless others are wanted meanwhile."""
        given_up = self._given_up
        self._turns.add_while(lambda: not given_up.is_set(), act)

    def forget(self) -> None:
        """What was asked is of no interest any more."""
        self.questions.forget()
        self._drop_planes()

    def close_files(self) -> None:
        """The dumps are others now."""
        self._drop_planes()
        self.questions.clear()
        self._jobs.ask("tensors.close", self._reader.close, lambda _: None)

    def wanted(self, single: bool) -> dict[str, Place]:
        """Where the selected tensor is in every source."""
        workspace = self._workspace
        if workspace.results is None or not workspace.selected:
            return {}
        row = workspace.row(workspace.selected)
        simulator = simulator_of(workspace.results, workspace.column, single)
        return places(workspace.results, row, workspace.selected, workspace.sample, simulator)

    def _drop_planes(self) -> None:
        """A question that is being answered is given up between two blocks."""
        self._given_up.set()
        self._given_up = threading.Event()
        self._jobs.forget("tensors.planes")

    def _wish(self) -> PictureWish | None:
        session, model, results = self._workspace.session, self._workspace.model, self._workspace.results
        sample = self._workspace.session_sample
        if session is None or model is None or results is None or sample is None:
            return None
        wish = PictureWish(
            model.graph.inputs, session.preprocess, session.samples, sample,
            results.dumps.get("simulator", ()),
        )  # fmt: skip
        return None if wish.place is None else wish

    def _on_planes(self, planes: Planes, wanted: dict[str, Place]) -> None:
        before = self.questions.subject
        self.questions.look_at(self._reader.shelf, wanted, planes.cut)
        another = self.questions.subject != before
        if planes.values:
            self.questions.look_at(self._reader.shelf, wanted, planes.cut)
        self.planes_read.emit(planes, another)
        if another and planes.values:
            self.questions.ask("summary", "summary", summarise, self.summary_ready.emit)

    def _on_failed(self, error: BaseException) -> None:
        self.questions.forget()
        self.failed.emit(error)
