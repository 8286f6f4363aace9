"""Slim bars above the views: the newest error, and what the settings have made stale."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.messages import Message, Messages
from workbench.ui.widgets import ElidedLabel, button, row, tool

TINT = 0.14


class Bar(QWidget):
    """A line of text on a tinted ground."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = "golden"
        self.icon = QToolButton()
        self.icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(False)

    def set_colour(self, colour: str, icon: str) -> None:
        """Tint the ground and the icon with one of the theme's colours."""
        self._colour = colour
        theme.decorate(self.icon, icon, colour)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.active()
        tint: QColor = getattr(colours, self._colour)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.mix(colours.surface, tint, TINT))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.line)


class MessageBar(Bar):
    """The newest error or warning in full, until it is closed; older ones are in the list."""

    list_wanted = Signal()

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self.text = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self.hint = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        layout = row(self.icon, self.text, self.hint, None, tool("log", self.tr("All messages"), self.list_wanted.emit))
        layout.addWidget(tool("close", self.tr("Close"), self.hide))
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)
        messages.told.connect(self._on_told)
        messages.cleared.connect(self.hide)

    def _on_told(self, message: Message) -> None:
        if message.severity == "info":
            return
        self.set_colour("bad" if message.severity == "error" else "golden", message.severity)
        self.text.set_text(message.text, message.text)
        self.hint.set_text(message.hint, message.hint)
        self.setVisible(True)


class StaleBar(Bar):
    """Says that the numbers are from before the last change of settings."""

    run_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideRight)
        self.run_button = button(self.tr("Run"), "", self.run_wanted.emit)
        layout = row(self.icon, self.text, None, self.run_button)
        layout.setContentsMargins(8, 3, 8, 4)
        self.setLayout(layout)
        self.set_colour("golden", "warning")

    def show_stages(self, stages: Sequence[str]) -> None:
        """Name the stages that a run would compute again; none hides the bar."""
        titles = {
            "reference": self.tr("golden"), "simulator": self.tr("simulator"), "compare": self.tr("comparison"),
        }  # fmt: skip
        names = ", ".join(titles.get(stage, stage) for stage in stages)
        self.text.set_text(
            self.tr("Settings have changed. From before: {0}. Run computes only these again.").format(names)
        )
        self.setVisible(bool(stages))
