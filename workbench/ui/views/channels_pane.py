"""The channels of a tensor ranked by their error, beside the range that golden has in each of them."""

import math

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.ui import keys, theme
from workbench.ui.models.channel_rows import ERROR, LENGTH_ROLE, METRICS, RANGE, SPAN_ROLE, ChannelRows
from workbench.ui.models.qt_index import Index
from workbench.ui.models.tensor_summary import Summary
from workbench.ui.titles import channel_title
from workbench.ui.views.copy_rows import let_copy
from workbench.ui.views.tensor_texts import Titled, difference_title
from workbench.ui.widgets import ElidedLabel, column, digits, label, row, show_lines

NARROW = 72
VALUE_WIDTH, RANGE_WIDTH = 66, 138
BAR, THIN = 8, 1
UNBALANCED = 8.0  # the widest range is that many times the narrowest: a common scale leaves it 5 of 8 bits


class ChannelsPane(QWidget):
    """Enter or a double click on a row goes to its channel; moving along the rows shows it in the other views."""

    channel_chosen = Signal(int)
    channel_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ChannelRows(self)
        self.ranking = QComboBox()
        self.ranking.setAccessibleName(self.tr("Rank by"))
        self.ranking.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for metric in METRICS:
            self.ranking.addItem(channel_title(metric), metric)
        self.told = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.balance = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.table = _table(self.rows)
        self.table.setAccessibleName(self.tr("Channels by their error"))
        keys.set_place(self.table, self.tr("Channels by their error"))
        let_copy(self.table, self.tr("Copy the channels"))
        keys.tell(self.table, ("Enter", self.tr("Show the channel in the planes")))
        self._pair = ("", "")
        head = row(label(self.tr("Rank by"), "muted"), self.ranking, self.told, self.balance)
        head.setStretch(2, 1)
        layout = column(head, self.table, spacing=4)
        layout.setStretch(1, 1)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)
        self.ranking.currentIndexChanged.connect(self._on_metric_chosen)
        self.table.activated.connect(lambda index: self.channel_opened.emit(self.rows.channel(index.row())))
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)

    def show_summary(self, summary: Summary | None, pair: tuple[str, str], channel: int, titled: Titled = str) -> None:
        """Show the channels of a tensor; `channel` is the one that the other views show."""
        gap = summary.gap(pair) if summary is not None else None
        if summary is None or gap is None:
            self.rows.show_channels(None, None, None)
            waiting = self.tr("Reading the whole tensor …")
            self.told.set_text(waiting if summary is None else self.tr("There is nothing to compare."))
            self.balance.set_text("")
            return
        if self.rows.errors is not gap.channels or self._pair != pair:
            self._pair = pair
            self.rows.reference = titled(pair[1])
            self.rows.show_channels(gap.channels, summary.moments[pair[1]], summary.grids.get(pair[0]))
            self.told.set_text(difference_title(pair, titled))
            self._tell_balance()
        self._mark(channel)

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.table.viewport().update()

    def _tell_balance(self) -> None:
        factor = self.rows.imbalance()
        if math.isnan(factor):
            self.balance.set_text("")
            return
        text = self.tr("widest range is {0} × the narrowest").format(f"{factor:.3g}")
        tip = self.tr("All channels share one scale: the narrowest has {0} of its bits less.").format(
            f"{math.log2(factor):.1f}"
        )
        self.balance.set_text(("▲ " if factor >= UNBALANCED else "") + text, tip, (f"× {factor:.3g}",))

    def _mark(self, channel: int) -> None:
        """Select the row of a channel without telling of it."""
        at = self.rows.row_of(channel)
        selection = self.table.selectionModel()
        if at < 0 or (selection.currentIndex().row() == at and selection.hasSelection()):
            return
        flags = QItemSelectionModel.SelectionFlag
        selection.blockSignals(True)
        selection.setCurrentIndex(self.rows.index(at, 0), flags.ClearAndSelect | flags.Rows)
        selection.blockSignals(False)
        self.table.scrollTo(self.rows.index(at, 0))
        self.table.viewport().update()

    def _on_metric_chosen(self) -> None:
        current = self.table.currentIndex()
        channel = self.rows.channel(current.row()) if current.isValid() else -1
        self.rows.set_metric(self.ranking.currentData())
        self._mark(channel)

    def _on_row_chosen(self, current: Index) -> None:
        if current.isValid():
            self.channel_chosen.emit(self.rows.channel(current.row()))


class _Bars(QStyledItemDelegate):
    """A number and its bar; a range as a bar on the width that all channels share."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = QStyleOptionViewItem(option)
        self.initStyleOption(view, index)
        text, view.text = view.text, ""
        view.state &= ~QStyle.StateFlag.State_HasFocus
        widget: QWidget | None = option.widget
        style = widget.style() if widget else QApplication.style()
        painter.save()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, view, painter, option.widget)
        area = view.rect.adjusted(6, 0, -6, 0)
        painter.setFont(digits(painter.font()))
        painter.setPen(theme.active().text)
        room = {ERROR: VALUE_WIDTH, RANGE: RANGE_WIDTH}.get(index.column(), area.width())
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(area.left(), area.top(), room, area.height()), side, text)
        rest = QRectF(area).adjusted(room + 8, 0, 0, 0)
        if index.column() == ERROR:
            self._paint_error(painter, rest, index.data(LENGTH_ROLE))
        elif index.column() == RANGE:
            self._paint_range(painter, rest, index)
        painter.restore()

    def _paint_error(self, painter: QPainter, area: QRectF, length: float | None) -> None:
        track = QRectF(area.left(), area.center().y() - BAR / 2, area.width(), BAR)
        painter.fillRect(track, theme.mix(theme.active().surface, theme.active().muted, 0.12))
        track.setWidth(max(1.0, area.width() * (length or 0.0)))
        painter.fillRect(track, theme.active().difference)

    def _paint_range(self, painter: QPainter, area: QRectF, index: Index) -> None:
        rows, share = index.model(), index.data(SPAN_ROLE)
        if not isinstance(rows, ChannelRows) or area.width() < BAR:
            return
        colours = theme.active()
        if (held := rows.held()) is not None:
            ends = [area.left() + area.width() * end for end in held]
            painter.fillRect(
                QRectF(ends[0], area.center().y() - BAR / 2, ends[1] - ends[0], BAR),
                theme.mix(colours.surface, colours.muted, 0.12),
            )
        if share is not None:
            left, right = (area.left() + area.width() * end for end in share)
            painter.fillRect(QRectF(left, area.center().y() - BAR / 2, max(2.0, right - left), BAR), colours.golden)
        zero = area.left() + area.width() * rows.zero()
        painter.setPen(QPen(QColor(colours.muted), THIN))
        painter.drawLine(round(zero), int(area.top()), round(zero), int(area.bottom()))


def _table(rows: ChannelRows) -> QTableView:
    table = QTableView()
    table.setModel(rows)
    table.setItemDelegate(_Bars(table))
    show_lines(table)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    header.setSortIndicator(ERROR, Qt.SortOrder.DescendingOrder)
    header.setStretchLastSection(False)
    for section, mode in enumerate((QHeaderView.ResizeMode.Fixed, *(2 * (QHeaderView.ResizeMode.Stretch,)))):
        header.setSectionResizeMode(section, mode)
    header.resizeSection(0, NARROW)
    table.setSortingEnabled(True)
    return table
