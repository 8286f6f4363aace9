"""The size of texts, in percent of the system's; what holds texts grows with them."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

SIZES = (90, 100, 115, 130, 150)
_SYSTEM = "font of the system"
_ROW = 24
_percent = 100


def apply(app: QApplication, percent: int) -> None:
    """Show texts in another size; views that exist already keep their heights."""
    global _percent
    _percent = max(SIZES[0], min(SIZES[-1], percent))
    if app.property(_SYSTEM) is None:
        app.setProperty(_SYSTEM, app.font())
    font = QFont(app.property(_SYSTEM))
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * _percent / 100)
    else:
        font.setPixelSize(pixels(font.pixelSize()))
    app.setFont(font)


def pixels(length: float) -> int:
    """A length that holds text, or the height of a small font, for the size that is shown."""
    return round(length * _percent / 100)


def row_height() -> int:
    """The height of a table's rows."""
    return pixels(_ROW)
