"""One of two graphs that stand side by side: a title above a canvas."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolTip, QVBoxLayout, QWidget

from workbench.ui.models.graph.colours import Colouring, lit_boxes
from workbench.ui.models.graph.deployed_diagram import Side
from workbench.ui.models.graph.geometry import BOX_HEIGHT, neighbour
from workbench.ui.models.graph.model import Box
from workbench.ui.models.graph.path import Path
from workbench.ui.views.graph.canvas import GraphCanvas
from workbench.ui.views.graph.colouring import GraphColouring
from workbench.ui.views.graph.palette import colours
from workbench.ui.views.graph.scenery import Scenery
from workbench.ui.views.graph.tip import box_tip
from workbench.ui.widgets import ElidedLabel, row
from workbench.ui.workspace import Workspace

READABLE = 0.55


class TwinHalf(QWidget):
    """Shows a side; it knows of the other one only which of its boxes are counterparts."""

    picked = Signal(int)
    """The box that a click or an arrow chose."""
    menu_wanted = Signal(int, QPoint)

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self._workspace, self._colouring = workspace, GraphColouring(workspace)
        self.side: Side | None = None
        self.title = ElidedLabel(role="title")
        head = row(self.title)
        head.setContentsMargins(10, 6, 10, 4)
        self.canvas = GraphCanvas()
        self.canvas.setAccessibleName(name)
        self.message = QLabel(self.canvas, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.message.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)
        self.canvas.box_clicked.connect(lambda box: self.picked.emit(box) if box >= 0 else None)
        self.canvas.arrow_pressed.connect(self._on_arrow_pressed)
        self.canvas.tip_wanted.connect(self._on_tip_wanted)
        self.canvas.menu_wanted.connect(self.menu_wanted)

    @property
    def boxes(self) -> Sequence[Box]:
        """What is shown."""
        return self.side.diagram.boxes if self.side is not None else ()

    def say(self, text: str) -> None:
        """Say why there is no graph; "" says nothing."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.message.setGeometry(self.canvas.rect())

    def show_side(self, side: Side | None) -> None:
        """Show another graph, or none."""
        is_new = side is None or self.side is None or side.geometry is not self.side.geometry
        self.side = side
        marks = self.canvas.marks
        scenery = None if side is None else Scenery(side.diagram, side.geometry, *self._colours(side))
        self.canvas.show_scenery(scenery)
        if not is_new:
            self.canvas.marks = marks
        elif side is not None and side.diagram.boxes:
            self._show_start(side)

    def recolour(self) -> Colouring | None:
        """Take the colours of the workspace's colouring, and give it."""
        scenery = self.canvas.scenery
        if scenery is None or self.side is None:
            return None
        colouring, shown = self._colours(self.side)
        scenery.recolour(colouring, shown)
        self.canvas.update()
        return colouring

    def light(self, path: Path | None, faded: frozenset[int]) -> None:
        """Let everything fade that is not on the path, or whose class of colour shall."""
        scenery = self.canvas.scenery
        self.canvas.marks.lit = lit_boxes(scenery.diagram, scenery.classes, path, faded) if scenery else None
        self.canvas.update()

    def choose(self, selected: int, linked: Iterable[int], *, reveal: bool) -> None:
        """Mark a box, and others that belong to it."""
        marks = self.canvas.marks
        marks.selected, marks.linked = selected, frozenset(linked) - {selected}
        if reveal and (selected >= 0 or marks.linked):
            self.canvas.reveal(selected if selected >= 0 else min(marks.linked))
        self.canvas.update()

    def mark_found(self, found: Iterable[int], current: int) -> None:
        """Mark the hits of a search."""
        self.canvas.marks.found, self.canvas.marks.current = frozenset(found), current
        self.canvas.update()

    def _colours(self, side: Side) -> tuple[Colouring, list]:  # type: ignore[type-arg]
        colouring = self._colouring.of(side.diagram)
        return colouring, colours(colouring.scale)

    def _show_start(self, side: Side) -> None:
        """The whole graph where it can be read, else its beginning."""
        self.canvas.fit()
        if self.canvas.scale < READABLE:
            x, y = side.geometry.centre(0)
            self.canvas.look_at(x, y + self.canvas.height() / 2 / READABLE - 1.5 * BOX_HEIGHT, READABLE)

    def _on_arrow_pressed(self, direction: str) -> None:
        if self.side is None or not self.boxes:
            return
        index = self.canvas.marks.selected
        following = neighbour(self.side.diagram, self.side.geometry, index, direction) if index >= 0 else 0
        if following >= 0:
            self.picked.emit(following)

    def _on_tip_wanted(self, index: int, position: QPoint) -> None:
        area = self.canvas.widget_rect(index).toAlignedRect()
        QToolTip.showText(position, box_tip(self.boxes[index], self._workspace), self.canvas, area)
