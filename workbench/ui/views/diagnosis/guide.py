"""The vendor's troubleshooting path as a diagram: one stop a step, with its state and what it needs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.compare.grades import Grade
from workbench.diagnose.findings import Finding
from workbench.ui import theme
from workbench.ui.models.diagnosis.steps import BAD, BLOCKED, C_PROGRAM, GOOD, NOT_RUN, state_title, step_title
from workbench.ui.models.diagnosis.texts import about_finding
from workbench.ui.models.spoken import spoken
from workbench.ui.views.diagnosis.card import Link
from workbench.ui.widgets import column, label, one_line, row, tool

if TYPE_CHECKING:
    from workbench.project.findings.path import Step

LINE_AT, RADIUS, INDENT = 11, 8, 28
ABOVE, BELOW = 1, 3
SYMBOLS = {GOOD: Grade.GOOD, BAD: Grade.BAD, NOT_RUN: Grade.NONE, BLOCKED: Grade.NONE}
MARKS = {GOOD: "✓", BAD: "✖", BLOCKED: "–"}


class Guide(QWidget):
    """Stops one below the other, joined by a line."""

    run_wanted = Signal(str)
    """The key of a step."""
    finding_wanted = Signal(int)
    """The number of a finding, from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.stops: list[Stop] = []
        self._is_busy = False
        self.setAccessibleName(self.tr("The path"))
        self.setLayout(column(spacing=0))

    def show_steps(self, steps: "Sequence[Step]", findings: Sequence[Finding] = ()) -> None:
        """Show other states, and what was found where no numbers tell it."""
        layout = self.layout()
        assert layout is not None
        for stop in self.stops:
            layout.removeWidget(stop)
            stop.deleteLater()
        self.stops = [Stop(step, is_first=at == 0, is_last=at == len(steps) - 1) for at, step in enumerate(steps)]
        for stop in self.stops:
            stop.show_findings(findings)
            stop.finding_wanted.connect(self.finding_wanted)
        for stop in self.stops:
            layout.addWidget(stop)
            stop.run_wanted.connect(self.run_wanted)
        self.set_busy(self._is_busy)

    def set_busy(self, is_busy: bool) -> None:
        """While something runs no step can be run."""
        self._is_busy = is_busy
        for stop in self.stops:
            stop.run.setEnabled(not is_busy)


class Stop(QWidget):
    """One step: its symbol on the line, its title, its state in words, what it needs."""

    run_wanted = Signal(str)
    finding_wanted = Signal(int)

    def __init__(self, step: "Step", *, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self.step, self._ends = step, (is_first, is_last)
        title = label(step_title(step.key))
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        state = label(state_title(step.state), "bad" if step.state == BAD else "muted")
        is_file = step.key == C_PROGRAM
        tip = self.tr("Check a buffer…") if is_file else self.tr("Run: {0}").format(step_title(step.key))
        self.run = tool("folder" if is_file else "run", tip, lambda: self.run_wanted.emit(step.key))
        self.run.setVisible(is_file or not step.needs)
        told = [label(one_line(spoken(text)), "muted", wrap=True) for text in step.needs or (step.text,)]
        head = row(title, state, None, self.run)
        title.setMinimumHeight(self.run.sizeHint().height())
        layout = column(head, *told, spacing=0)
        layout.setContentsMargins(INDENT, ABOVE, 0, BELOW)
        self.setLayout(layout)
        self.setAccessibleName(f"{step_title(step.key)}: {state_title(step.state)}")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Lead to the causes that were found here; where the step has outputs, these say enough."""
        layout = self.layout()
        assert layout is not None
        for at, finding in enumerate(findings):
            if finding.cause in self.step.causes and not self.step.outputs:
                link = Link(about_finding(finding).title, self.tr("Show the finding"))
                link.clicked.connect(lambda _=False, at=at: self.finding_wanted.emit(at))
                layout.addWidget(link)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.active()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_first, is_last = self._ends
        head = self.run.sizeHint().height() / 2 + ABOVE
        painter.setPen(QPen(colours.line, 2))
        painter.drawLine(
            QPointF(LINE_AT, head if is_first else 0), QPointF(LINE_AT, head if is_last else self.height())
        )
        band = colours.bands[SYMBOLS[self.step.state]]
        colour = QColor(colours.accent) if self.step.state == GOOD else band.colour
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colours.background)
        painter.drawEllipse(QPointF(LINE_AT, head), RADIUS, RADIUS)
        painter.drawText(
            int(LINE_AT - RADIUS), int(head - RADIUS), 2 * RADIUS, 2 * RADIUS, Qt.AlignmentFlag.AlignCenter,
            MARKS.get(self.step.state, ""),
        )  # fmt: skip
