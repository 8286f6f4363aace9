"""A line of what was open lately: the network, where it lies, when, and the worst layer of its last run."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolButton

from workbench.compare.grades import grade
from workbench.ui import theme
from workbench.ui.models.recents import METRIC, Recent
from workbench.ui.numbers import value_text
from workbench.ui.recents import short
from workbench.ui.text_size import pixels
from workbench.ui.tips import plain_tip
from workbench.ui.widgets import ElidedLabel, digits, label, row

HEIGHT = 36
WORST_WIDTH, WHEN_WIDTH = 96, 108
COLUMN = "simulator.entire"


class RecentRow(QPushButton):
    """A button that says what it opens."""

    def __init__(self, entry: Recent) -> None:
        super().__init__()
        self.entry = entry
        self.setProperty("flat_row", True)
        self.setFixedHeight(pixels(HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setEnabled(entry.exists)
        self.setToolTip(plain_tip(str(entry.path)))
        where = ElidedLabel(short(entry.path), "muted", Qt.TextElideMode.ElideMiddle)
        where.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name, worst, when = label(entry.network, "title"), self._worst(), self._when()
        layout = row(self._picture(), name, where, worst, when, spacing=12)
        layout.setContentsMargins(8, 0, 8, 0)
        self.setLayout(layout)
        for part in self.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        texts = (entry.network, str(entry.path), worst.toolTip() or worst.text(), when.text())
        self.setAccessibleName(", ".join(text for text in texts if text))

    def _picture(self) -> QToolButton:
        result = QToolButton()
        theme.decorate(result, "network" if self.entry.path.suffix else "folder", "muted")
        result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        result.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        result.setEnabled(self.entry.exists)
        return result

    def _worst(self) -> QLabel:
        result = label("", "muted")
        result.setFixedWidth(pixels(WORST_WIDTH))
        result.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        result.setFont(digits(result.font()))
        if self.entry.worst is not None:
            value = value_text(METRIC, self.entry.worst)
            result.setText(f"{grade(METRIC, COLUMN, self.entry.worst).symbol} {value}")
            told = self.tr("Worst layer: {0}, cosine {1}").format(self.entry.layer, value)
            result.setToolTip(plain_tip(told))
        return result

    def _when(self) -> QLabel:
        text = self.tr("missing") if not self.entry.exists else moment(self.entry.when)
        result = label(text, "muted")
        result.setFixedWidth(pixels(WHEN_WIDTH))
        result.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return result


def moment(seconds: float | None) -> str:
    """The time of today, else the date, as the user's country writes it."""
    if seconds is None:
        return ""
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    is_today = when.date() == QDateTime.currentDateTime().date()
    chosen = QLocale.FormatType.ShortFormat
    system = QLocale.system()
    return system.toString(when.time(), chosen) if is_today else system.toString(when.date(), chosen)
