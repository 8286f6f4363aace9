"""The painted part of the graph's legend: entries that fade the boxes of their class when they are clicked."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from workbench.compare.grades import Grade
from workbench.ui import keys, theme
from workbench.ui.models.graph.colours import BINS, Colouring
from workbench.ui.tips import plain_tip
from workbench.ui.views.graph.palette import colours, kind_titles

RAMP_LEFT, RAMP_TOP, PART, PARTS, RAMP_HEIGHT = 6, 3, 42, 4, 8
"""A ramp is clicked in parts."""
GAP = 12
FADED = 0.3


@dataclass(frozen=True)
class Entry:
    """A symbol and what it means; a part of a ramp has no symbol.

    `classes` are those of its boxes; a mark beside a ramp has none. `about` is the longer story.
    """

    symbol: str
    text: str
    colour: QColor
    classes: tuple[int, ...]
    boxes: int
    about: str = ""


class LegendKey(QWidget):
    """A line of symbols and titles, or a ramp with its values. Arrows go through the entries, Space fades one."""

    faded_changed = Signal(object)
    """The classes whose boxes shall fade, as a frozenset."""

    def __init__(self) -> None:
        super().__init__()
        self.faded: frozenset[int] = frozenset()
        self._colouring: Colouring | None = None
        self._entries: list[Entry] = []
        self._at, self._room = 0, 10_000
        self._pressed: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        keys.set_place(self, self.tr("Legend of the graph"))
        keys.tell(
            self,
            ("Left / Right", self.tr("Another class of the legend")),
            ("Space / Enter", self.tr("Fade the layers of the class, or bring them back")),
        )

    def show_colouring(self, colouring: Colouring) -> None:
        """Explain other classes; those of another scale are all shown."""
        if self._colouring is not None and self._colouring.scale != colouring.scale:
            self._set_faded(frozenset())
        self._colouring = colouring
        self._entries = legend_entries(colouring)
        self._at = min(self._at, max(0, len(self._entries) - 1))
        self._tell()
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def set_room(self, room: int) -> None:
        """Break lines where they would be wider."""
        if room != self._room:
            self._room = room
            self.updateGeometry()
            self.update()

    def toggle(self, entry: int) -> None:
        """Fade the boxes of an entry, or bring them back."""
        classes = frozenset(self._entries[entry].classes)
        self._at = entry
        self._set_faded(self.faded - classes if classes <= self.faded else self.faded | classes)

    def show_all(self) -> None:
        """No box fades."""
        self._set_faded(frozenset())

    def sizeHint(self) -> QSize:
        metrics, places = QFontMetrics(self.font()), self._places()
        least = 2 * metrics.height() + 4 if self._is_ramp else 0
        width = max((place.right() + 1 for place in places), default=1)
        return QSize(width, max(least, max((place.bottom() + 1 for place in places), default=1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places()
        for entry, place in zip(self._entries, places, strict=True):
            painter.setOpacity(FADED if self._is_faded(entry) else 1.0)
            if entry.symbol:
                self._paint_entry(painter, entry, place)
            else:
                self._paint_part(painter, entry, place)
        painter.setOpacity(1.0)
        if self._is_ramp:
            self._paint_ticks(painter)
        if self.hasFocus() and places:
            painter.setPen(QPen(theme.active().accent, 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(places[self._at]).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        event.ignore()  # the legend is moved by it

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()
        start, self._pressed = self._pressed, None
        at = event.position().toPoint()
        if start is None or (self.mapToParent(at) - self.mapToParent(start)).manhattanLength() > _drag():
            return
        if (entry := self._entry_at(at)) >= 0:
            self.toggle(entry)

    def moved(self) -> None:
        """A press turned into a move of the legend: it is no click."""
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        plain = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if plain and event.key() in steps and self._entries:
            self._at = (self._at + steps[Qt.Key(event.key())]) % len(self._entries)
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._entries:
            self.toggle(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = self._entry_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(entry)) if entry >= 0 else "", self)
            return True
        return super().event(event)

    @property
    def _is_ramp(self) -> bool:
        return self._colouring is not None and self._colouring.scale == "ramp"

    def _is_faded(self, entry: Entry) -> bool:
        return bool(entry.classes) and self.faded.issuperset(entry.classes)

    def _set_faded(self, faded: frozenset[int]) -> None:
        if faded != self.faded:
            self.faded = faded
            self._tell()
            self.update()
            self.faded_changed.emit(faded)

    def _tell(self) -> None:
        """What a screen reader says."""
        names = [self._name(entry) for entry in self._entries]
        self.setAccessibleName(self.tr("Legend: {0}").format(", ".join(names)))
        self.setAccessibleDescription(names[self._at] if names else "")

    def _name(self, entry: Entry) -> str:
        return self.tr("{0} (faded)").format(entry.text) if self._is_faded(entry) else entry.text

    def _tip(self, number: int) -> str:
        entry = self._entries[number]
        does = self.tr("Click: show them again") if self._is_faded(entry) else self.tr("Click: fade them")
        told = self.tr("{0}: {1} in the graph").format(entry.text, entry.boxes)
        return "\n".join(text for text in (told, entry.about, does if entry.classes else "") if text)

    def _entry_at(self, point: QPoint) -> int:
        return next((number for number, place in enumerate(self._places()) if place.contains(point)), -1)

    def _places(self) -> list[QRect]:
        """Where every entry is: parts of the ramp in a row, the others in as many lines as they need."""
        metrics = QFontMetrics(self.font())
        parts = sum(not entry.symbol for entry in self._entries)
        high = 2 * metrics.height() + 4
        places = [QRect(RAMP_LEFT + number * PART, 0, PART, high) for number in range(parts)]
        start = RAMP_LEFT + parts * PART + GAP if parts else 0
        left, top, line = start, (high - metrics.height() - 6) // 2 if parts else 0, metrics.height() + 6
        for entry in self._entries[parts:]:
            wide = metrics.horizontalAdvance(entry.symbol + entry.text) + 5 + GAP
            if left > start and left + wide > self._room:
                left, top = start, top + line
            places.append(QRect(left, top, wide, line))
            left += wide
        return places

    def _paint_entry(self, painter: QPainter, entry: Entry, place: QRect) -> None:
        metrics = QFontMetrics(self.font())
        left = place.left() + GAP // 2
        base = place.top() + (place.height() + metrics.ascent() - metrics.descent()) // 2
        painter.setPen(entry.colour)
        painter.drawText(left, base, entry.symbol)
        painter.setPen(theme.active().text)
        left += metrics.horizontalAdvance(entry.symbol) + 5
        painter.drawText(left, base, entry.text)
        if self._is_faded(entry):  # not by its paleness alone
            middle = base - metrics.ascent() // 3
            painter.drawLine(left, middle, left + metrics.horizontalAdvance(entry.text), middle)

    def _paint_part(self, painter: QPainter, entry: Entry, place: QRect) -> None:
        shown = colours("ramp")
        gradient = QLinearGradient(place.left(), 0, place.right() + 1, 0)
        for step, number in enumerate(entry.classes):
            gradient.setColorAt(step / (len(entry.classes) - 1), shown[number])
        painter.fillRect(QRectF(place.left(), RAMP_TOP, place.width() - 1, RAMP_HEIGHT), gradient)

    def _paint_ticks(self, painter: QPainter) -> None:
        ticks = self._colouring.ticks if self._colouring is not None else ()
        painter.setPen(theme.active().muted)
        metrics, room = QFontMetrics(self.font()), PARTS * PART
        picks = ticks if len(ticks) < 4 else (ticks[0], ticks[len(ticks) // 2], ticks[-1])
        for number, text in enumerate(picks):
            share = number / max(1, len(picks) - 1)
            left = RAMP_LEFT + share * (room - metrics.horizontalAdvance(text))
            painter.drawText(int(left), RAMP_TOP + RAMP_HEIGHT + 2 + metrics.ascent(), text)


def legend_entries(colouring: Colouring) -> list[Entry]:
    """What a legend says of a colouring."""
    counts = _counts(colouring)
    if colouring.scale == "kinds":
        shown, titles = colours("kinds"), kind_titles()
        return [
            Entry("■", titles[number], shown[number], (number,), counts[number])
            for number in range(len(titles))
            if counts[number]
        ]
    if colouring.scale == "grades":
        return [_of_grade(colouring, grade, (int(grade),)) for grade in Grade]
    marks = [grade for grade in (Grade.POOR, Grade.BAD) if colouring.ranges and _has(colouring, grade)]
    return [
        *(_part(colouring, number, counts) for number in range(PARTS)),
        *(_of_grade(colouring, grade, ()) for grade in marks),
        _of_grade(colouring, Grade.NONE, (BINS,)),
    ]


def _has(colouring: Colouring, grade: Grade) -> bool:
    """Whether a grade has a range of its own."""
    return colouring.ranges[grade] != colouring.ranges[grade - 1]


def _of_grade(colouring: Colouring, grade: Grade, classes: tuple[int, ...]) -> Entry:
    translate, band = QCoreApplication.translate, theme.active().bands[grade]
    about = translate("LegendKey", "Beyond the limit of the vendor's toolkit, NaN or infinite")
    text = translate("LegendKey", "no value") if grade == Grade.NONE else colouring.ranges[grade]
    count = int(np.count_nonzero(colouring.grades == grade))
    return Entry(band.symbol, text, band.colour, classes, count, about if grade == Grade.BAD else "")


def _part(colouring: Colouring, part: int, counts: list[int]) -> Entry:
    """A part of the ramp; its title is where it begins and ends."""
    wide = BINS // PARTS
    classes = tuple(range(part * wide, (part + 1) * wide))
    ticks = colouring.ticks
    ends = (ticks[part], ticks[part + 1]) if len(ticks) > PARTS else (f"{part}/{PARTS}", f"{part + 1}/{PARTS}")
    return Entry("", " … ".join(ends), colours("ramp")[classes[-1]], classes, sum(counts[number] for number in classes))


def _counts(colouring: Colouring) -> list[int]:
    """How many boxes each class has."""
    found: list[int] = np.bincount(colouring.classes, minlength=len(colours(colouring.scale))).tolist()
    return found


def _drag() -> int:
    return QApplication.startDragDistance()
