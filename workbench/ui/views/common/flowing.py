"""A layout that puts widgets side by side and begins a new line where there is no more room, as text does."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flowing(QLayout):
    """Widgets in the order in which they were added; hidden ones take no room."""

    def __init__(self, parent: QWidget | None = None, *, across: int = 12, down: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._across, self._down = across, down
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arranged(QRect(0, 0, width, 0), is_real=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        spare = max(0, rect.height() - self.heightForWidth(rect.width()))
        self._arranged(rect.adjusted(0, spare // 2, 0, 0), is_real=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        width, height = (max((side(size) for size in sizes), default=0) for side in (QSize.width, QSize.height))
        return QSize(width, height)

    def _arranged(self, room: QRect, *, is_real: bool) -> int:
        """The height that is taken; the widgets are put there where it `is_real`, each in the middle of its line."""
        top = room.top()
        for line in self._lines(room.width()):
            left, height = room.left(), max(item.sizeHint().height() for item in line)
            for item in line:
                size = item.sizeHint().boundedTo(QSize(room.width(), height))
                if is_real:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._across
            top += height + self._down
        return max(0, top - self._down - room.top())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """What stands in each line."""
        lines: list[list[QLayoutItem]] = []
        right = 0
        for item in (item for item in self._items if not item.isEmpty()):
            right += self._across + item.sizeHint().width()
            if not lines or right > width:
                lines.append([])
                right = item.sizeHint().width()
            lines[-1].append(item)
        return lines
