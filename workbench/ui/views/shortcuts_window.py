"""All keys of the window, by where they work. It asks the window for them, so that it is never out of date."""

from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from workbench.ui.keys import Binding, bindings
from workbench.ui.text_size import pixels
from workbench.ui.views.command_palette import draw_keys
from workbench.ui.widgets import column, label

SIZE = QSize(620, 640)
ROW, KEYS_WIDTH = 28, 230
GROUND = QStyle.PrimitiveElement.PE_PanelItemViewItem


class ShortcutsWindow(QDialog):
    """A list that can be searched by key and by what it does."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._rows: dict[QTreeWidgetItem, list[QTreeWidgetItem]] = {}
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(pixels(SIZE.width()), SIZE.height())
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("Search: a key, or what it does"))
        self.edit.setAccessibleName(self.tr("Search the shortcuts"))
        self.edit.setClearButtonEnabled(True)
        self.edit.textChanged.connect(self._filter)
        self.none = label(self.tr("No shortcut has these letters."), "muted")
        self.tree = self._make_tree()
        layout = column(self.edit, self.none, self.tree)
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)

    def start(self) -> None:
        """Show what the window has now."""
        self._fill()
        self.edit.clear()
        self._filter()
        self.show()
        self.raise_()
        self.edit.setFocus()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("What it does"), self.tr("Keys")])
        tree.setRootIsDecorated(False)
        tree.setIndentation(12)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().resizeSection(1, pixels(KEYS_WIDTH))
        tree.setItemDelegate(_Rows(tree))
        return tree

    def _fill(self) -> None:
        self.tree.clear()
        self._rows.clear()
        for place, rows in grouped(bindings(self._window)):
            head = QTreeWidgetItem(self.tree, [place or self.tr("Everywhere")])
            font = QFont(self.font())
            font.setBold(True)
            head.setFont(0, font)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self._rows[head] = [QTreeWidgetItem(head, [item.title, " / ".join(item.keys)]) for item in rows]
        self.tree.expandAll()

    def _filter(self) -> None:
        """Keep the rows that have all words, in either column or in their head."""
        words, shown = self.edit.text().lower().split(), 0
        for head, rows in self._rows.items():
            fitting = [row for row in rows if _has(f"{head.text(0)} {row.text(0)} {row.text(1)}", words)]
            for row in rows:
                row.setHidden(row not in fitting)
            head.setHidden(not fitting)
            shown += len(fitting)
        self.none.setVisible(not shown)
        self.tree.setVisible(bool(shown))


def _has(text: str, words: list[str]) -> bool:
    return all(word in text.lower() for word in words)


def grouped(found: list[Binding]) -> list[tuple[str, list[Binding]]]:
    """Bindings by their place: what works everywhere first, the rest as the window has it."""
    places = list(dict.fromkeys(("", *(binding.place for binding in found))))
    ordered = sorted(found, key=lambda binding: places.index(binding.place))
    return [(place, list(rows)) for place, rows in groupby(ordered, lambda binding: binding.place)]


class _Rows(QStyledItemDelegate):
    """The second column as keys."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, pixels(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if index.column() != 1:
            super().paint(painter, option, index)
            return
        painter.save()
        self._tree.style().drawPrimitive(GROUND, option, painter, self._tree)
        draw_keys(painter, option.rect.adjusted(0, 0, -8, 0), str(index.data() or ""))  # type: ignore[attr-defined]
        painter.restore()
