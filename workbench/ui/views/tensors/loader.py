"""Reads the selected row's tensor in all sources, away from the GUI thread."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from workbench.graph.graph import Graph
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.data import Place, places, simulator_of
from workbench.ui.models.tensors.input_picture import PictureWish, input_picture
from workbench.ui.models.tensors.planes import CHANNEL, Choice, Planes
from workbench.ui.models.tensors.planes_reader import PlanesReader
from workbench.ui.models.tensors.summary import summarise
from workbench.ui.turns import Turns
from workbench.ui.views.tensors.questions import TensorQuestions
from workbench.ui.workspace import Workspace

MOST_AHEAD = 1 << 19
"""Elements of a plane that is read before somebody asks: as long another question may have to wait."""


@dataclass(frozen=True)
class Question:
    """What is looked at of which tensor, in which network."""

    wanted: dict[str, Place]
    choice: Choice
    graph: Graph | None

    def of(self, channel: int) -> "Question":
        """The same of another channel."""
        return replace(self, choice=replace(self.choice, channel=channel))


@dataclass(frozen=True)
class Answer:
    """What was read for a question."""

    question: Question
    planes: Planes

    def following(self, before: "Answer | None") -> Question | None:
        """The next channel, where one goes from neighbour to neighbour; None where one does not, or there is none."""
        planes, channel = self.planes, self.planes.channel
        if before is None or planes.way != CHANNEL or math.prod(planes.cut.plane) > MOST_AHEAD:
            return None
        step = channel - before.planes.channel
        is_walk = abs(step) == 1 and before.question.of(channel) == self.question.of(channel)
        return self.question.of(channel + step) if is_walk and 0 <= channel + step < planes.cut.channels else None


class TensorLoader(QObject):
    """Answers with planes at once and with the summary when it is ready; a newer question replaces an older one.

    Who goes from channel to channel finds the next one read already.
    """

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
        self._last: Answer | None = None
        self._ahead: Answer | None = None
        self._turns = Turns(self)

    def read(self, choice: Choice) -> bool:
        """Ask for the selected tensor; False when there is nothing to read."""
        wanted = self.wanted(choice.single)
        if not wanted:
            self.forget()
            return False
        model, ahead = self._workspace.model, self._ahead
        question = Question(wanted, choice, model.graph if model else None)
        self._drop_planes()
        if ahead is not None and ahead.question == question:
            self._on_read(ahead)
        else:
            self._ask("tensors.planes", question, self._on_read, self._on_failed)
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
        self._last = None
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
        self._ahead = None
        self._jobs.forget("tensors.planes")
        self._jobs.forget("tensors.ahead")

    def _ask(
        self, key: str, question: Question, done: Callable[[Answer], None], failed: Callable[[BaseException], None]
    ) -> None:
        reader, given_up, wanted = self._reader, self._given_up, question.wanted

        def answer() -> Answer:
            return Answer(question, reader.read(wanted, question.choice, question.graph, lambda: not given_up.is_set()))

        self._jobs.ask(key, answer, done, failed)

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

    def _on_read(self, answer: Answer) -> None:
        before, wanted, planes = self.questions.subject, answer.question.wanted, answer.planes
        self.questions.look_at(self._reader.shelf, wanted, planes.cut)
        another = self.questions.subject != before
        if planes.values:
            self.questions.look_at(self._reader.shelf, wanted, planes.cut)
        self.planes_read.emit(planes, another)
        if another and planes.values:
            self.questions.ask("summary", "summary", summarise, self.summary_ready.emit)
        self.do_later(partial(self._read_ahead, self._last, answer))  # once this one is painted
        self._last = answer

    def _read_ahead(self, before: Answer | None, answer: Answer) -> None:
        following = answer.following(before)
        if following is not None:  # why it cannot be read is told when it is asked for
            self._ask("tensors.ahead", following, self._on_read_ahead, lambda _: None)

    def _on_read_ahead(self, answer: Answer) -> None:
        self._ahead = answer

    def _on_failed(self, error: BaseException) -> None:
        self.questions.forget()
        self.failed.emit(error)
