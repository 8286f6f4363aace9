"""How planes are painted: the range of colours that the panes share, and the picture below them."""

import math

from PySide6.QtCore import QLocale, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QDoubleValidator, QKeySequence
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QRadioButton, QSlider, QToolButton, QWidget

from workbench.ui import theme
from workbench.ui.models.tensors.heat_image import Colours, Range
from workbench.ui.numbers import real_text
from workbench.ui.widgets import button, column, label, row, rule

END_WIDTH, OPAQUE, FAINTEST = 84, 100, 10
USUAL_OPACITY = 60


class ColoursPopup(QFrame):
    """Typed ends hold until they are emptied; an empty end is found from the values."""

    colours_chosen = Signal(object)
    veil_chosen = Signal(bool, float)
    """Whether planes lie over the picture, and how opaque (0..1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.everything = QRadioButton(self.tr("All values"))
        self.central = QRadioButton(self.tr("Central 99 %"))
        self.everything.setChecked(True)
        self.low, self.high, self.bound = self._end(self.tr("from")), self._end(self.tr("to")), self._end("±")
        self.over = QCheckBox(self.tr("Over the picture of the input"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(FAINTEST, OPAQUE)
        self.opacity.setValue(USUAL_OPACITY)
        self.opacity.setAccessibleName(self.tr("Opacity of the values over the picture"))
        self.automatic = button(self.tr("Automatic"), "", self.clear)
        self._arrange()
        self.central.toggled.connect(self._tell_colours)
        self.over.toggled.connect(self._tell_veil)
        self.opacity.valueChanged.connect(self._tell_veil)

    @property
    def colours(self) -> Colours:
        """What is chosen; ends that are no range count for nothing."""
        low, high, bound = (_number(edit.text()) for edit in (self.low, self.high, self.bound))
        if low is not None and high is not None and low >= high:
            low = high = None
        return Colours(self.central.isChecked(), low, high, bound if bound else None)

    def clear(self) -> None:
        """Find all ends from all values again."""
        for edit in (self.low, self.high, self.bound):
            edit.clear()
        with QSignalBlocker(self.central):
            self.everything.setChecked(True)
        self._tell_colours()

    def show_limits(self, values: Range | None, difference: Range | None) -> None:
        """Tell the present ends where none is typed."""
        low, high = values or (math.nan, math.nan)
        bound = difference[1] if difference else math.nan
        for edit, number in ((self.low, low), (self.high, high), (self.bound, bound)):
            edit.setPlaceholderText("" if math.isnan(number) else real_text(number, 4))

    def show_pictures(self, possible: bool) -> None:
        """Whether there is a picture to lay planes over."""
        for part in (self.over, self.opacity):
            part.setEnabled(possible)
        self.over.setToolTip("" if possible else self.tr("Only for pictures and tensors with height and width."))

    def open_below(self, widget: QWidget) -> None:
        """Appear below a button, inside the screen."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 2))
        screen = widget.screen().availableGeometry()
        above = widget.mapToGlobal(QPoint(0, -self.height() - 2)).y()
        y = place.y() if place.y() + self.height() <= screen.bottom() else above
        self.move(max(screen.left(), place.x()), y)
        self.show()
        self.low.setFocus()

    def _end(self, name: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setFixedWidth(END_WIDTH)
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        edit.setAccessibleName(name)
        edit.setValidator(_AnyMinus(edit))
        edit.textChanged.connect(self._tell_colours)
        return edit

    def _arrange(self) -> None:
        ends = QGridLayout()
        ends.setHorizontalSpacing(8)
        ends.setVerticalSpacing(6)
        ends.addWidget(label(self.tr("Values")), 0, 0)
        ends.addLayout(row(self.low, label("…", "muted"), self.high, None, spacing=6), 0, 1)
        ends.addWidget(label(self.tr("Difference")), 1, 0)
        ends.addLayout(row(label("±", "muted"), self.bound, None, spacing=6), 1, 1)
        layout = column(
            row(label(self.tr("Range of the colours, in all panes"), "title"), None, self.automatic),
            row(self.everything, self.central, None, spacing=16), ends, rule(),
            row(self.over, None), row(label(self.tr("Opacity"), "muted"), self.opacity),
        )  # fmt: skip
        layout.setContentsMargins(12, 12, 12, 12)
        self.setLayout(layout)

    def _tell_colours(self) -> None:
        colours = self.colours
        crossed = bool(self.low.text()) and bool(self.high.text()) and colours.low is None
        for edit in (self.low, self.high):
            edit.setProperty("invalid", crossed)
            edit.style().polish(edit)
        self.colours_chosen.emit(colours)

    def _tell_veil(self) -> None:
        self.veil_chosen.emit(self.over.isChecked(), self.opacity.value() / OPAQUE)


class _AnyMinus(QDoubleValidator):
    """Takes numbers as a user types them, and as the window writes them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())

    def validate(self, text: str, at: int) -> object:
        return super().validate(text.replace("−", "-"), at)


class ColoursButton(QToolButton):
    """Opens the popup; it is pressed while the colours are not the automatic ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.popup = ColoursPopup(self)
        self.setCheckable(True)
        self.setToolTip(self.tr("Range of colours, picture below (O)"))
        self.setAccessibleName(self.tr("Range of colours, picture below"))
        theme.decorate(self, "palette")
        self.over = QAction(self.tr("Over the picture of the input"), self)
        self.over.setShortcut(QKeySequence("O"))
        self.over.triggered.connect(lambda: self.popup.over.toggle() if self.popup.over.isEnabled() else None)
        self.clicked.connect(lambda: self.popup.open_below(self))
        self.popup.colours_chosen.connect(self._show_state)
        self.popup.veil_chosen.connect(self._show_state)
        self.clicked.connect(self._show_state)

    def _show_state(self) -> None:
        self.setChecked(self.popup.colours != Colours() or self.popup.over.isChecked())


def _number(text: str) -> float | None:
    try:
        number = float(text.replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
