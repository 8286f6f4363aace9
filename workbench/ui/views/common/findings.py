"""Findings with what to do about each, a command that can be copied, and facts below."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QLayout, QScrollArea, QWidget

from workbench.ui import theme
from workbench.ui.models.spoken import spoken
from workbench.ui.models.told import HEADING, Told
from workbench.ui.widgets import column, label, one_line, row, set_role, tool

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
ICONS = {
    "problem": ("error", "bad"), "bad": ("error", "bad"),
    "warning": ("warning", "golden"), "doubt": ("warning", "golden"), "good": ("info", "accent"),
}  # fmt: skip
KNOWN = ("info", "muted")
ICON, INDENT = 16, 24
COLUMNS = "font-family: monospace;"


class Findings(QScrollArea):
    """Findings above in their order, facts below."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What was found"))
        self.shown: tuple[Told, ...] = ()
        self.facts: dict[str, str] = {}
        self.show_found(())

    def show_found(
        self,
        findings: Sequence[Told],
        facts: Mapping[str, str] | None = None,
        title: str = "",
        *,
        in_columns: bool = False,
    ) -> None:
        """Show others; `facts` are titles and values, `in_columns` when these are numbers below each other."""
        self.shown, self.facts = tuple(findings), dict(facts or {})
        self._in_columns = in_columns
        content = QWidget()
        set_role(content, "surface")
        parts: list[QWidget | QLayout | None] = [label(title, "title", wrap=True)] if title else []
        parts += [self._finding(told) for told in self.shown]
        parts += [self._facts(), None]
        layout = column(*parts, spacing=12)
        layout.setContentsMargins(8, 8, 8, 8)
        content.setLayout(layout)
        self.setWidget(content)

    def _facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(4)
        for title, value in self.facts.items():
            text = label(one_line(value), wrap=True)
            if self._in_columns:
                text.setStyleSheet(COLUMNS)
            text.setTextInteractionFlags(SELECTABLE)
            form.addRow(label(title, "muted"), text)
        return form

    def _finding(self, told: Told) -> QWidget:
        if told.level == HEADING:
            return label(one_line(told.title), "title", wrap=True)
        result, icon, title = QWidget(), QLabel(), label(spoken(told.title), wrap=True)
        icon.setPixmap(theme.icon(*ICONS.get(told.level, KNOWN)).pixmap(ICON, ICON))
        icon.setAccessibleName(told.level)
        head = row(icon, title)
        head.setStretch(1, 1)
        head.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        below = [label(spoken(told.fix), "muted", wrap=True)] if told.fix else []
        for text in (title, *below):
            text.setTextInteractionFlags(SELECTABLE)
        further = column(*below, *([self._command(told)] if told.command else []), spacing=4)
        further.setContentsMargins(INDENT, 0, 0, 0)
        result.setLayout(column(head, further, spacing=2))
        return result

    def _command(self, told: Told) -> QWidget:
        result, text = QWidget(), label(told.command, "code", wrap=True)
        where = self.tr("on this computer:") if told.is_here else self.tr("on the board:")
        text.setTextInteractionFlags(SELECTABLE)
        text.setAccessibleName(self.tr("Command"))
        copy = tool("copy", self.tr("Copy the command"), lambda: QGuiApplication.clipboard().setText(told.command))
        layout = row(label(where, "muted"), text, copy, spacing=4)
        layout.setStretch(1, 1)
        result.setLayout(layout)
        return result
