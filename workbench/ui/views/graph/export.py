"""Writes pictures of the graph, as jobs."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.ui import theme
from workbench.ui.jobs import Job, JobPool
from workbench.ui.titles import colouring_tip
from workbench.ui.views.graph.canvas import GraphCanvas
from workbench.ui.views.graph.picture import Picture, Plate
from workbench.ui.views.graph.picture_dialog import PictureDialog, Wanted
from workbench.ui.views.graph.picture_process import drawn_elsewhere
from workbench.ui.views.graph.scenery import Marks
from workbench.ui.workspace import Workspace


class GraphExport(QObject):
    """Asks what is wanted and writes it; `canvases` gives those that are shown, from left to right."""

    written = Signal(Path)
    failed = Signal(object)

    def __init__(
        self, workspace: Workspace, jobs: JobPool, canvases: Callable[[], Sequence[GraphCanvas]], window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace, self._jobs, self._canvases, self._window = workspace, jobs, canvases, window

    def ask(self) -> PictureDialog | None:
        """Let the user choose what is exported; None where there is no graph."""
        session = self._workspace.session
        if session is None or any(canvas.scenery is None for canvas in self._canvases()):
            return None
        folder = self._workspace.folder or Path.home()
        dialog = PictureDialog(self._window, self.picture, folder / f"{session.model.stem}.svg")
        dialog.chosen.connect(self.write)
        dialog.open()
        return dialog

    def picture(self, wanted: Wanted) -> Picture:
        """What is shown, as it was chosen."""
        plates = [_plate(canvas, wanted) for canvas in self._canvases()]
        colours = theme.for_print() if wanted.for_print else theme.active()
        font, legend = self._window.font().toString(), self._title() if wanted.legend else ""
        return Picture(tuple(plates), colours, font, legend, wanted.factor)

    def write(self, picture: Picture, path: Path) -> Job:
        """Write a picture; whether it could be done is told by a signal."""
        job = self._jobs.start(self.tr("Picture {0}").format(path.name), lambda: drawn_elsewhere(picture, path))
        job.succeeded.connect(self.written)
        job.failed.connect(self.failed)
        return job

    def _title(self) -> str:
        workspace = self._workspace
        if workspace.results is None:
            return self.tr("Operators:")
        return f"{colouring_tip(workspace.metric, workspace.column, workspace.sides)}:"


def _plate(canvas: GraphCanvas, wanted: Wanted) -> Plate:
    scenery, marks = canvas.scenery, canvas.marks
    assert scenery is not None
    left, top, right, bottom = scenery.geometry.bounds
    part = (left - 8, top - 8, right + 8, bottom + 8) if wanted.whole else canvas.visible()
    kept = Marks(marks.selected, -1, marks.found, marks.current, marks.lit, marks.linked) if wanted.marked else Marks()
    return Plate(scenery.diagram, scenery.geometry, scenery.colouring, kept, part)
