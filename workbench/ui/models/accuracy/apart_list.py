"""The images on which a source and float disagree, with thumbnails that come when somebody looks. A list model."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from workbench.ui.models.accuracy.figures import Apart
from workbench.ui.models.qt_index import NOWHERE, Index
from workbench.ui.models.spoken import spoken
from workbench.ui.reading_accuracy import SIDE
from workbench.ui.tips import plain_tip

AT_ONCE = 32


class ApartList(QAbstractListModel):
    """`pictures_wanted` tells that rows are looked at whose thumbnails are not known."""

    pictures_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Apart, ...] = ()
        self._shown: list[Apart] = []
        self._pictures: dict[str, QPixmap | None] = {}
        self._wanted: dict[str, None] = {}

    def show_all(self, apart: Sequence[Apart], *, keeps: bool) -> None:
        """Show others; thumbnails are kept where they are of the same data set."""
        self._all = tuple(apart)
        self._wanted.clear()
        if not keeps:
            self._pictures.clear()
        self.show_source("")

    def show_source(self, source: str) -> None:
        """Only those of a source; "" shows all."""
        self.beginResetModel()
        self._shown = [one for one in self._all if not source or one.source == source]
        self.endResetModel()

    def apart(self, row: int) -> Apart:
        """That of a row."""
        return self._shown[row]

    def take_wanted(self) -> list[str]:
        """The images whose thumbnails are to be read next, those that were looked at last first."""
        names = list(self._wanted)[-AT_ONCE:]
        for name in names:
            del self._wanted[name]
        return names

    def take_pictures(self, names: Sequence[str], found: Mapping[str, np.ndarray]) -> None:
        """Thumbnails, rows x columns x RGB; those that there are not are not asked for again."""
        for name in names:
            self._pictures[name] = _pixmap(found[name]) if name in found else None
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{one.image}\n{one.source}: {spoken(one.text)}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = f"{one.image}, {one.source}: {spoken(one.text)}"
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, SIDE + 8)
        return self._picture(one.image) if role == Qt.ItemDataRole.DecorationRole else None

    def _picture(self, image: str) -> QPixmap | None:
        if image not in self._pictures and image not in self._wanted:
            self._wanted[image] = None
            self.pictures_wanted.emit()
        return self._pictures.get(image) or _empty()


def _pixmap(pixels: np.ndarray) -> QPixmap:
    """It in the middle of a square."""
    high, wide = pixels.shape[:2]
    square = np.zeros((SIDE, SIDE, 4), np.uint8)
    top, left = (SIDE - high) // 2, (SIDE - wide) // 2
    square[top : top + high, left : left + wide, :3] = pixels
    square[top : top + high, left : left + wide, 3] = 255
    image = QImage(square.tobytes(), SIDE, SIDE, 4 * SIDE, QImage.Format.Format_RGBA8888)
    return QPixmap.fromImage(image)


def _empty() -> QPixmap:
    result = QPixmap(SIDE, SIDE)
    result.fill(Qt.GlobalColor.transparent)
    return result
