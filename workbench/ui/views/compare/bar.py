"""A slim bar that says what is compared with what, what differs, and leads back to the session's own results."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from workbench.project.comparison.sides import LETTERS
from workbench.project.results import SOURCES
from workbench.ui.comparing import Comparer
from workbench.ui.views.bars import Bar
from workbench.ui.views.common.source_dot import SourceDot
from workbench.ui.views.compare.difference_table import DifferenceTable
from workbench.ui.widgets import ElidedLabel, button, column, label, row
from workbench.ui.workspace import Workspace

POPUP_WIDTH = 640


class CompareBar(Bar):
    """Shown while another comparison than the session's own is looked at."""

    change_wanted = Signal()

    def __init__(self, workspace: Workspace, comparer: Comparer) -> None:
        super().__init__()
        self._workspace, self._comparer = workspace, comparer
        self.parts = tuple(_Part(letter, source) for letter, source in zip(LETTERS, SOURCES, strict=True))
        self.differences_button = button("", "", self.show_differences)
        self.change_button = button(self.tr("Change…"), "", self.change_wanted.emit)
        self.change_button.setToolTip(self.tr("Compare something else (Ctrl+D)"))
        self.back_button = button(self.tr("Back to the session's own results"), "", comparer.back)
        self.back_button.setToolTip(self.tr("They are as they were (Esc)"))
        self.heading = label(self.tr("Comparing"), "title")
        layout = row(
            self.icon, self.heading, *self.parts, None,
            self.differences_button, self.change_button, self.back_button,
        )  # fmt: skip
        layout.setContentsMargins(8, 3, 8, 4)
        self.setLayout(layout)
        self.set_colour("simulator", "compare")
        self._popup: QFrame | None = None
        workspace.results_changed.connect(self._show)
        comparer.changed.connect(self._show)
        self._show()

    def show_differences(self) -> None:
        """List what differs in a small window below the button."""
        results = self._workspace.results
        if results is None:
            return
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setProperty("role", "card")
        table = DifferenceTable()
        table.show_differences(results.differences, list(results.sides.values()))
        none = label(self.tr("Nothing that is known of the sides differs."), "muted", wrap=True)
        layout = column(table if results.differences else none)
        layout.setContentsMargins(8, 8, 8, 8)
        popup.setLayout(layout)
        popup.setFixedWidth(min(POPUP_WIDTH, self.width()))
        popup.adjustSize()
        corner = self.differences_button.mapToGlobal(QPoint(self.differences_button.width(), self.height()))
        popup.move(corner.x() - popup.width(), corner.y())
        popup.show()
        table.setFocus()
        self._popup = popup

    def _show(self) -> None:
        results = self._workspace.results
        if results is None or not self._workspace.is_comparing:
            self.hide()
            return
        shown = self._comparer.shown.sides if self._comparer.shown else ()
        for number, (part, source) in enumerate(zip(self.parts, SOURCES, strict=True)):
            part.show_title(results.sides.get(source, ""), str(shown[number].path) if number < len(shown) else "")
        self.heading.setText(self._heading({side.path for side in shown}))
        self.differences_button.setText(self.tr("Differences: {0}").format(len(results.differences)))
        text = ", ".join(
            f"{letter} {results.sides[source]}" for letter, source in zip(LETTERS, SOURCES, strict=True)
            if source in results.sides
        )  # fmt: skip
        self.setAccessibleName(self.tr("Comparing {0}").format(text))
        self.show()

    def _heading(self, places: set[Path]) -> str:
        """All sides of one place that is not the open session have only their sources for titles."""
        foreign = places - {self._workspace.folder}
        return (
            self.tr("Comparing in {0}:").format(foreign.pop().name)
            if len(places) == len(foreign) == 1
            else self.tr("Comparing")
        )


class _Part(QWidget):
    """One side: its colour, its letter and its title."""

    def __init__(self, letter: str, source: str) -> None:
        super().__init__()
        self.title = ElidedLabel("", "")
        layout = row(SourceDot(source), label(letter, "title"), self.title, spacing=4)
        layout.setContentsMargins(4, 0, 4, 0)
        self.setLayout(layout)

    def show_title(self, text: str, place: str) -> None:
        self.title.set_text(text, place)
        self.setVisible(bool(text))
