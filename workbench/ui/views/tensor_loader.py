"""Reads the selected row's tensor in all sources, away from the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.ui.jobs import JobPool
from workbench.ui.models.tensor_data import Place, Planes, Shelf, places, read_planes
from workbench.ui.models.tensor_summary import Summary, answer_within, summarise_places
from workbench.ui.workspace import Workspace


@dataclass(frozen=True)
class Choice:
    """What of a tensor is looked at; channel None is the worst of `other`, `last` None guesses where channels are."""

    channel: int | None = None
    single: bool = False
    last: bool | None = None
    other: str = "simulator"


class TensorLoader(QObject):
    """Answers with planes at once and with the summary when it is ready; a newer question replaces an older one."""

    planes_read = Signal(object, bool)
    """`Planes`, and whether they are of another tensor than the last summary."""
    summary_ready = Signal(object)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, jobs: JobPool, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._jobs = workspace, jobs
        self._shelf = Shelf()  # touched by the reading thread only
        self._summary_of: object = None

    def read(self, choice: Choice) -> bool:
        """Ask for the selected tensor; False when there is nothing to read."""
        wanted = self._wanted(choice)
        if not wanted:
            self.forget()
            return False
        shelf = self._shelf
        self._jobs.ask(
            "tensors.planes",
            lambda: read_planes(shelf, wanted, choice.channel, choice.last, choice.other),
            lambda planes: self._on_planes(planes, wanted),
            self._on_failed,
        )
        return True

    def forget(self) -> None:
        """What was asked is of no interest any more."""
        self._summary_of = None
        self._jobs.forget("tensors.planes")
        self._jobs.forget("tensors.summary")

    def close_files(self) -> None:
        """The dumps are others now."""
        self.forget()
        self._jobs.ask("tensors.close", self._shelf.close, lambda _: None)

    def _wanted(self, choice: Choice) -> dict[str, Place]:
        workspace = self._workspace
        if workspace.results is None or not workspace.selected:
            return {}
        row = workspace.row(workspace.selected)
        return places(workspace.results, row, workspace.selected, workspace.sample, choice.single)

    def _on_planes(self, planes: Planes, wanted: dict[str, Place]) -> None:
        subject = (tuple(wanted.items()), planes.cut)
        another = subject != self._summary_of
        self._summary_of = subject
        self.planes_read.emit(planes, another)
        if another and planes.values:
            self._go_on(answer_within(summarise_places(self._shelf, wanted, planes.cut)))

    def _go_on(self, answer: Callable[[], Summary | None]) -> None:
        """Ask in pieces, so that the plane of another channel need not wait for a large tensor."""

        def done(summary: Summary | None) -> None:
            if summary is None:
                self._go_on(answer)
            else:
                self.summary_ready.emit(summary)

        self._jobs.ask("tensors.summary", answer, done, self._on_failed)

    def _on_failed(self, error: BaseException) -> None:
        self._summary_of = None
        self.failed.emit(error)
