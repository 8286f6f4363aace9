"""What a newcomer sees: one click to the demo, one to a network of their own, and what was open lately."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.ui import theme
from workbench.ui.models.recents import Recent
from workbench.ui.text_size import pixels
from workbench.ui.views.recent_row import RecentRow
from workbench.ui.widgets import button, column, label, row, set_role

CARD_WIDTH = 680
MOST_RECENT = 6


class EmptyState(QWidget):
    """Shown while no network is open."""

    open_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "background")
        self._rows: list[RecentRow] = []
        self._entries: list[Recent] = []
        self._recents = QVBoxLayout()
        self._recents.setSpacing(0)
        self._recent_title = label(self.tr("Recent"), "muted")
        self._recent_title.hide()
        self._drop = self._card()
        recents = QWidget()
        recents.setFixedWidth(pixels(CARD_WIDTH))
        recents.setLayout(column(self._recent_title, self._recents, spacing=4))
        outer = QVBoxLayout(self)
        outer.setSpacing(24)
        outer.addStretch(2)
        outer.addLayout(row(None, self._drop, None))
        outer.addLayout(row(None, recents, None))
        outer.addStretch(3)

    def set_recents(self, entries: Sequence[Recent]) -> None:
        """List what was open lately, once it is seen; the focus stays with the path that has it."""
        self._entries = list(entries[:MOST_RECENT])
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        entries = self._entries
        if [row_.entry for row_ in self._rows] == entries:
            return
        now = self.window().focusWidget()
        focused = next((row_.entry.path for row_ in self._rows if row_ is now), None)
        while (item := self._recents.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._rows = [RecentRow(entry) for entry in entries]
        for line in self._rows:
            line.clicked.connect(lambda _=False, path=line.entry.path: self.recent_wanted.emit(path))
            self._recents.addWidget(line)
            if line.entry.path == focused:
                line.show()  # what is hidden takes no focus
                line.setFocus()
        self._recent_title.setVisible(bool(entries))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()
        self.demo_button.setFocus()

    def set_hot(self, hot: bool) -> None:
        """Show that what is dragged may be dropped."""
        self._drop.setProperty("hot", hot)
        self._drop.style().unpolish(self._drop)
        self._drop.style().polish(self._drop)

    def _card(self) -> QFrame:
        card = QFrame()
        set_role(card, "drop")
        card.setFixedWidth(pixels(CARD_WIDTH))
        heading = label(self.tr("Open a network, drop one here, or try the demo"), "heading", wrap=True)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        story = label(
            self.tr(
                "RKNN Workbench runs a network on the float reference and on a simulator of the Rockchip NPU, "
                "and shows layer by layer where the numbers part."
            ),
            "muted",
            wrap=True,
        )
        kinds = label(
            self.tr(
                "ONNX, TensorFlow, TFLite, Caffe, Darknet and TorchScript. The toolkit's error_analysis.txt alone is "
                "enough for a table and a coloured graph: drop it or paste it."
            ),
            "muted",
            wrap=True,
        )
        for text in (story, kinds):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.demo_button = button(self.tr("Try the demo"), clicked=self.demo_wanted.emit, primary=True)
        self.open_button: QPushButton = button(self.tr("Open a network…"), "open", self.open_wanted.emit)
        for item in (self.demo_button, self.open_button):
            item.setMinimumSize(QSize(176, 36))
        told = column(story, kinds)
        layout = column(heading, told, row(None, self.demo_button, self.open_button, None), self._steps(), spacing=24)
        layout.setContentsMargins(40, 40, 40, 32)
        card.setLayout(layout)
        return card

    def _steps(self) -> QWidget:
        steps = (
            ("network", self.tr("Open"), self.tr("a network, pictures")),
            ("run", self.tr("Run"), self.tr("golden and simulated")),
            ("layers", self.tr("See"), self.tr("the worst layer first")),
        )
        result = QWidget()
        result.setLayout(row(None, *(self._step(*step) for step in steps), None, spacing=16))
        return result

    def _step(self, icon: str, title: str, text: str) -> QWidget:
        picture = QToolButton()
        picture.setIconSize(QSize(24, 24))
        picture.setEnabled(True)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setAccessibleName(title)
        theme.decorate(picture, icon, "accent")
        result = QWidget()
        words = column(label(title, "title"), label(text, "muted"), spacing=0)
        result.setLayout(row(picture, words, spacing=4))
        return result
