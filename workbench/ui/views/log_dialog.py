"""A log of the toolkit: what is known of its messages beside it, and the line that each was found in."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QTextBlock, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.colours import mix
from workbench.ui.models.explained import Explained, ReadLog
from workbench.ui.text_size import pixels
from workbench.ui.widgets import Splitter, button, column, label, row

SIZE, LIST_WIDTH, ABOUT_HEIGHT = (880, 560), 300, 210
ICONS = {"cause": ("error", "bad"), "symptom": ("error", "muted"), "warning": ("warning", "golden")}
HARMLESS = ("info", "muted")
TINT = 0.18
ERROR = re.compile(r"\s*(E |Traceback |[\w.]*(Error|Exception)\b)")
PART = 1000
"""Lines that are shown at once: those around the chosen message. More would keep the window waiting."""


class LogDialog(QDialog):
    """`repair_wanted` gives the key of the repair that the chosen message speaks of."""

    repair_wanted = Signal(str)

    def __init__(self, parent: QWidget, log: ReadLog) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What the toolkit says: {0}").format(log.name))
        self.resize(*map(pixels, SIZE))
        self._log = log
        self._first = -1
        """The place of the first line that is shown."""
        self.list = self._make_list()
        self.title, self.meaning, self.fix = label("", "title", wrap=True), label("", wrap=True), label("", wrap=True)
        self.where = label("", "muted")
        self.repair_button = button(self.tr("Repair…"), "", self._ask_repair)
        self.text = self._make_text()
        self._arrange()
        self.list.currentRowChanged.connect(self._on_chosen)
        theme.changes.changed.connect(self._mark)
        self.list.setCurrentRow(log.likeliest or 0) if log.found else self._show_none()

    @property
    def chosen(self) -> Explained | None:
        """The message that is looked at."""
        at = self.list.currentRow()
        return self._log.found[at] if 0 <= at < len(self._log.found) else None

    def _make_list(self) -> QListWidget:
        result = QListWidget()
        result.setWordWrap(True)
        result.setAccessibleName(self.tr("Known messages"))
        result.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for found in self._log.found:
            item = QListWidgetItem(theme.icon(*ICONS.get(found.kind, HARMLESS)), found.title)
            item.setToolTip(self.tr("Line {0}").format(found.number + self._log.skipped))
            result.addItem(item)
        return result

    def _make_text(self) -> QPlainTextEdit:
        result = QPlainTextEdit()
        result.setReadOnly(True)
        result.setProperty("role", "plain")
        result.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        result.setFont(fixed_font())
        result.setAccessibleName(self.tr("Log"))
        return result

    def _arrange(self) -> None:
        about = QWidget()
        words = column(self.title, self.meaning, self.fix, row(self.repair_button, None), None, self.where)
        words.setContentsMargins(16, 8, 8, 8)
        about.setLayout(words)
        upper, whole = Splitter(Qt.Orientation.Horizontal), Splitter(Qt.Orientation.Vertical)
        for part in (self.list, about):
            upper.addWidget(part)
        for part in (upper, self.text):
            whole.addWidget(part)
        upper.setSizes([pixels(LIST_WIDTH), pixels(SIZE[0] - LIST_WIDTH)])
        upper.setStretchFactor(1, 1)
        whole.setSizes([pixels(ABOUT_HEIGHT), pixels(SIZE[1] - ABOUT_HEIGHT)])
        whole.setStretchFactor(1, 1)
        close = button(self.tr("Close"), "", self.close)
        layout: QVBoxLayout = column(whole, row(None, close), spacing=12)
        layout.setStretch(0, 1)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)

    def _on_chosen(self) -> None:
        found = self.chosen
        if found is None:
            return
        self.title.setText(found.title)
        self.meaning.setText(found.meaning)
        self.fix.setText(found.fix)
        self.where.setText(self.tr("Line {0} of {1}").format(found.number + self._log.skipped, self._count()))
        self.repair_button.setVisible(bool(found.repair))
        self._show_part(found.number - 1)
        self._mark()
        self.text.setTextCursor(QTextCursor(self._block(found)))
        self.text.centerCursor()

    def _show_none(self) -> None:
        if self._log.skipped or any(ERROR.match(line) for line in self._log.lines):
            self.title.setText(self.tr("None of these messages is known."))
            self.meaning.setText(self.tr("Read the lines that begin with E or W: the first error is mostly the cause."))
        else:
            self.title.setText(self.tr("No error and no known message is among these lines."))
            self.meaning.setText(self.tr("Lines that begin with W are warnings."))
        self.where.setText(self.tr("{0} lines").format(self._count()))
        self._show_part(len(self._log.lines))
        self.list.hide()
        self.repair_button.hide()
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def _show_part(self, line: int) -> None:
        """Show the lines around one; what is shown already stays where it is."""
        if self._first <= line < self._first + PART and self._first >= 0:
            return
        self._first = max(0, min(line - PART // 2, len(self._log.lines) - PART))
        self.text.setPlainText("\n".join(self._log.lines[self._first : self._first + PART]))

    def _mark(self) -> None:
        """Tint the line that the chosen message was found in."""
        found, mark = self.chosen, QTextEdit.ExtraSelection()
        if found is None:
            return
        colours = theme.active()
        mark.cursor = QTextCursor(self._block(found))
        mark.format.setBackground(mix(colours.surface, getattr(colours, ICONS.get(found.kind, HARMLESS)[1]), TINT))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        self.text.setExtraSelections([mark])

    def _block(self, found: Explained) -> QTextBlock:
        return self.text.document().findBlockByNumber(found.number - 1 - self._first)

    def _count(self) -> int:
        return len(self._log.lines) + self._log.skipped

    def _ask_repair(self) -> None:
        if self.chosen is not None:
            self.repair_wanted.emit(self.chosen.repair)


def fixed_font() -> QFont:
    """The system's font whose letters are all as wide."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
