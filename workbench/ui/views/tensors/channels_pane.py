"""The channels of a tensor ranked by their error, beside the range that golden has in each of them."""

import math

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.ui import keys, theme
from workbench.ui.colours import mix
from workbench.ui.models.qt_index import Index
from workbench.ui.models.tensors.channel_rows import ERROR, LENGTH_ROLE, METRICS, RANGE, SPAN_ROLE, ChannelRows
from workbench.ui.models.tensors.planes import Pair, Planes
from workbench.ui.models.tensors.ranks import Ranks, axes_to_rank, is_channels, ranks_of_channels, usual_axis
from workbench.ui.models.tensors.summary import Summary
from workbench.ui.titles import channel_title
from workbench.ui.views.common.copy_rows import let_copy
from workbench.ui.views.tensors.texts import Titled, difference_title, ranked_text, ranked_word
from workbench.ui.widgets import ElidedLabel, column, digits, label, row, show_lines

NARROW = 72
WIDEST = {ERROR: "−8.888e−88", RANGE: "−8888.8 … −8888.8"}
BAR, THIN = 8, 1
UNBALANCED = 8.0  # the widest range is that many times the narrowest: a common scale leaves it 5 of 8 bits


class ChannelsPane(QWidget):
    """Enter or a double click on a row goes to its channel; moving along the rows shows it in the other views.

    What other axes count - features, tokens, rows - is ranked, too: a row leads to the worst element there.
    """

    asked = Signal(int)
    """The axis whose ranks are wanted, which the summary does not tell of."""
    channel_chosen = Signal(int)
    channel_opened = Signal(int)
    element_chosen = Signal(object)
    """The index of an element in the tensor."""
    element_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ChannelRows(self)
        self.axis, self.ranking = QComboBox(), QComboBox()
        self.axis.setAccessibleName(self.tr("What is ranked"))
        self.ranking.setAccessibleName(self.tr("Rank by"))
        for combo in (self.axis, self.ranking):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for metric in METRICS:
            self.ranking.addItem(channel_title(metric), metric)
        self.told = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.balance = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        self.table = _table(self.rows)
        self.table.setAccessibleName(self.tr("Channels by their error"))
        keys.set_place(self.table, self.tr("Channels by their error"))
        let_copy(self.table, self.tr("Copy the channels"))
        keys.tell(self.table, ("Enter", self.tr("Show the channel in the planes")))
        self._planes: Planes | None = None
        self._summary: Summary | None = None
        self._ranks: Ranks | None = None
        self._pair: Pair = ("", "")
        self._titled: Titled = str
        self._offered: object = None
        self._wished = ""
        self._arrange()
        self.axis.activated.connect(self._on_axis_chosen)
        self.ranking.currentIndexChanged.connect(self._on_metric_chosen)
        self.table.activated.connect(lambda at: self._lead(at.row(), self.channel_opened, self.element_opened))
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)

    def look_at(self, planes: Planes, summary: Summary | None, pair: Pair, titled: Titled = str) -> None:
        """Show the channels of a tensor as soon as its `summary` is known; the one that is seen elsewhere is marked."""
        other = summary is not self._summary or pair != self._pair
        self._planes, self._summary, self._pair, self._titled = planes, summary, pair, titled
        self._offer(planes)
        if other:
            self._ask()
        self._mark()

    def show_ranks(self, ranks: Ranks) -> None:
        """Show the answer for the axis that was asked for."""
        errors = ranks.between(self._pair)
        if ranks.axis != self.axis.currentData() or self._summary is None or errors is None:
            return
        self._ranks = ranks
        self.rows.counted, self.rows.reference = self.counted, self._titled(self._pair[1])
        grid = self._summary.grids.get(self._pair[0])
        self.rows.show_channels(errors, ranks.moments[self._pair[1]], grid)
        title = difference_title(self._pair, self._titled)
        self.told.set_text(title, title, ("Δ",))
        self._tell_balance()
        self._mark()

    @property
    def counted(self) -> str:
        """What is ranked, in a word."""
        planes = self._planes
        return "" if planes is None else ranked_word(planes.cut, planes.names, self.axis.currentData())

    def recolour(self) -> None:
        """Take the theme's colours."""
        self.table.viewport().update()

    def _arrange(self) -> None:
        self._of, self._by = label(self.tr("Rank"), "muted"), label(self.tr("by"), "muted")
        head = row(self._of, self.axis, self._by, self.ranking, self.told, self.balance)
        head.setStretch(4, 1)
        layout = column(head, self.table, spacing=4)
        layout.setStretch(1, 1)
        layout.setContentsMargins(8, 4, 8, 4)
        self.setLayout(layout)

    def _offer(self, planes: Planes) -> None:
        """Offer the axes; the one that the user chose stays wherever there is such a one."""
        offered = planes.cut, planes.names
        if offered == self._offered:
            return
        self._offered = offered
        self.axis.clear()
        for axis in axes_to_rank(planes.cut):
            self.axis.addItem(ranked_text(planes.cut, planes.names, axis), axis)
        words = [ranked_word(planes.cut, planes.names, axis) for axis in axes_to_rank(planes.cut)]
        at = words.index(self._wished) if self._wished in words else self.axis.findData(usual_axis(*offered))
        self.axis.setCurrentIndex(at)
        self.axis.setEnabled(self.axis.count() > 1)

    def _ask(self) -> None:
        summary, planes = self._summary, self._planes
        self._ranks = None
        self.rows.show_channels(None, None, None)
        self.balance.set_text("")
        if summary is None or planes is None:
            self.told.set_text(self.tr("Reading the whole tensor …"))
        elif summary.gap(self._pair) is None:
            self.told.set_text(self.tr("There is nothing to compare."))
        elif is_channels(planes.cut, self.axis.currentData()):
            self.show_ranks(ranks_of_channels(summary, planes.cut, self.axis.currentData()))
        else:
            self.told.set_text(self.tr("Reading the whole tensor …"))
            self.asked.emit(self.axis.currentData())

    def _tell_balance(self) -> None:
        factor = self.rows.imbalance()
        if math.isnan(factor):
            self.balance.set_text("")
            return
        text = self.tr("widest range is {0} × the narrowest").format(f"{factor:.3g}")
        tip = self.tr("All share one scale: the narrowest has {0} of its bits less.").format(f"{math.log2(factor):.1f}")
        mark = "▲ " if factor >= UNBALANCED else ""
        self.balance.set_text(mark + text, tip, (f"{mark}× {factor:.3g}",))

    def _mark(self) -> None:
        """Select the row of the channel that is looked at, without telling of it."""
        planes = self._planes
        if planes is None or not is_channels(planes.cut, self.axis.currentData()):
            return
        at = self.rows.row_of(planes.channel)
        selection = self.table.selectionModel()
        if at < 0 or (selection.currentIndex().row() == at and selection.hasSelection()):
            return
        self._select(at)

    def _select(self, at: int) -> None:
        selection, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        selection.blockSignals(True)
        selection.setCurrentIndex(self.rows.index(at, 0), flags.ClearAndSelect | flags.Rows)
        selection.blockSignals(False)
        self.table.scrollTo(self.rows.index(at, 0))
        self.table.viewport().update()

    def _on_axis_chosen(self) -> None:
        assert self._planes is not None
        usual = usual_axis(self._planes.cut, self._planes.names)
        self._wished = "" if self.axis.currentData() == usual else self.counted
        self._ask()

    def _on_metric_chosen(self) -> None:
        current = self.table.currentIndex()
        channel = self.rows.channel(current.row()) if current.isValid() else -1
        self.rows.set_metric(self.ranking.currentData())
        if (at := self.rows.row_of(channel)) >= 0:
            self._select(at)

    def _on_row_chosen(self, current: Index) -> None:
        if current.isValid():
            self._lead(current.row(), self.channel_chosen, self.element_chosen)

    def _lead(self, at: int, to_channel: SignalInstance, to_element: SignalInstance) -> None:
        """To the channel of a row, or to the worst element of what another axis counts."""
        index = self.rows.channel(at)
        element = self._ranks.element(self._pair, index) if self._ranks is not None else None
        if element is None:
            to_channel.emit(index)
        else:
            to_element.emit(element)


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
        widest = WIDEST.get(index.column())
        room = painter.fontMetrics().horizontalAdvance(widest) if widest else area.width()
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
        painter.fillRect(track, mix(theme.active().surface, theme.active().muted, 0.12))
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
                mix(colours.surface, colours.muted, 0.12),
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
