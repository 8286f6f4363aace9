"""Tables that can be copied: Ctrl+C takes all of one, with its headers, as text with tabs."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from workbench.ui import keys
from workbench.ui.models.table.copying import tabbed

AS_TYPED = str.maketrans({"−": "-", "\u202f": None})
"""A spreadsheet takes numbers as they are typed: with a hyphen, and without gaps between thousands."""


def let_copy(table: QTableView, title: str) -> None:
    """`title` tells in the overview of keys what Ctrl+C does."""
    keys.tell(table, ("Ctrl+C", title))
    table.installEventFilter(_Copier(table))


class _Copier(QObject):
    """Before the table takes the key: it would copy one cell."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not (isinstance(event, QKeyEvent) and isinstance(watched, QTableView)):
            return False
        if event.type() != QEvent.Type.KeyPress or not event.matches(QKeySequence.StandardKey.Copy):
            return False
        QGuiApplication.clipboard().setText(text_of(watched))
        return True


def text_of(table: QTableView) -> str:
    """One line a row, cells apart by tabs; row headers where they are shown."""
    model, has_heads = table.model(), not table.verticalHeader().isHidden()
    columns = [column for column in range(model.columnCount()) if not table.isColumnHidden(column)]
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    lines = [[*([""] if has_heads else []), *(_head(model, column, across) for column in columns)]]
    for row in range(model.rowCount()):
        cells = [str(model.index(row, column).data() or "") for column in columns]
        lines.append([*([_head(model, row, down)] if has_heads else []), *cells])
    return tabbed(lines).translate(AS_TYPED)


def _head(model: QAbstractItemModel, section: int, orientation: Qt.Orientation) -> str:
    return str(model.headerData(section, orientation, Qt.ItemDataRole.DisplayRole) or "")
