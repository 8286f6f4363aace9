"""What stands above a matrix: which number it shows, in which order, and what is told of it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.models.matrix.matrix import NETWORK, WORST
from workbench.ui.views.matrix.view import MatrixView
from workbench.ui.widgets import Choice, ElidedLabel, column, label, row, rule, set_role
from workbench.ui.workspace import Workspace

COPIED_MS = 2500


class MatrixPage(QWidget):
    """A matrix with its bar, or, while there is nothing to show, what to do next. It is filled when it is looked at."""

    def __init__(self, workspace: Workspace, view: MatrixView) -> None:
        super().__init__()
        self.workspace, self.view = workspace, view
        self._is_stale = True
        self.story, self.told = label("", "muted", wrap=True), ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.story.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.invitations: QHBoxLayout = row(None, spacing=8)
        self.order = self._make_order()
        self.bar: QHBoxLayout = row(self.order, self.told, spacing=6)
        self.bar.setStretch(1, 1)
        self.bar.setContentsMargins(8, 4, 8, 4)
        self.problems = label("", "bad", wrap=True)
        self.problems.setContentsMargins(8, 0, 8, 6)
        self.problems.hide()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._make_empty())
        full = QWidget()
        full.setLayout(column(self.bar, self.problems, rule(), view, spacing=0))
        self.stack.addWidget(full)
        self.setLayout(column(self.stack, spacing=0))
        set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        view.ordered.connect(self._show_order)
        view.copied.connect(self._tell_copied)
        workspace.selection_changed.connect(self._on_selection_changed)

    def invite(self, text: str) -> None:
        """Show what to do instead of a matrix."""
        self.story.setText(text)
        for item in self._buttons():
            item.setVisible(True)
        self.stack.setCurrentIndex(0)

    def wait(self, text: str) -> None:
        """Say what is being read; there is nothing to do meanwhile."""
        self.invite(text)
        for item in self._buttons():
            item.setVisible(False)

    def say(self, problem: str) -> None:
        """What is wrong with some of it; "" for nothing."""
        self.problems.setText(problem)
        self.problems.setVisible(bool(problem))

    def show_full(self) -> None:
        """Show the matrix."""
        self.stack.setCurrentIndex(1)
        self.view.show_tensor(self.workspace.selected)

    def mark_stale(self) -> None:
        """What is shown is out of date: it is made anew at once where it is seen, else later."""
        self._is_stale = True
        if self.isVisible():
            self._freshen()

    def refresh(self) -> None:
        """Make anew what is shown."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._freshen()

    def _buttons(self) -> list[QWidget]:
        places = (self.invitations.itemAt(at) for at in range(self.invitations.count()))
        return [item for place in places if place is not None and (item := place.widget()) is not None]

    def _freshen(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def _on_selection_changed(self) -> None:
        if self.isVisible():
            self.view.show_tensor(self.workspace.selected)

    def _tell_copied(self, count: int) -> None:
        before, said = self.told.full_text, self.tr("Rows copied: {0}").format(count)
        self.told.set_text(said)
        QTimer.singleShot(COPIED_MS, self, lambda: self._tell_again(said, before))

    def _tell_again(self, said: str, before: str) -> None:
        if self.told.full_text == said:
            self.told.set_text(before)

    def _make_empty(self) -> QWidget:
        result = QWidget()
        layout = QVBoxLayout(result)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(1)
        layout.addWidget(self.story)
        layout.addSpacing(12)
        layout.addLayout(self.invitations)
        layout.addStretch(2)
        return result

    def _make_order(self) -> Choice:
        result = Choice()
        result.addItem(self.tr("worst layers first"), WORST)
        result.addItem(self.tr("as in the network"), NETWORK)
        result.setToolTip(self.tr("The order of the layers; a click on a column's title orders by that column (S)"))
        result.setAccessibleName(self.tr("Order of the layers"))
        result.activated.connect(lambda: self.view.order_by(result.currentData()))
        return result

    def _show_order(self) -> None:
        at = self.order.findData(self.view.table.by)
        self.order.setCurrentIndex(at)
        if at < 0:
            self.order.setPlaceholderText(self.tr("by a column"))
