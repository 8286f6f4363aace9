"""Slim bars above the views: the newest error, and what the settings have made stale."""

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.desktop import show_file, show_folder
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Message, Messages
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import ElidedLabel, button, column, label, row, tool

TINT = 0.14
UNOPENED = (".rknn",)
"""Files that no program of the desktop shows."""
ONLY_BOARD = ("board", "compare")
"""The stages that a board's run takes when everything else is there."""
MOST_CHARACTERS = 400
"""Of a message; the list has all of it."""


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
        painter.fillRect(self.rect(), mix(colours.surface, tint, TINT))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.line)


class MessageBar(Bar):
    """The newest error or warning with what to do next, or what was written, with the way to look at it.

    It stays until it is closed, a job begins or another session is opened, and never takes the focus.
    """

    list_wanted = Signal()
    repair_wanted = Signal(str)
    """The key of a repair that may mend the user's file."""
    lines_wanted = Signal(tuple)
    """The last lines that the toolkit printed are to be explained."""
    matching_wanted = Signal(object)
    """Dumps, `Nameless`, are to be matched by content."""
    report_wanted = Signal(object)
    """The path of a report of a defect that is to be read."""

    def __init__(self, jobs: JobPool, messages: Messages) -> None:
        super().__init__()
        self._path: Path | None = None
        self._message: Message | None = None
        self.open_button = button(self.tr("Open"), "", lambda: self._show_path(show_file))
        self.folder_button = button(self.tr("Show in folder"), "", lambda: self._show_path(show_folder))
        self.repair_button = button(self.tr("Repair…"), "", lambda: self._ask(self.repair_wanted, "repair"))
        self.lines_button = button(self.tr("What it printed…"), "", lambda: self._ask(self.lines_wanted, "lines"))
        self.match_button = button(self.tr("Match by content…"), "", lambda: self._ask(self.matching_wanted, "dumps"))
        self.report_button = button(self.tr("Read the report…"), "", lambda: self._ask(self.report_wanted, "report"))
        self.text, self.hint = label("", "title", wrap=True), label("", "muted", wrap=True)
        for part in (self.text, self.hint):
            part.setMinimumWidth(1)  # a long path must not widen the window
        said = column(self.text, self.hint, spacing=2)
        for_problems = (self.match_button, self.repair_button, self.lines_button, self.report_button)
        layout = row(self.icon, said, *for_problems, self.open_button, self.folder_button)
        layout.addWidget(tool("log", self.tr("All messages"), self.list_wanted.emit))
        layout.addWidget(tool("close", self.tr("Close"), self.hide))
        layout.setStretch(1, 1)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)
        messages.told.connect(self._on_told)
        messages.cleared.connect(self.hide)
        messages.session_begun.connect(self.hide)
        jobs.job_started.connect(self.hide)

    def _on_told(self, message: Message) -> None:
        if message.severity == "info" and message.path is None:
            return
        colours = {"error": "bad", "warning": "golden", "info": "accent"}
        kinds = {"error": self.tr("Error"), "warning": self.tr("Warning"), "info": self.tr("News")}
        self.icon.setAccessibleName(kinds[message.severity])
        self.set_colour(colours[message.severity], message.severity)
        self._path, self._message = message.path, message
        self.match_button.setVisible(message.dumps is not None)
        self.repair_button.setVisible(bool(message.repair))
        self.lines_button.setVisible(bool(message.lines))
        self.report_button.setVisible(message.report is not None)
        self.open_button.setVisible(message.path is not None and message.path.suffix not in UNOPENED)
        self.folder_button.setVisible(message.path is not None)
        for part, text in ((self.text, message.text), (self.hint, message.hint)):
            part.setText(textwrap.shorten(text, MOST_CHARACTERS, placeholder=" …"))
            part.setToolTip(plain_tip(text) if part.text() != text else "")
            part.setVisible(bool(text))
        self.setVisible(True)

    def _ask(self, signal: SignalInstance, what: str) -> None:
        if self._message is not None:
            signal.emit(getattr(self._message, what))

    def _show_path(self, show: Callable[[Path], object]) -> None:
        if self._path is not None:
            show(self._path)


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
        self.icon.setAccessibleName(self.tr("Warning"))

    def show_stages(self, stages: Sequence[str]) -> None:
        """Name the stages that a run would compute again; none hides the bar."""
        if tuple(stages) == ONLY_BOARD:
            text = self.tr("The network has not run on the board with these settings. Run does only that.")
        else:
            names = ", ".join(self._title(stage) for stage in stages)
            text = self.tr("Settings have changed. Out of date: {0}. Run computes only these again.").format(names)
        self.text.set_text(text)
        self.setVisible(bool(stages))

    def _title(self, stage: str) -> str:
        titles = {
            "reference": self.tr("golden"), "simulator": self.tr("simulator"), "board": self.tr("runtime"),
            "compare": self.tr("comparison"),
        }  # fmt: skip
        return titles.get(stage, stage)
