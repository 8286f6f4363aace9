"""One finding: how sure, what happens, what shows it, what mends it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from workbench.diagnose.causes import causes
from workbench.diagnose.findings import NOTE, Evidence, Finding, Fix
from workbench.ui import theme
from workbench.ui.models.diagnosis.texts import SURE, about_finding, gain_lines, how_sure
from workbench.ui.models.spoken import spoken
from workbench.ui.tips import plain_tip
from workbench.ui.views.diagnosis.chart import MiniChart
from workbench.ui.widgets import Fold, button, column, label, one_line, row, rule

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
ICON, FOLD = 16, 22


class FindingCard(QFrame):
    """Numbers of fixes are those of the finding."""

    evidence_chosen = Signal(object)
    """An `Evidence` that was clicked."""
    try_wanted = Signal(int)
    apply_wanted = Signal(int)
    chain_wanted = Signal()
    calibration_wanted = Signal()
    """The user wants to calibrate with inputs that are chosen from many."""

    def __init__(self, finding: Finding, number: int, *, is_open: bool) -> None:
        super().__init__()
        self.finding = finding
        self.setProperty("role", "card")
        title = about_finding(finding).title
        self.setAccessibleName(one_line(f"{number}. {title}"))
        icon = QLabel()
        name, colour = _look(finding)
        icon.setPixmap(theme.icon(name, colour).pixmap(ICON, ICON))
        icon.setAccessibleName(how_sure(finding))
        self.head = label(one_line(title), wrap=True)
        font = self.head.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.head.setFont(font)
        self.fold = Fold("", self.tr("Show or hide the details"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.fold.setFixedWidth(FOLD)
        self.fold.setAccessibleName(self.accessibleName())
        self.fold.turned.connect(self._on_turned)
        said = column(self.head, label(how_sure(finding), "muted"), spacing=0)
        top = row(self.fold, icon, said, spacing=4)
        top.setStretch(2, 1)
        line = max(ICON, self.head.fontMetrics().height())
        for part in (self.fold, icon):  # beside the first line of the title
            part.setFixedHeight(line)
            top.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.tries: list[QPushButton] = []
        self.applies: list[QPushButton] = []
        self.links: list[QPushButton] = []
        self.choose: QPushButton | None = None
        self.body: QWidget | None = None
        self._is_busy = False
        layout = column(top, spacing=6)
        layout.setContentsMargins(8, 8, 10, 8)
        self.setLayout(layout)
        self.fold.turn(is_open=is_open)

    def _on_turned(self, is_open: bool) -> None:
        """Show the details, or the title alone."""
        if self.body is None and is_open:
            self.body = self._made_body()
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self.body)
            self.set_busy(self._is_busy)
        if self.body is not None:
            self.body.setVisible(is_open)

    def set_busy(self, is_busy: bool) -> None:
        """While something runs nothing else can be tried."""
        self._is_busy = is_busy
        for part in (*self.tries, *self.applies):
            part.setEnabled(not is_busy)

    def _made_body(self) -> QWidget:
        """The details: what happens, what shows it, what mends it."""
        finding, result = self.finding, QWidget()
        _, meaning, help_ = about_finding(finding)
        parts: list[QWidget | None] = [_told(meaning)]
        parts += [part for one in finding.evidence for part in self._evidence(one)]
        if finding.layers:
            parts.append(_left(button(self.tr("Show the way to the output"), "path", self.chain_wanted.emit)))
        parts.append(rule())
        parts += [self._fix(fix, at) for at, fix in enumerate(finding.fixes)] or [_told(help_)]
        if causes()[finding.cause].group == "calibration":
            self.choose = button(self.tr("Choose calibration inputs…"), "image", self.calibration_wanted.emit)
            self.choose.setToolTip(self.tr("The most typical ones of a folder of many, which become the dataset"))
            self.tries.append(self.choose)
            parts.append(_left(self.choose))
        result.setLayout(column(*parts, spacing=8))
        return result

    def _evidence(self, evidence: Evidence) -> list[QWidget]:
        text = spoken(evidence.text)
        parts: list[QWidget] = []
        if evidence.tensor:
            link = Link(text, self.tr("Look at {0}").format(one_line(evidence.tensor)))
            link.clicked.connect(lambda: self.evidence_chosen.emit(evidence))
            self.links.append(link)
            parts.append(link)
        else:
            parts.append(_told(text))
        if evidence.chart is not None:
            parts.append(MiniChart(evidence.chart))
        return parts

    def _fix(self, fix: Fix, at: int) -> QWidget:
        result, text = QWidget(), _told(spoken(fix.text))
        parts: list[QWidget] = [text]
        for line, role in gain_lines(fix):
            gain = label(one_line(line), role, wrap=True)
            gain.setTextInteractionFlags(SELECTABLE)
            parts.append(gain)
        if fix.is_runnable:
            attempt = button(self.tr("Try it"), "run", lambda: self.try_wanted.emit(at))
            attempt.setToolTip(self.tr("Run it beside the session and say what it brings; nothing is changed"))
            take = button(self.tr("Apply"), "settings", lambda: self.apply_wanted.emit(at))
            take.setToolTip(self.tr("Make it part of the session's settings; Undo takes it back"))
            self.tries.append(attempt)
            self.applies.append(take)
            buttons = QWidget()
            buttons.setLayout(row(attempt, take, None))
            parts.append(buttons)
        result.setLayout(column(*parts, spacing=4))
        return result


class Link(QPushButton):
    """A sentence that leads to what it speaks of; it breaks into lines."""

    def __init__(self, text: str, tip: str) -> None:
        super().__init__()
        self.setProperty("flat_row", True)
        self.setToolTip(plain_tip(tip))
        self.setAutoDefault(True)  # Enter presses it
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._text = label(one_line(text), wrap=True)
        self._text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        mark = QLabel()
        mark.setPixmap(theme.icon("search", "accent").pixmap(ICON, ICON))
        mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = row(mark, self._text, spacing=6)
        layout.setContentsMargins(0, 4, 4, 4)
        layout.setStretch(1, 1)
        layout.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return 0 if layout is None else layout.heightForWidth(width)


def _told(text: str) -> QLabel:
    result = label(one_line(text), wrap=True)
    result.setTextInteractionFlags(SELECTABLE)
    return result


def _left(part: QWidget) -> QWidget:
    result = QWidget()
    result.setLayout(row(part, None))
    return result


def _look(finding: Finding) -> tuple[str, str]:
    """Icon and colour."""
    if finding.level == NOTE:
        return "info", "muted"
    return ("error", "bad") if finding.confidence >= SURE else ("warning", "golden")
